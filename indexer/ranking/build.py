"""From gathered documents to the snapshot of a segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.german import grams
from indexer.ranking.gathering import MOST_DOCUMENTS, Counted, Gathered
from indexer.ranking.kernels import (
    by_document,
    count_terms,
    encode_positions,
    fill_occurrences,
    fill_positions,
    neighbours,
    term_postings,
    word_postings,
)
from indexer.ranking.keys import MIX, Keys, term_keys
from indexer.ranking.learned import Learned
from indexer.ranking.postings import Numbers, PostingTable, document_type, group_postings
from indexer.ranking.segment import Segment, Sentences
from indexer.ranking.vocabulary import NewWord, build_vocabulary
from indexer.ranking.word_places import WordPlaces
from indexer.scoring import FULL, K1, NEAR, B

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TermPositions:
    """The positions of a field's terms as bytes: term ``i``, in alphabetical order of bytes, has
    ``data[starts[i]:starts[i + 1]]`` and stands in ``holders[i]`` documents."""

    terms: list[bytes]
    data: NDArray[np.uint8]
    starts: Numbers
    holders: Numbers

    def __iter__(self) -> Iterator[tuple[bytes, bytes, int]]:
        starts, holders = self.starts.tolist(), self.holders.tolist()
        raw = self.data.tobytes()
        for number, term in enumerate(self.terms):
            yield term, raw[starts[number] : starts[number + 1]], holders[number]


@dataclass(slots=True)
class SegmentBuilder:
    """Makes what is kept of one segment; ``words`` are those of the whole session."""

    gathered: Gathered
    words: Sequence[NewWord]

    def positions(self, fields: Iterable[int]) -> Iterator[TermPositions]:
        """Where the terms of each field stand, of title (0) or text (1)."""
        index: dict[str, int] = {}
        of_words = np.array([index.setdefault(word.term, len(index)) for word in self.words], dtype=np.int64)
        ordered = sorted(index, key=str.encode)
        ranks = np.empty(len(index), dtype=np.int64)
        ranks[[index[term] for term in ordered]] = np.arange(len(index))
        terms = ranks[of_words] if len(of_words) else of_words
        for field in fields:
            yield self._positions(field, terms, ordered)

    def _positions(self, field: int, terms: Numbers, ordered: Sequence[str]) -> TermPositions:
        """``terms`` has for each word the number of its term among the ``ordered`` ones."""
        counts = np.zeros(len(ordered), dtype=np.int64)
        kept = self.gathered.kept
        for first, run in self.gathered.each():
            count_terms(run.ends, run.words, run.kinds, kept, first, terms, field, counts)
        there = np.flatnonzero(counts)
        starts = _starts(counts)
        free = starts[:-1].copy()
        documents = np.empty(int(starts[-1]), dtype=np.uint16)
        places = np.empty(int(starts[-1]), dtype=np.uint32)
        for first, run in self.gathered.each():
            fill_positions(
                run.ends,
                run.words,
                run.positions,
                run.kinds,
                kept,
                first,
                terms,
                field,
                free,
                documents,
                places,
            )
        data, starts, holders = encode_positions(_starts(counts[there]), documents, places)
        return TermPositions([ordered[term].encode() for term in there.tolist()], data, starts, holders)

    def build(self, learned: Learned, counted: Counted, lengths: Numbers) -> Segment:
        """The snapshot; ``lengths`` are those of this segment's documents."""
        size = self.gathered.documents
        present, local = self._present()
        words = [self.words[number] for number in present.tolist()]
        content = [not word.stop for word in words]
        documents = self._by_document(local, len(words))
        average = learned.average_length
        norms = 1.0 - B + B * (lengths / average) if average else np.ones(size)
        splitter = learned.splitter
        parts = [
            (splitter.parts(word.word) or (word.term,)) if wanted else ()
            for word, wanted in zip(words, content, strict=True)
        ]
        pieces = [grams(word.word) if wanted else () for word, wanted in zip(words, content, strict=True)]
        tables = {
            "stems": documents.table([(word.term,) for word in words], norms),
            "parts": documents.table(parts, norms),
            "grams": documents.table(pieces, norms),
            "pairs": self._pairs(counted.stops),
            "faint": self._faint(),
        }
        spelled = [
            _spelled(word, capitals)
            for word, capitals in zip(words, counted.capitals[present].tolist(), strict=True)
        ]
        vocabulary = build_vocabulary(spelled, parts)
        counts = np.array(self.gathered.sentence_counts, dtype=np.uint32)
        starts = np.concatenate([np.zeros(1, dtype=np.uint32), np.cumsum(counts, dtype=np.uint32)])
        sentences = Sentences(starts, np.array(self.gathered.sentence_ends, dtype=np.uint32))
        return Segment(size, tables, self._places(documents, local), vocabulary, sentences)

    def _present(self) -> tuple[Numbers, Numbers]:
        """The words that documents of the segment hold, by their keys, and the place of each word there."""
        there = np.zeros(len(self.words), dtype=np.bool_)
        kept = self.gathered.kept
        for first, run in self.gathered.each():
            stays = np.repeat(kept[first : first + len(run)], np.diff(run.ends, prepend=0))
            there[run.words[stays]] = True
        found = np.flatnonzero(there)
        keys = term_keys(self.words[number].word for number in found.tolist())
        present = found[np.argsort(keys, kind="stable")]
        local = np.zeros(len(self.words), dtype=np.int64)
        local[present] = np.arange(len(present))
        return present, local

    def _by_document(self, local: Numbers, size: int) -> _ByDocument:
        kept = self.gathered.kept
        parts = []
        before = 0
        for first, run in self.gathered.each():
            ends, *others = by_document(run.ends, run.words, run.weights, run.kinds, kept, first, local, size)
            parts.append((ends + before, *others))
            before += int(ends[-1]) if len(ends) else 0
        return _ByDocument(size, *(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))

    def _places(self, documents: _ByDocument, local: Numbers) -> WordPlaces:
        starts, owners, counts = word_postings(
            documents.ends, documents.words, documents.places, documents.size
        )
        ends = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])
        total = int(ends[-1])
        long = any(
            len(run.begins) and int(run.begins.max()) + int(run.text_at.max()) >= 1 << 16
            for run in self.gathered.runs
        )
        low, sizes = np.empty(total, dtype=np.uint16), np.empty(total, dtype=np.uint8)
        high = np.empty(total if long else 0, dtype=np.uint8)
        free, kept = ends[starts[:-1]], self.gathered.kept
        for first, run in self.gathered.each():
            fill_occurrences(
                run.ends,
                run.words,
                run.begins,
                run.lengths,
                run.kinds,
                run.text_at,
                kept,
                first,
                local,
                free,
                low,
                high,
                sizes,
            )
        return WordPlaces(
            starts,
            owners,
            counts,
            ends[::256].copy(),
            low,
            high,
            sizes,
            of_starts=np.concatenate([np.zeros(1, dtype=np.uint32), documents.ends.astype(np.uint32)]),
            of=documents.words.astype(document_type(documents.size)),
        )

    def _faint(self) -> PostingTable:
        counts = np.array(self.gathered.faint_counts, dtype=np.int64)
        keys: Keys = np.array(self.gathered.faint_keys, dtype=np.uint64)
        stays = np.repeat(self.gathered.kept, counts)
        owners = np.repeat(np.arange(self.gathered.documents, dtype=np.int64), counts)
        return group_postings(keys[stays], owners[stays], MOST_DOCUMENTS)

    def _pairs(self, stops: Flags) -> PostingTable:
        keys = term_keys(word.term for word in self.words)
        kept = self.gathered.kept
        found: list[Keys] = [np.zeros(0, dtype=np.uint32)]
        owners: list[Numbers] = [np.zeros(0, dtype=np.int64)]
        for first, run in self.gathered.each():
            some, theirs = neighbours(
                run.ends, run.words, run.positions, run.kinds, stops, keys, kept, first, NEAR, np.uint64(MIX)
            )
            found.append(some)
            owners.append(theirs)
        table = group_postings(np.concatenate(found), np.concatenate(owners), MOST_DOCUMENTS)
        return replace(table, starts=table.starts.astype(np.uint32))


