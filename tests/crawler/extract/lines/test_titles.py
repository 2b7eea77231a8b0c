from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.lines.titles import as_person, derive_heading, shorten, without_title


@pytest.mark.parametrize(
    "name",
    [
        "Dr. Daniel März",
        "Prof. Dr. Anna-Lena von der Heide",
        "Markus Muster",
        "Şeyma Öz",
        "Dipl.-Päd. Ute Klein",
        "Frau Dr. Klein"[5:],
    ],
)
def test_names_are_persons(name: str) -> None:
    assert as_person(name) == name


@pytest.mark.parametrize(("line", "name"), [("Von Ayşe Öz", "Ayşe Öz"), ("Text: Katrin Lang", "Katrin Lang")])
def test_the_word_before_a_name_is_no_part_of_it(line: str, name: str) -> None:
    assert as_person(line) == name


@pytest.mark.parametrize(
    "line",
    [
        "Bildungsaktive Kommunen",
        "Kommunale Koordinierung",
        "Karl Marx Straße",
        "Paul-Gerhardt-Schule",
        "Von Köln lernen",
        "Dr. Hoch Stiftung",
        "Markus MusterWichtig für die Koordination war das Vertrauen",
        "Ansprechperson",
        "",
    ],
)
def test_what_only_looks_like_a_name_is_none(line: str) -> None:
    assert as_person(line) is None


def test_a_short_first_line_is_the_title() -> None:
    heading = derive_heading(" Bildung vor Ort: gemeinsam besser\nEin Handlungsfeld auch für Kommunen.")
    assert heading.title == "Bildung vor Ort: gemeinsam besser"
    assert heading.authors == ()


def test_a_name_in_the_first_line_is_the_author_and_the_first_sentence_the_title() -> None:
    heading = derive_heading(
        "Dr. Katrin Muster\n\nAm 26. Juni endete in Jena die Reihe. Danach sprach Dr. Klein."
    )
    assert heading.authors == ("Dr. Katrin Muster",)
    assert heading.title == "Am 26. Juni endete in Jena die Reihe"


def test_a_long_first_sentence_is_cut_between_words() -> None:
    start = "Die Stadt hat gemeinsam mit der Jugendberufsagentur und vielen weiteren Einrichtungen der"
    heading = derive_heading(f"{start} Stadtgesellschaft ein Netzwerk für alle aufgebaut.")
    assert heading.title == f"{start}…"


def test_markdown_marks_are_no_part_of_a_title() -> None:
    assert (
        derive_heading("## Ein *Fachtag* mit [Programm](https://a.example/)").title
        == "Ein *Fachtag* mit Programm"
    )
    assert derive_heading("# **Übergänge** gestalten #").title == "Übergänge gestalten"


def test_lines_without_letters_are_no_titles() -> None:
    assert derive_heading("---\n12\nJahresbericht").title == "Jahresbericht"


def test_a_repeated_title_goes_and_a_lone_one_stays() -> None:
    assert without_title("# Der Fachtag\n\nText", "Der  fachtag") == "Text"
    assert without_title("Der Fachtag war gut.\n\nText", "Der Fachtag") == "Der Fachtag war gut.\n\nText"
    assert without_title("# Der Fachtag", "Der Fachtag") == "# Der Fachtag"


@given(st.text(min_size=1))
def test_every_text_gets_a_title_of_one_line(text: str) -> None:
    title = derive_heading(text).title
    assert title.strip()
    assert len(title.splitlines()) == 1
    assert len(title) <= 200


@given(st.text(min_size=1))
def test_shortening_bounds_the_length(text: str) -> None:
    assert len(shorten(text)) <= 91
