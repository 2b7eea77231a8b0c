"""The words of a segment's documents, and where in title and text each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.ranking.array_file import Array
from indexer.ranking.kernels import occurrences_in
from indexer.ranking.postings import Documents, Numbers


@dataclass(frozen=True, slots=True)
class WordPlaces:
    """Word ``i`` of the vocabulary stands in ``documents[starts[i]:starts[i + 1]]``, ascending, and in each so
    often as ``counts`` says, at most 255 times.

    Places stand in the order of postings; ``blocks`` has for every 256th posting how many stand before it.
    ``low`` and ``high`` are the sixteen lower and the eight higher bits of where a place begins (no ``high``
    where all texts are short), ``sizes`` its length. ``of`` has the words of document ``d`` at
    ``of[of_starts[d]:of_starts[d + 1]]``.
    """

    starts: Numbers
    documents: Documents
    counts: NDArray[np.uint8]
    blocks: Numbers
    low: NDArray[np.uint16]
    high: NDArray[np.uint8]
    sizes: NDArray[np.uint8]
    of_starts: NDArray[np.uint32]
    of: NDArray[np.unsignedinteger]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def holders(self) -> Numbers:
        """How many documents hold each word."""
        return np.diff(self.starts)

    def places(self, flags: NDArray[np.bool_], document: int) -> list[list[int]]:
        """Where those words stand in a document that are flagged, in the order of the text: begin and end in
        title, line break and text as one, in code points, end exclusive, and number of the word.

        ``flags`` has one for each word of the vocabulary.
        """
        first, last = self.of_starts[document], self.of_starts[document + 1]
        found: list[list[int]] = occurrences_in(
            self.starts,
            self.documents,
            self.counts,
            self.blocks,
            self.low,
            self.high,
            self.sizes,
            self.of[first:last],
            flags,
            document,
        ).tolist()
        return found

    def arrays(self) -> dict[str, Array]:
        """The parts under names of their own, for a file."""
        return {f"words.{name}": getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> WordPlaces:
        """What ``arrays`` gave.

        Raises:
            KeyError, ValueError: something is missing or does not fit together.
        """
        values = {name: arrays[f"words.{name}"] for name in cls.__slots__}
        made = cls(**values)  # type: ignore[arg-type]  # the file says which types they are
        postings = len(made.documents)
        sizes = (len(made.counts), len(made.blocks), len(made.low), len(made.of), int(made.starts[-1]))
        wanted = (postings, (postings >> 8) + 1, len(made.sizes), int(made.of_starts[-1]), postings)
        if sizes != wanted:
            raise ValueError("the places of words do not fit together")
        return made
