"""From a query plan to hits and scores over one open index, with arrays instead of loops over documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.backends.columns import BoolArray, Columns
from indexer.backends.scoring import FIELD_WEIGHTS, FIELDS, K1, B, inverse_document_frequency
from indexer.backends.whoosh_files import Postings
from indexer.query import SYNONYM_WEIGHT, Adjacent, QueryPlan
from kb.errors import InvalidQueryError

FloatArray = NDArray[np.float64]

# Postings kept decoded for the next search, 16 bytes each; a full store is emptied, not managed. Whoosh
# needs 13 ms to decode a word that stands in nearly all of 20,000 documents: keyword queries took 2.5 ms
# and, at the 95th percentile, 68 ms; with the store 0.8 and 3.7.
_KEPT_POSTINGS = 2_000_000
# Documents whose positions one search may read; about 4 microseconds each. Ordinary phrases have a word
# that is rarer than that; a dozen phrases of stop words over 20,000 documents took 2.7 s.
MAX_POSITIONS = 100_000


class PostingSource(Protocol):
    """Where terms stand; deleted documents may be listed."""

    def postings(self, field: str, term: str) -> Postings:
        """Documents and frequencies of a term."""

    def positions(self, field: str, term: str, documents: list[int]) -> list[list[int]]:
        """Positions of a term in documents that hold it."""


@dataclass(frozen=True, slots=True)
class Hits:
    """``matched``: one flag a document; ``scores``: one number a document, 0 where not matched."""

    matched: BoolArray
    scores: FloatArray


@dataclass(slots=True)
class Matcher:
    """Answers plans over one state; the same numbers, to the bit, as the reference backend's."""

    source: PostingSource
    columns: Columns
    live: BoolArray
    _norms: dict[str, FloatArray] = field(default_factory=dict)
    _kept: PostingStore = field(init=False)

    def __post_init__(self) -> None:
        self._kept = PostingStore(self.source)

    def hits(self, plan: QueryPlan) -> Hits:
        """All hits of a plan and their scores.

        Raises:
            InvalidQueryError: its phrases stand for too much work.
        """
        search = _OneSearch(self._kept, self.live, self._length_norms())
        scores = np.zeros(len(self.live))
        matched = np.zeros(len(self.live), dtype=np.bool_)
        for term in plan.terms:
            matched |= search.holding((term,), self.live)
            scores += search.score(term)
        for group in plan.synonyms:
            best = np.zeros(len(self.live))
            for phrase in group.others:
                held = search.holding(phrase, self.live)
                matched |= held
                best = np.maximum(best, np.where(held, SYNONYM_WEIGHT * search.score_sum(phrase), 0.0))
            scores += np.maximum(best - search.score_sum(group.replaces), 0.0)
        if plan.required or plan.everything:
            matched = self.live.copy()
        # Single words first: phrases are then looked for in fewer documents.
        for alternatives in sorted(plan.required, key=lambda phrases: max(len(phrase) for phrase in phrases)):
            matched = search.holding_any(alternatives, matched)
        for alternatives in plan.excluded:
            matched &= ~search.holding_any(alternatives, matched)
        return Hits(matched, np.where(matched, scores, 0.0))

    def _length_norms(self) -> dict[str, FloatArray]:
        """1 − b + b · length / average, averaged over live documents; computed once a state."""
        if not self._norms:
            for name in FIELDS:
                lengths = self.columns.lengths[name].astype(np.float64)
                total = float(lengths[self.live].sum())
                average = total / (int(self.live.sum()) or 1)
                self._norms[name] = 1.0 - B + B * (lengths / average) if average else np.ones(len(lengths))
        return self._norms


