"""When a page appeared and when it was changed: what its data and its visible lines say, weighed.

A date that readers see by the headline outweighs what the system keeps; what stands beside teasers, events,
comments and pictures is none. Where nothing is sure there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crawler.extract.data import lists
from crawler.extract.lines.authors import byline_names
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.stamps import Stamp, is_label, is_of_event, read_dateline, read_stamp, says_modified
from crawler.extract.web.elements import class_names
from crawler.extract.web.page_lines import Line
from crawler.extract.web.structured import MetaTags, Thing, texts, types
from crawler.extract.web.zones import Zones
from kb.model import Event, PartialDate

_IN_ADDRESS = re.compile(r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>[01]\d)[/-](?P<day>[0-3]\d)(?=[/_-]|$)")
_LABEL_CHARS = 60
_NOTE_CHARS = 500
# So many lines by the headline are about the same as it.
_NEAREST = 12
_PAGE_TYPES = frozenset(("webpage", "itempage", "website", "aboutpage", "collectionpage", "creativework"))


@dataclass(frozen=True, slots=True)
class Dates:
    """What was found."""

    published: PartialDate | None = None
    modified: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """A date and how sure it is."""

    date: PartialDate
    weight: float


# A visible line: it says that it tells of publication; it is a date by the headline; it says so below the text,
# or is a dateline; it is a date somewhere below. What the system keeps stands between them.
_LABELLED, _NEAR, _SIGNED, _SOMEWHERE = 0.95, 0.8, 0.75, 0.6
_LABELLED_BELOW = 0.82
_OF_ARTICLE, _META, _OF_PAGE, _ADDRESS, _DATED = 0.79, 0.78, 0.77, 0.7, 0.65


def read_dates(
    zones: Zones, metas: MetaTags, article: Thing, address: str | None, event: Event | None = None
) -> Dates:
    """The days of publication and of the last change, in Germany; those of the page's ``event`` are neither."""
    names = lists("meta_names.toml")
    modified = next(_days(texts(article.get("dateModified"))), None) or next(
        _days(metas.all(*names["modified"])), None
    )
    stamps = {line.number: stamp_of(line) for line in (*zones.head, *zones.rest)}
    if event is not None:
        held = (event.start, event.end)
        stamps = {
            number: None if stamp is not None and stamp.plain is not None and stamp.plain in held else stamp
            for number, stamp in stamps.items()
        }
    told = max(_machine(metas, article, address), key=lambda one: one.weight, default=None)
    seen = max(_visible(zones, stamps), key=lambda one: one.weight, default=None)
    changed = next(
        (stamp.modified for stamp in stamps.values() if stamp is not None and stamp.modified is not None), None
    )
    return Dates(_chosen(seen, told, modified), modified or changed)


def _machine(metas: MetaTags, article: Thing, address: str | None) -> Iterator[_Said]:
    """What the system says: of the article, in meta tags, in the address."""
    names = lists("meta_names.toml")
    own = next(_days((*texts(article.get("datePublished")), *texts(article.get("dateCreated")))), None)
    if own is not None:
        yield _Said(own, _OF_PAGE if types(article) & _PAGE_TYPES else _OF_ARTICLE)
    for weight, key in ((_META, "published"), (_DATED, "dated")):
        named = next(_days(metas.all(*names[key])), None)
        if named is not None and (named.month is not None or weight != _DATED):
            yield _Said(named, weight)
    match = _IN_ADDRESS.search(address or "")
    if (
        match is not None
        and (date := read_date(f"{match['year']}-{match['month']}-{match['day']}")) is not None
    ):
        yield _Said(date, _ADDRESS)


def _days(values: Iterable[str]) -> Iterator[PartialDate]:
    """Those that are dates with a year."""
    dates = (read_date(value) for value in values)
    return (date for date in dates if date is not None and date.year is not None)


def _chosen(seen: _Said | None, told: _Said | None, modified: PartialDate | None) -> PartialDate | None:
    if seen is None or told is None:
        one = seen or told
        return one.date if one is not None else None
    if seen.weight < _LABELLED and seen.date == modified and told.date != modified and told.weight > _DATED:
        return told.date  # the line by the headline tells of the last change
    return seen.date if seen.weight >= told.weight else told.date


