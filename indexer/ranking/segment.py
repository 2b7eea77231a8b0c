"""The snapshot of one segment: posting tables, words, vocabulary, sentences; made once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.ranking.array_file import Array, map_arrays, save_arrays
from indexer.ranking.postings import PostingTable
from indexer.ranking.vocabulary import Vocabulary
from indexer.ranking.word_places import WordPlaces
from indexer.scoring import FIELDS

# What is scored, and beside it what stands around texts.
_TABLES = (*FIELDS, "faint")


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of document ``i`` end at ``ends[starts[i]:starts[i + 1]]``, offsets into its text."""

    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, document: int) -> list[int]:
        """Where the sentences of a document end, ascending."""
        ends: list[int] = self.ends[self.starts[document] : self.starts[document + 1]].tolist()
        return ends

    def arrays(self) -> dict[str, Array]:
        """The parts under names of their own, for a file."""
        return {"sentences.starts": self.starts, "sentences.ends": self.ends}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Sentences:
        """What ``arrays`` gave.

        Raises:
            KeyError, ValueError: something is missing or does not fit together.
        """
        starts, ends = arrays["sentences.starts"], arrays["sentences.ends"]
        made = cls(starts, ends)  # type: ignore[arg-type]  # the file says which types they are
        if int(made.starts[-1]) != len(made.ends):
            raise ValueError("the sentences do not fit together")
        return made


@dataclass(frozen=True, slots=True)
class Segment:
    """``tables`` maps the fields of ``FIELDS`` and ``faint``; ``words`` are the vocabulary's, in its order."""

    size: int
    tables: Mapping[str, PostingTable]
    words: WordPlaces
    vocabulary: Vocabulary
    sentences: Sentences

    def save(self, path: Path) -> None:
        """Write the file that ``load`` maps."""
        arrays: dict[str, Array] = {"size": np.array([self.size], dtype=np.int64)}
        for name, table in self.tables.items():
            arrays |= table.arrays(name)
        arrays |= self.words.arrays() | self.vocabulary.arrays() | self.sentences.arrays()
        save_arrays(path, arrays)

    @classmethod
    def load(cls, path: Path) -> Segment:
        """Map a file.

        Raises:
            OSError, ValueError, KeyError, TypeError: it is damaged.
        """
        arrays = map_arrays(path)
        tables = {name: PostingTable.from_arrays(name, arrays) for name in _TABLES}
        size = int(arrays["size"][0])
        words, vocabulary = WordPlaces.from_arrays(arrays), Vocabulary.from_arrays(arrays)
        sentences = Sentences.from_arrays(arrays)
        if (len(words), len(sentences)) != (len(vocabulary), size):
            raise ValueError("words, vocabulary and sentences do not fit together")
        return cls(size, tables, words, vocabulary, sentences)