@dataclass(slots=True)
class PostingStore:
    """Keeps the postings of terms that were searched for; words come back from search to search."""

    source: PostingSource
    limit: int = _KEPT_POSTINGS
    _kept: dict[tuple[str, str], Postings] = field(default_factory=dict)
    _size: int = 0

    def postings(self, name: str, term: str) -> Postings:
        """Documents and frequencies of a term."""
        found = self._kept.get((name, term))
        if found is None:
            found = self.source.postings(name, term)
            self._size += len(found.documents) + 1
            if self._size > self.limit:
                self._kept.clear()
                self._size = len(found.documents) + 1
            self._kept[name, term] = found
        return found


@dataclass(slots=True)
class _OneSearch:
    """Computes each term once for one query."""

    kept: PostingStore
    live: BoolArray
    norms: dict[str, FloatArray]
    _left: int = field(default_factory=lambda: MAX_POSITIONS)
    _scores: dict[str, FloatArray] = field(default_factory=dict)
    _held: dict[tuple[str, str], BoolArray] = field(default_factory=dict)

    def score_sum(self, terms: tuple[str, ...]) -> FloatArray:
        """The scores of several terms, added in order."""
        total = np.zeros(len(self.live))
        for term in terms:
            total = total + self.score(term)
        return total

    def score(self, term: str) -> FloatArray:
        """What a term alone scores; one number a document, 0 where it does not stand."""
        found = self._scores.get(term)
        if found is None:
            holders = int(self.holding((term,), self.live).sum())
            idf = inverse_document_frequency(int(self.live.sum()), holders)
            found = self._scores[term] = idf * self._saturated(term)
        return found

    def _saturated(self, term: str) -> FloatArray:
        """Weighted, normalised frequency over all fields, saturated."""
        frequency = np.zeros(len(self.live))
        for name in FIELDS:
            postings = self.kept.postings(name, term)
            normed = postings.frequencies / self.norms[name][postings.documents]
            frequency[postings.documents] += FIELD_WEIGHTS[name] * normed
        return frequency * (K1 + 1.0) / (frequency + K1)

    def holding_any(self, alternatives: tuple[Adjacent, ...], among: BoolArray) -> BoolArray:
        """Which of some documents hold one of these."""
        held = np.zeros(len(self.live), dtype=np.bool_)
        for phrase in alternatives:
            held |= self.holding(phrase, among)
        return held

    def holding(self, phrase: Adjacent, among: BoolArray) -> BoolArray:
        """Which of some documents hold the terms next to each other in some field."""
        held = np.zeros(len(self.live), dtype=np.bool_)
        for name in FIELDS:
            if len(phrase) == 1:
                held |= self._holding_term(name, phrase[0])
            else:
                held[self._rows(name, phrase, among)] = True
        return held & among

    def _rows(self, name: str, phrase: Adjacent, among: BoolArray) -> list[int]:
        """Rarest word first: each further one is only looked for where a row is still possible."""
        together = among.copy()
        for term in phrase:
            together &= self._holding_term(name, term)
        documents: list[int] = np.flatnonzero(together).tolist()
        starts: dict[int, set[int]] = {}
        steps = sorted(enumerate(phrase), key=lambda step: len(self.kept.postings(name, step[1]).documents))
        for number, (step, term) in enumerate(steps):
            found = self._positions(name, term, documents)
            begins = [{place - step for place in places} for places in found]
            if number:
                begins = [begun & starts[document] for document, begun in zip(documents, begins, strict=True)]
            starts = {document: begun for document, begun in zip(documents, begins, strict=True) if begun}
            documents = list(starts)
        return documents

    def _positions(self, name: str, term: str, documents: list[int]) -> list[list[int]]:
        self._left -= len(documents)
        if self._left < 0:
            raise InvalidQueryError(
                "die Wörter in Anführungszeichen stehen in zu vielen Dokumenten",
                remedy="seltenere Wörter nehmen oder die Anführungszeichen weglassen",
            )
        return self.kept.source.positions(name, term, documents) if documents else []

    def _holding_term(self, name: str, term: str) -> BoolArray:
        held = self._held.get((name, term))
        if held is None:
            held = np.zeros(len(self.live), dtype=np.bool_)
            held[self.kept.postings(name, term).documents] = True
            self._held[name, term] = held
        return held
