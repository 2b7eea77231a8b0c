"""Tables of contents, which are none of the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.extract.printed.known import marks
from crawler.extract.printed.page import Line, Page

_LEADERS = ".·…‥_•"
_FEWEST_DOTS = 4
_FEWEST_ENTRIES = 3
_MAX_BETWEEN = 2  # lines of an entry before the one with its number
_MAX_CHARS = 200
# Of an overview without any numbers.
_MAX_ENTRIES = 60
_FEWEST_CHARS = 6
_SPREAD = 4  # lines from one of its headings to the next, on the average
_PAGE = re.compile(r"(?:\d{1,4}|[ivxl]{1,7})$", re.IGNORECASE)
_PAGE_FIRST = re.compile(r"(?:S\. ?|Seite )?(\d{1,4})(?: |$)")


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a line would be in a table of contents."""

    text: str
    page: int | None
    has_leader: bool


def without_contents(pages: Sequence[Page]) -> list[Page]:
    """The pages without their tables of contents, headings of these included."""
    lines = [line for page in pages for line in page.lines]
    dropped: set[int] = set()
    places = _places(lines)
    index = 0
    while index < len(lines):
        end = max(_end_of_contents(lines, index, places), _end_of_overview(lines, index, places))
        if end > index:
            dropped.update(range(index, end))
            index = end
        else:
            index += 1
    if not dropped or len(dropped) == len(lines):
        return list(pages)
    kept, number = [], 0
    for page in pages:
        numbered = range(number, number + len(page.lines))
        kept.append(page.with_lines(lines[one] for one in numbered if one not in dropped))
        number += len(page.lines)
    return kept


def _places(lines: Sequence[Line]) -> dict[str, int]:
    """For every text its last place: what is named in a table of contents comes later as a heading."""
    return {_key(line.text): number for number, line in enumerate(lines)}


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _end_of_contents(lines: Sequence[Line], start: int, places: Mapping[str, int]) -> int:
    """Where a table of contents that begins with this line ends; ``start`` where none does."""
    has_heading = is_contents_heading(lines[start].text)
    first = start + has_heading
    end, entries, between, last_page = first, 0, 0, -1
    number_first = has_heading and _is_number_first(lines[first : first + 3])
    named: set[str] = set()
    for index in range(first, len(lines)):
        entry = _entry(lines[index].text, number_first=number_first)
        if _key(lines[index].text) in named:
            break  # here the text begins
        is_entry = entry.has_leader
        if not is_entry and has_heading:
            is_named_later = places.get(_key(entry.text), -1) > index and len(entry.text) > 3
            goes_on = entry.page is not None and last_page <= entry.page
            is_entry = goes_on or (is_named_later and last_page < 0)
        if is_entry:
            named.add(_key(entry.text))
        if is_entry:
            end, entries, between = index + 1, entries + 1, 0
            last_page = entry.page if entry.page is not None else last_page
            continue
        between += 1
        if between > _MAX_BETWEEN or len(lines[index].text) > _MAX_CHARS or (not has_heading and entries == 0):
            break
    return (
        end
        if entries >= (_FEWEST_ENTRIES - has_heading if _has_leader(lines, first, end) else _FEWEST_ENTRIES)
        else start
    )


def _end_of_overview(lines: Sequence[Line], start: int, places: Mapping[str, int]) -> int:
    """Where lines end that all come again later as headings, in the same order; ``start`` where none do."""
    end, before, first, entries = start, start, 0, 0
    for index in range(start, min(len(lines), start + _MAX_ENTRIES)):
        place = places.get(_key(lines[index].text), -1)
        if place > max(before, index) and len(lines[index].text) >= _FEWEST_CHARS:
            first, before, end, entries = first or place, place, index + 1, entries + 1
        elif index == start or index - end >= max(1, entries // 3):  # worded a little otherwise there
            break
    is_spread = before - first >= _SPREAD * (entries - 1)
    return end if entries >= _FEWEST_ENTRIES and is_spread and first >= end else start


def is_contents_heading(text: str) -> bool:
    """Whether a line is the heading of a table of contents."""
    return text.strip(" :.#*").casefold() in marks().contents


def _has_leader(lines: Sequence[Line], first: int, end: int) -> bool:
    return any(_entry(line.text, number_first=False).has_leader for line in lines[first:end])


def _is_number_first(lines: Sequence[Line]) -> bool:
    """Whether entries begin with their pages: „4 Grußwort“, „6 Einleitung“."""
    found = [_PAGE_FIRST.match(line.text) for line in lines]
    pages = [int(match[1]) for match in found if match]
    ends = [_entry(line.text, number_first=False).page for line in lines]
    return len(pages) == len(lines) and pages == sorted(pages) and None in ends


def _entry(text: str, *, number_first: bool) -> _Entry:
    text = text.strip()
    if number_first:
        match = _PAGE_FIRST.match(text)
        return _Entry(text[match.end() :] if match else text, int(match[1]) if match else None, False)
    match = _PAGE.search(text)
    before = text[: match.start()] if match else text
    is_apart = match is None or not before or before[-1] in f" \t{_LEADERS}"
    if not is_apart:
        match, before = None, text
    stripped = before.rstrip(f" {_LEADERS}")
    dots = sum(3 if one == "…" else 2 if one == "‥" else one in _LEADERS for one in before[len(stripped) :])
    page = int(match[0]) if match and match[0].isdigit() else 0 if match and dots >= _FEWEST_DOTS else None
    return _Entry(stripped, page, has_leader=match is not None and dots >= _FEWEST_DOTS)
