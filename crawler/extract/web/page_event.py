"""The one event of a page that states it as data: JSON-LD, microdata, hCalendar, h-event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date as day_of
from datetime import timedelta

from bs4 import Tag

from crawler.extract.lines.dates import Moment, read_date, read_moment
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.web.elements import Elements, class_names
from crawler.extract.web.structured import Thing, stated, texts, types
from kb.model import Event, PartialDate

_EVENTS = frozenset(("vevent", "h-event"))
_STARTS = ".dtstart, .dt-start"
_ENDS = ".dtend, .dt-end"
_LOCATIONS = ".location, .p-location"
_MAX_CHARS = 200


def find_event(elements: Elements, things: Sequence[Thing]) -> Event | None:
    """The event that all of the page's data name; a calendar with several has none."""
    stated = [one for one in things if _is_event(one)]
    found = [
        _event_of(_first(one, "startDate"), _first(one, "endDate"), _place(one.get("location")))
        for one in stated
    ]
    if not any(found):
        found = list(_microformats(elements))
    events = [event for event in found if event is not None]
    if len({(event.start, event.end) for event in events}) != 1:
        return None
    return next((event for event in events if event.place is not None), events[0])


def _first(thing: Thing, name: str) -> str:
    return next(texts(thing.get(name)), "")


def _is_event(thing: Thing) -> bool:
    return any(kind.endswith("event") or kind == "festival" for kind in types(thing))


def _place(location: object) -> str | None:
    """„Kulturhaus, Görlitz“ of a place with an address, of several the first; an address of the web is none."""
    for one in location if isinstance(location, list) else [location]:
        if isinstance(one, str):
            pieces = [one]
        elif isinstance(one, dict) and "virtuallocation" not in types(one):
            address = one.get("address")
            if isinstance(address, list):
                address = next((item for item in address if item), None)
            town = _first(address, "addressLocality") if isinstance(address, dict) else ""
            pieces = [_first(one, "name"), town or (address if isinstance(address, str) else "")]
        else:
            continue
        kept = list(dict.fromkeys(tidy_line(piece) for piece in pieces if piece and "://" not in piece))
        if kept and kept[0]:
            return ", ".join(filter(None, kept))[:_MAX_CHARS]
    return None


def _microformats(elements: Elements) -> Iterator[Event | None]:
    for tag in elements.all:
        if not tag.attrs or _EVENTS.isdisjoint(class_names(tag)):
            continue
        place = tag.select_one(_LOCATIONS)
        town = place.select_one(".locality, .p-locality") if place is not None else None
        name = place.select_one(".fn, .org, .p-name") if place is not None else None
        where = ", ".join(filter(None, (_line(name), _line(town)))) if town is not None else _line(place)
        yield _event_of(
            _value(tag.select_one(_STARTS)), _value(tag.select_one(_ENDS)), where[:_MAX_CHARS] or None
        )


def _line(tag: Tag | None) -> str:
    return tidy_line(tag.get_text(" ")[: 2 * _MAX_CHARS]) if tag is not None else ""


def _value(tag: Tag | None) -> str:
    """As microformats have it: ``title``, ``datetime``, ``value``, those of ``.value-title``, the text."""
    if tag is None:
        return ""
    inner = tag.select_one(".value-title, .value")
    for one in (tag, *([inner] if inner is not None else [])):
        value = one.get("title") or one.get("datetime") or one.get("value")
        if value and read_date(str(value)) is not None:
            return str(value)
    return stated(tag)


def _event_of(start: str, end: str, place: str | None) -> Event | None:
    first, last = read_moment(start), read_moment(end)
    if first is None or first.date.year is None:
        return None
    ended = _last_day(last) if last is not None else None
    return Event(
        first.date, ended if ended is not None and ended.sort_key > first.date.sort_key else None, place=place
    )


def _last_day(moment: Moment) -> PartialDate:
    """An event that ends at midnight was over with the day before."""
    date = moment.date
    if moment.minutes != 0 or date.year is None or date.month is None or date.day is None:
        return date
    before = day_of(date.year, date.month, date.day) - timedelta(days=1)
    return PartialDate(before.year, before.month, before.day)
