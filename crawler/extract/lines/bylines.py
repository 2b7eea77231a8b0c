"""Lines between title and text that say who wrote it and when: read once, then taken out of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.extract.data import pairs, words
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.lines.titles import plain_line
from kb.model import PartialDate

_START = re.compile(r"^\s*(?:von|by|text|autor(?:in|innen|en)?)\s*:?\s+", re.IGNORECASE)
# In a tidy line, which has single blanks only.
_NAME_BREAK = re.compile(r" ?(?:[,;|/·]| und | and | & ) ?")
_NAME = re.compile(r"[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){0,4}")
_WORD = re.compile(r"[^\W\d_]+")
_MAX_CHARS = 250


@dataclass(frozen=True, slots=True)
class Byline:
    """What the line said, and the text without it."""

    text: str
    published: PartialDate | None = None


def split_names(value: str) -> list[str]:
    """The names in „Von Erika Beispiel und Ali Muster“; addresses are no names."""
    if value.startswith(("http:", "https:")) or "@" in value:
        return []
    return [part for part in _NAME_BREAK.split(tidy_line(_START.sub("", value))) if _NAME.fullmatch(part)]


def byline_names(text: str) -> list[str]:
    """The names of a line such as „Von Erika Beispiel, 12. März 2019“; a line of another kind has none."""
    line = tidy_line(text)
    if len(line) > _MAX_CHARS or not _START.match(line):
        return []
    return [name for name in split_names(line) if read_date(name) is None and len(name.split()) > 1]


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


def without_byline(text: str, names: Iterable[str], dates: Iterable[PartialDate | None]) -> str:
    """The text without first lines that only repeat dates and names which are known from elsewhere."""
    names, own_dates = [name for name in names if name], [date for date in dates if date is not None]
    known = words("byline_words.txt") | {spelling.casefold() for _, spelling in pairs("months.tsv")}
    known |= {word.casefold() for name in names for word in _WORD.findall(name)}
    last = len(text.rstrip())
    start = 0
    while True:
        end = text.find("\n", start)
        head = text[start : end if end >= 0 else len(text)]
        line = plain_line(head)
        date = read_date(line)
        repeats = date in own_dates if date else any(name in line for name in names)
        foreign = any(word.casefold() not in known for word in _WORD.findall(line))
        if head.startswith(("#", "|")) or not 0 <= end < last or foreign or not repeats:
            return text[start:]
        start = end
        while text[start] == "\n":
            start += 1
