"""What each word of a query brings of a document's score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indexer.german import fold
from indexer.query.conditions import QueryPlan, QueryWord
from indexer.query.plan import PREFIX_IMPACT
from indexer.ranking.kernels import worth_at
from indexer.ranking.keys import term_key
from indexer.ranking.postings import Impacts, Numbers
from indexer.ranking.search import Added, OneSearch
from indexer.ranking.snapshot import Lists
from indexer.scoring import FULL, OTHER_WORD_LOSES, VERY_FORM, weight

_NO_IMPACTS: Impacts = np.zeros(0, dtype=np.uint8)


def shares(search: OneSearch, plan: QueryPlan, documents: Numbers, totals: Numbers) -> list[list[float]]:
    """For each document, for each word, phrase and prefix of the plan, the part of its score, 0 to 1; the last
    is that of addresses.

    Synonyms have what nothing else explains: their worth depends on that of the words they stand for.
    """
    counted = len(plan.words) + 1 + len(plan.bag.prefixes) + 1
    brought = np.zeros((counted, len(documents)), dtype=np.int64)
    words = {term for word in plan.words for term in (word.term, *word.readings)}
    asking: dict[str, list[tuple[int, str]]] = {
        "stems": [
            *((number, term) for number, word in enumerate(plan.words) for term in (word.term, *word.readings)),
            *((len(plan.words), term) for term in plan.bag.stems if term not in words),
        ],
        "parts": [(number, part) for number, word in enumerate(plan.words) for part in word.parts],
        "grams": [(number, gram) for number, word in enumerate(plan.words) for gram in word.grams],
    }
    worths_of = {name: _worths(search, name, documents) for name in asking}
    for name, asked in asking.items():
        rows, worths = worths_of[name]
        times = np.zeros((counted, len(worths)), dtype=np.int64)
        for number, term in asked:
            row = rows.get(term_key(term))
            if row is not None:
                times[number, row] += 1
        brought += times @ worths
    for number, prefix in enumerate(plan.bag.prefixes, start=len(plan.words) + 1):
        held = search.snapshot.mask(search.snapshot.beginning_with(prefix))
        worth = PREFIX_IMPACT * weight("stems", search.snapshot.documents, int(held.sum()))
        brought[number] += worth * held[documents]
    for number, word in enumerate(plan.words):
        if not word.stop:
            brought[number] += _beside_postings(search, word, documents, *worths_of["stems"])
    for part in search.small.addresses(plan.bag):
        brought[-1] += part.worth * part.held[documents]
    together = _worths(search, "pairs", documents)[1].sum(axis=0)
    rest = np.maximum(totals - brought.sum(axis=0) - together, 0)
    for number in _renamed(plan):
        brought[number] += rest
    parts = brought / np.maximum(totals, 1)
    found: list[list[float]] = np.minimum(parts, 1.0).T.tolist()
    return found


def _beside_postings(
    search: OneSearch, word: QueryWord, documents: Numbers, rows: Mapping[int, int], worths: Numbers
) -> Numbers:
    """What a word brings around texts and by its form, less what it loses where its stem is another word;
    ``rows`` and ``worths`` are those of the stems."""
    brought: Numbers = np.zeros(len(documents), dtype=np.int64)
    for part in search.small.of_word(word):
        brought += part.worth * part.held[documents]
    form = fold(word.word)
    very: Numbers = np.zeros(len(documents), dtype=np.int64)
    for lists in search.small.very(word.term, form):
        held: Numbers = np.zeros((len(lists.rows), len(documents)), dtype=np.int64)
        _add_at(search, held, lists, _NO_IMPACTS, np.ones(len(lists.rows), dtype=np.int64), documents)
        very |= held.any(axis=0)
    brought += VERY_FORM * very
    other = search.small.only_other(word.term, form)
    stem = rows.get(term_key(word.term))
    if other is not None and stem is not None:
        brought -= other[documents] * (worths[stem] * OTHER_WORD_LOSES // 1000)
    return brought


def _worths(search: OneSearch, name: str, documents: Numbers) -> tuple[dict[int, int], Numbers]:
    """What each key of a field added to the totals of some documents: the row of each key, and a row a key, a
    column a document."""
    added = search.added.get(name, Added((), np.zeros(0, dtype=np.int32)))
    worths: Numbers = np.zeros((len(added.keys), len(documents)), dtype=np.int64)
    weights = added.weights.astype(np.int64) * (FULL if name == "pairs" else 1)
    for lists in search.snapshot.lists(name, added.keys) if added.keys else ():
        impacts = search.snapshot.segments[lists.segment].tables[name].impacts
        _add_at(search, worths, lists, _NO_IMPACTS if impacts is None else impacts, weights, documents)
    return {key: row for row, key in enumerate(added.keys)}, worths


def _add_at(
    search: OneSearch, values: Numbers, lists: Lists, impacts: Impacts, weights: Numbers, documents: Numbers
) -> None:
    """Add to ``values`` (a row each, a column a document) what rows are worth in some documents."""
    local = documents - lists.offset
    if len(search.snapshot.segments) > 1:
        local[local >= search.snapshot.segments[lists.segment].size] = -1
    worth_at(values, lists.starts, lists.documents, impacts, lists.rows, weights, local)


def _renamed(plan: QueryPlan) -> Sequence[int]:
    """The first word of each synonym group."""
    first = [group.replaces[0] for group in plan.bag.synonyms]
    return sorted({number for number, word in enumerate(plan.words) if word.term in first})
