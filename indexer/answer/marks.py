"""Which words of a text a query means, and why: for snippets, and for the reasons of a hit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from indexer.german import CompoundSplitter, GermanAnalyzer, fold
from indexer.query.conditions import All, Any, Condition, Exactly, QueryPlan
from kb.model import Match

_ORDER = (Match.WORD, Match.PHRASE, Match.PREFIX, Match.PART, Match.SYNONYM, Match.SIMILAR)


class Mark(NamedTuple):
    """Word number ``query`` of the plan means a word of ``letters`` letters for the reason ``match``; ``start``
    and ``end`` are the part of the word that is meant, end exclusive."""

    query: int
    match: Match
    start: int
    end: int
    letters: int

    def at(self, start: int, end: int) -> Place:
        """The place of a word that stands there."""
        # Umlauts in other spellings and soft hyphens make the written word longer: mark all of it.
        if end - start == self.letters:
            return _new(Place, (start + self.start, start + self.end, self))
        return Place(start, end, self)


class Place(NamedTuple):
    """A mark's place in a text, in code points, end exclusive."""

    start: int
    end: int
    mark: Mark


# Past the constructor of a named tuple, which is a Python function: a page has hundreds.
_new = tuple.__new__


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query looks for, each with the number of the query's word that asks for it."""

    terms: Mapping[str, tuple[int, Match]] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    similar: Mapping[str, int] = field(default_factory=dict)
    prefixes: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.parts or self.similar or self.prefixes)


def wanted_by(plan: QueryPlan, similar: Mapping[int, frozenset[str]]) -> Wanted:
    """``similar`` maps numbers of the plan's words to words of the corpus that are like them.

    Phrases and prefixes are numbered after the words.
    """
    terms: dict[str, tuple[int, Match]] = {}
    parts: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for number, word in enumerate(plan.words):
        for term in (word.term, *word.readings):
            terms.setdefault(term, (number, Match.WORD))
            numbers.setdefault(term, number)
        for part in (*word.parts, word.term) if word.parts else ():
            parts.setdefault(part, number)
    after = len(plan.words)
    for term in (term for phrase in phrases(plan.condition) for row in phrase.rows for term in row.terms):
        terms.setdefault(term, (after, Match.PHRASE))
    for group in plan.bag.synonyms:
        number = next((numbers[term] for term in group.replaces if term in numbers), 0)
        for term in (term for phrase in group.others for term in phrase):
            terms.setdefault(term, (number, Match.SYNONYM))
    return Wanted(
        terms,
        parts,
        {word: number for number, words in similar.items() for word in sorted(words)},
        tuple((prefix, after + 1 + index) for index, prefix in enumerate(plan.bag.prefixes)),
    )


def phrases(condition: Condition) -> Iterator[Exactly]:
    """All phrases that a query asks for."""
    match condition:
        case Exactly():
            yield condition
        case All(conditions, _) | Any(conditions):
            for one in conditions:
                yield from phrases(one)


class Marker:
    """Tells which words a query means; one for each search."""

    def __init__(self, analyzer: GermanAnalyzer, splitter: CompoundSplitter, wanted: Wanted) -> None:
        self._analyzer = analyzer
        self._splitter = splitter
        self.wanted = wanted
        self._known: dict[str, Mark | None] = {}
        self._labels: dict[str, list[Place]] = {}

    @property
    def analyzer(self) -> GermanAnalyzer:
        """What texts are analysed by."""
        return self._analyzer

    def mark(self, word: str, term: str, *, stop: bool) -> Mark | None:
        """The mark of a word, if the query means it."""
        if word not in self._known:
            self._known[word] = self._mark(word, term, stop=stop)
        return self._known[word]

    def places(self, text: str) -> list[Place]:
        """All words of a topic's label that are meant, in its order; the hits of a page share their topics."""
        if text not in self._labels:
            self._labels[text] = self._places(text)
        return self._labels[text]

    def _places(self, text: str) -> list[Place]:
        found = []
        for token in self._analyzer.analyze(text):
            mark = self.mark(token.word, token.term, stop=token.stop)
            if mark is not None:
                found.append(mark.at(token.start, token.end))
        return sorted(found, key=lambda place: place[:2])

    def _mark(self, word: str, term: str, *, stop: bool) -> Mark | None:
        wanted = self.wanted
        found = wanted.terms.get(term)
        if found is not None and found[1] is not Match.SYNONYM:
            return Mark(*found, 0, len(word), len(word))
        for prefix, number in wanted.prefixes:
            if fold(word).startswith(prefix):
                return Mark(number, Match.PREFIX, 0, len(word), len(word))
        if wanted.parts and not stop:
            part = wanted.parts.get(term)
            if part is not None:
                return Mark(part, Match.PART, 0, len(word), len(word))
            for start, end, member in self._splitter.members(word):
                part = wanted.parts.get(member)
                if part is not None:
                    return Mark(part, Match.PART, start, end, len(word))
        if found is not None and not stop:  # of „Haus der Berufe“ not every „der“
            return Mark(*found, 0, len(word), len(word))
        like = wanted.similar.get(word)
        return None if like is None else Mark(like, Match.SIMILAR, 0, len(word), len(word))


def strength(match: Match) -> int:
    """Smaller is stronger: a word itself says more than a part of it."""
    return _ORDER.index(match)
