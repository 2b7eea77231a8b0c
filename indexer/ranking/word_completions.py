"""Words that begin as something typed: over all segments, those that most documents hold first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop

import numpy as np
from numpy.typing import NDArray

from indexer.german import fold
from indexer.ranking.keys import Keys
from indexer.ranking.postings import Numbers
from indexer.ranking.snapshot import Snapshot

# Letters of what is completed, and those that a completion has more than.
SHORTEST = 2
# A letter has four bytes at most.
_SHORT_BYTES = 4 * SHORTEST
_UMLAUTS = frozenset("äöüß")


def begins_as(typed: str, word: str) -> bool:
    """Whether a word, small, begins as typed: in any spelling, but an umlaut that was typed is meant."""
    typed = typed.lower()
    if not fold(word).startswith(fold(typed)) or len(word) <= SHORTEST:
        return False
    return _UMLAUTS.isdisjoint(typed) or word.startswith(typed)


@dataclass(frozen=True, slots=True)
class _Forms:
    """Forms of words that begin so, in all segments: segment, row in its vocabulary, term, living holders."""

    segments: Numbers
    rows: Numbers
    terms: Keys
    holders: Numbers


@dataclass(slots=True)
class WordCompletions:
    """One for each generation: how many living documents hold each word is counted once for a segment."""

    snapshot: Snapshot
    _living: dict[int, Numbers] = field(default_factory=dict)

    def beginning(self, typed: str, most: int) -> list[str]:
        """The forms of a word that begin so are one completion, written as its commonest form.

        A document counts once, however many of the forms it holds. Ties go by the term.
        """
        prefix = fold(typed.lower())
        if len(prefix) < SHORTEST or not prefix[0].isalpha():
            return []
        forms = self._forms(typed, prefix)
        order = np.argsort(forms.terms, kind="stable")
        if not len(order):
            return []
        firsts = np.flatnonzero(np.diff(forms.terms[order], prepend=~forms.terms[order[:1]]))
        ends = np.append(firsts[1:], len(order))
        # At most so many documents hold a word; exact for a word that has one form.
        bounds = np.add.reduceat(forms.holders[order], firsts)
        best: list[int] = []
        counted: list[tuple[int, NDArray[np.int64]]] = []
        for at in np.argsort(-bounds, kind="stable").tolist():
            bound = int(bounds[at])
            if len(best) == most and bound < best[0]:
                break
            group = order[firsts[at] : ends[at]]
            count = bound if len(group) == 1 else self._documents(forms, group)
            counted.append((count, group))
            if len(best) < most:
                heappush(best, count)
            else:
                heappushpop(best, count)
        least = best[0]
        ranked = sorted(
            (-count, self._term(forms, group), at)
            for at, (count, group) in enumerate(counted)
            if count >= least
        )
        return [self._written(forms, counted[at][1]) for _, _, at in ranked[:most]]

    def _forms(self, typed: str, prefix: str) -> _Forms:
        parts: list[tuple[Numbers, Numbers, Keys, Numbers]] = []
        for number, segment in enumerate(self.snapshot.segments):
            vocabulary = segment.vocabulary
            rows = vocabulary.beginning_with(prefix).astype(np.int64)
            holders = self._holders(number)[rows]
            kept = (holders > 0) & ~vocabulary.stops[rows]
            rows, holders = rows[kept], holders[kept]
            # All begin so when folded; the shortest, and an umlaut that was typed, are looked at.
            asked = np.diff(vocabulary.words.starts)[rows] <= _SHORT_BYTES
            asked |= not _UMLAUTS.isdisjoint(typed.lower())
            fits = np.ones(len(rows), dtype=np.bool_)
            for at in np.flatnonzero(asked).tolist():
                fits[at] = begins_as(typed, vocabulary.words[int(rows[at])])
            rows, holders = rows[fits], holders[fits]
            parts.append((np.full(len(rows), number), rows, vocabulary.term_keys[rows], holders))
        none = np.zeros(0, dtype=np.int64)
        columns = zip(*parts, strict=True) if parts else ((none,), (none,), (none.astype(np.uint64),), (none,))
        segments, all_rows, terms, all_holders = (np.concatenate(column) for column in columns)
        return _Forms(segments, all_rows, terms, all_holders)

    def _holders(self, number: int) -> Numbers:
        """How many living documents hold each word of a segment."""
        found = self._living.get(number)
        if found is None:
            rows = np.arange(len(self.snapshot.segments[number].words), dtype=np.int64)
            found = self._living[number] = self.snapshot.words_of(number, rows).living
        return found

    def _documents(self, forms: _Forms, group: NDArray[np.int64]) -> int:
        segments, rows = forms.segments[group], forms.rows[group]
        lists = [
            self.snapshot.words_of(number, rows[segments == number]) for number in np.unique(segments).tolist()
        ]
        return int(np.count_nonzero(self.snapshot.mask(lists)))

    def _term(self, forms: _Forms, group: NDArray[np.int64]) -> str:
        first = int(group[0])
        vocabulary = self.snapshot.segments[int(forms.segments[first])].vocabulary
        return vocabulary.terms[int(forms.rows[first])]

    def _written(self, forms: _Forms, group: NDArray[np.int64]) -> str:
        """The form that most documents hold, as the segment writes it in which most do."""
        seen: dict[str, list[tuple[int, str]]] = {}
        for at in group.tolist():
            vocabulary = self.snapshot.segments[forms.segments[at]].vocabulary
            row = int(forms.rows[at])
            pair = (int(forms.holders[at]), vocabulary.spellings[row])
            seen.setdefault(vocabulary.words[row], []).append(pair)
        return _commonest([(sum(count for count, _ in pairs), word, pairs) for word, pairs in seen.items()])


def _commonest(words: Sequence[tuple[int, str, list[tuple[int, str]]]]) -> str:
    _, _, spelled = min(words, key=lambda one: (-one[0], one[1]))
    return max(spelled, key=lambda pair: pair[0])[1]