def _visible(zones: Zones, stamps: Mapping[int, Stamp | None]) -> Iterator[_Said]:
    listed = _listed(zones, stamps)
    tells_event = any(is_of_event(line.text) for line in zones.head[:_NEAREST] if not line.is_prose)
    for line in zones.head:
        stamp = stamps[line.number]
        if line.number in listed or ("event" in line.within and (stamp is None or stamp.published is None)):
            continue
        if stamp is not None and stamp.published is not None:
            yield _Said(stamp.published, _LABELLED)
        elif stamp is not None and stamp.plain is not None and not tells_event:
            yield _Said(stamp.plain, _SIGNED if _is_vague(line) else _NEAR)
        elif not line.is_heading and (date := read_dateline(line.text)) is not None:
            yield _Said(date, _NEAR if line.is_prose else _SIGNED)
    for line in zones.rest:
        stamp = stamps[line.number]
        if (
            line.number in listed
            or line.is_heading
            or (stamp is not None and stamp.foreign and line.linked)
            or ("event" in line.within and (stamp is None or stamp.published is None))
        ):
            continue
        if stamp is not None and stamp.published is not None:
            yield _Said(stamp.published, _LABELLED_BELOW)
        elif stamp is not None and stamp.plain is not None and byline_names(line.text):
            yield _Said(stamp.plain, _SIGNED)
        elif line.length <= _NOTE_CHARS and (told := _in_sentence(line.text)) is not None:
            yield _Said(told, _SIGNED)
        elif not line.is_prose and (date := read_dateline(line.text)) is not None:
            yield _Said(date, _SOMEWHERE)
        elif stamp is not None and stamp.plain is not None and _is_marked(line):
            yield _Said(stamp.plain, _SOMEWHERE)


def _listed(zones: Zones, stamps: Mapping[int, Stamp | None]) -> set[int]:
    """Lines that are the heads of items of a list: „15.08.2003 – Richtfest“, „02.07.2003 – Fahrtag“."""
    alike: dict[object, list[tuple[int, PartialDate]]] = {}
    for line in (*zones.head, *zones.rest):
        stamp = stamps[line.number]
        if stamp is not None and stamp.plain is not None and stamp.published is None and stamp.foreign:
            look = (line.block.name, *class_names(line.block), *(tag.name for tag in line.inline))
            alike.setdefault(look, []).append((line.number, stamp.plain))
    return {number for lines in alike.values() if len({date for _, date in lines}) > 1 for number, _ in lines}


def _in_sentence(text: str) -> PartialDate | None:
    """„Ida Beispiel leitet das Archiv. Der Beitrag erschien zuerst am 7. Juni 2021 im Boten.“"""
    for sentence in re.split(r"(?<=[^\W\d]{3}[.!?]) |[()]", text):
        stamp = read_stamp(sentence)
        if stamp is not None and stamp.published is not None:
            return stamp.published
    return None


def _is_vague(line: Line) -> bool:
    """„Datum: 12. März 2019“ may be the day of what the text tells of."""
    return "datum" in f"{line.label} {line.text}".casefold()


def stamp_of(line: Line) -> Stamp | None:
    """What a line says of dates, together with a label that stands in a line of its own before it."""
    if line.label.endswith(":") and not is_label(line.label) and not line.is_prose:
        return None  # a date of something else
    text = f"{line.label} {line.text}" if is_label(line.label) else line.text
    stamp = read_stamp(text)
    if stamp is not None or line.is_prose or text != line.text:
        return stamp
    time = next(
        (tag for tag in (line.block, *line.inline) if tag.name == "time" or tag.has_attr("datetime")), None
    )
    if time is None or len(line.text) > 2 * _LABEL_CHARS:
        return None
    date = next(_days([str(time.get("datetime") or "")]), None)
    if date is None or date.day is None:
        return None
    shown = read_date(line.text)
    if shown is not None and (shown.year is not None or (shown.month, shown.day) != (date.month, date.day)):
        return None
    return Stamp(modified=date) if says_modified(line.text) else Stamp(plain=date)


def _is_marked(line: Line) -> bool:
    """Whether its class says that it is a date of publication."""
    marks = lists("meta_names.toml")["date_classes"]
    names = [name.casefold() for tag in (line.block, *line.inline) for name in class_names(tag)]
    return any(mark in name for mark in marks for name in names) or any(
        tag.name == "time" for tag in line.inline
    )
