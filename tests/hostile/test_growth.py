"""Twice the text is twice the work: steps are counted, nothing is timed; patterns: ``test_patterns``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.hostile.growth import RATIO, text_of, works

LETTERS = 1_500
# What repeated itself and was slow, or is of a kind that could be.
TEXTS = (
    "blank lines", "underscores", "digits", "dots and blanks", "hyphens and lines", "one long compound",
    "places with commas", "glued persons", "open quotes", "brackets", "links", "parentheses", "dates", "days",
    "months", "last weekdays", "abbreviations", "colons", "list items", "headings", "section headings",
    "teaser headings", "lines of dates", "table rows", "perfect", "suspended", "many places",
)  # fmt: skip
WORKS = (
    "annotate", "annotate title", "analyze", "sentences", "corpus words", "running text", "search and snippet",
    "excerpt", "normalise", "tidy", "title", "repeated byline", "plain", "teasers", "printed lines",
    "printed short lines", "likeness", "versions", "page metadata",
)  # fmt: skip
# Steps that are taken once, whatever the text.
_ONCE = 2_000


@cache
def _works() -> dict[str, Callable[[str], object]]:
    return works()


def steps(work: Callable[[str], object], text: str) -> int:
    """How many lines are run, turns of loops made and functions of others called, when it is done again."""
    count = 0

    def line(_frame: object, _event: str, _argument: object) -> Any:
        nonlocal count
        count += 1
        return line

    def call(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "c_call"

    work(text)  # what is read of files and remembered of words
    traced, profiled = sys.gettrace(), sys.getprofile()
    sys.settrace(line)
    sys.setprofile(call)
    try:
        work(text)
    finally:
        sys.settrace(traced)
        sys.setprofile(profiled)
    return count


@pytest.mark.parametrize("name", WORKS)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    work = _works()[name]
    grown = {}
    for text in TEXTS:
        once, twice = (steps(work, text_of(text, letters)) for letters in (LETTERS, 2 * LETTERS))
        if twice > RATIO * once + _ONCE:
            grown[text] = (once, twice)
    assert grown == {}
