"""The snapshot of one segment: its posting tables and its vocabulary, made once and never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.ranking.array_file import Array, map_arrays, save_arrays
from indexer.ranking.postings import Kept, Numbers, PostingTable, join_tables
from indexer.ranking.vocabulary import NewWord, Vocabulary, build_vocabulary
from indexer.scoring import FIELDS

# What is scored, and beside it the terms around texts and the words of the vocabulary.
_TABLES = (*FIELDS, "faint", "words")


@dataclass(frozen=True, slots=True)
class Segment:
    """``tables`` maps the fields of ``FIELDS``, ``faint``, and ``words``, whose keys are the vocabulary's."""

    size: int
    tables: Mapping[str, PostingTable]
    vocabulary: Vocabulary

    def save(self, path: Path) -> None:
        """Write the file that ``load`` maps."""
        arrays: dict[str, Array] = {"size": np.array([self.size], dtype=np.int64)}
        for name, table in self.tables.items():
            arrays |= table.arrays(name)
        save_arrays(path, arrays | self.vocabulary.arrays())

    @classmethod
    def load(cls, path: Path) -> Segment:
        """Map a file.

        Raises:
            OSError, ValueError, KeyError, TypeError: it is damaged.
        """
        arrays = map_arrays(path)
        tables = {name: PostingTable.from_arrays(name, arrays) for name in _TABLES}
        size = int(arrays["size"][0])
        return cls(size, tables, Vocabulary.from_arrays(arrays))


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """A segment whose documents go into another: their numbers there, ascending, −1 for those left out."""

    segment: Segment
    numbers: Numbers


def join_segments(parts: Sequence[KeptSegment], size: int) -> Segment:
    """One segment of several; impacts stay what they are, words that no document has any more go."""
    if len(parts) == 1 and np.array_equal(parts[0].numbers, np.arange(size)):
        return parts[0].segment
    tables = {
        name: join_tables([Kept(part.segment.tables[name], part.numbers) for part in parts], size)
        for name in _TABLES
    }
    present = set(tables["words"].keys.tolist())
    words: dict[str, NewWord] = {}
    for part in parts:
        vocabulary = part.segment.vocabulary
        stops = vocabulary.stops.tolist()
        texts = zip(
            vocabulary.keys.tolist(),
            vocabulary.words.all(),
            vocabulary.terms.all(),
            vocabulary.spellings.all(),
            stops,
            strict=True,
        )
        for key, word, term, spelling, stop in texts:
            if key in present:
                words.setdefault(word, NewWord(word, term, spelling, stop))
    return Segment(size, tables, build_vocabulary(list(words.values())))
