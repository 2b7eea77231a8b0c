"""Documents like one: a query of what is most peculiar to it."""

from __future__ import annotations

import numpy as np

from indexer.query.conditions import Bag, QueryPlan, QueryWord, Words
from indexer.ranking.snapshot import Snapshot
from indexer.scoring import weight

# Words that stand for a document; more make it slower and hardly other.
_WORDS = 25


def similar_plan(snapshot: Snapshot, document: int) -> QueryPlan:
    """A plan of the content words that bring a document most."""
    at = int(np.searchsorted(snapshot.offsets, document, side="right")) - 1
    segment, local = snapshot.segments[at], document - snapshot.offsets[at]
    table = segment.tables["stems"]
    postings = np.flatnonzero(table.documents == local)
    rows = np.searchsorted(table.starts, postings, side="right") - 1
    vocabulary = segment.vocabulary
    stops = set(vocabulary.term_keys[vocabulary.stops].tolist())
    ranked: list[tuple[int, int]] = []
    impacts = table.impacts
    assert impacts is not None
    for key, impact in zip(table.keys[rows].tolist(), impacts[postings].tolist(), strict=True):
        if key not in stops:
            frequency = snapshot.frequency("stems", key)
            if frequency > 1:  # nothing is like a document for a word that only it has
                ranked.append((impact * weight("stems", snapshot.documents, frequency), key))
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    terms = []
    for _, key in ranked[:_WORDS]:
        number = int(np.flatnonzero(vocabulary.term_keys == np.uint64(key))[0])
        terms.append(vocabulary.terms[number])
    words = tuple(QueryWord(term, term, term) for term in terms)
    return QueryPlan(Words(words, bound=True), Bag(stems=tuple(terms)), words)
