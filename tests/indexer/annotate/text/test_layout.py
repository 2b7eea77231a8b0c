"""Which lines are the document's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.text.layout import BlockKind, read_layout


def kinds(text: str) -> list[str]:
    return [block.kind.value for block in read_layout(text).blocks]


def test_kinds_of_lines() -> None:
    text = "# Titel\n\nEin Satz steht hier.\n\n- Punkt\n1. Erstens\n\nÜberschrift ohne Punkt\n\nNoch ein Satz."
    assert kinds(text) == ["heading", "text", "item", "item", "heading", "text"]


def test_leftover_section_ends_with_the_next_heading_of_its_level() -> None:
    text = "## Weitere Meldungen\n\nFest im Quartier.\n\n### Mehr\n\nUnd mehr.\n\n## Ergebnis\n\nEigener Satz."
    assert kinds(text) == ["leftover"] * 4 + ["heading", "text"]


def test_a_link_in_a_sentence_and_a_link_alone_are_no_link_list() -> None:
    text = (
        "Lesen Sie [den Bericht](https://a.example) vom Mai.\n\n- [Foto](https://b.example)\n\nEin Satz folgt."
    )
    assert "links" not in kinds(text)


@pytest.mark.parametrize("count", [2, 3, 7])
def test_links_in_a_row_are_a_link_list(count: int) -> None:
    assert (
        kinds("\n".join(f"- [Meldung {n}](https://a.example/{n})" for n in range(count))) == ["links"] * count
    )


@pytest.mark.parametrize(
    "note", ["12.03.2020", "3. März 2020", "weiterlesen", "Mehr erfahren ›", "PDF, 640 KB"]
)
def test_links_with_a_note_beneath_each_are_a_link_list(note: str) -> None:
    entries = "\n".join(f"[Quartier {n}](https://a.example/{n})\n{note}" for n in range(2))
    before, *list_, after = kinds(f"Ein Satz davor.\n\n{entries}\n\nEin Satz danach.")
    assert (before, after) == ("text", "text")
    assert set(list_) <= {"links", "leftover"}


def test_titles_with_an_offer_beneath_each_are_a_link_list() -> None:
    text = "Migration im Wandel\nDownload (PDF, 2 MB)\n\nQuartiere für alle\nDownload (PDF)\n\nEin Satz folgt."
    assert kinds(text) == ["links"] * 4 + ["text"]


def test_a_sentence_before_a_single_download_stays_text() -> None:
    text = "Der Leitfaden hilft beim Übergang.\nDownload (PDF, 2 MB)\n\nEin Satz folgt."
    assert "links" not in kinds(text)


def test_titles_with_their_file_in_brackets_are_a_link_list() -> None:
    text = "- Migration: Jahrbuch (PDF, 3 MB)\n- Leben im Quartier: Expertise (PDF)\n\nBitte bestellen Sie."
    assert kinds(text)[:2] == ["links", "links"]
    assert "links" not in kinds("Der Bericht zum Quartier (PDF, 2 MB) liegt vor.\nMan kann ihn laden.")


def test_a_heading_with_its_date_beneath_is_no_link_list() -> None:
    text = "Fachtag Migration\n12.03.2020\n\nFachtag Quartier\n19.03.2020"
    assert "links" not in kinds(text)


@given(st.text(alphabet="ab #*-.\n[]()1", max_size=80))
def test_blocks_cover_every_line_once(text: str) -> None:
    layout = read_layout(text)
    covered = [text[block.start : block.end] for block in layout.blocks]
    assert covered == [line for line in text.split("\n") if line.strip()]
    for block in layout.blocks:
        assert layout.block_at(block.start) is block
        assert isinstance(layout.kind_at(block.start), BlockKind)


def test_titles_on_a_page_that_lists_documents_are_links() -> None:
    text = (
        "Hier finden Sie Dokumente der Verwaltung, nach Datum geordnet.\n\nNeu eingestellt\n\n"
        "- Wegweiser für Zugewanderte (Deutsch, Arabisch)\nÜbergänge gestalten. Ein Leitfaden"
    )
    words = ("Wegweiser", "Übergänge", "Dokumente")
    listed = read_layout(text, "Veröffentlichungen und Downloads")
    assert [listed.counts(text.index(word)) for word in words] == [False, False, True]
    other = read_layout(text, "Praktikum vorbereiten – Materialien für die Klassen 8 bis 10")
    assert [other.counts(text.index(word)) for word in words] == [True, True, True]
