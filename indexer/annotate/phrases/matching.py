"""Finds all patterns of all annotators in one pass over the tokens of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from indexer.annotate.phrases.patterns import PART_LETTERS, WordTest, fold, parse_pattern
from indexer.annotate.text.language import normal_form
from indexer.annotate.text.spans import TokenSpan
from indexer.annotate.text.tokens import Tokens

GAP_WORDS = 4
# So many quotes, hyphens and brackets may stand between two words of a phrase.
_CONNECTORS = 3
# Distinct word forms of which the tests are remembered; some 40 MB at most.
_CACHED_FORMS = 300_000
# What no gap spans, and what may stand between two words of a phrase beside white space.
_SENTENCE_ENDS = frozenset(".!?;:…|")
_CONNECTING = frozenset("-–—/\"„“”»«›‹'’‚‘()*_[]&")

# Spans by key, in text order.
Found = Mapping[str, list[TokenSpan]]
# A pattern's key, and the number of the set that it belongs to.
_Name = tuple[int, str]


class _TestIndex:
    """All tests of words, numbered; looked up by stem, by spelling, or by a part and its first three letters.

    Trying 500 tests on every new word form took two thirds of all annotation time.
    """

    def __init__(self) -> None:
        self._numbers: dict[WordTest, int] = {}
        self._stems: dict[str, int] = {}
        self._spellings: dict[str, int] = {}
        self._parts: dict[str, list[tuple[WordTest, int]]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    def number(self, test: WordTest) -> int:
        """The number of a test, a new one for a new test."""
        if test not in self._numbers:
            number = self._numbers[test] = len(self._numbers)
            if test.kind == "stem":
                self._stems[test.value] = number
            elif test.kind == "exact":
                self._spellings[test.value] = number
            else:
                self._parts.setdefault(test.value, []).append((test, number))
                begin = test.value[:PART_LETTERS]
                self._lengths[begin] = tuple(sorted({*self._lengths.get(begin, ()), len(test.value)}))
        return self._numbers[test]

    def of_stem(self, stem: str) -> tuple[int, ...]:
        """The test of a stem, if there is one."""
        return (self._stems[stem],) if stem in self._stems else ()

    def of_letters(self, word: str) -> Iterator[tuple[int, re.Pattern[str] | None]]:
        """The tests of spelling and of parts that a word passes, parts with how umlauts are written."""
        if word in self._spellings:
            yield self._spellings[word], None
        folded = fold(word)
        for start in range(len(folded) - PART_LETTERS + 1):
            begin = folded[start : start + PART_LETTERS]
            if begin not in self._lengths:
                continue
            for length in self._lengths[begin]:
                for test, number in self._parts.get(folded[start : start + length], ()):
                    if _may_stand_at(test, start, len(folded)):
                        yield number, _written(test)


def _may_stand_at(test: WordTest, start: int, length: int) -> bool:
    """Whether a part may begin there in a word of this length."""
    if test.kind == "begins":
        return start == 0
    return test.kind == "holds" or start + len(test.value) == length


@cache
def _written(test: WordTest) -> re.Pattern[str]:
    return re.compile(test.regex())


class _Step:
    """What may follow behind some words of a phrase.

    ``names`` are the patterns that end here; ``ways`` are the tests of the next word, each with what follows
    then, by the number of gaps before that word.
    """

    __slots__ = ("names", "ways")

    def __init__(self) -> None:
        self.names: list[_Name] = []
        self.ways: dict[int, dict[int, _Step]] = {}


class _Form(NamedTuple):
    """What is asked for of a word form: patterns that are this word alone, and tests of words of phrases."""

    alone: tuple[_Name, ...]
    tests: tuple[int, ...]


class PatternIndex:
    """The patterns of many sets in one place, so that a text is gone through once for all of them.

    What a word form passes is worked out once and remembered; most pass nothing. The phrases are a tree of
    tests, entered at every token that passes a first one; few of the tokens behind it are looked at.
    """

    def __init__(self) -> None:
        self._tests = _TestIndex()
        self._sets = 0
        self._alone: dict[int, list[_Name]] = {}
        self._phrases = _Step()
        self._in_phrases: set[int] = set()
        self._forms: dict[str, _Form | None] = {}
        self._norms: dict[tuple[str, str], tuple[int, ...]] = {}
        self._content = object()  # another one with every change

    def new_set(self) -> int:
        """The number of one more set of patterns."""
        self._sets, self._content = self._sets + 1, object()
        return self._sets - 1

    def add(self, number: int, key: str, pattern: str) -> None:
        """Add a pattern to the set of this number, under a key.

        Raises:
            ConfigurationError: the pattern cannot be understood.
        """
        slots = parse_pattern(pattern)
        self._forms, self._norms, self._content = {}, {}, object()
        if len(slots) == 1:
            for test in {self._tests.number(word) for word in slots[0]}:
                self._alone.setdefault(test, []).append((number, key))
            return
        for words in product(*[slot or (None,) for slot in slots]):
            step, gaps = self._phrases, 0
            for word in words:
                if word is None:
                    gaps += 1
                    continue
                test = self._tests.number(word)
                self._in_phrases.add(test)
                step, gaps = step.ways.setdefault(gaps, {}).setdefault(test, _Step()), 0
            step.names.append((number, key))

    def find(self, tokens: Tokens) -> list[Found]:
        """What is found of each set; of overlapping spans of a key the first and shortest stays."""
        known: list[Found] | None = tokens.worked_out.get(self._content)
        if known is None:
            known = tokens.worked_out[self._content] = self._find(tokens)
        return known

    def _find(self, tokens: Tokens) -> list[Found]:
        words = tokens.words
        found: list[dict[str, list[TokenSpan]]] = [{} for _ in range(self._sets)]
        tests: dict[int, tuple[int, ...]] = {}
        forms = enumerate(map(self._forms_of(words).__getitem__, words))
        for index, form in [(index, form) for index, form in forms if form is not None]:
            for number, key in form.alone:
                found[number].setdefault(key, []).append(TokenSpan(index, index + 1))
            if form.tests:
                tests[index] = form.tests
        for index, norm in tokens.norms.items():
            tests[index] = self._written_out(words[index], norm)
        first = self._phrases.ways.get(0, {})
        for start, passed in tests.items():
            for test in passed:
                if test in first:
                    _follow(first[test], start, start, words, tests, found)
        return [{key: _without_overlaps(spans) for key, spans in one.items()} for one in found]

    def _written_out(self, word: str, norm: str) -> tuple[int, ...]:
        """The tests of words of phrases that a word passes that stands for another one."""
        known = self._norms.get((word, norm))
        if known is None:
            letters = self._tests.of_letters(word)
            known = self._norms[word, norm] = self._in_phrase(word, self._tests.of_stem(norm), letters)
        return known

    def _forms_of(self, words: Sequence[str]) -> Mapping[str, _Form | None]:
        """What is asked for of these words, and perhaps of others."""
        forms = self._forms
        new = set(words).difference(forms)
        if len(forms) + len(new) > _CACHED_FORMS:
            forms, new = {}, set(words)
        for word in new:
            forms[word] = self._form(word)
        self._forms = forms
        return forms

    def _form(self, word: str) -> _Form | None:
        stem = self._tests.of_stem(normal_form(word))
        letters = list(self._tests.of_letters(word))
        if not stem and not letters:
            return None
        passed = {*stem, *(number for number, _ in letters)}
        names = tuple(name for test in sorted(passed) for name in self._alone.get(test, ()))
        return _Form(names, self._in_phrase(word, stem, letters))

    def _in_phrase(
        self, word: str, stem: Iterable[int], letters: Iterable[tuple[int, re.Pattern[str] | None]]
    ) -> tuple[int, ...]:
        """The tests of words of phrases that a word passes; parts of it with the umlauts that it has."""
        lowered = word.lower()
        passed = {number for number, part in letters if part is None or part.search(lowered)}
        return tuple(sorted(self._in_phrases.intersection(passed.union(stem))))


def _follow(
    step: _Step,
    start: int,
    index: int,
    words: Sequence[str],
    tests: Mapping[int, tuple[int, ...]],
    found: Sequence[dict[str, list[TokenSpan]]],
) -> None:
    """Note every phrase that begins with the token ``start`` and has come to ``step`` with ``index``."""
    for number, key in step.names:
        found[number].setdefault(key, []).append(TokenSpan(start, index + 1))
    for gaps, following in step.ways.items():
        most = gaps * GAP_WORDS or _CONNECTORS
        for place in range(index + 1, min(len(words), index + 2 + most)):
            if place in tests:
                for test in tests[place]:
                    if test in following:
                        _follow(following[test], start, place, words, tests, found)
            word = words[place]
            if word in _SENTENCE_ENDS if gaps else word not in _CONNECTING and not word.isspace():
                break
            if word.count("\n") > 1:  # one line end is wrapped text, two end the paragraph
                break


class PatternSet:
    """Some of the patterns of an index, found with all the others."""

    def __init__(self, index: PatternIndex) -> None:
        self._index = index
        self._number = index.new_set()

    def add(self, key: str, pattern: str) -> None:
        """Add a pattern under a key (several patterns may share it).

        Raises:
            ConfigurationError: the pattern cannot be understood.
        """
        self._index.add(self._number, key, pattern)

    def find(self, tokens: Tokens) -> Found:
        """Spans by key, in text order; of overlapping spans of one key the first and shortest stays."""
        return self._index.find(tokens)[self._number]


def _without_overlaps(spans: list[TokenSpan]) -> list[TokenSpan]:
    if len(spans) == 1:
        return spans
    kept: list[TokenSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if not kept or not kept[-1].overlaps(span):
            kept.append(span)
    return kept
