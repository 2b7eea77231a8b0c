"""The words of a snapshot as the lexicon that corrections are looked up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from indexer.german import fold
from indexer.query.conditions import QueryWord
from indexer.ranking.correction import KnownWord
from indexer.ranking.keys import term_key, term_keys
from indexer.ranking.snapshot import Snapshot
from indexer.ranking.spelling import MIN_LETTERS


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
        return any(map(self.snapshot.living, self.snapshot.beginning_with(folded)))

    def _ends(self, word: QueryWord, folded: str) -> bool:
        """A word that ends so shares all grams but the first, which knows of the beginning."""
        keys = np.sort(term_keys(word.grams[1:]))
        return any(
            fold(segment.vocabulary.words[row]).endswith(folded)
            and self.snapshot.living(self.snapshot.at("words", number, row))
            for number, segment in enumerate(self.snapshot.segments)
            for row, _ in segment.vocabulary.like(keys, len(keys))
        )

    def spelled(self, folded: str) -> Iterable[KnownWord]:
        """See ``Lexicon.spelled``."""
        return self._known(
            (segment.vocabulary.words[number], segment.vocabulary.spellings[number])
            for segment in self.snapshot.segments
            for number in segment.vocabulary.spelled(folded).tolist()
        )

    def near(self, folded: str) -> Iterable[KnownWord]:
        """See ``Lexicon.near``."""
        return self._known(
            (segment.vocabulary.words[number], segment.vocabulary.spellings[number])
            for segment in self.snapshot.segments
            for number in segment.vocabulary.near(folded).tolist()
        )

    def _known(self, words: Iterable[tuple[str, str]]) -> Iterator[KnownWord]:
        for word, spelling in dict(words).items():
            yield KnownWord(word, spelling, self.snapshot.frequency("words", term_key(word)))
