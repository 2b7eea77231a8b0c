"""Every regular expression of code and data files takes linear time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest

from crawler.extract.lines import authors, dates
from crawler.extract.office import titles
from crawler.extract.web import page_lines
from crawler.sources import file as source_file
from indexer.annotate.card import CardReader
from indexer.annotate.kind.features import DocTypeFeatures
from indexer.annotate.phrases.matching import PatternIndex
from indexer.annotate.phrases.patterns import parse_pattern
from indexer.annotate.places import spelling
from indexer.ranking import correction
from kb.rights import licences
from tests.hostile.collected import Found, patterns_of_code
from tests.hostile.patterns import slow


def _card() -> Iterable[re.Pattern[str]]:
    cards = CardReader(PatternIndex())
    return cards._opening, cards._next


def _features() -> Iterable[re.Pattern[str]]:
    return (DocTypeFeatures(PatternIndex())._label_line,)


def _counts() -> Iterable[re.Pattern[str]]:
    counts = DocTypeFeatures(PatternIndex())._counts
    anchored = [pattern for _, pattern in (*counts._patterns, *counts._lines)]
    return [*anchored, *(pattern for _, pattern, _ in counts._regexes)]


def _parts() -> Iterable[re.Pattern[str]]:
    ((test,),) = parse_pattern("*ausländerbehörd*")
    return (re.compile(test.regex()),)


# What is made when the program runs, by the file that makes it: of data files, and of words that are typed.
MADE: dict[str, Callable[[], Iterable[re.Pattern[str]]]] = {
    "crawler/extract/lines/authors.py": lambda: (
        authors._openers(),
        authors._other_roles(),
        authors._behind_sentence(),
        authors._lower_case(),
        authors._bracketed(),
    ),
    "crawler/extract/lines/dates.py": dates._patterns,
    "crawler/extract/office/titles.py": lambda: (titles._contact(),),
    "crawler/extract/web/page_lines.py": lambda: [pattern for _, pattern in page_lines._surroundings()],
    "crawler/sources/file.py": lambda: (source_file._line_pattern("allowed"),),
    "indexer/annotate/card.py": _card,
    "indexer/annotate/kind/counts.py": _counts,
    "indexer/annotate/kind/features.py": _features,
    "indexer/annotate/phrases/matching.py": _parts,
    "indexer/annotate/places/spelling.py": lambda: (spelling.words().begins, spelling.words().titles),
    "indexer/ranking/correction.py": lambda: (correction._typed("Übergang"),),
    "kb/rights/licences.py": lambda: (licences._open_licences(),),
}
FOUND, NOT_READ = patterns_of_code()


@pytest.mark.parametrize(
    ("pattern", "flags", "way"),
    [
        (r"(a+)+b", 0, "exponential"),
        (r"(?:a*)*b", 0, "exponential"),
        (r"(?:a{1,60})+b", 0, "exponential"),
        (r"(?:a|ab|b)+c", 0, "exponential"),
        (r"^(?:[a-z]+-?)+x", 0, "exponential"),
        (r"(?:\d{1,2}\.?)+\s+", 0, "exponential"),
        (r"^\s*,?\s*x", 0, "polynomial"),
        (r"^\w*\d\w*$", 0, "polynomial"),
        (r"^\s*[-•]\s", re.MULTILINE, "from every start"),
        (r"\s+$", 0, "from every start"),
        (r"\w+(?:en|ern)\b", 0, "from every start"),
        (r"\([^)]*\)", 0, "from every start"),
        (r"x(?=.*y)", 0, "from every start"),
        (r"(?<!\w)(?:\w+\s)+\d", 0, "from every start"),
        (r"(?i)(?:Ka|ka)+b", 0, "exponential"),
    ],
)
def test_what_is_slow_is_seen(pattern: str, flags: int, way: str) -> None:
    found = slow(pattern, flags)
    assert found is not None
    assert found.way == way


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        (r"\s+", 0),
        (r"^\s*x", 0),
        (r"^[^\S\n]*[-•]\s", re.MULTILINE),
        (r"(?<!\s)\s+$", 0),
        (r'"[^"]*"', 0),
        (r"\([^()]*\)", 0),
        (r"^(?:[a-z]+-)+x", 0),
        (r"[^\W\d_]{2,60}-", 0),
        (r"[^\W\d_]+(?:-[^\W\d_]+)*", 0),
        (r":(?=\s*\S)", 0),
        (r"^(?>a+)a*b", 0),
    ],
)
def test_what_is_not_slow_is_let_pass(pattern: str, flags: int) -> None:
    assert slow(pattern, flags) is None


def test_what_must_end_with_the_text_may_fail_late() -> None:
    assert slow(r"(?:[a-z]+ ?){1,5}", searched=False) is None
    assert slow(r"(?:[a-z]+ ?){1,5}", searched=False, whole=True) is not None


def test_every_pattern_is_read() -> None:
    assert len(FOUND) > 250
    assert {one.place for one in NOT_READ} == set(MADE)


@pytest.mark.parametrize("one", FOUND, ids=lambda one: one.place)
def test_patterns_of_the_code(one: Found) -> None:
    assert slow(one.pattern, one.flags, searched=one.searched) is None
    if one.whole:
        assert slow(one.pattern, one.flags, searched=False, whole=True) is None


@pytest.mark.parametrize("place", MADE)
def test_patterns_that_are_made(place: str) -> None:
    for pattern in MADE[place]():
        assert slow(pattern.pattern, pattern.flags, searched=False, whole=True) is None
        assert place in _ANCHORED or slow(pattern.pattern, pattern.flags) is None


# These are asked of the beginning of a line, a word or a licence only.
_ANCHORED = frozenset(
    [
        "crawler/sources/file.py",
        "indexer/annotate/card.py",
        "indexer/annotate/kind/counts.py",
        "kb/rights/licences.py",
    ]
)
