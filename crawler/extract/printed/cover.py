"""What the first and the last pages of a printed text say about it: its title, and when it appeared. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

from crawler.extract.data import pairs
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.default_names import is_default_title
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.lines.titles import Heading, derive_heading
from crawler.extract.printed.contents import is_contents_heading
from crawler.extract.printed.known import marks
from crawler.extract.printed.page import Page, body_size
from kb.model import PartialDate

_WORD = re.compile(r"[^\W\d_]+")
_NO_LETTERS = re.compile(r"[\W_]+")
_ISSUE = re.compile(r"(?<!\d)\d{1,2} ?/ ?(?:19|20)\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LARGER = 1.15
_ONE_SIZE = 0.05
_MAX_TITLE_LINES = 5
_MAX_TITLE_CHARS = 200
_MAX_DATE_CHARS = 120
_HEAD_LINES = 6
_FIRST_LINES, _LAST_LINES = 40, 40
_PLACE = re.compile(
    r"[A-ZÄÖÜ][\w.()/-]*(?: [\w.()/-]+){0,4}, ?(?:den |am |im |der |d\. ?)?(?=\d|[A-ZÄÖÜ]\w+ \d)"
)


def printed_title(declared: str, pages: Sequence[Page], text: str, name: str) -> Heading:
    """The title that the file declares, unless a program wrote it; else what is largest on its first page.

    A declared title of which no word is printed belongs to the file that this one was made from, and Word
    declares by itself how the first line begins. ``name`` is that of the file.
    """
    heading = derive_heading(text)
    declared = tidy_line(declared)
    largest = _largest(pages)
    printed = largest or heading.title
    first = next((page.lines for page in pages if page.lines), ())
    beginnings = (printed, *(line.text for line in first[:_HEAD_LINES]))
    is_begun = any(len(line) > len(declared) and line.startswith(declared) for line in beginnings)
    if is_default_title(declared) or _is_file_name(declared, name) or is_begun:
        return Heading(printed, heading.authors)
    return Heading(declared if _is_printed(declared, text) or not largest else largest, heading.authors)


def _is_file_name(title: str, name: str) -> bool:
    """Whether a title is how the file is called, or any file would be: „Flyer-2019-05“."""
    stem = name.rpartition("/")[2].partition("?")[0].rpartition(".")[0]
    plain = [_NO_LETTERS.sub("", one).casefold() for one in (title, stem)]
    is_called_so = plain[0] == plain[1] and title.count(" ") < 2
    return is_called_so or (" " not in title and any(map(str.isdigit, title)) and any(map(title.count, "-_.")))


def _is_printed(title: str, text: str) -> bool:
    """Whether half of a title's longer words stand in the text."""
    said = [word.casefold() for word in _WORD.findall(title) if len(word) > 3]
    known = {word.casefold() for word in _WORD.findall(text[:20_000])}
    return not said or 2 * sum(word in known for word in said) >= len(said)


def _largest(pages: Sequence[Page]) -> str:
    """The largest lines of the first page with text, where they are clearly larger than the text."""
    body = body_size(pages)
    page = next((page for page in pages if page.lines), None)
    if page is None or not body:
        return ""
    lines = [line for line in page.lines if _can_be_title(line.text)]
    size = max((line.height for line in lines), default=0.0)
    if size < _LARGER * body:
        return ""
    found: list[str] = []
    for line in page.lines:
        if abs(line.height - size) <= _ONE_SIZE * size:
            found.append(line.text)
        elif found:
            break
    title = tidy_line(" ".join(found))
    title = title.rstrip(" :;,–-")
    return title if len(found) <= _MAX_TITLE_LINES and len(title) <= _MAX_TITLE_CHARS else ""


def _can_be_title(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    if letters < 4 or letters < 0.5 * len(text.replace(" ", "")) or is_contents_heading(text):
        return False
    return len(text.split()) > 1 or letters >= 8


class _Trust(IntEnum):
    """How sure a line is to say when the text appeared."""

    NONE = 0
    DAY_ALONE = 1
    MONTH_ALONE = 2
    DATELINE = 3
    LABELLED = 4


def printed_date(pages: Sequence[Page]) -> PartialDate | None:
    """When the text appeared, by a line of its own on the cover, at the end or in the imprint; no guess.

    A day that stands alone on the first page is that of an event where the page invites to one.
    """
    first = next((page for page in pages if page.lines), None)
    if first is None:
        return None
    beginning = [line.text for line in first.lines[:_FIRST_LINES]]
    found = list(_dates(beginning))
    least = _Trust.MONTH_ALONE if _invites(line.text for line in first.lines) else _Trust.DAY_ALONE
    best = max((trust for trust, _ in found), default=_Trust.NONE)
    if best >= _Trust.LABELLED:
        return next(date for trust, date in found if trust is best)
    around = [
        line.text
        for page in (*pages[1:3], *pages[-2:])
        for line in (*page.lines[:20], *page.lines[-_LAST_LINES:])
    ]
    imprint = [
        date
        for trust, date in _dates([*around, *(line.text for line in first.lines[-_LAST_LINES:])])
        if trust is _Trust.LABELLED
    ]
    if imprint:
        return imprint[0]
    if best >= least:
        return next(date for trust, date in found if trust is best)
    ending = [
        date for trust, date in _dates([line.text for line in pages[-1].lines[-8:]]) if trust is _Trust.DATELINE
    ]
    return ending[0] if ending else None


def _dates(lines: Sequence[str]) -> Iterator[tuple[_Trust, PartialDate]]:
    for text in lines:
        line = tidy_line(text) if len(text) <= 2 * _MAX_DATE_CHARS else ""
        trust, date = _date(line) if 4 <= len(line) <= _MAX_DATE_CHARS else (_Trust.NONE, None)
        if date is not None and trust > _Trust.NONE:
            yield trust, date


def _date(line: str) -> tuple[_Trust, PartialDate | None]:
    """What a line that is nothing but a date, with a label or a place, says."""
    known = marks().dates
    date = read_date(line)
    if date is None or date.year is None or len(_YEAR.findall(line)) > 1:
        return _Trust.NONE, None
    said = [word.casefold() for word in _WORD.findall(line)]
    rest = [word for word in said if word not in _months() and word not in known.fillers]
    if any(word in known.others for word in rest):
        return _Trust.NONE, None
    labels = [word for word in rest if word in known.labels]
    if _ISSUE.search(line) and (not labels or not known.issues.isdisjoint(said)):
        return _Trust.NONE, None  # „Ausgabe 3/2019“ is no March
    if labels:
        foreign = len(rest) - len(labels)
        return (_Trust.LABELLED, date) if foreign <= 2 else (_Trust.NONE, None)
    if date.month is None or re.search(
        r"\d{1,2}[.:]\d\d ?(?:Uhr|h\b)|\d ?Uhr\b|\d\. ?(?:[-–/]|bis|und) ?\d", line
    ):
        return _Trust.NONE, None
    if not rest:
        return (_Trust.DAY_ALONE if date.day else _Trust.MONTH_ALONE), date
    place = _PLACE.match(line)
    behind = [word.casefold() for word in _WORD.findall(line[place.end() :])] if place else rest
    if place and all(word in _months() or word in known.fillers for word in behind):
        return _Trust.DATELINE, date
    return _Trust.NONE, None


def _invites(lines: Iterable[str]) -> bool:
    said = {word.casefold() for text in lines for word in _WORD.findall(text)}
    return not said.isdisjoint(marks().dates.invitations)


def _months() -> frozenset[str]:
    return frozenset(spelling.casefold().rstrip(".") for _, spelling in pairs("months.tsv"))
