"""All segments of a generation as one: posting lists by key, and which documents are alive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.query.conditions import Adjacent
from indexer.ranking.columns import BoolArray, Columns
from indexer.ranking.keys import Keys
from indexer.ranking.postings import Documents, Impacts
from indexer.ranking.segment import Segment


class Positions(Protocol):
    """Where words stand, for phrases and titles; deleted documents may be listed."""

    def holders(self, field: str, term: str) -> NDArray[np.int64]:
        """The documents that hold a term in a field."""

    def rows(self, field: str, terms: Adjacent, documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of some documents, ascending, hold the terms next to each other in a field."""


class Found(NamedTuple):
    """The postings of a term in one segment whose documents begin at ``offset``.

    A named tuple because a query makes dozens, and a frozen dataclass takes four times as long to make.
    """

    offset: int
    size: int
    documents: Documents
    impacts: Impacts | None
    clean: bool


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

    def __post_init__(self) -> None:
        sizes = [segment.size for segment in self.segments]
        self.offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(int).tolist()[: len(sizes)]
        self.documents = int(self.live.sum())
        self._clean = [
            bool(self.live[at : at + size].all()) for at, size in zip(self.offsets, sizes, strict=True)
        ]

    def find(self, name: str, key: int) -> list[Found]:
        """The postings of one key in all segments."""
        found = []
        for number, segment in enumerate(self.segments):
            row = segment.tables[name].row(key)
            if row is not None:
                found.append(self.at(name, number, row))
        return found

    def find_all(self, name: str, keys: Keys) -> list[list[Found]]:
        """For each key its postings in the segments."""
        found: list[list[Found]] = [[] for _ in keys]
        for number, segment in enumerate(self.segments):
            for key, row in segment.tables[name].rows(keys):
                found[key].append(self.at(name, number, row))
        return found

    def at(self, name: str, number: int, row: int) -> Found:
        """The postings in a row of a segment's table."""
        segment = self.segments[number]
        table = segment.tables[name]
        piece = slice(table.starts[row], table.starts[row + 1])
        impacts = None if table.impacts is None else table.impacts[piece]
        return Found(self.offsets[number], segment.size, table.documents[piece], impacts, self._clean[number])

    def living(self, found: Found) -> int:
        """How many of the postings are of documents that are not deleted."""
        if found.clean:
            return len(found.documents)
        return int(np.count_nonzero(self.live[found.offset : found.offset + found.size][found.documents]))

    def beginning_with(self, prefix: str) -> list[Found]:
        """The postings of all words whose folded form begins so."""
        return [
            self.at("words", number, row)
            for number, segment in enumerate(self.segments)
            for row in segment.vocabulary.beginning_with(prefix).tolist()
        ]

    def frequency(self, name: str, key: int) -> int:
        """How many documents hold a key."""
        return sum(self.living(found) for found in self.find(name, key))

    def mask(self, postings: Sequence[Found]) -> BoolArray:
        """Which documents stand in any of these postings; deleted ones do not."""
        held = np.zeros(len(self.live), dtype=np.bool_)
        for found in postings:
            held[found.offset : found.offset + found.size][found.documents] = True
        if not all(found.clean for found in postings):
            held &= self.live
        return held
