"""Accents that are printed as characters of their own become one with their letters: „u¨“, „¨u“ → „ü“. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from crawler.extract.printed.glyphs import Glyph, Row, is_apart

# Accents that are set as characters of their own, and what combines with the letter in their place.
_ACCENTS = {
    "\u00a8": "\u0308", "\u0308": "\u0308", "\u00b4": "\u0301", "\u0301": "\u0301", "`": "\u0300",
    "\u0300": "\u0300", "^": "\u0302", "\u02c6": "\u0302", "\u0302": "\u0302", "~": "\u0303",
    "\u02dc": "\u0303",
    "\u0303": "\u0303", "\u02c7": "\u030c", "\u030c": "\u030c", "\u02da": "\u030a", "\u00b0": "\u030a",
    "\u030a": "\u030a", "\u00b8": "\u0327", "\u0327": "\u0327", "\u02d8": "\u0306", "\u02d9": "\u0307",
    "\u02dd": "\u030b", "\u02db": "\u0328", '"': "\u0308",
}  # fmt: skip
# Of these one is known to be an accent wherever it stands.
_LOOSE = frozenset("\u00a8\u00b4\u02c7\u02da\u00b8\u02d8\u02dd")
_ROWS_AROUND = 2
_MAX_GLYPHS, _MAX_ACCENTS = 1_000, 50  # of a row
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
_UMLAUTS = frozenset("aouAOU")
# An accent of a capital is drawn so much higher than one of a small letter, in em.
_LOWEST, _HIGHEST = -0.2, 0.6


def with_accents(rows: Sequence[Row]) -> list[Row]:
    """The rows of a page with whole letters."""
    return [_accented(row) for row in _with_their_accents(rows)]


def _with_their_accents(rows: Sequence[Row]) -> list[Row]:
    """Accents that PDFium tells at the end of a row, or as a row, before the letter they stand over.

    TeX draws them so, and those of capitals higher than the row.
    """
    if not any(glyph.text in _LOOSE for row in rows for glyph in row):
        return list(rows)
    kept: list[list[Glyph]] = [list(row) for row in rows]
    for index, row in enumerate(rows):
        if len(row) > _MAX_GLYPHS or sum(glyph.text in _LOOSE for glyph in row) > _MAX_ACCENTS:
            continue  # no line of text
        for at, accent in enumerate(row):
            if accent.text not in _LOOSE or any(
                _composed(base, accent) and _stands_over(accent, base)
                for base in (*row[max(0, at - 1) : at], *row[at + 1 : at + 2])
            ):
                continue
            place = _letter_below(kept, index, accent)
            if place is not None:
                line, letter = place
                _take_out(kept[index], accent)
                found = kept[line].index(letter)
                kept[line][found : found + 1] = [
                    accent._replace(spaced=letter.spaced),
                    letter._replace(spaced=False),
                ]
    return [tuple(row) for row in kept if row]


def _take_out(row: list[Glyph], accent: Glyph) -> None:
    """Remove an accent; the blank behind it goes too where its neighbours stand close together."""
    at = row.index(accent)
    del row[at]
    if 0 < at < len(row) and row[at].spaced and not is_apart(row[at - 1], row[at]):
        row[at] = row[at]._replace(spaced=False)


def _letter_below(rows: Sequence[Sequence[Glyph]], index: int, accent: Glyph) -> tuple[int, Glyph] | None:
    around = range(max(0, index - _ROWS_AROUND), min(len(rows), index + _ROWS_AROUND + 1))
    for line in sorted(around, key=lambda one: abs(one - index)):
        if len(rows[line]) > _MAX_GLYPHS:
            continue
        for letter in rows[line]:
            rise = (accent.bottom - letter.bottom) / max(letter.face.size, 1.0)
            if _LOWEST <= rise <= _HIGHEST and _composed(letter, accent) and _stands_over(accent, letter):
                return line, letter
    return None


def _accented(row: Row) -> Row:
    """Accents that are printed over a letter, before or after it, become one with it."""
    if not any(glyph.text in _ACCENTS for glyph in row):
        return row
    result: list[Glyph] = []
    taken = -1
    for index, glyph in enumerate(row):
        if index == taken:
            continue
        before = result[-1] if result else None
        after = row[index + 1] if index + 1 < len(row) else None
        base = _base(glyph, before, after) if glyph.text in _ACCENTS else None
        if base is None:
            result.append(_closed_up(glyph, before))
            continue
        whole = base._replace(text=_composed(base, glyph))
        if base is before:
            result[-1] = whole
        else:
            taken = index + 1
            result.append(_closed_up(whole._replace(spaced=glyph.spaced or whole.spaced), before))
    return tuple(result)


def _closed_up(glyph: Glyph, before: Glyph | None) -> Glyph:
    """Without the blank that PDFium sees where an accent is drawn between letters that stand close together."""
    if glyph.spaced and before is not None and before.text.isalpha() and not is_apart(before, glyph):
        return glyph._replace(spaced=False)
    return glyph


def _base(accent: Glyph, before: Glyph | None, after: Glyph | None) -> Glyph | None:
    """The letter beside an accent that it belongs to."""
    choices = [base for base in (before, after) if base is not None and _composed(base, accent)]
    choices.sort(key=lambda base: abs(_middle(base) - _middle(accent)))
    over = next((base for base in choices if _stands_over(accent, base)), None)
    if over is not None or accent.text != "\u00a8":
        return over
    return next((base for base in choices if base.text in _UMLAUTS and not is_apart(accent, base)), None)


def _composed(base: Glyph, accent: Glyph) -> str:
    """The letter with the accent as one character; nothing where there is none."""
    letter = _DOTLESS.get(base.text, base.text)
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[accent.text])
    return whole if len(whole) == 1 and letter.isalpha() else ""


def _stands_over(accent: Glyph, base: Glyph) -> bool:
    slack = 0.1 * (base.right - base.left)
    return base.right > base.left and base.left - slack <= _middle(accent) <= base.right + slack


def _middle(glyph: Glyph) -> float:
    return (glyph.left + glyph.right) / 2
