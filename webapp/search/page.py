"""The search page: one form, its filters, and the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kb.errors import InvalidQueryError
from kb.model import LikePlaces, SearchHit, SearchQuery, SearchResults, Sort, Tier
from webapp.search.facets import Panel, active_filters, panels
from webapp.search.forms import (
    Arguments,
    page_of,
    query_args,
    read_query,
    read_some_filters,
    read_text,
    without_likeness,
)
from webapp.search.hits import HitView, Link, hit_viewer, hit_views, search_url
from webapp.search.like_places import like_places, likeness_text, offers, place_names, unknown_text
from webapp.search.paging import FURTHER_ID, Paging, paging
from webapp.site.services import SiteServices, current_services
from webapp.wording.explanations import FURTHER_HEADING, notice_texts

blueprint = Blueprint("search", __name__)

# Questions as coordinators ask them: a compound, words of a transition, a missing umlaut.
EXAMPLES = (
    "Übergang von der Schule in den Beruf",
    "Stadtteilmütter",
    "Sprachfoerderung Neuzugewanderte",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search gave, ready to show: the hits of the page, and the further documents below them."""

    results: SearchResults
    hits: tuple[HitView, ...]
    further: tuple[HitView, ...]
    panels: tuple[Panel, ...]
    paging: Paging
    notices: tuple[str, ...]
    further_heading = FURTHER_HEADING
    further_id = FURTHER_ID

    @property
    def is_continued(self) -> bool:
        """Whether an earlier page shows further documents already."""
        return self.paging.first_shown > self.results.total + 1


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Everything that the template shows; ``answer`` is missing when the query could not be understood.

    ``place_names`` are those for which others like them can be asked for; None where nobody knows places.
    """

    typed: str
    query: SearchQuery
    active: tuple[Link, ...]
    examples: tuple[Link, ...]
    like_offers: tuple[Link, ...] = ()
    place_names: tuple[str, ...] | None = None
    answer: Answer | None = None
    error: InvalidQueryError | None = None

    @property
    def is_start(self) -> bool:
        """Nothing was asked yet."""
        query = self.query
        return not (self.typed or query.filters or query.like_place or self.error or page_of(query) > 1)

    @property
    def clear_url(self) -> str:
        """The same words without any filter."""
        return search_url(without_likeness(replace(self.query, filters={}, offset=0)))

    @property
    def exact_url(self) -> str:
        """The same search for exactly what was typed."""
        return search_url(replace(self.query, correct=False, offset=0))

    def sort_url(self, order: str) -> str:
        """The same search in another order."""
        return search_url(replace(self.query, sort=Sort(order), offset=0))

    @property
    def orders(self) -> Mapping[str, str]:
        """The orders that mean something for this search, with their German names."""
        return {
            **({"relevance": "Relevanz"} if self.typed else {}),
            **({"place": "Ähnlichkeit"} if self.query.like_place else {}),
            "date": "Datum",
        }

    @property
    def hidden(self) -> Mapping[str, list[str]]:
        """The arguments of this search beside its words and filters, for forms."""
        return {name: values for name, values in query_args(self.query).items() if name in ("sort", "wie")}

    @property
    def arguments(self) -> Mapping[str, list[str]]:
        """All arguments of this search but the place to be like, for the form that asks for one."""
        return query_args(without_likeness(replace(self.query, offset=0)))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Search and show the answer; without words and filters, show what there is."""
    page = build_page(current_services(), request.args)
    return render_template("search/index.html", page=page), 200 if page.error is None else 400


@blueprint.get("/hilfe")
def help_page() -> ResponseReturnValue:
    """How to search, with examples to click on."""
    return render_template("search/help.html")


def build_page(services: SiteServices, args: Arguments) -> SearchPage:
    """Ask the engine what the arguments ask for.

    Raises:
        SearchIndexError: there is nothing to search in.
    """
    examples = tuple(Link(text, search_url(SearchQuery(text))) for text in EXAMPLES)
    try:
        query = read_query(args)
        like, unknown = _meant_place(services, query)
        query = replace(query, like_place=like.name) if like is not None else without_likeness(query)
        results = services.backend.search(like.widened(query) if like is not None else query)
    except InvalidQueryError as error:
        query = SearchQuery(filters=read_some_filters(args))
        active = active_filters(services, query)
        return SearchPage(read_text(args), query, active, examples, error=error)
    answer = Answer(
        results=results,
        hits=_views(services, query, like, (hit for hit in results.hits if hit.tier is Tier.HIT)),
        further=_views(services, query, like, (hit for hit in results.hits if hit.tier is Tier.FURTHER)),
        panels=panels(services, query, results.facets),
        paging=paging(query, results),
        notices=(*unknown, *notice_texts(results)),
    )
    active = active_filters(services, query)
    offered = offers(services, query)
    return SearchPage(query.text, query, active, examples, offered, place_names(services, results), answer)


def _views(
    services: SiteServices, query: SearchQuery, like: LikePlaces | None, hits: Iterable[SearchHit]
) -> tuple[HitView, ...]:
    plain = hit_viewer(services, query)

    def view(hit: SearchHit) -> HitView:
        shown = plain(hit)
        return (
            shown
            if like is None
            else replace(shown, likeness=likeness_text(like, hit.entry.facet_values("place")))
        )

    return hit_views(services, hits, view)


def _meant_place(services: SiteServices, query: SearchQuery) -> tuple[LikePlaces | None, tuple[str, ...]]:
    """The places that shall do as well, or a sentence about why there are none."""
    if not query.like_place:
        return None, ()
    like = like_places(services.similar, query.like_place) if services.similar is not None else None
    return like, () if like is not None else (unknown_text(query.like_place),)
