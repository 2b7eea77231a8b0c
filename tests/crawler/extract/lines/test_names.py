from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.lines.names import is_body, is_person, split_names


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Erika Beispiel", ["Erika Beispiel"]),
        ("Erika Beispiel und Ali Muster", ["Erika Beispiel", "Ali Muster"]),
        ("Erika Beispiel, Ali Muster & Eva Probe", ["Erika Beispiel", "Ali Muster", "Eva Probe"]),
        ("Erika Beispiel; Ali Muster", ["Erika Beispiel", "Ali Muster"]),
        ("Beispiel, Erika", ["Erika Beispiel"]),
        ("Öz, Şeyma", ["Şeyma Öz"]),
        ("Beispiel-Muster, Anna Maria", ["Anna Maria Beispiel-Muster"]),
        ("von Beispiel, Erika", ["Erika von Beispiel"]),
        ("Beispiel, Dr. Erika", ["Dr. Erika Beispiel"]),
        ("Beispiel, E.", ["E. Beispiel"]),
        ("Beispiel, Erika; Muster, Jan", ["Erika Beispiel", "Jan Muster"]),
        ("Beispiel, Erika und Muster, Jan", ["Erika Beispiel", "Jan Muster"]),
        ("Beispiel, Erika, Muster, Jan", ["Erika Beispiel", "Jan Muster"]),
        ("ERIKA BEISPIEL-MUSTER", ["Erika Beispiel-Muster"]),
        ("Dr. Erika Beispiel, M.A.", ["Dr. Erika Beispiel"]),
        ("Prof. Dr. Jan van der Muster", ["Prof. Dr. Jan van der Muster"]),
        ("Erika B.", ["Erika B."]),
        ("Erika Beispiel, Redakteurin", ["Erika Beispiel"]),
        ("Erika Beispiel (Stadt Hof)", ["Erika Beispiel"]),
        ("Erika Beispiel/dpa", ["Erika Beispiel"]),
        ("Erika Beispiel (https://beispiel.example)", ["Erika Beispiel"]),
        ("Gemeinde Auenbrück, Markt 3, 01234 Auenbrück, Deutschland", ["Gemeinde Auenbrück"]),
        ("Amt für Bildung und Sport", ["Amt für Bildung und Sport"]),
        ("Stadt Hof", ["Stadt Hof"]),
        ("Agentur Südwind - https://suedwind.example", []),
        ("Südwind GmbH, www.suedwind.example", []),
        ("info@hof.example", []),
        ("https://hof.example/erika", []),
        ("", []),
    ],
)
def test_lists_of_names(value: str, names: list[str]) -> None:
    assert split_names(value) == names


@pytest.mark.parametrize(
    "name",
    ["Erika Beispiel", "Jan Freitag", "Karl-Theodor zu Muster", "E. Beispiel", "Şeyma Öz", "Ali D'Muster"],
)
def test_persons(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "Erika",
        "Haus zu Haus",
        "Stadt Hof",
        "ULB Norderwald",
        "Fraktion Die Linke",
        "Paul-Gerhardt-Schule Hof",
        "Freiwillige Feuerwehr",
        "erika beispiel",
        "Von Erika",
        "Alle Beiträge",
        "Agentur Nord",
        "ARD-Studio Rom",
    ],
)
def test_what_is_no_person(name: str) -> None:
    assert not is_person(name)


def test_bodies() -> None:
    assert is_body("Kulturamt Hof")
    assert is_body("Landesverband der Musikschulen e.V.")
    assert not is_body("Erika Beispiel")


@given(st.text())
def test_any_text_gives_names_without_surrounding_blanks(value: str) -> None:
    assert all(name == name.strip() and name for name in split_names(value))


@given(
    st.lists(
        st.sampled_from(["Erika ", "Beispiel", ", ", "; ", " und ", "/", "(", ")", "12", "@", "von ", "Dr. "]),
        max_size=30,
    ).map("".join)
)
def test_any_list_gives_names(value: str) -> None:
    assert all(name == name.strip() and name for name in split_names(value))


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Beispiel, Ida, Redakteurin", ["Ida Beispiel"]),
        ("Beispiel, Anna-Lena, freie Journalistin", ["Anna-Lena Beispiel"]),
        ("Prof. Dr. Beispiel, Karl-Heinz", ["Prof. Dr. Karl-Heinz Beispiel"]),
        ("Paul Muster Dr. Ida Beispiel", ["Paul Muster", "Dr. Ida Beispiel"]),
        ("Prof. Dr. Ida Beispiel", ["Prof. Dr. Ida Beispiel"]),
    ],
)
def test_roles_and_titles_around_turned_names(value: str, names: list[str]) -> None:
    assert split_names(value) == names
