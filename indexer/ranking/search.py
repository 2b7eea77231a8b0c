"""Answers a query plan over the segments of one generation, by arrays instead of loops over documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.query.conditions import (
    All,
    Any,
    At,
    Begins,
    Condition,
    Exactly,
    Facet,
    QueryPlan,
    QueryWord,
    Row,
    Words,
    Years,
    loose_words,
)
from indexer.query.plan import FAINT_SHARE, PREFIX_IMPACT, matching_keys
from indexer.ranking.columns import BoolArray
from indexer.ranking.keys import Keys, pair_key, term_key
from indexer.ranking.similar_words import SimilarWords
from indexer.ranking.small_parts import holds_faintly, only_another_word, small_parts
from indexer.ranking.snapshot import Found, Snapshot
from indexer.ranking.work import Work
from indexer.scoring import FULL, OTHER_WORD_LOSES, least_further, weight

Totals = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Hits:
    """``matched`` and ``further``: one flag a document, never both; ``totals``: one whole number a document, 0
    where neither."""

    matched: BoolArray
    further: BoolArray
    totals: Totals

    @property
    def found(self) -> bool:
        """Whether there is any hit."""
        return bool(self.matched.any())

    @property
    def found_further(self) -> bool:
        """Whether there is any further document."""
        return bool(self.further.any())


@dataclass(slots=True)
class OneSearch:
    """One query; what several parts of it ask is looked up once."""

    snapshot: Snapshot
    similar: SimilarWords
    work: Work = field(default_factory=Work)
    _stems: dict[str, BoolArray] = field(default_factory=dict)
    _words: dict[QueryWord, BoolArray] = field(default_factory=dict)
    _faint: dict[tuple[str, ...], BoolArray] = field(default_factory=dict)
    # For a row of words the documents whose positions were looked at, and those that hold it.
    _rows: dict[tuple[Row, tuple[str, ...]], tuple[BoolArray, BoolArray]] = field(default_factory=dict)

    def hits(self, plan: QueryPlan) -> Hits:
        """All hits and further documents of a plan.

        Raises:
            InvalidQueryError: its phrases stand for too much work.
        """
        matched = self._holds(plan.condition)
        wider = matched if plan.wider is None else matched | self._holds(plan.wider)
        if not wider.any():
            return Hits(matched, wider, np.zeros(len(matched), dtype=np.int32))
        totals = self._totals(plan)
        totals[~wider] = 0
        if plan.wider is None:
            return Hits(matched, np.zeros_like(matched), totals)
        worths = sum(
            worth
            for words in loose_words(plan.condition)
            for worth, word in zip(self._worths(words), words.words, strict=True)
            if self._holds_word(word, words).any()
        )
        further = wider & ~matched & (totals >= least_further(int(totals.max()), worths))
        totals[wider & ~matched & ~further] = 0
        return Hits(matched, further, totals)

    def missing(self, plan: QueryPlan, document: int) -> tuple[str, ...]:
        """The words that a document does not hold, as they were typed."""
        return tuple(
            word.typed
            for words in loose_words(plan.condition)
            for word in words.words
            if not self._holds_word(word, words)[document]
        )

    def holds_facet(self, condition: Facet) -> bool:
        """Whether any document has such a value."""
        return bool(self._holds(condition).any())

    # --- what scores ---

    def _totals(self, plan: QueryPlan) -> Totals:
        bag = plan.bag
        totals = np.zeros(len(self.snapshot.live), dtype=np.int32)
        asked = {
            "stems": [term_key(term) for term in bag.stems],
            "parts": [term_key(term) for term in bag.parts],
            "pairs": [pair_key(*pair) for pair in bag.pairs],
            "grams": [term_key(term) for term in bag.grams],
        }
        for name in ("stems", "parts", "pairs", "grams"):
            self._add_all(totals, name, np.array(asked[name], dtype=np.uint64), optional=name == "grams")
        for group in bag.synonyms:
            best = np.zeros_like(totals)
            for phrase in group.others:
                held = self._holds_row(Row(phrase), ("title", "body"))
                if held.any():
                    np.maximum(best, np.where(held, self._sum(phrase, group.weight), 0), out=best)
            if best.any():
                totals += np.maximum(best - self._sum(group.replaces, 1.0), 0)
        for prefix in bag.prefixes:
            held = self._holds(Begins(prefix))
            totals[held] += PREFIX_IMPACT * weight("stems", self.snapshot.documents, int(held.sum()))
        for term, form in bag.forms:
            other = only_another_word(self.snapshot, term, form)
            if other is not None and other.any():
                totals[other] -= self._sum((term,), 1.0)[other] * OTHER_WORD_LOSES // 1000
        for part in small_parts(self.snapshot, bag):
            if part.worth:
                totals[part.held] += part.worth
        return totals

    def _sum(self, terms: Sequence[str], factor: float) -> Totals:
        totals = np.zeros(len(self.snapshot.live), dtype=np.int32)
        keys = np.array([term_key(term) for term in dict.fromkeys(terms)], dtype=np.uint64)
        self._add_all(totals, "stems", keys, factor=factor)
        return totals

    def _add_all(
        self, totals: Totals, name: str, keys: Keys, *, factor: float = 1.0, optional: bool = False
    ) -> None:
        """Add what each key is worth to its documents; optional ones as long as there is work left."""
        snapshot = self.snapshot
        for lists in snapshot.find_all(name, keys) if len(keys) else ():
            size = frequency = 0
            for postings in lists:
                size += len(postings.documents)
                frequency += snapshot.living(postings)
            if not frequency or (optional and not self.work.allows(size)):
                continue
            self.work.postings += size
            times = weight(name, snapshot.documents, frequency, factor)
            for postings in lists:
                here = totals[postings.offset : postings.offset + postings.size]
                if postings.impacts is None:
                    here[postings.documents] += times * FULL
                else:
                    np.add.at(here, postings.documents, np.multiply(postings.impacts, times, dtype=np.int32))

    # --- what makes a hit ---

    def _holds(self, condition: Condition, within: BoolArray | None = None) -> BoolArray:
        """Which documents a condition holds for; where ``within`` is given, only what is in it counts."""
        match condition:
            case Words():
                return self._holds_words(condition)
            case Exactly(rows, fields):
                return self._any([self._holds_row(row, fields, within) for row in rows])
            case Begins(prefix):
                return self._holds_prefix(prefix)
            case Facet(facet, value, state):
                column = self.snapshot.columns.facets[facet]
                keys = matching_keys(value, column.keys, self.snapshot.labels.get(facet, {}))
                named = column.mask(keys) & self.snapshot.live
                return named | holds_faintly(self.snapshot, (state,)) if state else named
            case At(exact, below):
                return holds_faintly(self.snapshot, (exact, below))
            case Years(first, last):
                column = self.snapshot.columns.facets["year"]
                return (
                    column.mask([key for key in column.keys if first <= int(key) <= last]) & self.snapshot.live
                )
            case Any(conditions):
                return self._any([self._holds(one, within) for one in conditions])
            case All(conditions, excluded):
                held = (self.snapshot.live if within is None else within).copy()
                for one in sorted(conditions, key=lambda one: isinstance(one, Exactly)):  # the costly ones last
                    held &= self._holds(one, held)
                for one in excluded:
                    held &= ~self._holds(one, held)
                return held

    def _any(self, masks: Sequence[BoolArray]) -> BoolArray:
        held = np.zeros(len(self.snapshot.live), dtype=np.bool_)
        for mask in masks:
            held |= mask
        return held

    def _holds_words(self, words: Words) -> BoolArray:
        texts = [self._holds_in_text(word, words) for word in words.words]
        if words.share == 0:
            if words.parts:
                parts = dict.fromkeys(part for word in words.words for part in word.parts)
                texts += [self.snapshot.mask(self._found("parts", part)) for part in parts]
            return self._any(texts)
        masks = [self._holds_word(word, words) for word in words.words]
        if len(masks) == 1:
            return masks[0]
        worths = self._worths(words)
        held = np.zeros(len(self.snapshot.live), dtype=np.int32)
        for mask, worth in zip(masks, worths, strict=True):
            held[mask] += worth
        reached: BoolArray = held * 1000 >= words.share * sum(worths)
        return reached & (self._any(texts) | (held * 1000 >= FAINT_SHARE * sum(worths))) & self.snapshot.live

    def _worths(self, words: Words) -> list[int]:
        """What each word is worth, by the documents that hold it."""
        masks = (self._holds_word(word, words) for word in words.words)
        documents = self.snapshot.documents
        return [max(1, weight("stems", documents, int(np.count_nonzero(mask)))) for mask in masks]

    def _holds_word(self, word: QueryWord, words: Words) -> BoolArray:
        """In the text, or around it."""
        held = self._holds_in_text(word, words)
        return held | self._holds_faintly(word.faint) if word.faint else held

    def _holds_faintly(self, terms: tuple[str, ...]) -> BoolArray:
        held = self._faint.get(terms)
        if held is None:
            held = self._faint[terms] = holds_faintly(self.snapshot, terms)
        return held

    def _holds_in_text(self, word: QueryWord, words: Words) -> BoolArray:
        """By a stem, by all parts, by a synonym, or by a word that shares most grams."""
        held = self._words.get(word)
        if held is None:
            postings = [found for term in (word.term, *word.readings) for found in self._found("stems", term)]
            held = self.snapshot.mask([*postings, *self.similar.postings(word)])
            if word.parts:
                parts = [self.snapshot.mask(self._found("parts", part)) for part in word.parts]
                held |= np.logical_and.reduce(parts)
            self._words[word] = held
        synonyms = [
            self._holds_row(Row(phrase), ("title", "body"))
            for group in words.synonyms
            if word.term in group.replaces
            for phrase in group.others
        ]
        return self._any([held, *synonyms]) if synonyms else held

    def _found(self, name: str, term: str) -> list[Found]:
        found = self.snapshot.find(name, term_key(term))
        self.work.postings += sum(len(postings.documents) for postings in found)
        return found

    def _holds_stem(self, term: str) -> BoolArray:
        held = self._stems.get(term)
        if held is None:
            held = self._stems[term] = self.snapshot.mask(self._found("stems", term))
        return held

    def _holds_prefix(self, prefix: str) -> BoolArray:
        found = self.snapshot.beginning_with(prefix)
        self.work.terms += len(found)
        self.work.postings += sum(len(postings.documents) for postings in found)
        return self.snapshot.mask(found)

    def _holds_row(self, row: Row, fields: tuple[str, ...], within: BoolArray | None = None) -> BoolArray:
        """Candidates hold all terms and all neighbours; positions have the last word."""
        if len(row.terms) == 1 and len(fields) > 1:
            return self._holds_stem(row.terms[0])
        together = (self.snapshot.live if within is None else within).copy()
        for term in row.terms if "title" in fields or "body" in fields else ():
            together &= self._holds_stem(term)
        for pair in row.pairs:
            together &= self.snapshot.mask(self.snapshot.find("pairs", pair_key(*pair)))
        together &= self.snapshot.live
        none = np.zeros_like(together)
        looked_at, held = self._rows.setdefault((row, fields), (none, none.copy()))
        documents = np.flatnonzero(together & ~looked_at)
        looked_at |= together
        if len(row.terms) > 1:
            self.work.spend_positions(len(documents))
        for name in fields if len(documents) else ():
            if len(row.terms) == 1:
                holders = self.snapshot.positions.holders(name, row.terms[0])
                held[holders] |= together[holders]
            else:
                held[self.snapshot.positions.rows(name, row.terms, documents)] = True
        return held & together
