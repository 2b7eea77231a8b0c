"""Words of the corpus that share most of a query word's grams."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from indexer.german import grams
from indexer.query.conditions import QueryWord
from indexer.ranking.keys import term_keys
from indexer.ranking.postings import Numbers
from indexer.ranking.snapshot import Lists, Snapshot

# The share of a query word's grams that a similar word must have. nDCG@10 on xquad-de / integreat-de for
# .5, .55, .6: .960/.742, .961/.741, .961/.741; with one typo .955/.734, .956/.733, .956/.732.
MIN_SHARE = 0.55
# Similar words of one query word that are looked up, the most similar first.
MAX_SIMILAR = 64
# Words whose similar ones are kept; a full store is emptied, not managed.
_KEPT = 10_000


def least_shared(gram_count: int) -> int:
    """How many grams a similar word must share."""
    return max(1, math.ceil(MIN_SHARE * gram_count - 1e-9))


def most_similar(candidates: Iterable[tuple[str, int]]) -> list[str]:
    """Of (word, shared grams) the best: most shared, then shortest, then alphabetical."""
    ranked = sorted(set(candidates), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))
    return [word for word, _ in ranked[:MAX_SIMILAR]]


@dataclass(frozen=True, slots=True)
class _Similar:
    words: frozenset[str]
    numbers: list[Numbers]
    lists: list[Lists]


@dataclass(slots=True)
class SimilarWords:
    """Looks words up once for each state of the index; threads may share it."""

    snapshot: Snapshot
    _known: dict[str, _Similar] = field(default_factory=dict)

    def words(self, word: QueryWord) -> frozenset[str]:
        """The similar words, without the word itself."""
        return self._similar(word).words

    def numbers(self, word: QueryWord) -> list[Numbers]:
        """The numbers of the similar words in each segment."""
        return self._similar(word).numbers

    def lists(self, word: QueryWord) -> list[Lists]:
        """Where the similar words stand."""
        return self._similar(word).lists

    def _similar(self, word: QueryWord) -> _Similar:
        found = self._known.get(word.word)
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[word.word] = self._look_up(word)
        return found

    def _look_up(self, word: QueryWord) -> _Similar:
        snapshot = self.snapshot
        keys = np.sort(term_keys(word.grams))
        least = least_shared(len(word.grams))
        candidates: list[tuple[str, int]] = []
        places: dict[str, list[tuple[int, int]]] = {}
        for at, segment in enumerate(snapshot.segments if word.grams else ()):
            near = segment.vocabulary.like(keys, least)
            numbers = np.array([number for number, _ in near], dtype=np.int64)
            living = snapshot.words_of(at, numbers).living.tolist()
            for (number, shared), holders in zip(near, living, strict=True):
                other = segment.vocabulary.words[number]
                if other != word.word and holders:
                    candidates.append((other, shared))
                    places.setdefault(other, []).append((at, number))
        chosen = most_similar(candidates)
        rows: list[list[int]] = [[] for _ in snapshot.segments]
        for at, number in (place for other in chosen for place in places[other]):
            rows[at].append(number)
        found = [np.array(one, dtype=np.int64) for one in rows]
        return _Similar(frozenset(chosen), found, snapshot.words(found))


def shared_grams(first: Iterable[str], word: str) -> int:
    """How many of some grams a word has."""
    return len(set(first).intersection(grams(word)))
