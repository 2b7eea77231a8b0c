"""Which words of a text a query means, and why: for snippets, and for the reasons of a hit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from indexer.german import CompoundSplitter, GermanAnalyzer, Token, fold
from indexer.german.surface import WORD
from indexer.query.conditions import All, Any, Condition, Exactly, QueryPlan
from kb.model import Match

# Matches of one text that are weighed against each other; a text of 100 kB hardly has as many.
_MAX_MATCHES = 2_000
# Suspended hyphens, dotted abbreviations, letter-spaced words and split years: what words alone do not show.
_TOGETHER = re.compile(r"[-\u2010\u2011\u2013](?!\w)|(?<!\w)[-\u2013]\w|\w\.\s?\w|\b\w \w \w \w\b|\d[./]\d")
# Written words whose signs are kept; a full store is emptied, not managed.
_KEPT_WORDS = 100_000
_ORDER = (Match.WORD, Match.PHRASE, Match.PREFIX, Match.PART, Match.SYNONYM, Match.SIMILAR)


class Mark(NamedTuple):
    """Word number ``query`` of the plan means a word for the reason ``match``; ``start`` and ``end`` are the
    part of the word that is meant, end exclusive."""

    query: int
    match: Match
    start: int
    end: int


class Place(NamedTuple):
    """A mark's place in a text, in code points, end exclusive."""

    start: int
    end: int
    mark: Mark


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
    """All phrases of titles and texts that a query asks for."""
    match condition:
        case Exactly() if condition.in_texts:
            yield condition
        case All(conditions, _) | Any(conditions):
            for one in conditions:
                yield from phrases(one)


class WordSigns:
    """For written words everything that a query could mean them by; kept from search to search.

    The signs of a word are its terms, those of its members, and ``=`` before what was stemmed.
    """

    def __init__(self, analyzer: GermanAnalyzer, splitter: CompoundSplitter) -> None:
        self.analyzer = analyzer
        self.splitter = splitter
        self.known: dict[str, frozenset[str]] = {}

    def of(self, written: str) -> frozenset[str]:
        """The signs of a written word."""
        if len(self.known) >= _KEPT_WORDS:
            self.known.clear()
        signs: set[str] = set()
        for token in self.analyzer.tokens_of(written):
            signs |= {token.term, f"={token.word}"}
            if not token.stop:
                signs.update(self.splitter.parts(token.word))
        self.known[written] = found = frozenset(signs)
        return found


class Marker:
    """Finds a query's words in texts; one for each search."""

    def __init__(self, signs: WordSigns, wanted: Wanted) -> None:
        self._signs = signs
        self._analyzer = signs.analyzer
        self._splitter = signs.splitter
        self.wanted = wanted
        self._looked_for = frozenset((*wanted.terms, *wanted.parts, *(f"={word}" for word in wanted.similar)))
        self._scanned: tuple[str, list[Place]] = ("", [])

    @property
    def analyzer(self) -> GermanAnalyzer:
        """What texts are analysed by."""
        return self._analyzer

    def words(self, text: str) -> list[Place]:
        """Words that are meant whatever stands around them: many times as fast as ``tokens``."""
        if self._scanned[0] is not text:
            self._scanned = (text, self._scan(text))
        return self._scanned[1]

    def _scan(self, text: str) -> list[Place]:
        found: list[Place] = []
        signs, looked_for, beginnings = self._signs.known, self._looked_for, self.wanted.prefixes
        for match in WORD.finditer(text):
            word = match[0]
            its = signs.get(word)
            if its is None:
                its = self._signs.of(word)
            if beginnings or not looked_for.isdisjoint(its):
                start = match.start()
                places = self._places(self._analyzer.tokens_of(word))
                found += [Place(start + first, start + last, mark) for first, last, mark in places]
                if len(found) >= _MAX_MATCHES:
                    break
        return found

    def tokens(self, text: str) -> list[Place]:
        """All words that are meant, with those that several give together (``Schul- und Berufswahl``)."""
        if _TOGETHER.search(text) is None:
            return self._scan(text)
        return sorted(self._places(self._analyzer.analyze(text)), key=lambda place: place[:2])

    def _places(self, tokens: list[Token]) -> Iterator[Place]:
        for token in tokens:
            mark = self._mark(token)
            if mark is not None:
                # Umlauts in other spellings and soft hyphens make the written word longer: mark all of it.
                exact = token.end - token.start == len(token.word)
                start, end = (mark.start, mark.end) if exact else (0, token.end - token.start)
                yield Place(token.start + start, token.start + end, mark)

    def _mark(self, token: Token) -> Mark | None:
        wanted, word = self.wanted, token.word
        found = wanted.terms.get(token.term)
        if found is not None and found[1] is not Match.SYNONYM:
            return Mark(*found, 0, len(word))
        for prefix, number in wanted.prefixes:
            if fold(word).startswith(prefix):
                return Mark(number, Match.PREFIX, 0, len(word))
        if wanted.parts and not token.stop:
            part = wanted.parts.get(token.term)
            if part is not None:
                return Mark(part, Match.PART, 0, len(word))
            for start, end, term in self._splitter.members(word):
                part = wanted.parts.get(term)
                if part is not None:
                    return Mark(part, Match.PART, start, end)
        if found is not None and not token.stop:  # of „Haus der Berufe“ not every „der“
            return Mark(*found, 0, len(word))
        like = wanted.similar.get(word)
        return None if like is None else Mark(like, Match.SIMILAR, 0, len(word))


def strength(match: Match) -> int:
    """Smaller is stronger: a word itself says more than a part of it."""
    return _ORDER.index(match)
