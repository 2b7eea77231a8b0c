"""Where a document comes from: the lines of the provenance box and a reference to cite."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model import Document, Event
from webapp.site.services import SiteServices
from webapp.wording.formats import format_date, format_day, format_event, web_address

_SHOWN_OTHERS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the box; ``url`` makes its text a link, ``iso`` a machine-readable date."""

    term: str
    text: str
    url: str | None = None
    iso: str | None = None


def provenance(services: SiteServices, document: Document, event: Event | None) -> tuple[Line, ...]:
    """What is known about origin, dates and rights, in the order in which people ask for it."""
    fetched = document.fetched_at
    lines = (
        Line("Quelle", services.label("source", document.source)),
        Line("Herausgeber", document.publisher or ""),
        Line("Autor*in" if len(document.authors) == 1 else "Autor*innen", "; ".join(document.authors)),
        Line("Adresse", document.url or "", url=web_address(document.url)),
        *(Line("Auch unter", other, url=web_address(other)) for other in _others(document)),
        Line("Veranstaltung", format_event(event) if event else "", iso=str(event.start) if event else None),
        Line(
            "Veröffentlicht",
            format_date(document.published) if document.published else "",
            iso=str(document.published) if document.published else None,
        ),
        Line(
            "Geändert",
            format_date(document.modified) if document.modified else "",
            iso=str(document.modified) if document.modified else None,
        ),
        Line(
            "Abgerufen",
            format_day(fetched) if fetched else "",
            iso=fetched.isoformat(timespec="seconds") if fetched else None,
        ),
        Line("Lizenz", document.licence or "", url=web_address(document.licence)),
        Line("Kennung", document.id),
    )
    return tuple(line for line in lines if line.text)


def _others(document: Document) -> tuple[str, ...]:
    """Further addresses, as many as a reader may want."""
    return tuple(other for other in document.other_urls if web_address(other))[:_SHOWN_OTHERS]


def citation(document: Document, event: Event | None) -> str:
    """A reference in one line of plain text: who, what, where, when, and when it was looked up."""
    who = "; ".join(document.authors) or document.publisher or ""
    publisher = document.publisher if document.authors else None
    when = _date_of(document, event)
    title = document.title if document.title[-1] in ".?!" else f"{document.title}."
    parts = [f"{who}: {title}" if who else title]
    parts.append(f"{publisher}, {when}" if publisher else when)
    if web_address(document.url):
        fetched = f" (abgerufen am {format_day(document.fetched_at)})" if document.fetched_at else ""
        parts.append(f"Online: {document.url}{fetched}.")
    parts.append(f"Kennung: {document.id}.")
    return " ".join(parts)


def _date_of(document: Document, event: Event | None) -> str:
    """When it was published, else when it took place, as the end of a sentence."""
    if document.published is not None:
        return f"{format_date(document.published)}."
    return f"{format_event(event)}." if event is not None else "o. D."
