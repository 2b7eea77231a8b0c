"""Counts the words, signs and lines that ``data/doctype.toml`` names, all in one pass over a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from kb.errors import ConfigurationError

_WORD = re.compile(r"\w+")
# Word forms of which is remembered what they count for; some 10 MB.
_KNOWN_FORMS = 100_000
# What may stand behind the last word of a line.
_MARKS = ".;"


class Counted(NamedTuple):
    """How often something stands in a text, and its first place: offsets in code points, end exclusive."""

    times: int
    start: int
    end: int


class _Count(NamedTuple):
    """One ``[[count]]``: words as a whole, signs anywhere, how lines begin, how their last words end."""

    name: str
    words: tuple[str, ...]
    word: re.Pattern[str] | None
    signs: tuple[str, ...]
    regex: re.Pattern[str] | None
    needs: tuple[str, ...]
    line: re.Pattern[str] | None
    line_endings: tuple[str, ...]


class Counts:
    """Every ``[[count]]`` of a data file. 31 searches through a text took an eighth of all annotation time."""

    def __init__(self, tables: Iterable[Mapping[str, Any]]) -> None:
        """Compile the tables.

        Raises:
            ConfigurationError: one cannot be understood.
        """
        counts = [_read(table) for table in tables]
        self.names = tuple(count.name for count in counts)
        self._words: dict[str, list[int]] = {}
        for number, count in enumerate(counts):
            for word in count.words:
                self._words.setdefault(word, []).append(number)
        self._patterns = [(number, count.word) for number, count in enumerate(counts) if count.word]
        self._signs = [(number, sign) for number, count in enumerate(counts) for sign in count.signs]
        self._regexes = [
            (number, count.regex, count.needs) for number, count in enumerate(counts) if count.regex
        ]
        self._lines = [(number, count.line) for number, count in enumerate(counts) if count.line]
        self._endings = [
            (number, count.line_endings) for number, count in enumerate(counts) if count.line_endings
        ]
        self._numbers = lru_cache(maxsize=_KNOWN_FORMS)(self._counted_as)

    def of(self, text: str, lines: Iterable[tuple[int, int]]) -> dict[str, Counted]:
        """What stands in a text, by name; ``lines`` are the offsets of the lines that are not blank."""
        counted: dict[str, Counted] = {}
        for number, times, start, end in self._found(text, lines):
            name = self.names[number]
            known = counted.get(name)
            if known is None:
                counted[name] = Counted(times, start, end)
            else:
                counted[name] = Counted(known.times + times, *min(known[1:], (start, end)))
        return counted

    def _found(self, text: str, lines: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
        """The number of a count, how often something of it stands there, and where first."""
        words = _WORD.findall(text)
        counted = zip(words, map(self._numbers, words), strict=True)
        standing = Counter([word for word, numbers in counted if numbers])
        for word, found in standing.items():
            start = _first_alone(text, word)
            for number in self._numbers(word):
                yield number, found, start, start + len(word)
        for number, sign in self._signs:
            start = text.find(sign)
            if start >= 0:
                yield number, text.count(sign), start, start + len(sign)
        for number, regex, needs in self._regexes:
            if any(needed in text for needed in needs):
                yield from ((number, 1, *match.span()) for match in regex.finditer(text))
        for start, end in lines:
            for number, line in self._lines:
                match = line.match(text, start)
                if match is not None:
                    begin = _after_blank_lines(text, start) if line.pattern.startswith(r"[^\S\n]") else start
                    yield number, 1, begin, match.end()
            for number, endings in self._endings:
                last = _last_word(text, start, end, endings)
                if last is not None:
                    yield number, 1, last, _before_blank_lines(text, end)

    def _counted_as(self, form: str) -> tuple[int, ...]:
        """The numbers of the counts that a word counts for."""
        matching = (number for number, pattern in self._patterns if pattern.fullmatch(form))
        return tuple(sorted({*self._words.get(form, ()), *matching}))


def _first_alone(text: str, word: str) -> int:
    """Where a word stands first that is not a part of another."""
    start = text.index(word)
    while _is_letter(text[start - 1 : start]) or _is_letter(text[start + len(word) : start + len(word) + 1]):
        start = text.index(word, start + 1)
    return start


def _is_letter(char: str) -> bool:
    """As ``\\w`` takes it."""
    return char.isalnum() or char == "_"


def _last_word(text: str, start: int, end: int, endings: tuple[str, ...]) -> int | None:
    """Where the last word of a line begins, if it has one of the endings and more; a mark may follow it."""
    end = start + len(text[start:end].rstrip())
    end -= text[end - 1] in _MARKS
    if not text.endswith(endings, start, end):
        return None
    begin = end
    while begin > start and _is_letter(text[begin - 1]):
        begin -= 1
    longer = any(text.endswith(ending, start, end) and end - begin > len(ending) for ending in endings)
    return begin if longer else None


def _after_blank_lines(text: str, start: int) -> int:
    before = len(text[:start].rstrip())
    return text.index("\n", before) + 1 if before else 0


def _before_blank_lines(text: str, end: int) -> int:
    after = len(text) - len(text[end:].lstrip())
    return len(text) if after == len(text) else text.rindex("\n", 0, after)


def _read(table: Mapping[str, Any]) -> _Count:
    try:
        return _Count(
            str(table["name"]),
            tuple(map(str, table.get("words", ()))),
            _compiled(table.get("word")),
            tuple(map(str, table.get("signs", ()))),
            _compiled(table.get("regex")),
            tuple(map(str, table["needs"] if "regex" in table else ())),
            _compiled(table.get("line")),
            tuple(map(str, table.get("line_endings", ()))),
        )
    except (KeyError, TypeError, re.error) as error:
        raise ConfigurationError(
            f"ein [[count]] ist nicht zu verstehen ({error})",
            subject="indexer/annotate/data/doctype.toml",
            remedy="name und eines von words, word, signs, line, line_endings oder regex mit needs angeben",
        ) from error


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None
