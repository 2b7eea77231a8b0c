"""Posting lists of one segment in compressed sparse rows: key → documents, and what each posting is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.ranking.array_file import Array
from indexer.ranking.kernels import rows_of
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

    def rows(self, keys: Keys) -> Numbers:
        """The row of each key, −1 for those that the table has not."""
        rows: Numbers = np.empty(len(keys), dtype=np.int64)
        rows_of(self.keys, keys, rows)
        return rows

    def of(self, row: int) -> Documents:
        """The documents of a row."""
        return self.documents[self.starts[row] : self.starts[row + 1]]

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


def document_type(size: int) -> np.dtype[np.unsignedinteger]:
    """The smallest type for numbers below ``size``."""
    return np.dtype(np.uint16 if size <= 1 << 16 else np.uint32)


def group_postings(keys: Keys, documents: Numbers, size: int) -> PostingTable:
    """A table from loose postings in which documents, numbers below ``size``, ascend for each key."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    starts = np.append(firsts, len(keys)).astype(np.int64)
    return PostingTable(keys[firsts], starts, documents[order].astype(document_type(size)))
