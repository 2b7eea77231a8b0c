"""Completions of what is being typed: words, titles, topics and places of the published documents."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.german import fold
from indexer.ranking.columns import Columns
from indexer.ranking.postings import Numbers
from indexer.ranking.snapshot import Snapshot
from indexer.ranking.word_completions import WordCompletions
from kb.model import Suggestion

# Words of a title at which a completion may begin; shorter words are articles.
_TITLE_WORDS = 6
_TITLE_LETTERS = 4
# Completions of one kind, so that all kinds have room.
_OF_EACH = {"topic": 2, "place": 2}
# Candidates of a segment that are looked at; more than any list shows.
_CANDIDATES = 40
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Folded texts in alphabetical order, what each stands for, and how much it weighs."""

    texts: list[str]
    values: Numbers
    weights: Numbers

    def best(self, prefix: str) -> list[tuple[int, int]]:
        """(value, weight) of the heaviest texts that begin so."""
        first = bisect_left(self.texts, prefix)
        last = bisect_left(self.texts, prefix + "\U0010ffff", lo=first)
        weights = self.weights[first:last]
        order: NDArray[np.int64] = np.arange(len(weights))
        if len(weights) > _CANDIDATES:
            order = np.argpartition(-weights, _CANDIDATES)[:_CANDIDATES]
        order = order[np.argsort(-weights[order], kind="stable")]
        return [(int(self.values[first + at]), int(weights[at])) for at in order.tolist()]

    @classmethod
    def of(cls, entries: Sequence[tuple[str, int, int]]) -> _Sorted:
        """From (folded text, value, weight)."""
        ordered = sorted(entries)
        return cls(
            [text for text, _, _ in ordered],
            np.array([value for _, value, _ in ordered], dtype=np.int64),
            np.array([weight for _, _, weight in ordered], dtype=np.int64),
        )


@dataclass(frozen=True, slots=True)
class SegmentCompletions:
    """The titles of one segment; made once, since segments never change."""

    titles: _Sorted

    @classmethod
    def build(cls, columns: Columns) -> SegmentCompletions:
        """A title may be completed from each of its first words."""
        titles = [
            (text[:_LONGEST], number, -len(title))
            for number, title in enumerate(columns.titles.all())
            for text in _beginnings(title)
        ]
        return cls(_Sorted.of(titles))


def _beginnings(title: str) -> Iterator[str]:
    words = fold(title.lower()).split()
    for number, word in enumerate(words[:_TITLE_WORDS]):
        if number == 0 or len(word) >= _TITLE_LETTERS:
            yield " ".join(words[number:])


@dataclass(frozen=True, slots=True)
class Suggester:
    """Completions over all segments of a generation; deleted documents lend nothing."""

    snapshot: Snapshot
    columns: Columns
    completions: Sequence[SegmentCompletions]
    labels: Mapping[str, Mapping[str, str]]
    words: WordCompletions

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """The whole text completed to a topic, place or title, or its last word to a word of the corpus."""
        whole = fold(" ".join(text.lower().split()))
        if not whole:
            return ()
        found: dict[str, Suggestion] = {}
        for suggestion in (*self._facets(whole), *self._terms(text), *self._titles(whole, limit)):
            found.setdefault(fold(suggestion.text.lower()), suggestion)
            if len(found) == limit:
                break
        return tuple(found.values())

    def _facets(self, prefix: str) -> Iterator[Suggestion]:
        for facet, most in _OF_EACH.items():
            counts = self.columns.facets[facet].counts(np.flatnonzero(self.snapshot.live))
            labels = self.labels.get(facet, {})
            named = ((key, labels.get(key, key)) for key in counts)
            fitting = [
                Suggestion(label, facet, key) for key, label in named if _begins(fold(label.lower()), prefix)
            ]
            yield from fitting[:most]

    def _terms(self, text: str) -> Iterator[Suggestion]:
        before, _, last = text.rpartition(" ")
        for word in self.words.beginning(last, _CANDIDATES):
            yield Suggestion(f"{before} {word}".strip(), "term")

    def _titles(self, prefix: str, limit: int) -> Iterator[Suggestion]:
        for offset, completions in zip(self.snapshot.offsets, self.completions, strict=True):
            shown = 0
            for number, _ in completions.titles.best(prefix):
                if shown < limit and self.snapshot.live[offset + number]:
                    shown += 1
                    document = offset + number
                    yield Suggestion(self.columns.titles[document], "title", self.columns.ids[document])


def _begins(folded: str, prefix: str) -> bool:
    return folded.startswith(prefix) or f" {prefix}" in folded
