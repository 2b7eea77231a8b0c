"""When a page appeared and when it was changed: what its data and its visible lines say, weighed against each other.

A date that readers see by the headline outweighs what the system keeps; what stands beside teasers, events, comments
and pictures is none. Where nothing is sure there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bs4 import Tag

from crawler.extract.data import lists
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.stamps import Stamp, is_label, read_dateline, read_stamp, says_modified
from crawler.extract.web.page_lines import Line, class_names
from crawler.extract.web.structured import MetaTags, Thing, stated, texts, types
from crawler.extract.web.zones import Zones
from kb.model import PartialDate

_IN_ADDRESS = re.compile(r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>[01]\d)[/-](?P<day>[0-3]\d)(?=[/_-]|$)")
_LABEL_CHARS = 60
_PAGE_TYPES = frozenset(("webpage", "itempage", "website", "aboutpage", "collectionpage", "creativework"))


@dataclass(frozen=True, slots=True)
class Dates:
    """What was found."""

    published: PartialDate | None = None
    modified: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A date in a visible line."""

    date: PartialDate
    weight: float


def read_dates(zones: Zones, metas: MetaTags, article: Thing, address: str | None) -> Dates:
    """The days of publication and of the last change, in Germany."""
    names = lists("meta_names.toml")
    modified = next(_days(texts(article.get("dateModified"))), None) or next(_days(metas.all(*names["modified"])), None)
    machine = _machine(metas, article, address)
    seen = _seen(zones)
    published = _chosen(seen, machine, modified)
    changed = _seen_changes(zones)
    modified = modified or next(iter(changed), None)
    return Dates(published, modified)


def _machine(metas: MetaTags, article: Thing, address: str | None) -> PartialDate | None:
    """What the system says: of the article, in meta tags, in the address."""
    names = lists("meta_names.toml")
    own = next(_days((*texts(article.get("datePublished")), *texts(article.get("dateCreated")))), None)
    named = next(_days(metas.all(*names["published"])), None)
    if own is not None and types(article) & _PAGE_TYPES and named is not None:
        own = named
    told = own or named or next(_days(metas.all(*names["dated"])), None)
    match = _IN_ADDRESS.search(address or "")
    return told or (read_date(f"{match['year']}-{match['month']}-{match['day']}") if match else None)


def _days(values: Iterable[str]) -> Iterator[PartialDate]:
    """Those that are days of a year; of a month only where nothing else is there to be asked."""
    for value in values:
        date = read_date(value)
        if date is not None and date.year is not None and date.month is not None:
            yield date


def _chosen(seen: _Seen | None, machine: PartialDate | None, modified: PartialDate | None) -> PartialDate | None:
    if seen is None or machine is None:
        return seen.date if seen is not None else machine
    if seen.weight < _TOLD and seen.date == modified and machine != modified:
        return machine  # the line by the headline tells of the last change
    if seen.weight < _NEAR:
        return machine
    return seen.date


# How sure a line is: it says so; it stands by the headline as a date alone; it stands somewhere below.
_TOLD, _NEAR, _SIGNED, _SOMEWHERE = 0.95, 0.8, 0.75, 0.6


def _seen(zones: Zones) -> _Seen | None:
    """The surest date of the visible lines; the nearest to the headline of equally sure ones."""
    best: _Seen | None = None
    for one in _visible(zones):
        if best is None or one.weight > best.weight:
            best = one
    return best


def _visible(zones: Zones) -> Iterator[_Seen]:
    for line in zones.head:
        if "event" in line.within:
            continue
        stamp = _stamp(line)
        if stamp is not None and stamp.published is not None:
            yield _Seen(stamp.published, _TOLD)
        elif stamp is not None and stamp.plain is not None:
            yield _Seen(stamp.plain, _SIGNED if _is_vague(line) else _NEAR)
        elif not line.is_heading and (date := read_dateline(line.text)) is not None:
            yield _Seen(date, _NEAR if line.is_prose else _SIGNED)
    for line in zones.rest:
        if "event" in line.within or line.is_heading:
            continue
        stamp = _stamp(line)
        if stamp is not None and stamp.published is not None:
            yield _Seen(stamp.published, _SIGNED)
        elif not line.is_prose and (date := read_dateline(line.text)) is not None:
            yield _Seen(date, _SOMEWHERE)
        elif stamp is not None and stamp.plain is not None and _is_marked(line):
            yield _Seen(stamp.plain, _SOMEWHERE)


def _seen_changes(zones: Zones) -> Iterator[PartialDate]:
    for line in (*zones.head, *zones.rest):
        stamp = _stamp(line)
        if stamp is not None and stamp.modified is not None:
            yield stamp.modified


def _is_vague(line: Line) -> bool:
    """„Datum: 12. März 2019“ may be the day of what the text tells of."""
    return "datum" in f"{line.label} {line.text}".casefold()


def _stamp(line: Line) -> Stamp | None:
    """What a line says of dates, together with a label that stands in a line of its own before it."""
    text = f"{line.label} {line.text}" if is_label(line.label) else line.text
    stamp = read_stamp(text)
    if stamp is not None or line.is_prose or text != line.text:
        return stamp
    time = next((tag for tag in (line.block, *line.inline) if tag.name == "time" or tag.has_attr("datetime")), None)
    if time is None or len(line.text) > 2 * _LABEL_CHARS:
        return None
    date = next(_days([str(time.get("datetime") or "")]), None)
    if date is None or date.day is None or any(map(str.isdigit, line.text)) and read_date(line.text) is not None:
        return None
    return Stamp(modified=date) if says_modified(line.text) else Stamp(plain=date)


def _is_marked(line: Line) -> bool:
    """Whether its class says that it is a date of publication."""
    marks = lists("meta_names.toml")["date_classes"]
    names = [name.casefold() for tag in (line.block, *line.inline) for name in class_names(tag)]
    return any(mark in name for mark in marks for name in names) or any(tag.name == "time" for tag in line.inline)
