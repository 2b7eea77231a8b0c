"""The words of a snapshot as the lexicon that corrections are looked up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.query.conditions import QueryWord
from indexer.ranking.correction import KnownWord
from indexer.ranking.keys import term_key
from indexer.ranking.search import Snapshot


@dataclass(frozen=True, slots=True)
class SnapshotLexicon:
    """See ``Lexicon``."""

    snapshot: Snapshot

    def knows(self, word: QueryWord) -> bool:
        """See ``Lexicon.knows``."""
        terms = [("stems", term) for term in (word.term, *word.readings)] + [("parts", word.term)]
        return any(self.snapshot.frequency(name, term_key(term)) for name, term in terms)

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
