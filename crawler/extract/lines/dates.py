"""Dates in the spellings of German pages (and of machines) to ``PartialDate``."""

from __future__ import annotations

import re
from functools import cache

from crawler.extract.data import pairs
from kb.model import PartialDate

_DAY = r"(?P<day>[0-3]?\d)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
# Two-digit years: a knowledge base of the 2000s; 70–99 belong to the last century.
_PIVOT = 70


@cache
def _months() -> dict[str, int]:
    return {spelling.casefold(): int(number) for number, spelling in pairs("months.tsv")}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Tried in this order at every place; the earliest match in the text wins, then the fullest."""
    names = "|".join(sorted((re.escape(name) for name in _months()), key=len, reverse=True))
    month = rf"(?P<name>{names})\b\.?"
    range_end = (
        r"(?:\s*(?:[–/-]|bis|und)\s*[0-3]?\d\.)?"  # „12./13. März“, „12.–13. März“: the first day counts
    )
    sources = (
        r"(?<![\d.-])(?P<year>[12]\d{3})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
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

    Of a range the first day is given; a time of day and its zone are ignored (the source's own day
    counts). A day that no calendar has gives None rather than a guess, and so does the year 1 or 9999 of
    systems that know no date: the next place that states one is asked.
    """
    matches = (pattern.search(text[:400]) for pattern in _patterns())
    found = [(match.start(), order, match) for order, match in enumerate(matches) if match is not None]
    if not found:
        return None
    match = min(found, key=lambda candidate: candidate[:2])[2]
    try:
        return _date(match)
    except ValueError:
        return None


def _date(match: re.Match[str]) -> PartialDate:
    parts = match.groupdict()
    month = _months()[parts["name"].casefold()] if parts.get("name") else None
    if parts.get("month"):
        month = int(parts["month"])
    year = int(parts["year"]) if parts.get("year") else None
    if parts.get("short"):
        year = int(parts["short"])
        year += 1900 if year >= _PIVOT else 2000
    return PartialDate(year, month, int(parts["day"]) if parts.get("day") else None)
