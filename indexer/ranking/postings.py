"""Posting lists of one segment in compressed sparse rows: key → documents, and what each posting is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.ranking.array_file import Array
from indexer.ranking.keys import Keys

Documents = NDArray[np.unsignedinteger]
Impacts = NDArray[np.uint8]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PostingTable:
    """``keys`` ascend; key ``i`` has ``documents[starts[i]:starts[i + 1]]``, ascending, and impacts likewise.

    A table whose postings are all worth the same has no impacts.
    """

    keys: Keys
    starts: Numbers
    documents: Documents
    impacts: Impacts | None = None

    def row(self, key: int) -> int | None:
        """The row of a key, or None."""
        at = int(self.keys.searchsorted(np.uint64(key)))
        return at if at < len(self.keys) and int(self.keys[at]) == key else None

    def rows(self, keys: Keys) -> list[tuple[int, int]]:
        """(number of the key, its row) for those that the table has."""
        if not len(self.keys):
            return []
        at = self.keys.searchsorted(keys)
        at[at == len(self.keys)] = 0
        found = (self.keys[at] == keys).nonzero()[0]
        return list(zip(found.tolist(), at[found].tolist(), strict=True))

    def arrays(self, name: str) -> dict[str, Array]:
        """The parts under names of their own, for a file."""
        parts: dict[str, Array] = {
            f"{name}.keys": self.keys,
            f"{name}.starts": self.starts,
            f"{name}.documents": self.documents,
        }
        if self.impacts is not None:
            parts[f"{name}.impacts"] = self.impacts
        return parts

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, Array]) -> PostingTable:
        """What ``arrays`` gave.

        Raises:
            KeyError, ValueError: something is missing or does not fit together.
        """
        impacts = arrays.get(f"{name}.impacts")
        table = cls(
            arrays[f"{name}.keys"],  # type: ignore[arg-type]  # the file says which type it is
            arrays[f"{name}.starts"],  # type: ignore[arg-type]
            arrays[f"{name}.documents"],  # type: ignore[arg-type]
            impacts,  # type: ignore[arg-type]
        )
        if len(table.starts) != len(table.keys) + 1 or int(table.starts[-1]) != len(table.documents):
            raise ValueError(f"the postings of {name} do not fit together")
        return table


def document_type(documents: int) -> np.dtype[np.unsignedinteger]:
    """The smallest type for document numbers of a segment: half the memory up to 65,536 documents."""
    return np.dtype(np.uint16 if documents <= 1 << 16 else np.uint32)


def group_postings(keys: Keys, documents: Numbers, impacts: Impacts | None, size: int) -> PostingTable:
    """A table from loose postings in which documents ascend for each key; ``size`` is that of the segment."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    distinct, counts = _runs(keys)
    return PostingTable(
        distinct,
        np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
        documents[order].astype(document_type(size)),
        None if impacts is None else impacts[order],
    )


def _runs(keys: Keys) -> tuple[Keys, Numbers]:
    """Distinct sorted keys, and how often each stands."""
    if not len(keys):
        return keys, np.zeros(0, dtype=np.int64)
    firsts = np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(keys[1:] != keys[:-1]) + 1])
    return keys[firsts], np.diff(np.append(firsts, len(keys)))


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of another segment and where its documents go: new numbers, ascending, −1 for none."""

    table: PostingTable
    numbers: Numbers


def join_tables(parts: Sequence[Kept], size: int) -> PostingTable:
    """The postings of several segments in one; documents of later parts have larger numbers."""
    keys, documents, impacts = [], [], []
    for part in parts:
        table = part.table
        moved = part.numbers[table.documents]
        stays = moved >= 0
        keys.append(np.repeat(table.keys, np.diff(table.starts))[stays])
        documents.append(moved[stays])
        if table.impacts is not None:
            impacts.append(table.impacts[stays])
    return group_postings(
        np.concatenate(keys), np.concatenate(documents), np.concatenate(impacts) if impacts else None, size
    )
