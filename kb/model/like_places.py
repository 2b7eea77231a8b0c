"""„Kommunen wie meine“: a search widened from one place to those like it, best first, each with its reason.

An engine knows no sizes and types of places, so it is asked for a set of them: „any of these places“ is what
its filter means anyway, and totals, facets and pages stay as exact as without.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.model.annotations import SimilarPlace
from kb.model.search import SearchQuery

# A twentieth of the 400 districts and independent cities: the places that a coordinator can keep in mind.
LIKE_PLACES = 20


@dataclass(frozen=True, slots=True)
class LikePlaces:
    """A place by the name that the place facet has for it, and those like it, the most alike first."""

    name: str
    places: tuple[SimilarPlace, ...]

    def widened(self, query: SearchQuery) -> SearchQuery:
        """The query that an engine is asked: its own places first, then this one, then those like it."""
        chosen = query.filters.get("place", ())
        wanted = dict.fromkeys((*chosen, self.name, *(place.name for place in self.places)))
        return replace(query, filters={**query.filters, "place": tuple(wanted)})

    def best(self, names: Iterable[str]) -> SimilarPlace | None:
        """The most alike of these places; None where none is, or where they name the place itself."""
        named = set(names)
        if self.name in named:
            return None
        return next((place for place in self.places if place.name in named), None)
