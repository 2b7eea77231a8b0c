"""How things are said in German: dates, numbers, addresses, and one hit of a result list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from kb.model import Event, PartialDate

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


def format_wait(seconds: int) -> str:
    """How long to wait, rounded up: ``40 Sekunden``, ``9 Minuten`` or ``3 Stunden``; for use after „in“."""
    if seconds < 60:
        return counted(seconds, "Sekunde", "Sekunden")
    if seconds < 3600:
        return counted(-(-seconds // 60), "Minute", "Minuten")
    return counted(-(-seconds // 3600), "Stunde", "Stunden")


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
