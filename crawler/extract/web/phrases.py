"""Lines and headings that belong to websites rather than to texts, as data files list them."""

from __future__ import annotations

import re
from functools import cache

from crawler.extract.data import entries
from crawler.extract.lines.titles import plain_line

_HEADING_CHARS = 80
_LINE_CHARS = 260
_AROUND = " .…:!?»›«‹<>|·•-–→↑+"
# How long a film is, where a player stood: „50:55“, „00:00 / 03:15“, „01:48 min“.
_DURATION = re.compile(r"\d{1,3}:\d\d(?: ?/ ?\d{1,3}:\d\d)?(?: min\.?)?")


class Phrases:
    """Whole lines of a data file, and beginnings of lines, which end there with „…“."""

    def __init__(self, name: str) -> None:
        every = entries(name)
        beginnings = {line.removesuffix("…").strip() for line in every if line.endswith("…")}
        self._whole = every | beginnings
        # A single word begins too many sentences; with a colon it is a label.
        self._beginnings = tuple(line if " " in line else f"{line}:" for line in beginnings)

    def has(self, words: str) -> bool:
        """Whether these words, case folded and without marks around them, are one of the lines."""
        return words in self._whole

    def begins(self, words: str) -> bool:
        """Whether they begin like one."""
        return words.startswith(self._beginnings)


@cache
def _phrases(name: str) -> Phrases:
    return Phrases(name)


def is_furniture_line(line: str) -> bool:
    """Whether a line says „Teilen“, „Nach oben“, „War diese Seite hilfreich?“."""
    if not line or len(line) > _LINE_CHARS:
        return False
    words = plain_line(line).casefold().strip(_AROUND)
    if line.endswith(".") and " " not in words:  # a sentence of one word, no label
        return False
    known = _phrases("furniture_lines.txt")
    return known.has(words) or known.begins(words) or _DURATION.fullmatch(words) is not None


def names_pointers(line: str) -> bool:
    """Whether a heading or a line says that other texts follow: „Auch interessant“, „Mehr zum Thema Schule“."""
    if not line or len(line) > _HEADING_CHARS:
        return False
    words = plain_line(line).casefold()
    known = _phrases("teaser_headings.txt")
    return known.has(words.strip(_AROUND)) or (
        known.begins(words.strip(_AROUND)) and not words.endswith((".", "?"))
    )


def points_elsewhere(line: str) -> bool:
    """Whether a line says „Lesen Sie auch“ and names the other text with a link."""
    if "](" not in line or len(line) > 2 * _LINE_CHARS:
        return False
    words = plain_line(line).casefold().strip(_AROUND)
    return len(words) <= _LINE_CHARS and _phrases("teaser_headings.txt").begins(words)


def names_facts(line: str) -> bool:
    """Whether a heading says „Auf einen Blick“, „Steckbrief“: what stands below is part of the text."""
    if not line or len(line) > _HEADING_CHARS:
        return False
    words = plain_line(line).casefold().strip(_AROUND)
    known = _phrases("fact_headings.txt")
    return known.has(words) or known.begins(words)
