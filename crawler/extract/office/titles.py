"""The title of an office document: its own property where somebody meant it, else how its text begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from crawler.extract.data import lines
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.default_names import is_default_title
from crawler.extract.lines.titles import plain_line

# What may stand above the title: so many paragraphs, none of them longer.
_MAX_ABOVE = 12
_MAX_ABOVE_CHARS = 200
_WORD = re.compile(r"[^\W\d_]{4,}")
# A line of a letterhead: an address of some kind, or nothing but a place and a day.
_ADDRESS = re.compile(r"@|\bwww\.|https?://|\b\d{5} [A-ZÄÖÜ]")
_MARK = re.compile(r"(?<=\S)\[\d{1,3}\]")
_DAY_LINE = re.compile(
    r"(?:[^\W\d_][\w./ -]{0,40},? )?(?:den |am )?\(?[0-3]?\d\. ?(?:[^\W\d_]{3,9}|[01]?\d\.) ?\d{2,4}\)?\.?"
)


@cache
def _contact() -> re.Pattern[str]:
    """„Tel.: 01234/5678“."""
    words = "|".join(map(re.escape, lines("letterhead.txt")))
    return re.compile(rf"\b(?:{words}) ?[.:]", re.IGNORECASE)


def title_of(text: str, stated: str | None, derived: str) -> str:
    """The title that the file states, the one heading at its beginning, or what the first lines gave."""
    above = _heading_on_top(text)
    if stated and not is_default_title(stated) and not (above and _is_foreign(stated, text)):
        return stated
    return above or derived


def text_below_letterhead(text: str) -> str:
    """The text from its first line that may be a title: a table, a date or an address on top is none."""
    blocks = text.split("\n\n", _MAX_ABOVE)
    for number, block in enumerate(blocks[:_MAX_ABOVE]):
        if not _is_letterhead(block):
            return "\n\n".join(blocks[number:])
    return next((cell for cell in _cells(text) if any(map(str.isalpha, cell))), text)


def without_marks(title: str) -> str:
    """A title without the marks of footnotes."""
    return _MARK.sub("", title) or title


def _cells(text: str) -> Iterator[str]:
    """The cells of the first lines of a text that is all tables."""
    for line in islice(text.split("\n"), _MAX_ABOVE):
        yield from map(str.strip, line.split("|"))


def _is_letterhead(block: str) -> bool:
    if block.startswith("|"):
        return True
    if block.startswith("#") or len(block) > _MAX_ABOVE_CHARS:
        return False
    found = [line for line in map(plain_line, block.split("\n")) if line]
    return bool(found) and all(
        _contact().search(line) or _ADDRESS.search(line) or _is_day(line) for line in found
    )


def _is_day(line: str) -> bool:
    return len(line) < 80 and _DAY_LINE.fullmatch(line) is not None and read_date(line) is not None


def _heading_on_top(text: str) -> str | None:
    """The only heading of its level, if nothing but a letterhead or a few short lines stand above it."""
    for block in text.split("\n\n", _MAX_ABOVE)[:_MAX_ABOVE]:
        marks, _, words = block.partition(" ")
        if marks in ("#", "##", "###"):
            title = plain_line(words.split("\n", 1)[0])
            same = sum(line.startswith(f"{marks} ") for line in text.split("\n"))
            return title if title and same == 1 and not is_default_title(title) else None
        if len(block) > _MAX_ABOVE_CHARS and not block.startswith("|"):
            return None
    return None


def _is_foreign(title: str, text: str) -> bool:
    """Whether no word of a title stands in the text: it was left from the file that served as template."""
    words = [word.casefold() for word in _WORD.findall(title)]
    folded = text.casefold()
    return bool(words) and not any(word in folded for word in words)
