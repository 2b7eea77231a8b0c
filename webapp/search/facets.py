"""The filter panel: which values of each facet are offered, and where a click on one leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from kb.model import FACETS, UNDECIDED, SearchQuery
from webapp.search.forms import toggled, without_likeness
from webapp.search.hits import Link, search_url
from webapp.site.services import SiteServices

TITLES = {
    "topic": "Thema",
    "doc_type": "Art des Dokuments",
    "year": "Jahr",
    "place": "Ort",
    "source": "Quelle",
}
# So many values stand open; the others of a facet wait behind "weitere".
_OPEN_VALUES = 7
# A page lists no more than that; a corpus may know thousands of places.
_MAX_VALUES = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet; ``url`` adds it to the search, or removes it when it is selected.

    ``inner`` are the values within it (the districts of a state), which ``opened`` shows; ``number`` is its own
    on the panel.
    """

    value: str
    label: str
    count: int
    selected: bool
    url: str
    number: int = 0
    inner: tuple[Choice, ...] = ()
    opened: bool = False

    @property
    def holds_selected(self) -> bool:
        """Whether it or a value within it is selected."""
        return self.selected or any(choice.holds_selected for choice in self.inner)


@dataclass(frozen=True, slots=True)
class Panel:
    """One facet: choices in sight, choices behind "weitere", and how many are not listed at all."""

    facet: str
    title: str
    open: tuple[Choice, ...]
    folded: tuple[Choice, ...]
    left_out: int

    @property
    def narrowed(self) -> bool:
        """Whether a value is selected: then the others are alternatives to it, and all are shown."""
        return any(choice.holds_selected for choice in self.open)


def panels(
    services: SiteServices, query: SearchQuery, counts: Mapping[str, Mapping[str, int]]
) -> tuple[Panel, ...]:
    """The facets that offer something, in the order of ``FACETS``; what is selected is always in sight."""
    built = (_panel(services, query, facet, counts.get(facet, {})) for facet in FACETS)
    return tuple(panel for panel in built if panel.open)


def _panel(services: SiteServices, query: SearchQuery, facet: str, counts: Mapping[str, int]) -> Panel:
    selected = query.filters.get(facet, ())
    values = list(counts) + [value for value in selected if value not in counts]
    if facet == "year":
        values.sort(key=lambda value: (value != UNDECIDED, value), reverse=True)
    listed = values[:_MAX_VALUES]
    listed += [value for value in selected if value not in listed]
    tree = _tree(services, facet, listed)
    numbers = count(1)

    def choices(parent: str | None) -> tuple[Choice, ...]:
        return tuple(
            Choice(
                value=value,
                label=services.label(facet, value),
                count=counts.get(value, 0),
                selected=value in selected,
                url=search_url(replace(query, filters=toggled(query.filters, facet, value), offset=0)),
                number=next(numbers),
                inner=(inner := choices(value) if value in tree else ()),
                # A level at a time: open is what is chosen, and the only one of its level.
                opened=value in selected or len(tree[parent]) == 1 or any(one.holds_selected for one in inner),
            )
            for value in tree[parent]
        )

    top = choices(None)
    in_sight = {*top[:_OPEN_VALUES], *(choice for choice in top if choice.holds_selected)}
    # One more value takes no more room than the word "1 weiterer".
    if len(top) - len(in_sight) == 1:
        in_sight = set(top)
    return Panel(
        facet=facet,
        title=TITLES[facet],
        open=tuple(choice for choice in top if choice in in_sight),
        folded=tuple(choice for choice in top if choice not in in_sight),
        left_out=len(values) - len(listed),
    )


def _tree(services: SiteServices, facet: str, listed: Sequence[str]) -> Mapping[str | None, Sequence[str]]:
    """Each value below the smallest listed one that it lies in; those that lie in none below None."""
    below: dict[str | None, list[str]] = {None: []}
    for value in listed:
        areas = services.similar.areas_of(value) if facet == "place" and services.similar is not None else ()
        parent = next((area for area in reversed(areas) if area in listed and area != value), None)
        below.setdefault(parent, []).append(value)
    return below


def active_filters(services: SiteServices, query: SearchQuery) -> tuple[Link, ...]:
    """Every filter in force with the address of the search without it."""
    like = Link(f"Orte wie {query.like_place}", search_url(without_likeness(replace(query, offset=0))))
    return (*((like,) if query.like_place else ()), *_chosen(services, query))


def _chosen(services: SiteServices, query: SearchQuery) -> tuple[Link, ...]:
    return tuple(
        Link(
            f"{TITLES[facet]}: {services.label(facet, value)}",
            search_url(replace(query, filters=toggled(query.filters, facet, value), offset=0)),
        )
        for facet in FACETS
        for value in query.filters.get(facet, ())
    )
