"""How things are said in German: dates, numbers, addresses, and one hit of a result list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import url_for
from markupsafe import Markup

from kb.model import Event, PartialDate, SearchHit, SearchQuery
from webapp.explanations import Explanation, explain
from webapp.forms import query_args, toggled
from webapp.markdown import clean_snippet
from webapp.services import SiteServices

MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_NO_YEAR = " (Jahr unbekannt)"


def format_date(date: PartialDate) -> str:
    """``29. November 2018``, ``November 2018``, ``2018`` or ``26. Juni (Jahr unbekannt)``."""
    return _spell(date) + (_NO_YEAR if date.year is None else "")


def _spell(date: PartialDate) -> str:
    day = f"{date.day}." if date.day is not None else ""
    month = MONTHS[date.month - 1] if date.month is not None else ""
    year = str(date.year) if date.year is not None else ""
    return " ".join(part for part in (day, month, year) if part)


def format_event(event: Event) -> str:
    """``7. bis 9. Mai 2019``; says what both days share once, and whether the year was concluded."""
    start, end = event.start, event.end
    if end is None or end == start:
        span = format_date(start)
    elif start.year is None and end.year is None:
        span = _span(start, end) + _NO_YEAR
    else:
        span = _span(start, end)
    return f"{span} (Jahr erschlossen)" if event.inferred else span


def _span(start: PartialDate, end: PartialDate) -> str:
    same_year, same_month = start.year == end.year, start.month == end.month
    if same_year and same_month and start.day is not None and end.day is not None:
        return f"{start.day}. bis {_spell(end)}"
    if same_year and start.month is not None and end.month is not None:
        return (
            f"{_spell(replace(start, year=None)) if start.day else MONTHS[start.month - 1]} bis {_spell(end)}"
        )
    return f"{_spell(start)} bis {_spell(end)}"


def format_day(moment: datetime) -> str:
    """The day of a moment, in the moment's own time zone."""
    return format_date(PartialDate(moment.year, moment.month, moment.day))


def format_number(number: int) -> str:
    """``12.345``."""
    return f"{number:,}".replace(",", ".")


def format_duration(milliseconds: float) -> str:
    """``unter 1 ms``, ``12 ms`` or ``1,4 s``."""
    if milliseconds < 1:
        return "unter 1 ms"
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:.1f} s".replace(".", ",")


def as_sentence(text: str) -> str:
    """A problem or remedy, which errors begin with a small letter, as a sentence of its own."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: ``1 Treffer``, ``3 Quellen``."""
    return f"{format_number(number)} {one if number == 1 else many}"


def web_address(url: str | None) -> str | None:
    """The address if a browser may be sent there: http or https with a host, nothing else."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def host_of(url: str) -> str:
    """The host as people name it, without ``www.``."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def search_url(query: SearchQuery, *, page: int = 1) -> str:
    """The address of a search."""
    # url_for repeats an argument for each member of a list; its own types do not say so.
    arguments: dict[str, object] = {**query_args(query, page=page)}
    return url_for("search.index", **arguments)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Link:
    """A word to click on."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class HitView:
    """One hit as the result list shows it; ``date_iso`` is what a ``time`` element takes.

    ``likeness`` says what its place has in common with the one that was asked for.
    """

    id: str
    url: str
    title: str
    kind: str
    date: str | None
    date_iso: str | None
    places: str
    publisher: str
    original: str | None
    topics: tuple[Link, ...]
    snippet: Markup
    reasons: tuple[Explanation, ...]
    likeness: str = ""


def hit_viewer(services: SiteServices, query: SearchQuery) -> Callable[[SearchHit], HitView]:
    """How a hit looks in the answer to a query; its topics lead to the query with this topic."""

    def topic_link(topic: str) -> Link:
        chosen = query.filters.get("topic", ())
        filters = query.filters if topic in chosen else toggled(query.filters, "topic", topic)
        return Link(services.label("topic", topic), search_url(replace(query, filters=filters, offset=0)))

    def view(hit: SearchHit) -> HitView:
        entry = hit.entry
        return HitView(
            id=entry.id,
            url=url_for("document.show", doc_id=entry.id),
            title=entry.title,
            kind=services.label("doc_type", entry.doc_type),
            date=format_date(entry.date) if entry.date else None,
            date_iso=str(entry.date) if entry.date else None,
            places=", ".join(entry.places[:3]) + (" …" if len(entry.places) > 3 else ""),
            publisher=entry.publisher or services.label("source", entry.source),
            original=web_address(entry.url),
            topics=tuple(topic_link(topic) for topic in entry.topics),
            snippet=clean_snippet(hit.snippet),
            reasons=explain(hit.reasons),
        )

    return view
