"""What stands below a text without being part of it: „Auch interessant“, „Ähnliche Beiträge“."""

from __future__ import annotations

import re

from crawler.extract.data import entries
from crawler.extract.lines.titles import plain_line

_HEADING = re.compile(r"#{1,6}\s")
_FULL_STOP = re.compile(r"[.!?…]\W*$")
# Of a section's lines, so many may be sentences: teasers have a line under their title now and then.
_MOST_SENTENCES = 0.5


def without_teasers(text: str) -> str:
    """Markdown without the sections that only point to other texts.

    A section goes where its heading, or a line on its own, says what it is (``data/teaser_headings.txt``) and
    its lines are titles rather than sentences; it ends with the next heading of its own level or above.
    """
    lines = text.split("\n")
    start = 0
    while (start := _next_teaser(lines, start)) < len(lines):
        end = _end_of(lines, start)
        below = [plain_line(line) for line in lines[start + 1 : end] if line.strip()]
        if sum(1 for line in below if _FULL_STOP.search(line)) <= _MOST_SENTENCES * len(below):
            del lines[start:end]
        else:
            start += 1
    shortened = "\n".join(lines).strip("\n")
    return shortened if any(map(str.isalnum, shortened)) else text


def _next_teaser(lines: list[str], start: int) -> int:
    names = entries("teaser_headings.txt")
    for number in range(max(start, 1), len(lines)):
        if len(lines[number]) < 80 and plain_line(lines[number]).casefold().rstrip(" .…:!") in names:
            return number
    return len(lines)


def _end_of(lines: list[str], start: int) -> int:
    level = len(lines[start]) - len(lines[start].lstrip("#")) or 6
    for number in range(start + 1, len(lines)):
        mark = _HEADING.match(lines[number])
        if mark is not None and len(mark[0]) - 1 <= level:
            return number
    return len(lines)
