"""One document of an answer as people see it, and the addresses of searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from flask import url_for
from markupsafe import Markup

from kb.failures import contained
from kb.model import SearchHit, SearchQuery
from webapp.search.forms import query_args, toggled
from webapp.site.failing import noting
from webapp.site.services import SiteServices
from webapp.wording.explanations import Explanation, explain, missing_text
from webapp.wording.formats import format_date, web_address
from webapp.wording.markdown import clean_snippet


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
    """One document as an answer lists it; ``date_iso`` is what a ``time`` element takes.

    ``missing`` says which words a further document lacks, ``likeness`` what its place has in common with the
    one that was asked for.
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
    missing: str = ""
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
            kind=services.label("doc_type", entry.doc_type) if entry.doc_type is not None else "",
            date=format_date(entry.date) if entry.date else None,
            date_iso=str(entry.date) if entry.date else None,
            places=", ".join(entry.places[:3]) + (" …" if len(entry.places) > 3 else ""),
            publisher=entry.publisher or services.label("source", entry.source),
            original=web_address(entry.url),
            topics=tuple(topic_link(topic) for topic in entry.topics),
            snippet=clean_snippet(hit.snippet),
            reasons=explain(hit.reasons),
            missing=missing_text(hit),
        )

    return view


def hit_views(
    services: SiteServices, hits: Iterable[SearchHit], view: Callable[[SearchHit], HitView]
) -> tuple[HitView, ...]:
    """Hits as people see them, without those that cannot be shown."""
    views: list[HitView] = []
    for hit in hits:
        with contained(hit.entry.id, noting(services, hit.entry.id)):
            views.append(view(hit))
    return tuple(views)
