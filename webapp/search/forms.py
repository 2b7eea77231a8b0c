"""What a visitor's address says: from request arguments to a search query, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from kb.errors import InvalidQueryError
from kb.model import FACETS, SearchQuery, Sort, normalise_line

PAGE_SIZE = 10
# Longer than any question; a pasted page of text is a mistake that a person wants to be told.
MAX_QUERY_CHARS = 1000
# Beyond that nobody pages; an engine would have to sort and skip everything before.
MAX_PAGE = 10_000
# More than anybody chooses; every link of a page repeats all of them.
MAX_VALUES = 20
MAX_ALL_VALUES = 40
_MAX_VALUE_CHARS = 200


class Arguments(Protocol):
    """The part of Werkzeug's ``MultiDict`` that is read here."""

    def get(self, key: str, /) -> str | None:
        """The first value."""

    def getlist(self, key: str, /) -> list[str]:
        """All values of a repeated argument."""


def read_text(args: Arguments) -> str:
    """The words as typed, on one line and without control characters."""
    return normalise_line(args.get("q") or "")


def read_filters(args: Arguments) -> dict[str, tuple[str, ...]]:
    """Wanted facet values, each once, in the order given; oversized ones cannot exist and are dropped.

    Raises:
        InvalidQueryError: more than ``MAX_VALUES`` of one facet, or more than ``MAX_ALL_VALUES``.
    """
    wanted = _wanted_values(args)
    most, together = max(map(len, wanted.values()), default=0), sum(map(len, wanted.values()))
    if most > MAX_VALUES or together > MAX_ALL_VALUES:
        raise InvalidQueryError(
            f"So viele Filter auf einmal gehen nicht: {together} sind gewählt",
            remedy=f"höchstens {MAX_VALUES} Werte je Filter und {MAX_ALL_VALUES} zusammen wählen",
        )
    return wanted


def read_some_filters(args: Arguments) -> dict[str, tuple[str, ...]]:
    """The filters, or the first of each facet where those are too many: for a page that says so."""
    try:
        return read_filters(args)
    except InvalidQueryError:
        few = MAX_ALL_VALUES // len(FACETS)
        return {facet: values[:few] for facet, values in _wanted_values(args).items()}


def _wanted_values(args: Arguments) -> dict[str, tuple[str, ...]]:
    filters = {}
    for facet in FACETS:
        values = (normalise_line(value) for value in args.getlist(facet))
        wanted = dict.fromkeys(value for value in values if 0 < len(value) <= _MAX_VALUE_CHARS)
        if wanted:
            filters[facet] = tuple(wanted)
    return filters


def read_page(args: Arguments) -> int:
    """The page number, 1 or more; what is no number is page 1, what is too large is the last allowed."""
    digits = (args.get("page") or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return 1
    # Python refuses to convert thousands of digits; five already exceed the largest page.
    return max(1, min(int(digits.lstrip("0")[:6] or "1"), MAX_PAGE))


def read_sort(args: Arguments, default: Sort = Sort.RELEVANCE) -> Sort:
    """The wanted order."""
    try:
        return Sort((args.get("sort") or "").strip().lower())
    except ValueError:
        return default


def read_like_place(args: Arguments) -> str:
    """The place for which others like it shall do; too long a name is nobody's."""
    name = normalise_line(args.get("wie") or "")
    return name if len(name) <= _MAX_VALUE_CHARS else ""


def usual_sort(text: str, like_place: str) -> Sort:
    """Best first; without words there is nothing to be relevant to: the most alike, or the newest first."""
    return Sort.RELEVANCE if text else Sort.PLACE if like_place else Sort.DATE


def _possible_sort(args: Arguments, text: str, like_place: str) -> Sort:
    """The wanted order where it means something."""
    usual = usual_sort(text, like_place)
    wanted = read_sort(args, usual)
    if (wanted is Sort.RELEVANCE and not text) or (wanted is Sort.PLACE and not like_place):
        return usual
    return wanted


def read_correct(args: Arguments) -> bool:
    """Whether unknown words may be corrected; ``genau=1`` asks for exactly what was typed."""
    return (args.get("genau") or "").strip() != "1"


def read_query(args: Arguments) -> SearchQuery:
    """The search that an address asks for; unknown and impossible arguments are passed over.

    Raises:
        InvalidQueryError: the text is longer than ``MAX_QUERY_CHARS``, or there are too many filters.
    """
    text = read_text(args)
    if len(text) > MAX_QUERY_CHARS:
        raise InvalidQueryError(
            f"Die Suchanfrage ist mit {len(text)} Zeichen zu lang",
            remedy=f"höchstens {MAX_QUERY_CHARS} Zeichen eingeben, am besten nur die wichtigsten Wörter",
        )
    like_place = read_like_place(args)
    return SearchQuery(
        text=text,
        filters=read_filters(args),
        sort=_possible_sort(args, text, like_place),
        limit=PAGE_SIZE,
        offset=(read_page(args) - 1) * PAGE_SIZE,
        correct=read_correct(args) if text else True,
        like_place=like_place,
    )


def page_of(query: SearchQuery) -> int:
    """The number of the page that a query asks for."""
    return query.offset // PAGE_SIZE + 1


def query_args(query: SearchQuery, *, page: int = 1) -> dict[str, list[str]]:
    """The shortest arguments that ``read_query`` reads as this query on another page."""
    args: dict[str, list[str]] = {}
    if query.text:
        args["q"] = [query.text]
    args.update((facet, list(query.filters[facet])) for facet in FACETS if query.filters.get(facet))
    if query.like_place:
        args["wie"] = [query.like_place]
    if query.sort is not usual_sort(query.text, query.like_place) and (query.text or query.like_place):
        args["sort"] = [query.sort.value]
    if query.text and not query.correct:
        args["genau"] = ["1"]
    if page > 1:
        args["page"] = [str(page)]
    return args


def without_likeness(query: SearchQuery) -> SearchQuery:
    """The same search for the chosen places alone, in an order that means something without them."""
    sort = usual_sort(query.text, "") if query.sort is Sort.PLACE else query.sort
    return replace(query, like_place="", sort=sort)


def toggled(filters: Mapping[str, tuple[str, ...]], facet: str, value: str) -> dict[str, tuple[str, ...]]:
    """The filters with one value added, or removed if it was there."""
    chosen = filters.get(facet, ())
    changed = tuple(other for other in chosen if other != value) if value in chosen else (*chosen, value)
    return {name: values for name, values in {**filters, facet: changed}.items() if values}
