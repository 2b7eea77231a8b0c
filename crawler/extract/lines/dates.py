"""Dates in the spellings of German pages (and of machines) to ``PartialDate``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from crawler.extract.data import pairs
from kb.model import PartialDate

_GERMANY = ZoneInfo("Europe/Berlin")

_DAY = r"(?P<day>[0-3]?\d)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
# Two-digit years: a knowledge base of the 2000s; 70–99 belong to the last century.
_PIVOT = 70
_MAX_CHARS = 400
# A moment as machines write it (ISO 8601, and the dates of mails): only with a zone it is one.
_ZONE = r" ?(?:(?P<utc>Z|UTC|GMT)\b|(?P<sign>[+-])(?P<hours>[01]\d)(?::?(?P<minutes>[0-5]\d))?(?!\d))"
_CLOCK = r"(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d)(?::?[0-6]\d(?:[.,]\d{1,9})?)?"
_CLOCK_BEHIND = re.compile(rf"(?:T| )?{_CLOCK}(?:{_ZONE})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, and the time of day in Germany where the value states one."""

    date: PartialDate
    minutes: int | None = None  # since midnight


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date and where it stands."""

    start: int
    end: int
    date: PartialDate


@cache
def _months() -> dict[str, int]:
    return {spelling.casefold(): int(number) for number, spelling in pairs("months.tsv")}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Tried in this order at every place; the earliest match in the text wins, then the fullest."""
    names = "|".join(sorted((re.escape(name) for name in _months()), key=len, reverse=True))
    month = rf"(?P<name>{names})\b\.?"
    # „12./13. März“, „12.–13. März“: the first day counts
    range_end = r"(?:\s*(?:[–/-]|bis|und)\s*(?P<last>[0-3]?\d)\.)?"
    sources = (
        r"(?<![\d.-])(?P<year>[12]\d{3})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        r"(?<![\d./-])(?P<year>(?:19|20)\d\d)/(?P<month>[01]\d)/(?P<day>[0-3]\d)(?![\d/])",
        r"(?<![\d.-])(?P<year>[12]\d{3})-(?P<month>[01]\d)(?![\d-])",
        r"(?<![\d.-])(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)",
        rf"(?<![\d.]){_DAY}\.?{range_end}\s*{month}\s*{_YEAR}(?!\d)",
        rf"(?<![\d.]){_DAY}\.?{range_end}\s*(?P<month>[01]?\d)\.\s*{_YEAR}(?!\d)",
        rf"(?<![\d.]){_DAY}\.(?P<month>[01]?\d)\.(?P<short>\d\d)(?![\d.])",
        rf"\b{month}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"\b{month}\s*{_YEAR}(?!\d)",
        r"(?<![\d./])(?P<month>0?[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d)(?!\d)",
        rf"(?<![\d.]){_DAY}\.{range_end}\s*{month}",
        r"(?<![\w.,/-])(?P<year>(?:19|20)\d\d)(?![\w/-]|[.,]\d)",
    )
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


def read_date(text: str) -> PartialDate | None:
    """The first date in a short string such as „Veröffentlicht am 12. März 2019“, or None.

    Of a range the first day is given. A moment with a zone („2018-12-31T23:00:00Z“) gives its day in Germany; a
    time without one changes nothing. A day that no calendar has gives None rather than a guess, and so does the
    year 1 or 9999 of systems that know no date: the next place that states one is asked.
    """
    moment = read_moment(text)
    return moment.date if moment is not None else None


def read_moment(text: str) -> Moment | None:
    """The first date of a string, with its time of day in Germany where a time is written behind it."""
    text = text[:_MAX_CHARS]
    match = _first_match(text, 0)
    if match is None:
        return None
    try:
        return _with_clock(_date(match), _CLOCK_BEHIND.match(text, match.end()))
    except ValueError:
        return None


def dates_in(text: str) -> Iterator[DateSpan]:
    """Every date of a short line, in order; what no calendar has is passed over."""
    text = text[:_MAX_CHARS]
    position = 0
    while (match := _first_match(text, position)) is not None:
        position = match.end()
        try:
            moment = _with_clock(_date(match), _CLOCK_BEHIND.match(text, match.end()))
        except ValueError:
            continue
        yield DateSpan(match.start(), match.end(), moment.date)


def _with_clock(date: PartialDate, clock: re.Match[str] | None) -> Moment:
    """The moment in Germany; a time without a zone is one there."""
    if clock is None or date.year is None or date.month is None or date.day is None:
        return Moment(date)
    try:
        local = datetime(date.year, date.month, date.day, int(clock["hour"]), int(clock["minute"]))
        if clock["utc"] or clock["sign"]:
            away = timedelta(hours=int(clock["hours"] or 0), minutes=int(clock["minutes"] or 0))
            zone = timezone(-away if clock["sign"] == "-" else away)
            local = local.replace(tzinfo=zone).astimezone(_GERMANY)
    except (ValueError, OverflowError):
        return Moment(date)
    return Moment(PartialDate(local.year, local.month, local.day), local.hour * 60 + local.minute)


def _first_match(text: str, position: int) -> re.Match[str] | None:
    """The earliest date of a text; of several that begin there, the fullest."""
    matches = (pattern.search(text, position) for pattern in _patterns())
    found = [(match.start(), order, match) for order, match in enumerate(matches) if match is not None]
    return min(found, key=lambda candidate: candidate[:2])[2] if found else None


def _date(match: re.Match[str]) -> PartialDate:
    parts = match.groupdict()
    month = _months()[parts["name"].casefold()] if parts.get("name") else None
    if parts.get("month"):
        month = int(parts["month"])
    year = int(parts["year"]) if parts.get("year") else None
    if parts.get("short"):
        year = int(parts["short"])
        year += 1900 if year >= _PIVOT else 2000
    day = int(parts["day"]) if parts.get("day") else None
    if day is not None and parts.get("last") and int(parts["last"]) <= day:
        day = int(parts["last"])  # „Nr. 12 / 07.05.2019“ is no range
    return PartialDate(year, month, day)
