"""Where words stand: how Whoosh keeps positions here, and how a phrase is read of them.

Whoosh's own postings are pickled and compressed block by block, and handed out one at a time, at some four
microseconds each; a phrase of frequent words asks for tens of thousands. Here a codec of its own, the way in
which Whoosh is meant to be extended, writes the list of a term as one row of bytes that a compiled loop reads
(``indexer.ranking.kernels.encode_positions``). Terms, segments, deletions and stored entries are Whoosh's.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.formats import Positions
from whoosh.matching import ListMatcher
from whoosh.writing import SegmentWriter

from indexer.ranking.kernels import decode_positions, row_begins, row_goes_on

Numbers = NDArray[np.int64]
Packed = NDArray[np.uint8]
# (a term, its documents and positions as bytes, how many documents hold it), by ascending term
Terms = Iterable[tuple[bytes, bytes, int]]


class PlainPositions(Positions):  # type: ignore[misc]  # Whoosh has no types
    """Positions as Whoosh's own matchers hand them out: unsigned numbers of four bytes."""

    def encode(self, poslist: Sequence[int]) -> bytes:
        """The form of ascending positions."""
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """What ``encode`` was given."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """How many positions there are."""
        return len(valuestring) // array("I").itemsize


class PackedCodec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's own format, but for the postings, and without lengths: Whoosh scores nothing here."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """What writes terms and their postings."""
        return PackedFieldWriter(self, storage, segment)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """A matcher for Whoosh's own queries; ``holders`` and ``rows`` read the bytes themselves."""
        documents, places = decode_positions(packed(dbfile, extent(terminfo)))
        firsts = np.flatnonzero(np.diff(documents, prepend=-1)).tolist()
        values = [format_.encode(places[a:b].tolist()) for a, b in pairwise([*firsts, len(places)])]
        ids = documents[firsts].tolist()
        weights = [1.0] * len(ids)
        return ListMatcher(ids, weights, values, format_, scorer=scorer, term=term, terminfo=terminfo)


class PackedFieldWriter(W3FieldWriter):  # type: ignore[misc]  # Whoosh has no types
    """Writes terms whose postings are bytes already."""

    def add_field(self, name: str, field: Any, terms: Terms) -> None:
        """Write all terms of a field."""
        self.start_field(name, field)
        prefix = self._fieldid.to_bytes(2, "big")
        for term, postings, holders in terms:
            info = W3TermInfo()
            info._df, info._weight = holders, float(holders)
            info.set_extent(self._postfile.tell(), len(postings))
            self._postfile.write(postings)
            self._tindex.add(prefix + term, info.to_bytes())
        self.finish_field()


class PackedWriter(SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's writer; the postings of a segment come all at once, when it is full: ``fields``."""

    fields: Callable[[], Iterable[tuple[str, Terms]]]

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        for name, terms in self.fields():
            self.fieldwriter.add_field(name, self.schema[name], terms)
        self.fieldwriter.close()


def packed(file: Any, extent: tuple[int, int]) -> Packed:
    """The bytes of a term: where they begin, and how many there are."""
    return np.frombuffer(file.get(*extent), dtype=np.uint8)


def extent(info: Any) -> tuple[int, int]:
    """Where the bytes of a term stand."""
    offset, length = info.extent()
    # Whoosh reads a length as a tuple of one.
    return offset, length if isinstance(length, int) else length[0]


def holders(raw: Packed) -> Numbers:
    """Where a term stands, ascending."""
    return np.unique(decode_positions(raw)[0])


def rows(terms: Iterable[Packed | None], documents: Numbers) -> Numbers:
    """Which of some documents of a segment, ascending, hold terms next to each other; some may come twice.

    Each further term is only asked for where a row is still possible.
    """
    begins: Numbers | None = None
    for step, raw in enumerate(terms):
        if raw is None:
            return documents[:0]
        begins = row_begins(raw, documents) if begins is None else row_goes_on(raw, begins, step)
        if not len(begins):
            break
    return documents[:0] if begins is None else begins >> 32
