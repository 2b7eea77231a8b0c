"""The search page: one form, its filters, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kb.errors import InvalidQueryError
from kb.model import SearchQuery, SearchResults, Sort
from webapp.explanations import notice_text
from webapp.facets import Panel, active_filters, panels
from webapp.forms import Arguments, page_of, read_filters, read_query, read_text
from webapp.paging import Paging, paging
from webapp.present import HitView, Link, hit_viewer, search_url
from webapp.services import SiteServices, current_services

blueprint = Blueprint("search", __name__)

# Questions as coordinators ask them: a compound, words of a transition, a missing umlaut.
EXAMPLES = (
    "Übergang von der Schule in den Beruf",
    "Stadtteilmütter",
    "Sprachfoerderung Neuzugewanderte",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search gave, ready to show."""

    results: SearchResults
    hits: tuple[HitView, ...]
    panels: tuple[Panel, ...]
    paging: Paging
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Everything that the template shows; ``answer`` is missing when the query could not be understood."""

    typed: str
    query: SearchQuery
    active: tuple[Link, ...]
    examples: tuple[Link, ...]
    answer: Answer | None = None
    error: InvalidQueryError | None = None

    @property
    def is_start(self) -> bool:
        """Nothing was asked yet."""
        return not (self.typed or self.query.filters or self.error or page_of(self.query) > 1)

    @property
    def clear_url(self) -> str:
        """The same words without any filter."""
        return search_url(replace(self.query, filters={}, offset=0))

    @property
    def exact_url(self) -> str:
        """The same search for exactly what was typed."""
        return search_url(replace(self.query, correct=False, offset=0))

    def sort_url(self, order: str) -> str:
        """The same search in another order."""
        return search_url(replace(self.query, sort=Sort(order), offset=0))


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
        results = services.backend.search(query)
    except InvalidQueryError as error:
        query = SearchQuery(filters=read_filters(args))
        active = active_filters(services, query)
        return SearchPage(read_text(args), query, active, examples, error=error)
    answer = Answer(
        results=results,
        hits=tuple(map(hit_viewer(services, query), results.hits)),
        panels=panels(services, query, results.facets),
        paging=paging(query, results.total),
        notices=tuple(map(notice_text, results.notices)),
    )
    return SearchPage(query.text, query, active_filters(services, query), examples, answer)
