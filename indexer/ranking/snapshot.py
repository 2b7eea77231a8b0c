"""All segments of a generation as one: which rows of their tables a key has, and which documents are alive."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.query.conditions import Adjacent
from indexer.ranking.columns import BoolArray, Columns
from indexer.ranking.kernels import count_rows, flag_rows
from indexer.ranking.keys import Keys
from indexer.ranking.postings import Documents, Numbers
from indexer.ranking.segment import Segment

# Lists kept at hand, each of a few hundred bytes to a few thousand; a full store is emptied, not managed.
_KEPT = 4_000


class Positions(Protocol):
    """Where words stand, for phrases and titles; deleted documents may be listed."""

    def holders(self, field: str, term: str) -> NDArray[np.int64]:
        """The documents that hold a term in a field."""

    def rows(self, field: str, terms: Adjacent, documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of some documents, ascending, hold the terms next to each other in a field."""


class Lists(NamedTuple):
    """The posting lists of a segment, and the rows that are meant; documents begin at ``offset``.

    ``sizes`` says how many documents stand in each row, ``living`` how many of them are not deleted.
    """

    segment: int
    offset: int
    starts: Numbers
    documents: Documents
    rows: Numbers
    sizes: Numbers
    living: Numbers


def in_all(counts: Sequence[Numbers]) -> list[int]:
    """Counts of all segments together."""
    summed: list[int] = (counts[0] if len(counts) == 1 else np.sum(counts, axis=0)).tolist()
    return summed


@dataclass(slots=True)
class Snapshot:
    """All segments of a generation in the order of their document numbers, and what else conditions ask."""

    segments: Sequence[Segment]
    live: BoolArray
    columns: Columns
    positions: Positions
    labels: Mapping[str, Mapping[str, str]]
    offsets: list[int] = field(init=False)
    documents: int = field(init=False)
    _clean: list[bool] = field(init=False)
    _kept: dict[tuple[str, tuple[int, ...]], list[Lists]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sizes = [segment.size for segment in self.segments]
        self.offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(int).tolist()[: len(sizes)]
        self.documents = int(self.live.sum())
        self._clean = [
            bool(self.live[at : at + size].all()) for at, size in zip(self.offsets, sizes, strict=True)
        ]

    def place(self, document: int) -> tuple[int, int]:
        """The number of a document's segment, and its own number there."""
        at = bisect_right(self.offsets, document) - 1
        return at, document - self.offsets[at]

    def lists(self, name: str, keys: tuple[int, ...]) -> list[Lists]:
        """For each segment the rows of some keys in one of its tables, −1 for a key that it has not.

        Several parts of a query, and many queries, ask for the same keys; those asked lately are at hand.
        """
        found = self._kept.get((name, keys))
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            asked: Keys = np.array(keys, dtype=np.uint64)
            tables = [segment.tables[name] for segment in self.segments]
            found = self._kept[name, keys] = [
                self._lists(number, table.starts, table.documents, table.rows(asked))
                for number, table in enumerate(tables)
            ]
        return found

    def words_of(self, segment: int, numbers: Numbers) -> Lists:
        """The lists of words of one segment, given by their numbers there."""
        words = self.segments[segment].words
        return self._lists(segment, words.starts, words.documents, numbers)

    def _lists(self, segment: int, starts: Numbers, documents: Documents, rows: Numbers) -> Lists:
        counts: Numbers = np.empty((2, len(rows)), dtype=np.int64)
        offset = self.offsets[segment]
        live = self.live[offset : offset + self.segments[segment].size]
        count_rows(starts, documents, rows, live, self._clean[segment], counts)
        return Lists(segment, offset, starts, documents, rows, counts[0], counts[1])

    def words(self, numbers: Sequence[Numbers]) -> list[Lists]:
        """The lists of words, given by their numbers in each segment."""
        return [self.words_of(segment, rows) for segment, rows in enumerate(numbers) if len(rows)]

    def beginning_with(self, prefix: str) -> list[Lists]:
        """The lists of all words whose folded form begins so."""
        return self.words(
            [segment.vocabulary.beginning_with(prefix).astype(np.int64) for segment in self.segments]
        )

    def holders(self, word: str) -> int:
        """How many documents hold a word."""
        numbers = [segment.vocabulary.number(word) for segment in self.segments]
        rows = [np.array([] if one is None else [one], dtype=np.int64) for one in numbers]
        return sum(int(lists.living.sum()) for lists in self.words(rows))

    def frequency(self, name: str, key: int) -> int:
        """How many documents hold a key."""
        return sum(int(lists.living.sum()) for lists in self.lists(name, (key,)))

    def mask(self, found: Iterable[Lists]) -> BoolArray:
        """Which documents stand in any of these rows; deleted ones do not."""
        held = np.zeros(len(self.live), dtype=np.bool_)
        clean = True
        for lists in found:
            clean = clean and self._clean[lists.segment]
            flag_rows(self.part(held, lists), lists.starts, lists.documents, lists.rows)
        if not clean:
            held &= self.live
        return held

    def part(self, values: NDArray[Any], lists: Lists) -> NDArray[Any]:
        """The part of an array over all documents that is a segment's."""
        return values[lists.offset : lists.offset + self.segments[lists.segment].size]
