"""The filter panel: which values of each facet are offered, and where a click on one leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kb.model import FACETS, SearchQuery
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
    """One value of a facet; ``url`` adds it to the search, or removes it when it is selected."""

    value: str
    label: str
    count: int
    selected: bool
    url: str


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
        return any(choice.selected for choice in self.open)


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
        values.sort(reverse=True)
    listed = values[:_MAX_VALUES]
    listed += [value for value in selected if value not in listed]
    in_sight = {*listed[:_OPEN_VALUES], *selected}
    # One more value takes no more room than the word "1 weiterer".
    if len(listed) - len(in_sight) == 1:
        in_sight = set(listed)
    choices = [
        Choice(
            value=value,
            label=services.label(facet, value),
            count=counts.get(value, 0),
            selected=value in selected,
            url=search_url(replace(query, filters=toggled(query.filters, facet, value), offset=0)),
        )
        for value in listed
    ]
    return Panel(
        facet=facet,
        title=TITLES[facet],
        open=tuple(choice for choice in choices if choice.value in in_sight),
        folded=tuple(choice for choice in choices if choice.value not in in_sight),
        left_out=len(values) - len(listed),
    )


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
