"""What visitors may see: open licences, excerpts that are prefixes, and who has the last word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb import wiring
from kb.model import Display, Document
from kb.rights import EXCERPT_CHARS, DisplayByRights, DisplayBySource, excerpt, is_open
from kb.settings import load_settings
from tests.strategies import documents

FETCHED = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SENTENCE = "Die Übergangsbegleitung berät Koordinator*innen in Landkreisen u. a. zur Schul- und Berufswahl. "
TEXT = f"## Worum es geht\n\n{SENTENCE * 12}\n\nDer Schlusssatz steht am Ende."


@pytest.mark.parametrize(
    "licence",
    [
        "CC-BY-4.0",
        "CC BY 4.0",
        "CC BY-SA 3.0 DE",
        "CC-BY-ND-4.0",
        "CC BY 4.0 International",
        "Creative Commons Namensnennung 4.0 International",
        "Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/deed.de",
        "http://creativecommons.org/publicdomain/zero/1.0/",
        "CC0-1.0",
        "CC0",
        "Public Domain Mark 1.0",
        "gemeinfrei",
        "Amtliches Werk nach § 5 UrhG",
        "dl-de/by-2-0",
        "https://www.govdata.de/dl-de/zero-2-0",
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
    ],
)
def test_open_licences_in_many_spellings(licence: str) -> None:
    assert is_open(licence)


@pytest.mark.parametrize(
    "licence",
    [
        None,
        "",
        "Alle Rechte vorbehalten",
        "CC BY-NC 4.0",
        "CC BY-NC-SA 4.0",
        "https://creativecommons.org/licenses/by-nc/4.0/",
        "Fotos: CC BY 4.0, Texte: alle Rechte vorbehalten",
        "© Stadt Auenbrück, nicht gemeinfrei",
        "ccby-artig",
        "https://boese.example/?creativecommons.org/licenses/by/4.0/",
    ],
)
def test_what_is_not_open_or_not_understood_is_not_open(licence: str | None) -> None:
    assert not is_open(licence)


def test_excerpt_ends_with_a_sentence_and_not_at_an_abbreviation() -> None:
    shown = excerpt(TEXT)
    assert EXCERPT_CHARS - 2 * len(SENTENCE) < len(shown) <= EXCERPT_CHARS
    assert shown.endswith("zur Schul- und Berufswahl.")


@pytest.mark.parametrize("after", ["Prof. Yıldız sprach.", "12. März war Auftakt.", "Abs. 3 gilt."])
def test_no_sentence_ends_where_a_name_or_number_follows(after: str) -> None:
    first = "Die Bildungskonferenz begann mit einem Grußwort."
    text = f"{first} {after} " + "Danach wurde lange geredet und viel notiert. " * 3
    limit = len(first) + 1 + after.index(" ") + 2
    assert excerpt(text, limit) == first


@pytest.mark.parametrize(
    "cut",
    [
        "[Dokumentation der Werkstatt](https://www.example.org/eine/sehr/lange/adresse)",
        "**Ausbildungslots*innen im Quartier sind gefragt**",
        "[Was tun? Was lassen? Eine Handreichung](/handreichung.pdf)",
    ],
)
def test_links_and_emphasis_are_never_cut_open(cut: str) -> None:
    text = "Vorab ein Wort ohne Punkt " + cut + " und danach geht es ohne Ende weiter " * 5
    for limit in range(30, 26 + len(cut)):
        shown = excerpt(text, limit)
        assert text.startswith(shown)
        assert shown.count("[") == shown.count("]") == shown.count("](")
        assert shown.count("**") % 2 == 0


@pytest.mark.parametrize("tail", ["## Ausblick", "- ", "> ", "###### Noch weiter unten"])
def test_no_heading_or_empty_item_stands_at_the_end(tail: str) -> None:
    text = f"Ein erster Absatz über Bildungslandschaften.\n\n{tail}\n\n" + "Und weiter geht der Text. " * 20
    assert excerpt(text, 47 + len(tail)) == "Ein erster Absatz über Bildungslandschaften."


@given(st.text("ab .!?\n[](*`#-ÄÖ1", max_size=2_000), st.integers(0, 700))
@example("x" * 5_000, 600)
@example("Kurz.", 600)
@example((" " * 40 + "\n") * 40 + "x" * 3_000, 600)
def test_excerpt_is_a_bounded_prefix_and_never_the_whole(text: str, limit: int) -> None:
    shown = excerpt(text, limit)
    assert text.startswith(shown)
    assert len(shown) <= limit
    assert len(shown) <= len(text) / 2


FOREIGN = Document("bericht", "Bericht", TEXT, source="stadt", fetched_at=FETCHED)
OWN = replace(FOREIGN, source="import", fetched_at=None)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (FOREIGN, Display.EXCERPT),
        (replace(FOREIGN, source="offen"), Display.FULL),
        (replace(FOREIGN, licence="CC-BY-4.0"), Display.FULL),
        (replace(FOREIGN, licence="CC-BY-4.0", display=Display.EXCERPT), Display.EXCERPT),
        (replace(FOREIGN, display=Display.FULL), Display.FULL),
        (replace(FOREIGN, source="datei-geloescht"), Display.EXCERPT),
        (OWN, Display.FULL),
        (replace(OWN, source="stadt"), Display.EXCERPT),
        (replace(OWN, display=Display.EXCERPT), Display.EXCERPT),
    ],
)
def test_editor_then_licence_then_source_then_origin(document: Document, expected: Display) -> None:
    policy = DisplayByRights({"stadt": Display.EXCERPT, "offen": Display.FULL})
    assert policy.display(document) is expected
    shown = policy.shown(document)
    assert shown.is_excerpt is (expected is Display.EXCERPT)
    assert ("Schlusssatz" in shown.document.text) is (expected is Display.FULL)


@given(documents)
def test_nothing_but_the_text_differs(document: Document) -> None:
    shown = DisplayByRights().shown(document)
    assert replace(shown.document, text=document.text) == document


def test_a_changed_source_file_counts_at_once(tmp_path: Path) -> None:
    settings = load_settings(corpus=tmp_path / "corpus", var=tmp_path / "var")
    file = tmp_path / "corpus" / "sources" / "stadt.toml"
    file.parent.mkdir(parents=True)
    file.write_text('start_urls = ["https://a.de/"]\n', "utf-8")
    policy = wiring.open_display_policy(settings, partial(next, count(0.0)))
    assert policy.display(FOREIGN) is Display.EXCERPT
    file.write_text('start_urls = ["https://a.de/"]\ndisplay = "full"\nlicence = "CC0"', "utf-8")
    assert policy.display(FOREIGN) is Display.FULL
    file.write_text('start_urls = ["https://a.de/"]\ndisplay = "full"', "utf-8")
    assert policy.display(FOREIGN) is Display.EXCERPT, "a broken file gives nothing away"
    file.unlink()
    assert policy.display(replace(FOREIGN, fetched_at=None)) is Display.FULL
    assert policy.display(FOREIGN) is Display.EXCERPT


def test_an_unchanged_folder_is_not_read_again(tmp_path: Path) -> None:
    answers = iter([{"stadt": Display.EXCERPT}])
    policy = DisplayBySource(tmp_path, lambda: next(answers), partial(next, count(0.0)))
    assert [policy.display(FOREIGN) for _ in range(3)] == [Display.EXCERPT] * 3


def test_a_corpus_without_sources_shows_what_is_its_own(tmp_path: Path) -> None:
    policy = wiring.open_display_policy(load_settings(corpus=tmp_path / "corpus", var=tmp_path / "var"))
    assert policy.display(OWN) is Display.FULL
    assert policy.display(FOREIGN) is Display.EXCERPT
