"""Which words of a segment's vocabulary a query may mean, found by tables instead of looking at each word."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from indexer.answer.marks import Wanted
from indexer.ranking.keys import term_keys
from indexer.ranking.postings import Numbers, PostingTable
from indexer.ranking.segment import Segment


def wanted_words(segment: Segment, wanted: Wanted, similar: Iterable[Numbers]) -> NDArray[np.bool_]:
    """For each word of the vocabulary whether it may be meant; ``similar`` are the numbers of similar words."""
    vocabulary = segment.vocabulary
    flags: NDArray[np.bool_] = np.zeros(len(vocabulary), dtype=np.bool_)
    for numbers in (
        *_rows(vocabulary.by_term, dict.fromkeys((*wanted.terms, *wanted.parts))),
        *_rows(vocabulary.parts, wanted.parts),
        *(vocabulary.beginning_with(prefix) for prefix, _ in wanted.prefixes),
        *similar,
    ):
        flags[numbers] = True
    return flags


def _rows(table: PostingTable, terms: Iterable[str]) -> Iterable[NDArray[np.unsignedinteger]]:
    rows = table.rows(term_keys(terms)).tolist()
    return (table.of(row) for row in rows if row >= 0)
