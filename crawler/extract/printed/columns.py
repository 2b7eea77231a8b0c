"""In which order rows are read: columns that were drawn row by row are taken apart, tables are not. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from crawler.extract.printed.glyphs import Row
from crawler.extract.printed.hyphens import HYPHENS
from crawler.extract.printed.lettering import size_of, text_of

# In em, the size of the font: no gutter is narrower, and blanks of justified lines seldom are as wide.
_GUTTER = 0.75
_BIN = 2.0  # points
_MAX_BINS = 500
_CANDIDATES = 4
_MAX_COLUMNS = 5
_MAX_ROWS = 1_500  # of a page; what has more is no prose
# Lines that go on where the row before on their side ended: a table's cells begin anew.
_FEWEST_ROWS = 3
_GOING_ON = 0.15
_BY_ROWS = 0.75
_FEWEST_WORDS = 2.0
_FULL, _MOSTLY = 0.6, 0.7
_FAR = 2.2  # times the size of a line, from baseline to baseline
Gutters = tuple[float, ...]  # their middles, from left to right
_SENTENCE_END = re.compile(r"[.!?:…][“”\"«‘’)]*$")


def in_reading_order(rows: Sequence[Row]) -> list[Row]:
    """The rows of a page, those of columns one column after the other; all else stays as it was drawn."""
    if not 2 <= len(rows) <= _MAX_ROWS:
        return list(rows)
    best: list[tuple[int, int, Gutters]] = []
    for gutters in _choices(_gutters(rows)):
        runs = [
            (start, end, gutters)
            for start, end in _runs(rows, gutters)
            if _are_columns(rows[start:end], gutters)
        ]
        if sum(end - start for start, end, _ in runs) > sum(end - start for start, end, _ in best):
            best = runs
    result: list[Row] = []
    done = 0
    for start, end, gutters in best:
        result += rows[done:start]
        for column in _columns(rows[start:end], gutters):
            result += column
        done = end
    return [*result, *rows[done:]]


def _choices(middles: Sequence[float]) -> Iterator[Gutters]:
    """Sets of gutters, those of many columns first."""
    for size in range(min(len(middles), _MAX_COLUMNS - 1), 0, -1):
        yield from combinations(sorted(middles), size)


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
        if count < _FEWEST_ROWS:
            break
        middles.append((first + last) / 2 * step)
        for near in range(first - 6, last + 7):
            votes.pop(near, None)
    return middles


def _runs(rows: Sequence[Row], gutters: Gutters) -> Iterator[tuple[int, int]]:
    """Rows one after the other that leave the gutters free, from the first with something on both sides."""
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and _is_free(rows[end], gutters):
            end += 1
        first = next((index for index in range(start, end) if _begins(rows, index, end, gutters)), end)
        if first < end:
            yield first, _until_a_gap(rows, first, end, gutters)
        start = max(end, start + 1)


def _begins(rows: Sequence[Row], index: int, end: int, gutters: Gutters) -> bool:
    """Whether columns may begin with a row."""
    row = rows[index]
    if _spans(row, gutters):
        return True
    if index + 1 >= end:
        return False
    beside = rows[index + 1]
    is_right = any(row[-1].right <= middle <= beside[0].left for middle in gutters)
    return is_right and beside[0].bottom > row[0].bottom - row[0].face.size


def _until_a_gap(rows: Sequence[Row], first: int, end: int, gutters: Gutters) -> int:
    """Where what follows stands clearly apart from all columns."""
    last_spanning = max((index for index in range(first, end) if _spans(rows[index], gutters)), default=first)
    lowest = rows[first][0].bottom
    for index in range(first + 1, end):
        row = rows[index]
        far = _FAR * max(row[0].face.size, size_of(rows[index - 1]))
        if index > last_spanning and lowest - row[0].bottom > far:
            return index
        lowest = min(lowest, row[0].bottom)
    return end


def _spans(row: Row, gutters: Gutters) -> bool:
    """Whether a row has something on both sides of a gutter."""
    return any(row[0].left < middle < row[-1].right for middle in gutters)


def _is_free(row: Row, gutters: Gutters) -> bool:
    crossed = [middle for middle in gutters if row[0].left < middle < row[-1].right]
    if not crossed:
        return True
    gaps = list(_gaps(row))
    return all(any(left <= middle <= right for left, right in gaps) for middle in crossed)


def _columns(rows: Sequence[Row], gutters: Gutters) -> list[list[Row]]:
    """The rows of each column, from left to right."""
    columns: list[list[Row]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        for place, part in _parts(row, gutters):
            columns[place].append(part)
    return columns


def _parts(row: Row, gutters: Gutters) -> Iterator[tuple[int, Row]]:
    """The pieces of a row, each with the number of its column."""
    places = [bisect_right(gutters, glyph.left) for glyph in row]
    start = 0
    for index in range(1, len(row) + 1):
        if index == len(row) or places[index] != places[start]:
            yield places[start], (row[start]._replace(spaced=False), *row[start + 1 : index])
            start = index


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
            goes_on = text[:1].islower() and not _SENTENCE_END.search(self.last)
            self.going_on += goes_on or self.last[-1:] in HYPHENS
        self.last, self.is_interrupted = text, False
        self.words += len(text.split())
        self.rows += 1

    @property
    def is_torn(self) -> bool:
        """Whether sentences went on behind what was drawn on the other side."""
        return (
            self.going_on >= max(1, _GOING_ON * self.interruptions) and self.words >= _FEWEST_WORDS * self.rows
        )

    @property
    def is_by_rows(self) -> bool:
        """Whether nearly every row was followed by one on the other side, unlike rows of one cell."""
        return self.rows > 1 and self.interruptions >= _BY_ROWS * (self.rows - 1)


def _are_columns(rows: Sequence[Row], gutters: Gutters) -> bool:
    sides = [_Side() for _ in range(len(gutters) + 1)]
    last = -1
    for row in rows:
        for place, part in _parts(row, gutters):
            if place != last:
                for number, side in enumerate(sides):
                    side.is_interrupted = side.is_interrupted or number != place
            sides[place].add(text_of(part))
            last = place
    if min(side.rows for side in sides) < _FEWEST_ROWS:
        return False
    is_torn = sum(side.is_torn for side in sides) >= max(2, len(sides) - 1)
    return is_torn and any(side.is_by_rows for side in sides) and all(map(_is_filled, _columns(rows, gutters)))


def _is_filled(rows: Sequence[Row]) -> bool:
    """Whether lines mostly go to the edge of their column, but for those with which a paragraph ends."""
    start, end = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    within = [row for row in rows[:-1] if not _SENTENCE_END.search(row[-1].text)] or rows
    full = sum(row[-1].right - row[0].left >= _FULL * (end - start) for row in within)
    return full >= _MOSTLY * len(within)
