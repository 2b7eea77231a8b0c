"""What each word of a query brings of a document's score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexer.german import fold
from indexer.query.conditions import QueryPlan, QueryWord
from indexer.query.plan import PREFIX_IMPACT
from indexer.ranking.kernels import worth_at
from indexer.ranking.keys import pair_key, term_key
from indexer.ranking.postings import Numbers
from indexer.ranking.search import OneSearch
from indexer.scoring import FULL, OTHER_WORD_LOSES, VERY_FORM, weight


def shares(search: OneSearch, plan: QueryPlan, documents: Numbers, totals: Numbers) -> list[list[float]]:
    """For each document, for each word, phrase and prefix of the plan, the part of its score, 0 to 1; the last
    is that of addresses.

    Synonyms have what nothing else explains: their worth depends on that of the words they stand for.
    """
    counted = len(plan.words) + 1 + len(plan.bag.prefixes) + 1
    brought = np.zeros((counted, len(documents)), dtype=np.int64)
    asked: dict[str, list[tuple[int, int]]] = {"stems": [], "parts": [], "grams": []}
    for number, word in enumerate(plan.words):
        for name, key in _keys(word):
            asked[name].append((number, key))
    words = {term for word in plan.words for term in (word.term, *word.readings)}
    asked["stems"] += [(len(plan.words), term_key(term)) for term in plan.bag.stems if term not in words]
    for name, pairs in asked.items():
        values = _worths(search, name, [key for _, key in pairs], documents)
        np.add.at(brought, [number for number, _ in pairs], values)
    for number, prefix in enumerate(plan.bag.prefixes, start=len(plan.words) + 1):
        held = search.snapshot.mask(search.snapshot.beginning_with(prefix))
        times = PREFIX_IMPACT * weight("stems", search.snapshot.documents, int(held.sum()))
        brought[number] += times * held[documents]
    for number, word in enumerate(plan.words):
        if not word.stop:
            brought[number] += _beside_postings(search, word, documents)
    for part in search.small.addresses(plan.bag):
        brought[-1] += part.worth * part.held[documents]
    together = _worths(search, "pairs", [pair_key(*pair) for pair in plan.bag.pairs], documents).sum(axis=0)
    rest = np.maximum(totals - brought.sum(axis=0) - together, 0)
    for number in _renamed(plan):
        brought[number] += rest
    parts = brought / np.maximum(totals, 1)
    return [[min(1.0, float(value)) for value in column] for column in parts.T]


def _beside_postings(search: OneSearch, word: QueryWord, documents: Numbers) -> Numbers:
    """What a word brings around texts and by its form, less what it loses where its stem is another word."""
    brought: Numbers = np.zeros(len(documents), dtype=np.int64)
    for part in search.small.of_word(word):
        brought += part.worth * part.held[documents]
    form = fold(word.word)
    very = search.snapshot.mask(search.small.very(word.term, form))
    brought += VERY_FORM * very[documents]
    other = search.small.only_other(word.term, form)
    if other is not None:
        (stem,) = _worths(search, "stems", [term_key(word.term)], documents)
        brought -= other[documents] * (stem * OTHER_WORD_LOSES // 1000)
    return brought


def _worths(search: OneSearch, name: str, asked: Sequence[int], documents: Numbers) -> Numbers:
    """What each key adds to the totals of some documents: a row a key, a column a document."""
    values: Numbers = np.zeros((len(asked), len(documents)), dtype=np.int64)
    if not asked:
        return values
    added = search.added.get(name)
    known = dict(zip(added.keys, added.weights.tolist(), strict=True)) if added else {}
    weights = np.array([known.get(key, 0) for key in asked], dtype=np.int64)
    if name == "pairs":
        weights *= FULL
    for lists in search.snapshot.lists(name, tuple(asked)):
        table = search.snapshot.segments[lists.segment].tables[name]
        local = documents - lists.offset
        local = np.where(local < search.snapshot.segments[lists.segment].size, local, -1)
        impacts = np.zeros(0, dtype=np.uint8) if table.impacts is None else table.impacts
        worth_at(values, lists.starts, lists.documents, impacts, lists.rows, weights, local)
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
