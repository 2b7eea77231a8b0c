"""What each word of a query brings of a document's score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.german import fold
from indexer.query.conditions import QueryPlan, QueryWord
from indexer.query.plan import PREFIX_IMPACT
from indexer.ranking.keys import pair_key, term_key
from indexer.ranking.small_parts import address_parts, faint_part, only_another_word
from indexer.ranking.snapshot import Snapshot
from indexer.scoring import FULL, OTHER_WORD_LOSES, weight

Values = NDArray[np.int64]


def shares(snapshot: Snapshot, plan: QueryPlan, documents: Values, totals: Values) -> list[list[float]]:
    """For each document, for each word, phrase and prefix of the plan, the part of its score, 0 to 1; the last
    is that of addresses.

    Synonyms have what nothing else explains: their worth depends on that of the words they stand for.
    """
    counted = len(plan.words) + 1 + len(plan.bag.prefixes) + 1
    brought = np.zeros((counted, len(documents)), dtype=np.int64)
    for number, word in enumerate(plan.words):
        for name, key in _keys(word):
            brought[number] += worth(snapshot, name, key, documents)
        if not word.stop:
            part = faint_part(snapshot, word.term, word.faint)
            brought[number] += part.worth * part.held[documents]
            other = only_another_word(snapshot, word.term, fold(word.word))
            if other is not None:
                stem = worth(snapshot, "stems", term_key(word.term), documents)
                brought[number] -= other[documents] * (stem * OTHER_WORD_LOSES // 1000)
    words = {term for word in plan.words for term in (word.term, *word.readings)}
    for term in plan.bag.stems:
        if term not in words:
            brought[len(plan.words)] += worth(snapshot, "stems", term_key(term), documents)
    for number, prefix in enumerate(plan.bag.prefixes, start=len(plan.words) + 1):
        held = snapshot.mask(snapshot.beginning_with(prefix))
        times = PREFIX_IMPACT * weight("stems", snapshot.documents, int(held.sum()))
        brought[number] += times * held[documents]
    for part in address_parts(snapshot, plan.bag):
        brought[-1] += part.worth * part.held[documents]
    pairs = np.zeros(len(documents), dtype=np.int64)
    for pair in plan.bag.pairs:
        pairs += worth(snapshot, "pairs", pair_key(*pair), documents)
    rest = np.maximum(totals - brought.sum(axis=0) - pairs, 0)
    for number in _renamed(plan):
        brought[number] += rest
    parts = brought / np.maximum(totals, 1)
    return [[min(1.0, float(value)) for value in column] for column in parts.T]


def worth(snapshot: Snapshot, name: str, key: int, documents: Values) -> Values:
    """What one key adds to the totals of some documents."""
    found = snapshot.find(name, key)
    times = weight(name, snapshot.documents, sum(map(snapshot.living, found)))
    values = np.zeros(len(documents), dtype=np.int64)
    for postings in found:
        local = documents - postings.offset
        inside = np.flatnonzero((local >= 0) & (local < postings.size))
        at = postings.documents.searchsorted(local[inside])
        at[at == len(postings.documents)] = 0
        there = postings.documents[at] == local[inside]
        impacts = FULL if postings.impacts is None else postings.impacts[at[there]].astype(np.int64)
        values[inside[there]] += times * impacts
    return values


def _keys(word: QueryWord) -> Iterator[tuple[str, int]]:
    for term in (word.term, *word.readings):
        yield "stems", term_key(term)
    for part in word.parts:
        yield "parts", term_key(part)
    for gram in word.grams:
        yield "grams", term_key(gram)


def _renamed(plan: QueryPlan) -> Sequence[int]:
    """The first word of each synonym group."""
    first = [group.replaces[0] for group in plan.bag.synonyms]
    return sorted({number for number, word in enumerate(plan.words) if word.term in first})
