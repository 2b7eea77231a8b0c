"""The words of a snapshot as the lexicon that corrections are looked up in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.german import fold
from indexer.query.conditions import QueryWord
from indexer.ranking.correction import KnownWord
from indexer.ranking.keys import term_key, term_keys
from indexer.ranking.snapshot import Snapshot
from indexer.ranking.spelling import MIN_LETTERS
from indexer.ranking.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class SnapshotLexicon:
    """See ``Lexicon``."""

    snapshot: Snapshot

    def knows(self, word: QueryWord) -> bool:
        """See ``Lexicon.knows``."""
        terms = [("stems", term) for term in (word.term, *word.readings)] + [("parts", word.term)]
        terms += [("faint", term) for term in word.faint]
        if any(self.snapshot.frequency(name, term_key(term)) for name, term in terms):
            return True
        folded = fold(word.word)
        return len(folded) >= MIN_LETTERS and (self._begins(folded) or self._ends(word, folded))

    def _begins(self, folded: str) -> bool:
        return any(lists.living.any() for lists in self.snapshot.beginning_with(folded))

    def _ends(self, word: QueryWord, folded: str) -> bool:
        """A word that ends so shares all grams but the first, which knows of the beginning."""
        keys = np.sort(term_keys(word.grams[1:]))
        for number, segment in enumerate(self.snapshot.segments):
            near = [
                row
                for row, _ in segment.vocabulary.like(keys, len(keys))
                if fold(segment.vocabulary.words[row]).endswith(folded)
            ]
            if self.snapshot.words_of(number, np.array(near, dtype=np.int64)).living.any():
                return True
        return False

    def spelled(self, folded: str) -> Iterable[KnownWord]:
        """See ``Lexicon.spelled``."""
        return self._known(lambda vocabulary: vocabulary.spelled(folded))

    def near(self, folded: str) -> Iterable[KnownWord]:
        """See ``Lexicon.near``."""
        return self._known(lambda vocabulary: vocabulary.near(folded))

    def _known(self, look_up: Callable[[Vocabulary], NDArray[np.uint32]]) -> Iterable[KnownWord]:
        found: dict[str, KnownWord] = {}
        for segment, part in enumerate(self.snapshot.segments):
            numbers = look_up(part.vocabulary).astype(np.int64)
            holders = self.snapshot.words_of(segment, numbers).living.tolist()
            for number, count in zip(numbers.tolist(), holders, strict=True):
                word = part.vocabulary.words[number]
                before = found.get(word)
                spelling = part.vocabulary.spellings[number] if before is None else before.spelling
                found[word] = KnownWord(word, spelling, count + (before.holders if before else 0))
        return found.values()
