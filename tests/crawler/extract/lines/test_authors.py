from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.lines.authors import byline_names, is_author_label, signature_names, told_names

IDA = ["Ida Beispiel"]
TWO = ["Ida Beispiel", "Paul Muster"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Von Ida Beispiel", IDA),
        ("VON IDA BEISPIEL UND PAUL MUSTER", TWO),
        ("Von: Ida Beispiel", IDA),
        ("von Ida Beispiel, 12. März 2019", IDA),
        ("07.05.2019 09:41 von Ida Beispiel", IDA),
        ("Von Ida Beispiel | 7. Mai 2019 | Lesedauer: 3 Minuten", IDA),
        ("Von Ida Beispiel, Görlitz", IDA),
        ("Von Ida Beispiel aus Görlitz", IDA),
        ("Von Ida Beispiel, dpa", IDA),
        ("Von Ida Beispiel/dpa", IDA),
        ("Von Ida Beispiel und dpa", IDA),
        ("Von Ida Beispiel, Paul Muster und unseren Agenturen", TWO),
        ("Von unserer Redakteurin Ida Beispiel", IDA),
        ("Von Rechtsanwältin Dr. Ida Beispiel", ["Dr. Ida Beispiel"]),
        ("Von Ida Beispiel (Text) und Paul Muster (Fotos)", IDA),
        ("Text: Ida Beispiel, Fotos: Paul Muster", IDA),
        ("Foto: Paul Muster, Text: Ida Beispiel", IDA),
        ("Text und Fotos: Ida Beispiel", IDA),
        ("Text & Foto: Ida Beispiel", IDA),
        ("Autor*in: Ida Beispiel", IDA),
        ("Autorin Ida Beispiel", IDA),
        ("Ein Gastbeitrag von Ida Beispiel", IDA),
        ("Eine persönliche Analyse von Ida Beispiel", IDA),
        ("Das Interview führte Ida Beispiel.", IDA),
        ("Die Fragen stellten Ida Beispiel und Paul Muster.", TWO),
        ("Protokoll: Ida Beispiel", IDA),
        ("Verfasst von Ida Beispiel am 7. Mai 2019", IDA),
        ("Gespeichert von Ida Beispiel am Di., 7. Mai 2019 - 10:12", IDA),
        ("Eingestellt von Ida um 10:12", ["Ida"]),
        ("Mehr Busse für alle. Text: Ida Beispiel", IDA),
        ("Mehr Busse für alle. Von Ida Beispiel", IDA),
        ("Text: Pressestelle Stadt Hof", ["Pressestelle Stadt Hof"]),
        ("Ida Beispiel", []),
        ("Foto: Paul Muster", []),
        ("Fotos von Paul Muster", []),
        ("Von der Schule in den Beruf", []),
        ("Von Hamburg nach Berlin", []),
        ("Von Kindern und Eltern", []),
        ("Von Haus zu Haus", []),
        ("Von dpa", []),
        ("von admin", []),
        ("Von redaktion, 7. Mai 2019", []),
        ("Kontakt: Ida Beispiel", []),
    ],
)
def test_lines(line: str, names: list[str]) -> None:
    assert byline_names(line) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ida Beispiel", IDA),
        ("von Ida Beispiel", IDA),
        ("Ida Beispiel, Bildungsreferentin beim Landkreis", IDA),
        ("Redaktion Musterauer Bote", ["Redaktion Musterauer Bote"]),
        ("Ida", ["Ida"]),
        ("Redakteurin Lokales", []),
        ("dpa", []),
        ("admin", []),
    ],
)
def test_what_an_element_for_authors_holds(text: str, names: list[str]) -> None:
    assert signature_names(text) == names


def test_paragraphs_that_begin_with_who_asked() -> None:
    told = (
        "Das Gespräch führte Ida Beispiel, Öffentlichkeitsarbeit. Paul Muster sucht Verstärkung für das Haus."
    )
    assert told_names(told) == IDA
    assert told_names("Von Ida Beispiel lernen die Kinder, wie ein Bus fährt.") == []


def test_labels() -> None:
    assert is_author_label("Autorin:")
    assert is_author_label("Über den Autor")
    assert not is_author_label("Ansprechpartnerin:")
    assert not is_author_label("Von")


@given(
    st.lists(
        st.sampled_from(
            ["Von ", "Text: ", "Ida ", "Beispiel", ", ", " und ", "(Foto)", " | ", "12.3.2019", "."]
        ),
        max_size=30,
    ).map("".join)
)
def test_any_line_gives_names(line: str) -> None:
    assert all(name.strip() == name and name for name in (*byline_names(line), *signature_names(line)))
