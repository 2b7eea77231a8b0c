"""Lines between title and text that say who wrote it and when: read once, then taken out of the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crawler.extract.data import pairs, words
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.names import split_names as split_names
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.lines.titles import plain_line
from kb.model import PartialDate

_WORD = re.compile(r"[^\W\d_]+")
_MAX_CHARS = 250
# No line with names and dates alone is longer, however much of it is links and marks.
_MAX_LINE = 4_000
_FIRST_LINES = 24  # a blank one between each two


@dataclass(frozen=True, slots=True)
class Byline:
    """What the line said, and the text without it."""

    text: str
    published: PartialDate | None = None


def take_byline(text: str, authors: Iterable[str]) -> Byline:
    """Cut off a first paragraph that names all the authors and states a date, and read that date."""
    head, _, rest = text.partition("\n\n")
    line, named = tidy_line(head), list(authors)
    date = (
        read_date(line) if named and len(line) <= _MAX_CHARS and all(name in line for name in named) else None
    )
    if date is None or date.year is None or not rest.strip() or line.endswith((".", "!", "?", ":")):
        return Byline(text)
    return Byline(rest.lstrip("\n"), date)


def without_byline(
    text: str, names: Iterable[str], dates: Iterable[PartialDate | None], told: Iterable[str] = ()
) -> str:
    """The text without first lines that only repeat dates and names which are known from elsewhere.

    ``told`` are lines, without marks, that are known to be nothing else; they go from among the first dozen.
    """
    text = _without_told(text, frozenset(map(_letters, told)) - {""})
    names, own_dates = [name for name in names if name], [date for date in dates if date is not None]
    known = words("byline_words.txt") | {spelling.casefold() for _, spelling in pairs("months.tsv")}
    known |= {word.casefold() for name in names for word in _WORD.findall(name)}
    last = len(text.rstrip())
    start = 0
    while True:
        end = text.find("\n", start)
        head = text[start : end if end >= 0 else len(text)]
        if len(head) > _MAX_LINE:
            return text[start:]
        line = plain_line(head)
        date = read_date(line)
        repeats = date in own_dates if date else any(name in line for name in names)
        foreign = any(word.casefold() not in known for word in _WORD.findall(line))
        if head.startswith(("#", "|")) or not 0 <= end < last or foreign or not repeats:
            return text[start:]
        start = end
        while text[start] == "\n":
            start += 1


def _without_told(text: str, told: Collection[str]) -> str:
    """Without those of the first lines; never all of a text."""
    if not told:
        return text
    kept: list[str] = []
    rest = text
    for _ in range(_FIRST_LINES):
        line, mark, rest = rest.partition("\n")
        if len(line) <= _MAX_LINE and not line.startswith(("#", "|")) and _letters(plain_line(line)) in told:
            rest = rest.lstrip("\n")
        else:
            kept.append(line + mark)
        if not rest:
            break
    left = "".join(kept) + rest
    return left.strip("\n") if any(map(str.isalnum, left)) else text


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line.casefold()))
