"""From analysed documents to the snapshot of a segment."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.german import CompoundSplitter, grams
from indexer.ranking.document_words import DocumentWords
from indexer.ranking.keys import Keys, pair_keys, term_keys
from indexer.ranking.learned import Learned
from indexer.ranking.postings import (
    Impacts,
    Numbers,
    PostingTable,
    document_type,
    group_postings,
)
from indexer.ranking.segment import Segment
from indexer.ranking.vocabulary import NewWord, build_vocabulary
from indexer.scoring import FULL, K1, B

# Documents whose postings are sorted at once: about 5 MB for each thousand.
_CHUNK = 4_096


@dataclass(slots=True)
class SegmentBuilder:
    """Collects documents in the order of their numbers; about 1 kB is held of each."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _words: list[NewWord] = field(default_factory=list)
    _capitals: array[int] = field(default_factory=lambda: array("l"))
    _sizes: list[int] = field(default_factory=list)
    _postings: array[int] = field(default_factory=lambda: array("L"))
    _weights: array[int] = field(default_factory=lambda: array("L"))
    _pair_sizes: list[int] = field(default_factory=list)
    _pairs: array[int] = field(default_factory=lambda: array("L"))
    _faint_sizes: list[int] = field(default_factory=list)
    _faint: array[int] = field(default_factory=lambda: array("L"))
    _terms: dict[str, int] = field(default_factory=dict)
    _lengths: list[int] = field(default_factory=list)
    _dropped: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, document: DocumentWords) -> None:
        """Take the next document."""
        numbers = self._numbers
        for word, found in document.words.items():
            number = numbers.get(word)
            spelling = document.spellings[word]
            if number is None:
                number = numbers[word] = len(self._words)
                self._words.append(NewWord(word, found.term, spelling, found.stop))
                self._capitals.append(0)
            self._capitals[number] += 1 if spelling[:1].isupper() else -1
            self._postings.append(number)
        self._weights.extend(document.weights[word] for word in document.words)
        self._sizes.append(len(document.words))
        for first, second in sorted(document.pairs):
            self._pairs.append(self._terms.setdefault(first, len(self._terms)))
            self._pairs.append(self._terms.setdefault(second, len(self._terms)))
        self._pair_sizes.append(len(document.pairs))
        self._faint.extend(self._terms.setdefault(term, len(self._terms)) for term in sorted(document.faint))
        self._faint_sizes.append(len(document.faint))
        self._lengths.append(document.length)

    def drop(self, number: int) -> None:
        """Leave a document's number empty."""
        self._dropped.add(number)

    def learn(self, stem: Callable[[str], str]) -> Learned:
        """What a rebuild fixes for its generation: the average length, and what compounds are made of."""
        kept = self._kept()
        holders = np.bincount(
            self._array(self._postings)[np.repeat(kept, self._sizes)], minlength=len(self._words)
        )
        words = (
            (word.word, word.term, count)
            for word, count in zip(self._words, holders.tolist(), strict=True)
            if count and not word.stop
        )
        lengths = np.array(self._lengths, dtype=np.int64)[kept]
        average = float(lengths.sum()) / len(lengths) if len(lengths) else 0.0
        return Learned(average, len(lengths), CompoundSplitter.learn(words, stem))

    def build(self, learned: Learned) -> Segment:
        """The snapshot of all documents taken."""
        size = len(self)
        lengths = np.array(self._lengths, dtype=np.float64)
        average = learned.average_length
        norms = 1.0 - B + B * (lengths / average) if average else np.ones(size)
        owners = np.repeat(np.arange(size, dtype=np.int64), self._sizes)
        words = self._array(self._postings)
        weights = self._array(self._weights)
        stays = np.repeat(self._kept(), self._sizes)
        loose = _Loose(owners[stays], words[stays], weights[stays], norms)
        content = [not word.stop for word in self._words]
        stems = [(word.term,) for word in self._words]
        splitter = learned.splitter
        parts = [
            (splitter.parts(word.word) or (word.term,)) if wanted else ()
            for word, wanted in zip(self._words, content, strict=True)
        ]
        pieces = [grams(word.word) if wanted else () for word, wanted in zip(self._words, content, strict=True)]
        order_keys = term_keys(word.word for word in self._words)
        tables = {
            "stems": loose.table(stems),
            "parts": loose.table(parts),
            "grams": loose.table(pieces),
            "pairs": self._pair_table(size),
            "faint": self._faint_table(size),
            "words": group_postings(order_keys[loose.words], loose.owners, None, size),
        }
        present = np.bincount(loose.words, minlength=len(self._words)) > 0
        return Segment(size, tables, build_vocabulary(list(self._spelled(present))))

    def _spelled(self, present: NDArray[np.bool_]) -> Iterator[NewWord]:
        """Words as most documents begin them: Übergang, although one had it in capitals or small."""
        for word, capitals, there in zip(self._words, self._capitals, present.tolist(), strict=True):
            if there:
                text = word.spelling if word.spelling.lower() == word.word else word.word
                if text[1:].islower():  # KAoA stays as it is
                    text = text.capitalize() if capitals > 0 else word.word
                yield NewWord(word.word, word.term, text, word.stop)

    def _pair_table(self, size: int) -> PostingTable:
        pairs = self._array(self._pairs).reshape(-1, 2)
        owners = np.repeat(np.arange(size, dtype=np.int64), self._pair_sizes)
        stays = np.repeat(self._kept(), self._pair_sizes)
        keys = term_keys(self._terms)
        made = pair_keys(keys[pairs[stays, 0]], keys[pairs[stays, 1]])
        return group_postings(made, owners[stays], None, size)

    def _faint_table(self, size: int) -> PostingTable:
        owners = np.repeat(np.arange(size, dtype=np.int64), self._faint_sizes)
        stays = np.repeat(self._kept(), self._faint_sizes)
        keys = term_keys(self._terms)[self._array(self._faint)]
        return group_postings(keys[stays], owners[stays], None, size)

    def _kept(self) -> NDArray[np.bool_]:
        kept = np.ones(len(self), dtype=np.bool_)
        kept[list(self._dropped)] = False
        return kept

    @staticmethod
    def _array(values: array[int]) -> Numbers:
        return np.frombuffer(values, dtype=np.uint64).astype(np.int64) if values else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Loose:
    """Postings of words: document, word and weight of each, documents ascending."""

    owners: Numbers
    words: Numbers
    weights: Numbers
    norms: NDArray[np.float64]

    def table(self, terms_of: Sequence[tuple[str, ...]]) -> PostingTable:
        """The postings of what words give (each its terms): weights added up, then worth fixed."""
        index: dict[str, int] = {}
        flat = [index.setdefault(term, len(index)) for terms in terms_of for term in terms]
        counts = np.array([len(terms) for terms in terms_of], dtype=np.int64)
        given = np.array(flat, dtype=np.int64)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        keys = term_keys(index)
        # Terms are numbered by key, so that sorted numbers are sorted keys.
        ranks = np.empty(len(keys), dtype=np.int64)
        ranks[np.argsort(keys, kind="stable")] = np.arange(len(keys))
        given = ranks[given] if len(given) else given
        chunks = [self._chunk(first, counts, starts, given) for first in range(0, len(self.norms), _CHUNK)]
        return _assembled(np.sort(keys), chunks, len(self.norms))

    def _chunk(self, first: int, counts: Numbers, starts: Numbers, given: Numbers) -> _Chunk:
        begin, end = self.owners.searchsorted([first, first + _CHUNK]).tolist()
        words = self.words[begin:end]
        times = counts[words]
        # For each posting of a word the terms that the word gives, in a row.
        within = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
        terms = given[np.repeat(starts[words], times) + within]
        owners = np.repeat(self.owners[begin:end] - first, times)
        weights = np.repeat(self.weights[begin:end], times)
        combined = terms * _CHUNK + owners
        order = np.argsort(combined, kind="stable")
        combined = combined[order]
        if not len(combined):
            none = np.zeros(0, dtype=np.int64)
            return _Chunk(none, none, np.zeros(0, dtype=np.uint8))
        firsts = np.concatenate([np.zeros(1, np.int64), np.flatnonzero(combined[1:] != combined[:-1]) + 1])
        sums = np.add.reduceat(weights[order], firsts)
        documents = combined[firsts] % _CHUNK + first
        return _Chunk(combined[firsts] // _CHUNK, documents, self._impacts(sums, documents))

    def _impacts(self, frequencies: Numbers, documents: Numbers) -> Impacts:
        """As ``scoring.impact``, for many at once; both round halves to even."""
        values = np.rint(FULL * frequencies / (frequencies + K1 * self.norms[documents]))
        return np.maximum(values, 1).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Postings of some documents, by term and document."""

    terms: Numbers
    documents: Numbers
    impacts: Impacts


def _assembled(keys: Keys, chunks: Sequence[_Chunk], size: int) -> PostingTable:
    """Put the postings of all chunks at their places: by term, then by chunk."""
    counts = [np.bincount(chunk.terms, minlength=len(keys)) for chunk in chunks]
    total = np.sum(counts, axis=0) if counts else np.zeros(len(keys), dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(total)]).astype(np.int64)
    documents = np.empty(int(starts[-1]), dtype=document_type(size))
    impacts = np.empty(int(starts[-1]), dtype=np.uint8)
    free = starts[:-1].copy()
    for chunk, count in zip(chunks, counts, strict=True):
        within = np.arange(len(chunk.terms)) - np.repeat(np.cumsum(count) - count, count)
        places = free[chunk.terms] + within
        documents[places] = chunk.documents
        impacts[places] = chunk.impacts
        free += count
    kept = total > 0
    if not kept.all():
        keys, starts = keys[kept], np.concatenate([starts[:-1][kept], starts[-1:]])
    return PostingTable(keys, starts, documents, impacts)
