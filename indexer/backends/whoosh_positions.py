"""Where words stand: how Whoosh stores positions here, and how they are read block by block.

Whoosh hands out one posting at a time, at some four microseconds each. A phrase of frequent words asks for
tens of thousands, so this reads the blocks in which Whoosh keeps them (its ``W3LeafMatcher``; the release is
pinned) and compares positions as arrays.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.formats import Positions

Numbers = NDArray[np.int64]
# (matcher of a term in a segment, number of the segment's first document)
Matchers = Iterable[tuple[Any, int]]
# A place is document · 2³² + position: places in ascending order are documents in ascending order.
_DOCUMENT = 32


class PlainPositions(Positions):  # type: ignore[misc]  # Whoosh has no types
    """Positions as unsigned numbers of four bytes, one after the other, in the order of this machine."""

    def encode(self, poslist: Sequence[int]) -> bytes:
        """The stored form of ascending positions."""
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """What ``encode`` was given."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """How many positions there are."""
        return len(valuestring) // array("I").itemsize


def holders(matchers: Matchers) -> Numbers:
    """Where a term stands, ascending; deleted documents are still listed."""
    found = [np.zeros(0, dtype=np.int64)]
    for matcher, offset in matchers:
        while matcher.is_active():
            found.append(_documents(matcher) + offset)
            matcher._next_block()
    return np.concatenate(found)


def rows(terms: Sequence[Callable[[], Matchers]], documents: Numbers) -> Numbers:
    """Which of some documents, ascending, hold terms next to each other; the terms by their matchers.

    Each further term is only looked for where a row is still possible.
    """
    left = documents
    begins = np.zeros(0, dtype=np.int64)
    for step, matchers in enumerate(terms):
        found = _places(matchers(), left) - step
        begins = found[_contained(found, begins)] if step else found
        left = np.unique(begins >> _DOCUMENT)
    return left


def _places(matchers: Matchers, documents: Numbers) -> Numbers:
    """The places of a term in those of some documents that hold it, ascending."""
    found = [np.zeros(0, dtype=np.int64)]
    at = 0
    for matcher, offset in matchers:
        at = int(documents.searchsorted(offset))
        while at < len(documents) and matcher.is_active():
            wanted = int(documents[at]) - offset
            if wanted > matcher.block_max_id():
                matcher._next_block()
                continue
            ids = _documents(matcher)
            end = at + int(documents[at:].searchsorted(ids[-1] + offset, "right"))
            chosen = np.flatnonzero(_contained(ids, documents[at:end] - offset))
            if len(chosen):
                found.append(_unpacked(ids[chosen] + offset, _values(matcher), chosen))
            at = end
            matcher._next_block()
    return np.concatenate(found)


def _documents(matcher: Any) -> Numbers:
    matcher.id()  # has the block read
    return np.array(matcher._ids, dtype=np.int64)


def _values(matcher: Any) -> Sequence[bytes]:
    matcher.value()
    values: Sequence[bytes] = matcher._values
    return values


def _unpacked(documents: Numbers, values: Sequence[bytes], chosen: Numbers) -> Numbers:
    raw = [values[number] for number in chosen.tolist()]
    positions = np.frombuffer(b"".join(raw), dtype=np.uintc).astype(np.int64)
    counts = [len(one) // array("I").itemsize for one in raw]
    places: Numbers = (np.repeat(documents, counts) << _DOCUMENT) + positions
    return places


def _contained(values: Numbers, among: Numbers) -> NDArray[np.bool_]:
    """Which values stand among others; both ascend."""
    if not len(among):
        return np.zeros(len(values), dtype=np.bool_)
    at = among.searchsorted(values)
    at[at == len(among)] = 0
    found: NDArray[np.bool_] = among[at] == values
    return found
