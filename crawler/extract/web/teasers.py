"""What stands below a text without being part of it: „Auch interessant“, „Ähnliche Beiträge“."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import accumulate

from crawler.extract.lines.tidy import tidy_text
from crawler.extract.lines.titles import plain_line
from crawler.extract.web.phrases import is_furniture_line, names_pointers, points_elsewhere

_HEADING = re.compile(r"#{1,6}\s")
_LEVELS = 6
_BEHIND_WORDS = re.compile(r"(?<!\W)\W+$")
_MARKS = frozenset(".!?…")
# Of a section's lines, so many may be sentences: teasers have a line under their title now and then.
_MOST_SENTENCES = 0.5


def without_teasers(text: str) -> str:
    """Markdown without the sections that only point to other texts.

    A section goes where its heading, or a line on its own, says what it is (``data/teaser_headings.txt``) and
    its lines are titles rather than sentences; it ends with the next heading of its own level or above.
    """
    lines = text.split("\n")
    teasers = [number for number in range(1, len(lines)) if names_pointers(lines[number])]
    if not teasers:
        return _shortened(lines, text)
    ends, sentences = _ends(lines, teasers), _Sentences(lines)
    kept, at = [], 0
    for start in teasers:
        if start >= at and sentences.are_few(start + 1, ends[start]):
            kept += lines[at:start]
            at = ends[start]
    return _shortened(kept + lines[at:], text)


def _shortened(lines: list[str], text: str) -> str:
    shortened = "\n".join(lines).strip("\n")
    return shortened if any(map(str.isalnum, shortened)) else text


def _ends(lines: list[str], starts: Collection[int]) -> dict[int, int]:
    """Where the section ends that begins with each of these lines, found from behind for all of them."""
    following = [len(lines)] * (_LEVELS + 1)  # the next heading of each level or above
    wanted, ends = set(starts), {}
    for number in range(len(lines) - 1, 0, -1):
        line = lines[number]
        if number in wanted:
            ends[number] = following[min(len(line) - len(line.lstrip("#")) or _LEVELS, _LEVELS)]
        mark = _HEADING.match(line)
        if mark is not None:
            level = len(mark[0]) - 1
            following[level:] = [number] * (_LEVELS + 1 - level)
    return ends


class _Sentences:
    """How many of the lines are sentences, counted once for all sections."""

    def __init__(self, lines: list[str]) -> None:
        said = [bool(line.strip()) for line in lines]
        ended = [there and _ends_sentence(plain_line(line)) for there, line in zip(said, lines, strict=True)]
        self._said = [0, *accumulate(said)]
        self._ended = [0, *accumulate(ended)]

    def are_few(self, start: int, end: int) -> bool:
        """Whether at most half of the lines are that stand from one number up to another."""
        said, ended = (counts[end] - counts[start] for counts in (self._said, self._ended))
        return ended <= _MOST_SENTENCES * said


def _ends_sentence(line: str) -> bool:
    """Whether a mark that ends a sentence stands behind the last word."""
    behind = _BEHIND_WORDS.search(line)
    return behind is not None and not _MARKS.isdisjoint(behind[0])


def without_furniture_lines(text: str) -> str:
    """Markdown without the lines of a website (``data/furniture_lines.txt``)."""
    kept = [line for line in text.split("\n") if not is_furniture_line(line) and not points_elsewhere(line)]
    return tidy_text(_shortened(kept, text))
