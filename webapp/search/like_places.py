"""„Kommunen wie meine“ on pages and in the terminal: what is asked for, offered, and said of a hit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from kb.model import LIKE_PLACES, LikePlaces, SearchQuery, SearchResults
from kb.ports import SimilarPlaces
from webapp.search.hits import Link, search_url
from webapp.site.services import SiteServices

# For so many of the chosen places others like them are offered.
_OFFERED = 3
# So many names are listed for completion, about 10 kB of a page; others can be typed all the same.
_NAMED = 200


def like_places(similar: SimilarPlaces, name: str) -> LikePlaces | None:
    """The place of this name and those like it; None where it is unknown, not clear or without a population."""
    known, places = similar.name_of(name), similar.similar(name, LIKE_PLACES)
    return LikePlaces(known, places) if known is not None and places else None


def likeness_text(like: LikePlaces, names: Iterable[str]) -> str:
    """Why a document with these places is shown, in German; empty where it names the place itself."""
    best = like.best(names)
    return "" if best is None else f"{best.name}: {', '.join(best.reasons)} – ähnlich wie {like.name}"


def unknown_text(name: str) -> str:
    """What is said where no place can be like the one asked for."""
    return (
        f"Zu „{name}“ sind keine ähnlichen Orte zu nennen: Der Name ist nicht bekannt, nicht eindeutig oder "
        "ohne Einwohnerzahl. Gezeigt wird die Suche ohne diese Bedingung."
    )


def place_names(services: SiteServices, results: SearchResults) -> tuple[str, ...] | None:
    """Places of an answer that others may be like, for completion; None where nobody knows places."""
    if services.similar is None:
        return None
    known = (name for name in results.facets.get("place", {}) if services.similar.name_of(name) is not None)
    return tuple(islice(known, _NAMED))


def offers(services: SiteServices, query: SearchQuery) -> tuple[Link, ...]:
    """For each place that is filtered by, the same search with places like it."""
    if services.similar is None or query.like_place:
        return ()
    found = (like_places(services.similar, name) for name in query.filters.get("place", ())[:_OFFERED])
    return tuple(
        Link(f"auch Orte wie {like.name}", search_url(replace(query, like_place=like.name, offset=0)))
        for like in found
        if like is not None
    )
