"""In which order rows are read: columns that were drawn row by row are taken apart, tables are not. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.extract.printed.glyphs import Row
from crawler.extract.printed.lettering import size_of, text_of

# In em, the size of the font: no gutter is narrower, and blanks of justified lines seldom are as wide.
_GUTTER = 0.75
_BIN = 2.0  # points
_MAX_BINS = 500
_CANDIDATES = 4
_MAX_COLUMNS = 5
_MAX_ROWS = 1_500  # of a page; what has more is no prose
# Lines that go on where the row before on their side ended: a table's cells begin anew.
_FEWEST_GOING_ON = 2
_GOING_ON = 0.2
_FEWEST_WORDS = 2.5
_FILLED = 0.55
_FAR = 2.2  # times the size of a line, from baseline to baseline
_SENTENCE_END = re.compile(r"[.!?:…][“”\"«‘’)]*$")


def in_reading_order(rows: Sequence[Row], depth: int = _MAX_COLUMNS) -> list[Row]:
    """The rows of a page, those of columns one column after the other; all else stays as it was drawn."""
    if depth < 2 or not 2 <= len(rows) <= _MAX_ROWS:
        return list(rows)
    best: list[tuple[int, int, float]] = []
    for middle in _gutters(rows):
        runs = [
            (start, end, middle) for start, end in _runs(rows, middle) if _are_columns(rows[start:end], middle)
        ]
        if sum(end - start for start, end, _ in runs) > sum(end - start for start, end, _ in best):
            best = runs
    result: list[Row] = []
    done = 0
    for start, end, middle in best:
        left, right = _sides(rows[start:end], middle)
        result += rows[done:start]
        result += in_reading_order(left, depth - 1) + in_reading_order(right, depth - 1)
        done = end
    return [*result, *rows[done:]]


def _gaps(row: Row) -> Iterator[tuple[float, float]]:
    """Wide spaces within a row."""
    for before, after in pairwise(row):
        if after.spaced and after.left - before.right >= _GUTTER * min(before.face.size, after.face.size):
            yield before.right, after.left


def _gutters(rows: Sequence[Row]) -> list[float]:
    """Where most rows have a space: within them, or between one and the next that is drawn to its right."""
    votes: Counter[int] = Counter()
    width = max(row[-1].right for row in rows) - min(row[0].left for row in rows)
    step = max(_BIN, width / _MAX_BINS)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        spaces = list(_gaps(row))
        if following is not None and following[0].left - row[-1].right >= _GUTTER * following[0].face.size:
            spaces.append((row[-1].right, following[0].left))
        for left, right in spaces:
            votes.update(range(int(left / step) + 1, int(right / step) + 1))
    middles: list[float] = []
    while votes and len(middles) < _CANDIDATES:
        top, count = votes.most_common(1)[0]
        first = last = top
        while votes.get(last + 1, 0) == count:
            last += 1
        while votes.get(first - 1, 0) == count:
            first -= 1
        if count < _FEWEST_GOING_ON:
            break
        middles.append((first + last) / 2 * step)
        for near in range(first - 6, last + 7):
            votes.pop(near, None)
    return middles


def _runs(rows: Sequence[Row], middle: float) -> Iterator[tuple[int, int]]:
    """Rows one after the other that leave the gutter free, from the first with something on both its sides."""
    start = 0
    while start < len(rows):
        if not _is_free(rows[start], middle):
            start += 1
            continue
        end = start
        while end < len(rows) and _is_free(rows[end], middle):
            end += 1
        first = next((index for index in range(start, end) if _begins(rows[index:end], middle)), end)
        if first < end:
            yield first, _until_a_gap(rows, first, end, middle)
        start = end


def _begins(rows: Sequence[Row], middle: float) -> bool:
    """Whether columns may begin with the first of these rows."""
    row = rows[0]
    if row[0].left < middle < row[-1].right:
        return True
    if len(rows) < 2 or row[-1].right > middle:
        return False
    beside = rows[1]
    return beside[0].left > middle and beside[0].bottom > row[0].bottom - row[0].face.size


def _until_a_gap(rows: Sequence[Row], first: int, end: int, middle: float) -> int:
    """Where what follows stands clearly apart from both columns."""
    lowest = rows[first][0].bottom
    for index in range(first + 1, end):
        row = rows[index]
        if lowest - row[0].bottom > _FAR * max(row[0].face.size, size_of(rows[index - 1])):
            rest = rows[index:end]
            if not any(one[0].left < middle < one[-1].right for one in rest):
                return index
        lowest = min(lowest, row[0].bottom)
    return end


def _is_free(row: Row, middle: float) -> bool:
    if row[-1].right <= middle or row[0].left >= middle:
        return True
    return any(left <= middle <= right for left, right in _gaps(row))


def _sides(rows: Sequence[Row], middle: float) -> tuple[list[Row], list[Row]]:
    left, right = [], []
    for row in rows:
        before = tuple(glyph for glyph in row if glyph.left < middle)
        behind = tuple(glyph for glyph in row if glyph.left >= middle)
        if before:
            left.append(before)
        if behind:
            right.append((behind[0]._replace(spaced=False), *behind[1:]))
    return left, right


@dataclass(slots=True)
class _Side:
    """What is seen of the rows on one side of a gutter."""

    last: str = ""
    is_interrupted: bool = False
    interruptions: int = 0
    going_on: int = 0
    words: int = 0
    rows: int = 0

    def add(self, text: str) -> None:
        """The next row on this side."""
        if self.last and self.is_interrupted:
            self.interruptions += 1
            self.going_on += text[:1].islower() and not _SENTENCE_END.search(self.last)
        self.last, self.is_interrupted = text, False
        self.words += len(text.split())
        self.rows += 1

    @property
    def is_torn(self) -> bool:
        """Whether sentences went on behind what was drawn on the other side."""
        return (
            self.going_on >= max(_FEWEST_GOING_ON, _GOING_ON * self.interruptions)
            and self.words >= _FEWEST_WORDS * self.rows
        )


def _are_columns(rows: Sequence[Row], middle: float) -> bool:
    left, right = _Side(), _Side()
    for row in rows:
        before, behind = _sides([row], middle)
        if before:
            left.add(text_of(before[0]))
            right.is_interrupted = True
        if behind:
            right.add(text_of(behind[0]))
            left.is_interrupted = True
    return left.is_torn and right.is_torn and all(map(_is_filled, _sides(rows, middle)))


def _is_filled(rows: Sequence[Row]) -> bool:
    """Whether lines mostly go to the edge of their column."""
    start, end = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    return sum(row[-1].right - row[0].left for row in rows) >= _FILLED * len(rows) * (end - start)
