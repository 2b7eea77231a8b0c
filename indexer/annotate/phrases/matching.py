"""Finds many patterns of ``phrases.patterns`` in tokens at once, phrases with spaCy's Matcher."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from spacy.attrs import ORTH
from spacy.matcher import Matcher
from spacy.tokens import Doc

from indexer.annotate.phrases.patterns import PART_LETTERS, Slot, WordTest, fold, parse_pattern
from indexer.annotate.text.language import German, normal_form
from indexer.annotate.text.spans import TokenSpan

GAP_WORDS = 4
# So many quotes, hyphens and brackets may stand between two words of a phrase.
_CONNECTORS = 3
# Distinct word forms of which the tests are remembered; some 40 MB at most.
_CACHED_FORMS = 300_000


class _TestIndex:
    """All tests of a pattern set, numbered; looked up by stem, spelling or the first three letters of a part.

    Trying 500 tests on every new word form took two thirds of all annotation time.
    """

    def __init__(self) -> None:
        self._numbers: dict[WordTest, int] = {}
        self._whole: dict[tuple[str, str], int] = {}
        self._parts: dict[str, list[tuple[WordTest, int]]] = {}

    def number(self, test: WordTest) -> int:
        """The number of a test, a new one for a new test."""
        if test not in self._numbers:
            number = self._numbers[test] = len(self._numbers)
            if test.kind in ("stem", "exact"):
                self._whole[test.kind, test.value] = number
            else:
                self._parts.setdefault(test.value[:PART_LETTERS], []).append((test, number))
        return self._numbers[test]

    def holding(self, form: str) -> tuple[int, ...]:
        """The numbers of all tests that a word form passes."""
        found = [self._whole.get(("stem", normal_form(form))), self._whole.get(("exact", form))]
        folded = fold(form)
        for start in range(len(folded) - PART_LETTERS + 1):
            for test, number in self._parts.get(folded[start : start + PART_LETTERS], ()):
                if _part_at(test, folded, start):
                    found.append(number)
        return tuple({number for number in found if number is not None})


def _part_at(test: WordTest, folded: str, start: int) -> bool:
    if not folded.startswith(test.value, start):
        return False
    if test.kind == "begins":
        return start == 0
    return test.kind == "holds" or start + len(test.value) == len(folded)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A pattern of several words with the spaCy matcher that finds it, ``reach`` tokens long at most."""

    key: str
    needs: tuple[frozenset[int], ...]  # for each word: one of these tests must hold somewhere in the text
    reach: int
    matcher: Matcher

    def find(self, doc: Doc, places: Mapping[int, list[int]]) -> Iterator[TokenSpan]:
        """Matches near the rarest of the phrase's words; ``places`` are token numbers by test."""
        standing = [[place for test in needed for place in places.get(test, ())] for needed in self.needs]
        rarest = min(standing, key=len)
        for window in _windows(sorted(rarest), self.reach, len(doc)):
            part = doc[window.start : window.end]
            for _, start, end in self.matcher(part):
                yield TokenSpan(window.start + start, window.start + end)


def _windows(places: Iterable[int], reach: int, length: int) -> Iterator[TokenSpan]:
    """Stretches of tokens around places, joined where they meet, so that nothing is found twice."""
    start, end = 0, 0
    for place in places:
        if place - reach > end and end:
            yield TokenSpan(start, end)
            end = 0
        start = start if end else max(0, place - reach)
        end = min(length, place + reach + 1)
    if end:
        yield TokenSpan(start, end)


class PatternSet:
    """Many patterns under keys, found in one pass.

    Single words are tested once for each distinct word form and remembered. A phrase's spaCy matcher runs only
    around the rarest of its words: with 250 matchers over the whole of a text of 300,000 words all annotators
    took 39 seconds, so 6.
    """

    def __init__(self, language: German) -> None:
        self._language = language
        self._tests = _TestIndex()
        self._single: dict[int, list[str]] = {}
        self._phrases: list[_Phrase] = []
        self._starting: dict[int, list[int]] = {}  # phrases by the tests of their first word
        self._forms: dict[int, tuple[int, ...]] = {}

    def add(self, key: str, pattern: str) -> None:
        """Add a pattern under a key (several patterns may share it).

        Raises:
            ConfigurationError: the pattern cannot be understood.
        """
        slots = parse_pattern(pattern)
        self._forms.clear()
        numbers = [frozenset(self._tests.number(test) for test in slot) for slot in slots]
        if len(slots) == 1:
            for number in numbers[0]:
                self._single.setdefault(number, []).append(key)
            return
        matcher = Matcher(
            self._language.vocab, validate=False
        )  # the schema knows no flags; parse_pattern checked
        matcher.add(key, [self._token_patterns(choice) for choice in self._choices(slots)])
        reach = sum(1 + _CONNECTORS if slot else GAP_WORDS for slot in slots)
        for number in numbers[0]:
            self._starting.setdefault(number, []).append(len(self._phrases))
        self._phrases.append(_Phrase(key, tuple(needed for needed in numbers if needed), reach, matcher))

    @staticmethod
    def _choices(slots: tuple[Slot, ...]) -> Iterable[tuple[WordTest | None, ...]]:
        return product(*[slot or (None,) for slot in slots])

    def _token_patterns(self, words: tuple[WordTest | None, ...]) -> list[dict[Any, Any]]:
        tokens: list[dict[Any, Any]] = []
        for index, word in enumerate(words):
            if word is None:
                tokens.append({self._language.gap: True, "OP": f"{{0,{GAP_WORDS}}}"})
                continue
            if index and words[index - 1] is not None:
                tokens.append({self._language.connector: True, "OP": f"{{0,{_CONNECTORS}}}"})
            tokens.append(word.token_pattern())
        return tokens

    def find(self, doc: Doc) -> dict[str, list[TokenSpan]]:
        """Spans by key, in text order; of overlapping spans of one key the first and shortest stays."""
        found: dict[str, list[TokenSpan]] = {}
        places: dict[int, list[int]] = {}
        forms = self._forms
        # As numbers at once: making 2 million Token objects took a sixth of all annotation time. Each form is
        # looked up once; most pass no test.
        orths = doc.to_array(ORTH).tolist()
        strings = doc.vocab.strings
        telling = {
            orth: numbers
            for orth in set(orths)
            if (numbers := forms[orth] if orth in forms else self._remember(orth, strings[orth]))
        }
        for index, orth in enumerate(orths) if telling else ():
            for number in telling.get(orth, ()):
                places.setdefault(number, []).append(index)
                for key in self._single.get(number, ()):
                    found.setdefault(key, []).append(TokenSpan(index, index + 1))
        possible = {position for number in places for position in self._starting.get(number, ())}
        for position in sorted(possible):
            phrase = self._phrases[position]
            for needed in phrase.needs:
                if needed.isdisjoint(places):
                    break
            else:
                found.setdefault(phrase.key, []).extend(phrase.find(doc, places))
        return {key: _without_overlaps(spans) for key, spans in found.items() if spans}

    def _remember(self, orth: int, form: str) -> tuple[int, ...]:
        if len(self._forms) >= _CACHED_FORMS:
            self._forms.clear()
        numbers = self._forms[orth] = self._tests.holding(form)
        return numbers


def _without_overlaps(spans: list[TokenSpan]) -> list[TokenSpan]:
    kept: list[TokenSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if not kept or not kept[-1].overlaps(span):
            kept.append(span)
    return kept
