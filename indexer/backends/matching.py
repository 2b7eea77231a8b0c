"""From a query plan to hits and scores over one open index, with arrays instead of loops over documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.backends.columns import BoolArray, Columns
from indexer.backends.scoring import (
    FIELD_WEIGHTS,
    FIELDS,
    K1,
    B,
    contains_row,
    inverse_document_frequency,
)
from indexer.backends.whoosh_files import Postings
from indexer.query import SYNONYM_WEIGHT, Adjacent, QueryPlan

FloatArray = NDArray[np.float64]


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

    def hits(self, plan: QueryPlan) -> Hits:
        """All hits of a plan and their scores."""
        search = _OneSearch(self.source, self.live, self._length_norms())
        scores = np.zeros(len(self.live))
        matched = np.zeros(len(self.live), dtype=np.bool_)
        for term in plan.terms:
            matched |= search.holding((term,))
            scores += search.score(term)
        for group in plan.synonyms:
            best = np.zeros(len(self.live))
            for phrase in group.others:
                held = search.holding(phrase)
                matched |= held
                best = np.maximum(best, np.where(held, SYNONYM_WEIGHT * search.score_sum(phrase), 0.0))
            scores += np.maximum(best - search.score_sum(group.replaces), 0.0)
        if plan.required or plan.everything:
            matched = self.live.copy()
        for alternatives in plan.required:
            matched &= search.holding_any(alternatives)
        for alternatives in plan.excluded:
            matched &= ~search.holding_any(alternatives)
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
class _OneSearch:
    """Reads each term once for one query."""

    source: PostingSource
    live: BoolArray
    norms: dict[str, FloatArray]
    _read: dict[tuple[str, str], Postings] = field(default_factory=dict)
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
            holders = int(self.holding((term,)).sum())
            idf = inverse_document_frequency(int(self.live.sum()), holders)
            found = self._scores[term] = idf * self._saturated(term)
        return found

    def _saturated(self, term: str) -> FloatArray:
        """Weighted, normalised frequency over all fields, saturated."""
        frequency = np.zeros(len(self.live))
        for name in FIELDS:
            postings = self._postings(name, term)
            normed = postings.frequencies / self.norms[name][postings.documents]
            frequency[postings.documents] += FIELD_WEIGHTS[name] * normed
        return frequency * (K1 + 1.0) / (frequency + K1)

    def holding_any(self, alternatives: tuple[Adjacent, ...]) -> BoolArray:
        held = np.zeros(len(self.live), dtype=np.bool_)
        for phrase in alternatives:
            held |= self.holding(phrase)
        return held

    def holding(self, phrase: Adjacent) -> BoolArray:
        """Which live documents hold the terms next to each other in some field."""
        held = np.zeros(len(self.live), dtype=np.bool_)
        for name in FIELDS:
            if len(phrase) == 1:
                held |= self._holding_term(name, phrase[0])
            else:
                held[self._rows(name, phrase)] = True
        return held & self.live

    def _rows(self, name: str, phrase: Adjacent) -> list[int]:
        together = self.live.copy()
        for term in phrase:
            together &= self._holding_term(name, term)
        documents: list[int] = np.flatnonzero(together).tolist()
        if not documents:
            return []
        positions = {term: self.source.positions(name, term, documents) for term in set(phrase)}
        return [
            document
            for at, document in enumerate(documents)
            if contains_row([positions[term][at] for term in phrase])
        ]

    def _holding_term(self, name: str, term: str) -> BoolArray:
        held = self._held.get((name, term))
        if held is None:
            held = np.zeros(len(self.live), dtype=np.bool_)
            held[self._postings(name, term).documents] = True
            self._held[name, term] = held
        return held

    def _postings(self, name: str, term: str) -> Postings:
        found = self._read.get((name, term))
        if found is None:
            found = self._read[name, term] = self.source.postings(name, term)
        return found
