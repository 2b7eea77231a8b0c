"""The one event of a page that states it as data: JSON-LD, microdata, hCalendar, h-event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date as day_of
from datetime import timedelta

from bs4 import Tag

from crawler.extract.lines.dates import Moment, read_moment
from crawler.extract.web.elements import Elements, class_names
from crawler.extract.web.structured import Thing, stated, texts, types
from kb.model import Event, PartialDate

_EVENTS = frozenset(("vevent", "h-event"))
_STARTS = ".dtstart, .dt-start"
_ENDS = ".dtend, .dt-end"


def find_event(elements: Elements, things: Sequence[Thing]) -> Event | None:
    """The event that all of the page's data name; a calendar with several has none."""
    found = {_event_of(next(texts(one.get("startDate")), ""), next(texts(one.get("endDate")), "")) for one in things if _is_event(one)}
    if not found - {None}:
        found = set(_microformats(elements))
    events = found - {None}
    return events.pop() if len(events) == 1 else None


def _is_event(thing: Thing) -> bool:
    return any(kind.endswith("event") or kind == "festival" for kind in types(thing))


def _microformats(elements: Elements) -> Iterator[Event | None]:
    for tag in elements.all:
        if not tag.attrs or _EVENTS.isdisjoint(class_names(tag)):
            continue
        start, end = tag.select_one(_STARTS), tag.select_one(_ENDS)
        yield _event_of(_value(start), _value(end))


def _value(tag: Tag | None) -> str:
    """The value class pattern of microformats: ``title``, ``datetime``, ``value``, an inner ``.value-title``, the text."""
    if tag is None:
        return ""
    inner = tag.select_one(".value-title, .value")
    for one in (tag, *([inner] if inner is not None else [])):
        value = one.get("title") or one.get("datetime") or one.get("value")
        if value and read_moment(str(value)) is not None:
            return str(value)
    return stated(tag)


def _event_of(start: str, end: str) -> Event | None:
    first, last = read_moment(start), read_moment(end)
    if first is None or first.date.year is None:
        return None
    ended = _last_day(last) if last is not None else None
    return Event(first.date, ended if ended is not None and ended.sort_key > first.date.sort_key else None)


def _last_day(moment: Moment) -> PartialDate:
    """An event that ends at midnight was over with the day before."""
    date = moment.date
    if moment.minutes != 0 or date.year is None or date.month is None or date.day is None:
        return date
    before = day_of(date.year, date.month, date.day) - timedelta(days=1)
    return PartialDate(before.year, before.month, before.day)
