"""Answers a query plan over the segments of one generation, by arrays instead of loops over documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.query.conditions import (
    All,
    Any,
    Around,
    Begins,
    Condition,
    Exactly,
    Facet,
    QueryPlan,
    QueryWord,
    Row,
    SynonymGroup,
    Words,
    Years,
    loose_words,
)
from indexer.query.plan import FAINT_SHARE, PREFIX_IMPACT, matching_keys
from indexer.ranking.columns import BoolArray
from indexer.ranking.kernels import (
    add_flat,
    add_more,
    add_once,
    add_postings,
    add_where,
    lose_where,
    mark_all,
    mark_bit,
    raise_where,
    reach,
    reach_by_table,
    split_tiers,
)
from indexer.ranking.keys import pair_key, term_key
from indexer.ranking.postings import Numbers
from indexer.ranking.similar_words import SimilarWords
from indexer.ranking.small_parts import SmallParts
from indexer.ranking.snapshot import Lists, Snapshot, in_all
from indexer.ranking.word_forms import WordForms
from indexer.ranking.work import Work
from indexer.scoring import FULL, FURTHER_OF_BEST, OTHER_WORD_LOSES, VERY_FORM, of_words, weight
from kb.model import UNDECIDED

Totals = NDArray[np.int32]
# Which words of a condition a document holds: a bit each.
Bits = NDArray[np.unsignedinteger]
# Words whose combinations are few enough for a table of them all.
_FEW_WORDS = 12


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


@dataclass(frozen=True, slots=True)
class _Held:
    """Which of some words each document holds, in its text or around it; which in its text (the same array
    where nothing is held around any); what each word is worth, and which some document holds."""

    bits: Bits
    texts: Bits
    worths: list[int]
    known: list[bool]


class Added(NamedTuple):
    """What was added to totals for keys of a field: by what the impacts of each were multiplied."""

    keys: tuple[int, ...]
    weights: NDArray[np.int32]


@dataclass(slots=True)
class OneSearch:
    """One query; what several parts of it ask is looked up once."""

    snapshot: Snapshot
    similar: SimilarWords
    forms: WordForms
    work: Work = field(default_factory=Work)
    # What was added to the totals of the plan asked last, field by field.
    added: dict[str, Added] = field(default_factory=dict)
    small: SmallParts = field(init=False)
    _stems: dict[str, BoolArray] = field(default_factory=dict)
    _held: dict[tuple[tuple[QueryWord, ...], tuple[SynonymGroup, ...]], _Held] = field(default_factory=dict)
    # For a row of words the documents whose positions were looked at, and those that hold it.
    _rows: dict[tuple[Row, tuple[str, ...]], tuple[BoolArray, BoolArray]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.small = SmallParts(self.snapshot, self.forms)

    def hits(self, plan: QueryPlan) -> Hits:
        """All hits and further documents of a plan.

        Raises:
            InvalidQueryError: its phrases stand for too much work.
        """
        matched = self._holds(plan.condition)
        condition = plan.wider
        wider = matched if condition is None else self._holds(condition)
        if plan.loosened:
            matched, wider = np.zeros_like(matched), matched | wider
        totals = self._totals(plan)
        further: BoolArray = np.zeros(len(matched), dtype=np.bool_)
        if wider is matched:
            totals *= matched
            return Hits(matched, further, totals)
        looked_up = map(self._words, loose_words(plan.condition) if condition is not None else ())
        worths = sum(
            worth for held in looked_up for worth, known in zip(held.worths, held.known, strict=True) if known
        )
        split_tiers(matched, wider, totals, FURTHER_OF_BEST, of_words(worths), further)
        return Hits(matched, further, totals)

    def missing(self, plan: QueryPlan, documents: Numbers) -> list[tuple[str, ...]]:
        """For each document the words that it does not hold, as they were typed."""
        asked = [
            (words.words, self._words(words).bits[documents].tolist()) for words in loose_words(plan.condition)
        ]
        return [
            tuple(
                word.typed
                for words, bits in asked
                for number, word in enumerate(words)
                if not bits[place] >> number & 1
            )
            for place in range(len(documents))
        ]

    def holds_facet(self, condition: Facet) -> bool:
        """Whether any document has such a value."""
        return bool(self._holds(condition).any())

    # --- what scores ---

    def _totals(self, plan: QueryPlan) -> Totals:
        bag = plan.bag
        self.added.clear()
        totals = np.zeros(len(self.snapshot.live), dtype=np.int32)
        self._add(totals, "stems", map(term_key, bag.stems))
        self._add(totals, "parts", map(term_key, bag.parts))
        self._add(totals, "pairs", (pair_key(*pair) for pair in bag.pairs))
        self._add(totals, "grams", map(term_key, bag.grams), optional=True)
        for group in bag.synonyms:
            best = np.zeros_like(totals)
            for phrase in group.others:
                held = self._holds_row(Row(phrase), ("title", "body"))
                if held.any():
                    raise_where(best, held, self._sum(phrase, group.weight))
            if best.any():
                add_more(totals, best, self._sum(group.replaces, 1.0))
        for prefix in bag.prefixes:
            held = self._holds(Begins(prefix))
            holders = int(np.count_nonzero(held))
            add_where(totals, held, PREFIX_IMPACT * weight("stems", self.snapshot.documents, holders))
        for term, form in bag.forms:
            other = self.small.only_other(term, form)
            if other is not None and other.any():
                lose_where(totals, other, self._sum((term,), 1.0), OTHER_WORD_LOSES)
        for part in self.small.parts(bag):
            add_where(totals, part.held, part.worth)
        for term, form in bag.forms:
            for lists in self.small.very(term, form):
                add_once(
                    self.snapshot.part(totals, lists), lists.starts, lists.documents, lists.rows, VERY_FORM
                )
        return totals

    def _sum(self, terms: Sequence[str], factor: float) -> Totals:
        totals = np.zeros(len(self.snapshot.live), dtype=np.int32)
        self._add(totals, "stems", map(term_key, dict.fromkeys(terms)), factor=factor)
        return totals

    def _add(
        self, totals: Totals, name: str, asked: Iterable[int], *, factor: float = 1.0, optional: bool = False
    ) -> None:
        """Add what each key is worth to its documents; optional ones as long as there is work left."""
        keys = tuple(asked)
        found = self.snapshot.lists(name, keys) if keys else []
        if not found:
            return
        frequencies = in_all([lists.living for lists in found])
        sizes = in_all([lists.sizes for lists in found])
        weights = np.zeros(len(keys), dtype=np.int32)
        for number, (frequency, size) in enumerate(zip(frequencies, sizes, strict=True)):
            if frequency and (not optional or self.work.allows(size)):
                self.work.postings += size
                weights[number] = weight(name, self.snapshot.documents, frequency, factor)
        self.added.setdefault(name, Added(keys, weights))
        for lists in found:
            part = self.snapshot.part(totals, lists)
            impacts = self.snapshot.segments[lists.segment].tables[name].impacts
            if impacts is None:
                add_flat(part, lists.starts, lists.documents, lists.rows, weights * np.int32(FULL))
            else:
                add_postings(part, lists.starts, lists.documents, impacts, lists.rows, weights)

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
                around = self.small.around((state,)) if state else None
                return named if around is None else named | around
            case Around(rows):
                return self._any([self.small.has_all(keys) for keys in rows])
            case Years(first, last):
                column = self.snapshot.columns.facets["year"]
                years = [key for key in column.keys if key != UNDECIDED and first <= int(key) <= last]
                return column.mask(years) & self.snapshot.live
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
        held = self._words(words)
        if words.share == 0:
            matched = held.texts.astype(np.bool_) & self.snapshot.live
        else:
            matched = self._reached(held.bits, held.worths, _share(held.worths, words.share))
            if held.texts is not held.bits and len(words.words) > 1 and words.share < FAINT_SHARE:
                matched &= (held.texts > 0) | self._reached(
                    held.bits, held.worths, _share(held.worths, FAINT_SHARE)
                )
        if words.parts:  # a single part is as good as the word
            parts = dict.fromkeys(part for word in words.words for part in word.parts if len(word.parts) > 1)
            if parts:
                matched |= self.snapshot.mask(self._counted(self.snapshot.lists("parts", _keys(parts))))
        return matched

    def _reached(self, bits: Bits, worths: Sequence[int], least: int) -> BoolArray:
        """Which documents hold words that are together worth at least so much."""
        live = self.snapshot.live
        if least > sum(worths) - min(worths):  # every word
            every: BoolArray = (bits == (1 << len(worths)) - 1) & live
            return every
        matched: BoolArray = np.empty(len(live), dtype=np.bool_)
        if len(worths) <= _FEW_WORDS:
            reach_by_table(bits, live, _sums(worths) >= least, matched)
        else:
            reach(bits, live, np.array(worths, dtype=np.int64), least, matched)
        return matched

    def _words(self, words: Words) -> _Held:
        """Each word is held by a stem, by all parts, by a synonym, by a word that shares most grams, or around
        the text."""
        asked = (words.words, words.synonyms)
        held = self._held.get(asked)
        if held is None:
            held = self._held[asked] = self._look_up(words)
        return held

    def _look_up(self, words: Words) -> _Held:
        live = self.snapshot.live
        bits: Bits = np.zeros(len(live), dtype=_bits_type(len(words.words)))
        found = []
        for number, word in enumerate(words.words):
            bit = bits.dtype.type(1 << number)
            count = 0
            keys = _keys((word.term, *word.readings))
            similar = self.similar.lists(word) if word.grams else []
            for lists in self._counted([*self.snapshot.lists("stems", keys), *similar]):
                part, alive = self.snapshot.part(bits, lists), self.snapshot.part(live, lists)
                count += mark_bit(part, alive, lists.starts, lists.documents, lists.rows, bit)
            for lists in self._counted(self.snapshot.lists("parts", _keys(word.parts))) if word.parts else ():
                part, alive = self.snapshot.part(bits, lists), self.snapshot.part(live, lists)
                if len(lists.rows) == 1:
                    count += mark_bit(part, alive, lists.starts, lists.documents, lists.rows, bit)
                else:
                    counted = np.zeros(len(part), dtype=np.uint8)
                    count += mark_all(part, alive, lists.starts, lists.documents, lists.rows, bit, counted)
            others = [
                phrase for group in words.synonyms if word.term in group.replaces for phrase in group.others
            ]
            for phrase in others:
                bits[self._holds_row(Row(phrase), ("title", "body"))] |= bit
            found.append(int(np.count_nonzero(live[bits & bit > 0])) if others else int(count))
        texts = bits
        for number, word in enumerate(words.words):
            around = self.small.around(word.faint) if word.faint else None
            if around is not None:
                bits = bits.copy() if bits is texts else bits
                bits[around] |= bits.dtype.type(1 << number)
                found[number] = int(np.count_nonzero(live & (bits & bits.dtype.type(1 << number) > 0)))
        worths = [max(1, weight("stems", self.snapshot.documents, count)) for count in found]
        return _Held(bits, texts, worths, [count > 0 for count in found])

    def _counted(self, found: list[Lists]) -> list[Lists]:
        self.work.postings += sum(int(lists.sizes.sum()) for lists in found)
        return found

    def _holds_stem(self, term: str) -> BoolArray:
        held = self._stems.get(term)
        if held is None:
            lists = self.snapshot.lists("stems", (term_key(term),))
            held = self._stems[term] = self.snapshot.mask(self._counted(lists))
        return held

    def _holds_prefix(self, prefix: str) -> BoolArray:
        found = self.snapshot.beginning_with(prefix)
        self.work.terms += sum(len(lists.rows) for lists in found)
        return self.snapshot.mask(self._counted(found))

    def _holds_row(self, row: Row, fields: tuple[str, ...], within: BoolArray | None = None) -> BoolArray:
        """Candidates hold all terms and all neighbours; positions have the last word."""
        if len(row.terms) == 1 and len(fields) > 1:
            return self._holds_stem(row.terms[0])
        together = (self.snapshot.live if within is None else within).copy()
        paired = {term for pair in row.pairs for term in pair}  # who holds a pair holds both
        for term in row.terms:
            if term not in paired:
                together &= self._holds_stem(term)
        for pair in row.pairs:
            together &= self.snapshot.mask(self.snapshot.lists("pairs", (pair_key(*pair),)))
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


def _keys(terms: Iterable[str]) -> tuple[int, ...]:
    return tuple(map(term_key, terms))


def _share(worths: Sequence[int], share: int) -> int:
    """So many thousandths, but not nothing."""
    return max(1, -(-share * sum(worths) // 1000))


def _bits_type(words: int) -> np.dtype[np.unsignedinteger]:
    return np.dtype(np.uint8 if words <= 8 else np.uint16 if words <= 16 else np.uint64)


def _sums(worths: Sequence[int]) -> Numbers:
    """What every combination of words is worth: the bits of a place say which words are in it."""
    sums: Numbers = np.zeros(1, dtype=np.int64)
    for worth in worths:
        sums = np.concatenate([sums, sums + worth])
    return sums
