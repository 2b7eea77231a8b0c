"""The small parts of a score: what stands around texts, addresses, and which word of a stem was typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from indexer.german import fold
from indexer.query.conditions import Bag, QueryWord
from indexer.query.forms import same_word
from indexer.ranking.columns import BoolArray
from indexer.ranking.keys import term_key, term_keys
from indexer.ranking.postings import Numbers
from indexer.ranking.snapshot import Snapshot
from indexer.scoring import FAINT_IMPACT, VERY_FORM, weight


class Part(NamedTuple):
    """So much is added to the totals of the documents that hold it."""

    worth: int
    held: BoolArray


class Forms(NamedTuple):
    """Of a stem's words: which documents hold the very form that was typed, and which only another word of it
    („Lehre“ for „Lehrer“), None where all its forms are one word."""

    very: BoolArray
    only_other: BoolArray | None


@dataclass(slots=True)
class SmallParts:
    """Looked up once for one query."""

    snapshot: Snapshot
    _around: dict[tuple[str, ...], BoolArray | None] = field(default_factory=dict)
    _forms: dict[tuple[str, str], Forms] = field(default_factory=dict)

    def around(self, terms: tuple[str, ...]) -> BoolArray | None:
        """Around which texts any of these stands; None for none, as for most words."""
        if terms not in self._around:
            lists = self.snapshot.lists("faint", term_keys(terms))
            there = any((one.rows >= 0).any() for one in lists)
            held = self.snapshot.mask(lists) if there else None
            self._around[terms] = held if held is not None and held.any() else None
        return self._around[terms]

    def has_all(self, keys: tuple[str, ...]) -> BoolArray:
        """Around which texts all of these stand."""
        held = np.ones(len(self.snapshot.live), dtype=np.bool_)
        for key in keys:
            around = self.around((key,))
            held &= np.zeros_like(held) if around is None else around
        return held

    def forms(self, term: str, form: str) -> Forms:
        """Which documents hold a stem as what."""
        found = self._forms.get((term, form))
        if found is None:
            found = self._forms[term, form] = self._look_up(term, form)
        return found

    def _look_up(self, term: str, form: str) -> Forms:
        snapshot, key = self.snapshot, np.array([term_key(term)], dtype=np.uint64)
        very: list[Numbers] = []
        same: list[Numbers] = []
        others: list[Numbers] = []
        for segment in snapshot.segments:
            vocabulary = segment.vocabulary
            row = int(vocabulary.by_term.rows(key)[0])
            words = vocabulary.by_term.of(row).tolist() if row >= 0 else []
            folded = {word: fold(vocabulary.words[word]) for word in words}
            meant = [word for word in words if same_word(form, folded[word])]
            very.append(_numbers([word for word in meant if folded[word] == form]))
            same.append(_numbers(meant))
            others.append(_numbers([word for word in words if word not in meant]))
        held = snapshot.mask(snapshot.words(very))
        if not any(map(len, others)):
            return Forms(held, None)
        other = snapshot.mask(snapshot.words(others)) & ~snapshot.mask(snapshot.words(same))
        return Forms(held, other)

    def parts(self, bag: Bag) -> Iterator[Part]:
        """All that a bag asks for, each the same in every document that holds it."""
        for term, faint in bag.faint:
            yield from self._faint(term, faint)
        yield from self.addresses(bag)
        for term, form in bag.forms:
            yield Part(VERY_FORM, self.forms(term, form).very)

    def of_word(self, word: QueryWord) -> Iterator[Part]:
        """Those of one word."""
        yield from self._faint(word.term, word.faint)
        yield Part(VERY_FORM, self.forms(word.term, fold(word.word)).very)

    def addresses(self, bag: Bag) -> Iterator[Part]:
        """Those of addresses and their levels."""
        for key, impact in bag.addresses:
            held = self.around((key,))
            if held is not None:
                frequency = int(np.count_nonzero(held))
                yield Part(impact * weight("stems", self.snapshot.documents, frequency), held)

    def _faint(self, term: str, faint: tuple[str, ...]) -> Iterator[Part]:
        """What stands for a word around texts; never rarer than the word itself, or it would be worth more."""
        held = self.around(faint)
        if held is not None:
            around = int(np.count_nonzero(held))
            frequency = max(around, self.snapshot.frequency("stems", term_key(term)))
            yield Part(FAINT_IMPACT * weight("stems", self.snapshot.documents, frequency), held)


def _numbers(words: list[int]) -> Numbers:
    return np.array(words, dtype=np.int64)
