"""Which year a date without one belongs to, from the title or the publication; unknown stays unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, date

from indexer.annotate.dates.mentions import DateMention, DayOfYear
from kb.model import Document, PartialDate
from kb.model.kinds import ANNOUNCEMENT, REPORT

_YEAR = re.compile(r"\b(20[0-4]\d|199\d)\b")
# A report is published within this time after the event, an announcement before it.
_NEARNESS_DAYS = 330
# A month without a year („Ende April“, „im November“) is this many months from publication at most.
_MONTHS_AWAY = 10


def inferred_year(mention: DateMention, document: Document, doc_type: str | None) -> int | None:
    """The year of a date without one: from the title, else from the day of publication, else unknown."""
    if mention.years_on is not None:
        year = document.published.year if document.published else None
        return None if year is None else year + mention.years_on
    in_title = {int(match) for match in _YEAR.findall(document.title)}
    day = mention.first
    if len(in_title) == 1:
        return in_title.pop()
    published = about(document.published)
    if published is None:
        return None
    if day.day is None:
        return _month_year(mention, published, doc_type)
    days = [found for year in years_around(published) if (found := full_date(day.in_year(year)))]
    # Of a range, the weekday before it can be that of its last day: „bis Donnerstagmorgen (4./5. Dezember)“.
    fitting = [found for found in days if mention.last is None and found.weekday() == mention.weekday]
    nearest = nearest_on_side(fitting or days, published, doc_type)
    return None if nearest is None else nearest.year


def _month_year(mention: DateMention, published: date, doc_type: str | None) -> int | None:
    """„Ende April“: nearest to publication on the side that it or the kind says; else unknown."""
    of_kind = {REPORT: -1, ANNOUNCEMENT: 1}.get(doc_type or "")
    sign = {"past": -1, "future": 1}.get(mention.side or "") or of_kind
    for distance in range(_MONTHS_AWAY + 1):
        months = published.year * 12 + published.month - 1 + (sign or 0) * distance
        if sign is not None and months % 12 + 1 == mention.first.month:
            return months // 12
    return None


def years_around(published: date) -> range:
    """The year of publication, the one before and the one after, as far as there are such years."""
    return range(max(MINYEAR, published.year - 1), min(MAXYEAR, published.year + 1) + 1)


def nearest_on_side(days: Iterable[date], published: date, doc_type: str | None) -> date | None:
    """The day nearest to publication, on the side that the kind says, and not too far."""
    if doc_type == REPORT:
        days = [day for day in days if day <= published]
    elif doc_type == ANNOUNCEMENT:
        days = [day for day in days if day >= published]
    nearest = min(days, key=lambda day: abs((day - published).days), default=None)
    if nearest is None or abs((nearest - published).days) > _NEARNESS_DAYS:
        return None
    return nearest


def nearest_day(day: DayOfYear, published: date) -> date | None:
    """The occurrence of a day of the year that is nearest to a publication."""
    days = [found for year in years_around(published) if (found := full_date(day.in_year(year)))]
    return min(days, key=lambda found: abs((found - published).days), default=None)


def about(partial: PartialDate | None) -> date | None:
    """A calendar day; the middle of the month where no day is known. Good enough to tell years apart."""
    if partial is not None and partial.year and partial.month and partial.day is None:
        return date(partial.year, partial.month, 15)
    return full_date(partial)


def full_date(partial: PartialDate | None) -> date | None:
    """A calendar day, or None where something is missing."""
    if partial is None or partial.year is None or partial.month is None or partial.day is None:
        return None
    return date(partial.year, partial.month, partial.day)
