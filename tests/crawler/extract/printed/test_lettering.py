"""Ligatures, letter-spacing and bullets of characters that no font of PDF itself has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.printed.glyphs import Face, Glyph, Row, font_weight
from crawler.extract.printed.lettering import squeezed_leaders, text_of, with_plain_bullet, words_of_rows

FACE = Face("Times-Roman", 10.0, 400)


def row(text: str, *, gap: float = 0.0, face: Face = FACE) -> Row:
    """Characters five points wide, blanks three, ``gap`` points between them."""
    glyphs: list[Glyph] = []
    left, spaced = 50.0, False
    for letter in text:
        if letter == " ":
            left, spaced = left + 3 + gap, True
            continue
        glyphs.append(Glyph(letter, left, 700, left + 5, 710, face, spaced))
        left, spaced = left + 5 + gap, False
    return tuple(glyphs)


def words(one: Row) -> str:
    (found,) = words_of_rows([one])
    return text_of(found)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("ﬁnanziell", "finanziell"),
        ("oﬃziell", "offiziell"),
        ("ﬂexibel", "flexibel"),
        ("Schiﬀ", "Schiff"),
        ("\uf001nden", "finden"),
        ("of\x0cziell", "offiziell"),
        ("hä\x0bg", "häffg"),
        ("a \x0c b", "a b"),
    ],
)
def test_ligatures_are_their_letters(printed: str, read: str) -> None:
    assert words(row(printed)) == read


def test_the_blank_that_is_seen_behind_a_ligature_goes() -> None:
    printed = row("ﬁnanziell")
    assert words((printed[0], printed[1]._replace(spaced=True), *printed[2:])) == "finanziell"


@pytest.mark.parametrize("gap", [2.0, 3.0, 5.0])
def test_letters_far_apart_are_words_where_the_gaps_say_so(gap: float) -> None:
    spaced = tuple(
        glyph._replace(spaced=place > 0) for place, glyph in enumerate(row("BILDUNG IN ZAHLEN", gap=gap))
    )
    assert words(spaced) == "BILDUNG IN ZAHLEN"


@pytest.mark.parametrize(
    "text", ["A B C D E F", "x x x x x x", "1 2 3 4 5", "z. B. u. a. d. h.", "M D M D F S"]
)
def test_single_letters_that_are_no_word(text: str) -> None:
    assert words(row(text)) == text


@pytest.mark.parametrize(
    ("first", "face", "read"),
    [
        ("\uf0b7", FACE, "• Text"),
        ("\uf0d8", FACE, "➢ Text"),
        ("Ø", Face("Wingdings-Regular", 10.0, 400, is_symbol=True), "➢ Text"),
        ("§", Face("Wingdings", 10.0, 400, is_symbol=True), "• Text"),
        ("o", Face("CourierNewPSMT", 10.0, 400), "◦ Text"),
        ("§", FACE, "§ Text"),
        ("o", FACE, "o Text"),
    ],
)
def test_a_sign_of_a_font_of_signs_is_a_bullet(first: str, face: Face, read: str) -> None:
    printed = row(f"{first} Text")
    assert text_of(with_plain_bullet((printed[0]._replace(face=face), *printed[1:]))) == read


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("Frutiger-Light", 300), ("Arial-BoldMT", 700), ("HelveticaNeueLT-BdCn", 700), ("MetaPro-Medium", 500),
        ("OpenSans-SemiBold", 600), ("TimesNewRomanPSMT", 400), ("Univers-Black", 900),
        ("Interstate-ExtraLight", 200),
    ],
)  # fmt: skip
def test_the_weight_of_a_font_is_in_its_name(name: str, weight: int) -> None:
    assert font_weight(name) == weight


@pytest.mark.parametrize(
    ("line", "squeezed"),
    [
        ("Kaffee ............ 2 €", "Kaffee 2 €"),
        ("Name: ______ Ort: ······", "Name: Ort:"),
        ("Und so weiter......", "Und so weiter…"),
        ("Er sagte… nichts.", "Er sagte… nichts."),
        ("Punkt. Punkt. Punkt.", "Punkt. Punkt. Punkt."),
    ],
)
def test_rows_of_dots_go(line: str, squeezed: str) -> None:
    assert squeezed_leaders(line) == squeezed


@given(st.text(st.sampled_from("aouÄß¨ ´ﬁ\x0c•.-1"), max_size=40))
def test_no_letter_is_lost_or_moved(text: str) -> None:
    printed = row(text)
    if not printed:
        return
    kept = "".join(glyph.text for glyph in words_of_rows([printed])[0])
    assert (
        [letter for letter in kept if letter in "aouÄß1"] == [letter for letter in text if letter in "aouÄß1"]
        or "¨" in text
        or "´" in text
    )
