"""Values of a form's fields among the printed words: behind their labels, ticks beside theirs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.extract.printed.glyphs import Face, Glyph, Row

_FAR = 25.0  # points between a tick and its label
_ALIGNED = 12.0  # points by which a field may begin beside the label above it


@dataclass(frozen=True, slots=True)
class Value:
    """What was filled into a field; its box in points from the page's lower left. ``is_tick``: ☒ or ☐."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    is_tick: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top

    def moved(self, box: tuple[float, float, float, float]) -> Value:
        """The value in another box."""
        left, bottom, right, top = box
        return replace(self, left=left, bottom=bottom, right=right, top=top)


def with_values(rows: Sequence[Row], values: Iterable[Value]) -> list[Row]:
    """The rows of a page with the values where their fields are; a tick without a label says nothing."""
    result = [list(row) for row in rows]
    for value in values:
        place = _row_of(result, value)
        if place is not None:
            _insert(result[place], value)
        elif not value.is_tick:
            above = _row_above(result, value)
            face = result[above][0].face if result else Face("", 10.0, 400)
            result.insert(above + 1, [_glyph(value, value.bottom, face)])
    return [tuple(row) for row in result]


def _glyph(value: Value, bottom: float, face: Face) -> Glyph:
    return Glyph(value.text, value.left, bottom, value.right, bottom + face.size, face, spaced=True)


def _row_of(rows: Sequence[Sequence[Glyph]], value: Value) -> int | None:
    """The row that holds the label beside the field; of several the nearest to the beginning of the box."""
    best: tuple[float, int] | None = None
    for index, row in enumerate(rows):
        size = row[0].face.size or 10.0
        baseline = row[0].bottom
        if not value.bottom - 0.7 * size <= baseline <= value.top - 0.4 * size:
            continue
        behind = [glyph for glyph in row if glyph.left >= value.left]
        before = [glyph for glyph in row if glyph.left < value.left]
        if value.is_tick:
            nearest = min(
                (behind[0].left - value.right if behind else 2 * _FAR),
                (value.left - before[-1].right if before else 2 * _FAR),
            )
            if nearest > _FAR:
                continue
        elif not before:
            continue
        else:
            nearest = value.left - before[-1].right
        # A box of many lines has its label at its top.
        far = abs(nearest) + 2 * abs(value.top - size - baseline)
        if best is None or far < best[0]:
            best = far, index
    return best[1] if best is not None else None


def _insert(row: list[Glyph], value: Value) -> None:
    at = next((index for index, glyph in enumerate(row) if glyph.left >= value.left), len(row))
    if at < len(row):
        row[at] = row[at]._replace(spaced=True)
    row.insert(at, _glyph(value, row[0].bottom, row[max(0, at - 1)].face))


def _row_above(rows: Sequence[Sequence[Glyph]], value: Value) -> int:
    """The last row above the field that begins where it does, else the last above; -1 where none is."""
    above = [
        (row[0].bottom - value.top, index) for index, row in enumerate(rows) if row[0].bottom >= value.top - 3
    ]
    aligned = [one for one in above if abs(rows[one[1]][0].left - value.left) <= _ALIGNED]
    return min(aligned or above)[1] if above else -1
