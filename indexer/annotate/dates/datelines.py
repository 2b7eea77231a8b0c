"""The dateline of a text, „KASSEL, 29.11.18.“: where and when it was written."""

from __future__ import annotations

import re
from datetime import date

from indexer.annotate.dates.expressions import find_dates
from indexer.annotate.dates.years import full_date

_BEFORE = re.compile(r"^[^\w\n]{0,3}[A-ZÄÖÜ][\w/.() -]{1,40},\s+(?:den\s+)?$")
_INK = re.compile(r"\S")
_AFTER = re.compile(r"^\s*(?:[.:|–—-]|\()")
# A dateline's line begins, and its date stands, within so many characters; nothing beyond is looked at.
_CHARS = 60
_LOOKED_AT = 200
# From a dateline up to so long before publication „gestern“ counts.
_DAYS = 21


def is_dateline(text: str, start: int, end: int) -> bool:
    """„KASSEL, 29.11.18. …“, „Rostock, 03.12.18 | Name“: where and when a text was written."""
    line = text.rfind("\n", max(0, start - _CHARS), start) + 1
    return (
        start - line < _CHARS
        and (line < _CHARS or _INK.search(text, 0, line) is None)
        and _BEFORE.match(text[line:start]) is not None
        and _AFTER.match(text[end : end + 4]) is not None
    )


def day_of_dateline(text: str) -> date | None:
    """The day of the first date, with its year, where that is a dateline."""
    first = next(iter(find_dates(text[:_LOOKED_AT])), None)
    if first is None or not is_dateline(text, first.start, first.end):
        return None
    return full_date(first.start_date())


def written_on(dateline: date | None, published: date | None) -> date | None:
    """The day from which „gestern“ counts: that of the dateline, if it is shortly before publication."""
    if dateline is None:
        return published
    if published is None or 0 <= (published - dateline).days <= _DAYS:
        return dateline
    return published
