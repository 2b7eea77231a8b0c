"""Documents like one: a query of what is most peculiar to it."""

from __future__ import annotations

import numpy as np

from indexer.query.conditions import Bag, QueryPlan, QueryWord, Words
from indexer.ranking.snapshot import Snapshot, in_all
from indexer.scoring import weight

# Words that stand for a document; more make it slower and hardly other.
_WORDS = 25


def similar_plan(snapshot: Snapshot, document: int) -> QueryPlan:
    """A plan of the content words that bring a document most."""
    at, local = snapshot.place(document)
    segment = snapshot.segments[at]
    table = segment.tables["stems"]
    postings = np.flatnonzero(table.documents == local)
    rows = np.searchsorted(table.starts, postings, side="right") - 1
    vocabulary = segment.vocabulary
    stops = set(vocabulary.term_keys[vocabulary.stops].tolist())
    ranked: list[tuple[int, int]] = []
    assert table.impacts is not None
    keys = table.keys[rows]
    frequencies = in_all([lists.living for lists in snapshot.lists("stems", tuple(keys.tolist()))])
    for key, impact, frequency in zip(
        keys.tolist(), table.impacts[postings].tolist(), frequencies, strict=True
    ):
        if key not in stops and frequency > 1:  # nothing is like a document for a word that only it has
            ranked.append((impact * weight("stems", snapshot.documents, frequency), key))
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    terms = []
    for _, key in ranked[:_WORDS]:
        (row,) = vocabulary.by_term.rows(np.array([key], dtype=np.uint64)).tolist()
        terms.append(vocabulary.terms[int(vocabulary.by_term.of(row)[0])])
    words = tuple(QueryWord(term, term, term) for term in terms)
    return QueryPlan(Words(words, bound=True), Bag(stems=tuple(terms)), words)
