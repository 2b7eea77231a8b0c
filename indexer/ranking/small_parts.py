"""The small parts of a score: what stands around texts, addresses, and which word of a stem was typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from indexer.query.conditions import Bag, QueryWord
from indexer.ranking.columns import BoolArray
from indexer.ranking.keys import term_key
from indexer.ranking.snapshot import Lists, Snapshot
from indexer.ranking.word_forms import WordForms
from indexer.scoring import FAINT_IMPACT, weight


class Part(NamedTuple):
    """So much is added to the totals of the documents that hold it."""

    worth: int
    held: BoolArray


@dataclass(slots=True)
class SmallParts:
    """Looked up once for one query."""

    snapshot: Snapshot
    words: WordForms
    _around: dict[tuple[str, ...], BoolArray | None] = field(default_factory=dict)
    _only_other: dict[tuple[str, str], BoolArray | None] = field(default_factory=dict)

    def around(self, terms: tuple[str, ...]) -> BoolArray | None:
        """Around which texts any of these stands; None for none, as for most words."""
        if terms not in self._around:
            lists = self.snapshot.lists("faint", tuple(map(term_key, terms)))
            self._around[terms] = self.snapshot.mask(lists) if any(one.living.any() for one in lists) else None
        return self._around[terms]

    def has_all(self, keys: tuple[str, ...]) -> BoolArray:
        """Around which texts all of these stand."""
        held = np.ones(len(self.snapshot.live), dtype=np.bool_)
        for key in keys:
            around = self.around((key,))
            held &= np.zeros_like(held) if around is None else around
        return held

    def very(self, term: str, form: str) -> list[Lists]:
        """Where the very form stands that was typed."""
        return self.snapshot.words(self.words.of(term, form).very)

    def only_other(self, term: str, form: str) -> BoolArray | None:
        """Which documents hold of a stem only another word than the one typed („Lehre“ for „Lehrer“); None
        where all its forms are one word."""
        if (term, form) not in self._only_other:
            words, mask = self.words.of(term, form), self.snapshot.mask
            other = None
            if any(map(len, words.others)):
                other = mask(self.snapshot.words(words.others)) & ~mask(self.snapshot.words(words.same))
            self._only_other[term, form] = other
        return self._only_other[term, form]

    def parts(self, bag: Bag) -> Iterator[Part]:
        """All that a bag asks for but forms, each the same in every document that holds it."""
        for term, faint in bag.faint:
            yield from self._faint(term, faint)
        yield from self.addresses(bag)

    def of_word(self, word: QueryWord) -> Iterator[Part]:
        """Those of one word."""
        return self._faint(word.term, word.faint)

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
