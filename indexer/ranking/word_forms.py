"""Which words of the corpus are the word that was typed, and which share no more than its stem."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from indexer.german import fold
from indexer.query.forms import same_word
from indexer.ranking.keys import term_keys
from indexer.ranking.postings import Numbers
from indexer.ranking.snapshot import Snapshot

# Forms whose words are kept; a full store is emptied, not managed.
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Forms:
    """The numbers of a stem's words in each segment: the very form that was typed, all forms of its word, and
    those of other words („Lehre“ for „Lehrer“)."""

    very: list[Numbers]
    same: list[Numbers]
    others: list[Numbers]


@dataclass(slots=True)
class WordForms:
    """Looks words up once for each state of the index; threads may share it."""

    snapshot: Snapshot
    _known: dict[tuple[str, str], Forms] = field(default_factory=dict)

    def of(self, term: str, form: str) -> Forms:
        """The words of a term, told apart by the folded form that was typed."""
        found = self._known.get((term, form))
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[term, form] = self._look_up(term, form)
        return found

    def _look_up(self, term: str, form: str) -> Forms:
        key = term_keys((term,))
        found = Forms([], [], [])
        for segment in self.snapshot.segments:
            vocabulary = segment.vocabulary
            row = int(vocabulary.by_term.rows(key)[0])
            words = vocabulary.by_term.of(row).tolist() if row >= 0 else []
            folded = {word: fold(vocabulary.words[word]) for word in words}
            same = [word for word in words if same_word(form, folded[word])]
            found.very.append(_numbers([word for word in same if folded[word] == form]))
            found.same.append(_numbers(same))
            found.others.append(_numbers([word for word in words if word not in same]))
        return found


def _numbers(words: list[int]) -> Numbers:
    return np.array(words, dtype=np.int64)
