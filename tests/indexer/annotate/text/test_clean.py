"""Dirt in texts: broken words are read whole and quoted broken, foreign and damaged texts are told."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate import DocumentAnnotator
from indexer.annotate.text.clean import clean, flags, glued_names
from indexer.annotate.text.layout import BlockKind, read_layout
from tests.indexer.annotate.conftest import document, reading


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("die Vor-\nleser kamen", "die Vorleser   kamen"),
        ("Vor-\nund Nachteile", "Vor-\nund Nachteile"),
        ("der I n k l u s i o n s t a g 2018", "der Inklusionstag            2018"),
        ("Inklusions·konferenz", "Inklusionskonferenz "),
        ("Schüler·innen", "Schüler·innen"),
        ("Quartiers\u00admanagement", "Quartiersmanagement "),
        ("A b c", "A b c"),
        ("im Jahr 2018-\n2019", "im Jahr 2018-\n2019"),
        ("12\\. März 2019", "12. März 2019"),
        ("Kolleg\\*innen und \\[sic\\]", "Kolleg*innen und [sic]"),
        ("am **12. März** 2019", "am 12. März 2019"),
        ("C:\\Daten", "C:\\Daten"),
    ],
)
def test_broken_words_are_read_whole(text: str, read: str) -> None:
    assert clean(text).text.split() == read.split()
    assert len(clean(text).text) == len(text)


@given(st.text(alphabet="ab- \n·\u00adäZ1."))
def test_nothing_else_moves(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.text) == len(text)
    outside = [True] * len(text)
    for start, end in cleaned.joined:
        outside[start:end] = [False] * (end - start)
    assert all(text[i] == cleaned.text[i] for i in range(len(text)) if outside[i])
    assert all(end <= cleaned.whole_end(end) <= len(text) for end in range(len(text) + 1))


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Das Quartiersmana-\ngement lädt ein.", "Quartiersmana-\ngement"),
        ("Das Quartiers·management hilft.", "Quartiers·management"),
        ("Neu: Q u a r t i e r s b ü r o offen", "Q u a r t i e r s b ü r o"),
    ],
)
def test_evidence_quotes_the_text_as_it_is(annotator: DocumentAnnotator, text: str, quoted: str) -> None:
    (tag,) = annotator.annotate(document(text)).topics
    assert tag.id == "quartier"
    assert {text[item.start : item.end] for item in tag.evidence} == {quoted}
    assert {item.text for item in tag.evidence} == {quoted}


@pytest.mark.parametrize(
    "line",
    [
        "Wir verwenden Cookies, um unsere Website zu verbessern.",
        "Alle akzeptieren | Nur notwendige Cookies | Einstellungen speichern",
        "Startseite > Aktuelles > Quartiersfest",
        "Seite 3 von 12",
        "2 Bewegung ......... 7",
        "Foto: Stadt Nürnberg",
        "Druckversion",
    ],
)
def test_page_leftovers_do_not_count(line: str) -> None:
    kinds = [
        block.kind for block in read_layout(f"Ein Satz steht hier.\n{line}\nNoch einer steht dort.").blocks
    ]
    assert kinds == [BlockKind.TEXT, BlockKind.LEFTOVER, BlockKind.TEXT]


def test_a_caption_counts_once_and_cookies_can_be_a_subject() -> None:
    caption = "Die Lotsinnen und Lotsen im Südstadtforum"
    kinds = [
        block.kind
        for block in read_layout(f"{caption}.\nDas Fest war schön.\n{caption}.\nEs gab Cookies.").blocks
    ]
    assert kinds == [BlockKind.TEXT, BlockKind.TEXT, BlockKind.LEFTOVER, BlockKind.TEXT]


def test_lost_umlauts_are_told() -> None:
    lost = "Die Schuler konnen im Buro fur Bildung mehr uber Berufe lernen."
    assert flags(lost, lost.split()) == ("ohne-umlaute",)
    kept = "Die Schüler können im Büro mehr lernen; Herr Schuler, Frau Fur und das Uber fahren."
    assert flags(kept, kept.split()) == ()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "Landrat Georg HuberDie Schulamtsdirektorin dankte",
            ["Landrat Georg Huber", "Die Schulamtsdirektorin dankte"],
        ),
        ("Anna MeierPeter SchulzeFazit der Runde", ["Anna Meier", "Peter Schulze", "Fazit der Runde"]),
        ("Markus Müller-LüdenscheidtWichtig ist", ["Markus Müller-Lüdenscheidt", "Wichtig ist"]),
    ],
)
def test_a_name_ends_where_the_next_word_is_glued_to_it(text: str, pieces: list[str]) -> None:
    edges = [0, *glued_names(text), len(text)]
    assert [text[start:end] for start, end in pairwise(edges)] == pieces


@pytest.mark.parametrize(
    "text",
    [
        "Anna und KollegInnen",
        "Die LehrerInnen",
        "der DigitalPakt Schule",
        "in der StädteRegion Aachen",
        "Maria MitarbeiterInnen",
        "Die JugendberufsAgentur öffnet",
        "Peter McAllister",
    ],
)
def test_capitals_within_other_words_part_nothing(text: str) -> None:
    assert glued_names(text) == ()


def test_what_is_glued_to_a_name_counts_and_is_quoted_alone(annotator: DocumentAnnotator) -> None:
    text = "„Das tut gut.“\nGeorg HuberQuartiersmanagement heißt Zuhören. Das Quartiersmanagement lädt ein."
    (tag,) = annotator.annotate(document(text)).topics
    assert {item.text for item in tag.evidence} == {"Quartiersmanagement"}
    assert min(item.start for item in tag.evidence) == text.index("Quartiers")


def test_a_glued_name_ends_its_sentence() -> None:
    source = reading("Markus RempeModell und Wirklichkeit sind zweierlei.")
    first, second = source.sentence(0), source.sentence(3)
    assert source.body.between(first.start, first.end) == "Markus Rempe"
    assert source.body.between(second.start, second.end).startswith("Modell und")


def test_an_escaped_day_is_a_day_and_is_quoted_plainly(annotator: DocumentAnnotator) -> None:
    text = "Der Fachtag war gut besucht. Er fand statt am\n12\\. März **2019** in Dortmund."
    found = annotator.annotate(document(text))
    assert found.event is not None
    assert str(found.event.event.start) == "2019-03-12"
    (quote,) = found.event.evidence
    assert quote.text == "12. März 2019"
    assert text[quote.start : quote.end] == "12\\. März **2019"
