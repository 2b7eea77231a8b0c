"""Written letters become those that people type; nothing else is touched."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.german import fold
from indexer.german.letters import clean, fraction, transcriptions


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Ärger", "Ärger"),
        ("weiß", "weiß"),
        ("Kräﬅig", "Krästig"),
        ("Aﬄuenz", "Affluenz"),
        ("aﬀektiv", "affektiv"),
        ("O₃", "O3"),
        ("cm²", "cm2"),
        ("5m³", "5m3"),
        ("Satz³", "Satz"),
        ("Satz¹²", "Satz"),
        ("²Anmerkung", "Anmerkung"),
        ("2021²", "2021"),
        ("x²", "x2"),
        ("H²O", "H2O"),
        ("④", "4"),
        ("Ｔａｇ２", "Tag2"),
        ("Ⅻ", "XII"),
        ("㎏", "kg"),
        ("№", "nr"),
        ("Đurđa", "Durda"),
        ("ĐURĐA", "DURDA"),
        ("Þóra", "Thora"),
        ("Łobez", "Lobez"),
        ("Bjørnsen", "Björnsen"),
        ("Ağrı", "Agri"),
        ("İzmir", "Izmir"),
        ("Toʻlqin", "Tolqin"),
        ("Nguyễn", "Nguyen"),
        ("Müßig\u00adgang", "Müßiggang"),
        ("Привет", "Привет"),
        ("школа", "школа"),
        ("مدرسة", "مدرسة"),
    ],
)
def test_letters_are_plain(written: str, plain: str) -> None:
    assert clean(written) == clean(normalize("NFD", written)) == plain


def test_other_transcriptions() -> None:
    assert transcriptions("Anđela") == ("andjela",)
    assert transcriptions("Åse") == ("aase",)
    assert transcriptions("Übergang") == transcriptions("Anna") == transcriptions("José") == ()


@pytest.mark.parametrize("spelling", ["smørhus", "smörhus", "smoerhus", "smorhus"])
def test_folding_reaches_foreign_letters(spelling: str) -> None:
    assert fold(spelling) == "smorhus"


def test_fractions() -> None:
    assert (fraction("¾"), fraction("3"), fraction("a")) == (("3", "4"), (), ())


@given(st.text(max_size=30))
def test_cleaning_once_is_enough(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert fold(fold(once.lower())) == fold(once.lower()) or not once.isascii()


@given(st.text(alphabet="abcäöüßXYZÄ ", max_size=30))
def test_german_letters_stay(text: str) -> None:
    assert clean(text) == text