@dataclass(frozen=True, slots=True)
class _ByDocument:
    """The distinct words of documents, as ``kernels.by_document`` gives them; ``size`` words in all."""

    size: int
    ends: Numbers
    words: NDArray[np.uint32]
    frequencies: NDArray[np.uint16]
    places: NDArray[np.uint8]

    def table(self, terms_of: Sequence[tuple[str, ...]], norms: NDArray[np.float64]) -> PostingTable:
        """The postings of what words give, each its terms."""
        starts, terms, keys = numbered_terms(terms_of)
        found, documents, impacts = term_postings(
            self.ends, self.words, self.frequencies, starts, terms, len(keys), norms, K1, FULL
        )
        return PostingTable(keys, found, documents, impacts)


def numbered_terms(terms_of: Sequence[tuple[str, ...]]) -> tuple[Numbers, Numbers, Keys]:
    """(starts, numbers of terms, their keys, ascending): word ``i`` gives the numbers from ``starts[i]`` on."""
    index: dict[str, int] = {}
    flat = [index.setdefault(term, len(index)) for terms in terms_of for term in terms]
    starts = _starts(np.array([len(terms) for terms in terms_of], dtype=np.int64))
    keys = term_keys(index)
    order = np.argsort(keys, kind="stable")
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[order] = np.arange(len(keys))
    return starts, ranks[np.array(flat, dtype=np.int64)], keys[order]


def _starts(counts: Numbers) -> Numbers:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])


def _spelled(word: NewWord, capitals: int) -> NewWord:
    """As most documents begin it: Übergang, although one had it in capitals or small."""
    text = word.spelling if word.spelling.lower() == word.word else word.word
    if text[1:].islower():  # KAoA stays as it is
        text = text.capitalize() if capitals > 0 else word.word
    return NewWord(word.word, word.term, text, word.stop)
