"""Rows that PDFium took for one, since they overlap: columns whose lines are not level. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.extract.printed.glyphs import Glyph, Row

# In em, the size of the font.
_BACK = 2.0
_GAP = 0.75
_RISE = 0.2


def taken_apart(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, parted where a character is drawn far to the left, or beyond a gap and on another level."""
    for row in rows:
        start = 0
        for index in range(1, len(row)):
            if _is_elsewhere(row[index - 1], row[index]):
                yield _begun(row[start:index])
                start = index
        yield _begun(row[start:])


def _is_elsewhere(before: Glyph, glyph: Glyph) -> bool:
    size = max(glyph.face.size, 1.0)
    if glyph.left < before.left - _BACK * size:
        return True
    if glyph.face != before.face or glyph.left - before.right < _GAP * size:
        return False
    return abs(glyph.bottom - before.bottom) > _RISE * size


def _begun(row: Row) -> Row:
    return (row[0]._replace(spaced=False), *row[1:]) if row[0].spaced else row
