"""Words of the corpus that share most of a query word's grams."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from indexer.german import grams
from indexer.query.conditions import QueryWord
from indexer.ranking.keys import term_keys
from indexer.ranking.snapshot import Found, Snapshot

# The share of a query word's grams that a similar word must have. nDCG@10 on xquad-de / integreat-de for
# .5, .55, .6: .960/.742, .961/.741, .961/.741; with one typo .955/.734, .956/.733, .956/.732.
MIN_SHARE = 0.55
# Similar words of one query word that are looked up, the most similar first.
MAX_SIMILAR = 64
# Postings of similar words that are kept, over all words: at four bytes each.
_KEPT = 4_000_000


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
    postings: list[Found]


@dataclass(slots=True)
class SimilarWords:
    """Looks words up once for each state of the index; threads may share it."""

    snapshot: Snapshot
    _known: dict[str, _Similar] = field(default_factory=dict)
    _held: int = 0

    def words(self, word: QueryWord) -> frozenset[str]:
        """The similar words, without the word itself."""
        return self._similar(word).words

    def postings(self, word: QueryWord) -> list[Found]:
        """Where the similar words stand."""
        return self._similar(word).postings

    def _similar(self, word: QueryWord) -> _Similar:
        found = self._known.get(word.word)
        if found is None:
            found = self._look_up(word)
            self._held += 100 + sum(len(postings.documents) for postings in found.postings)
            if self._held > _KEPT:
                self._known.clear()
                self._held = 0
            self._known[word.word] = found
        return found

    def _look_up(self, word: QueryWord) -> _Similar:
        snapshot = self.snapshot
        keys = np.sort(term_keys(word.grams))
        least = least_shared(len(word.grams))
        candidates: list[tuple[str, int]] = []
        places: dict[str, list[tuple[int, Found]]] = {}
        for number, segment in enumerate(snapshot.segments if word.grams else ()):
            for row, shared in segment.vocabulary.like(keys, least):
                other = segment.vocabulary.words[row]
                found = snapshot.at("words", number, row)
                if other != word.word and snapshot.living(found):
                    candidates.append((other, shared))
                    places.setdefault(other, []).append((number, found))
        chosen = most_similar(candidates)
        segments: dict[int, list[Found]] = {}
        for number, found in (place for other in chosen for place in places[other]):
            segments.setdefault(number, []).append(found)
        return _Similar(frozenset(chosen), [_joined(founds) for founds in segments.values()])


def _joined(founds: list[Found]) -> Found:
    """Postings of several words in one segment as one list: asked for at each search with the word."""
    return founds[0]._replace(documents=np.unique(np.concatenate([found.documents for found in founds])))


def shared_grams(first: Iterable[str], word: str) -> int:
    """How many of some grams a word has."""
    return len(set(first).intersection(grams(word)))
