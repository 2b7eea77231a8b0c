"""„Kommunen wie meine“: districts and cities ranked by likeness of type, size and state, with reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from indexer.annotate.places.rows import DOMINANCE, Place
from indexer.annotate.places.tree import PlaceTree
from kb.model import SimilarPlace

_COMPARABLE = ("district", "city")
# Points of agreement; size counts most, because staff and budgets follow it.
TYPE_POINTS, STATE_POINTS, SIZE_POINTS = 1.0, 0.5, 2.0
# Up to a factor of 1.25 two places are called about equally large, beyond 4 not alike at all.
_EQUAL, _ALIKE = math.log(1.25), math.log(4)


@dataclass(frozen=True, slots=True)
class Similar:
    """A place, how alike it is (at most 3.5), and why, in German."""

    place: Place
    score: float
    reasons: tuple[str, ...]


def similar_places(place: Place, places: Iterable[Place], limit: int = 10) -> list[Similar]:
    """Districts and independent cities like ``place``, the most alike first; it itself is left out.

    Towns can be compared with cities: what counts is their population. Without a population nothing is alike.
    """
    found = [
        _compare(place, other)
        for other in places
        if other.kind in _COMPARABLE and other.ags != place.ags and other.population and place.population
    ]
    alike = [one for one in found if one.reasons]
    return sorted(alike, key=lambda one: (-one.score, one.place.name))[:limit]


class PlaceRanking:
    """Implements ``kb.ports.SimilarPlaces`` over the rows of a places file."""

    def __init__(self, places: Iterable[Place]) -> None:
        places = tuple(places)
        self._tree = PlaceTree(places)
        self._called: dict[str, list[Place]] = {}
        for place in places:
            if place.kind != "part":
                self._called.setdefault(place.name, []).append(place)
        self._places = tuple(place for place in places if place.kind in (*_COMPARABLE, "town"))
        self._named: dict[str, list[Place]] = {}
        for place in self._places:
            names = (place.name, *place.aliases, f"{place.name} ({place.state})")
            for name in {name.casefold() for name in names}:
                self._named.setdefault(name, []).append(place)

    def name_of(self, name: str) -> str | None:
        """The name in the places file of the only place that may be meant."""
        place = self._meant(name)
        return place.name if place is not None else None

    def areas_of(self, name: str) -> tuple[str, ...]:
        """State and district around a place of the facet, as far as the larger of its name share them."""
        short, _, state = name.removesuffix(")").rpartition(" (")
        found = self._called.get(name) or [one for one in self._called.get(short, []) if one.state == state]
        most = max((place.population for place in found), default=0)
        found = [place for place in found if place.population * DOMINANCE > most] or found
        around = [self._tree.around(place) for place in found]
        shared = takewhile(lambda level: len(set(level)) == 1, zip(*around, strict=False))
        return tuple(level[0] for level in shared)

    def similar(self, name: str, limit: int = 10) -> tuple[SimilarPlace, ...]:
        """Districts and independent cities like the one of this name, with reasons; empty if not clear."""
        place = self._meant(name)
        if place is None:
            return ()
        return tuple(
            SimilarPlace(one.place.name, one.place.ags, one.place.state, one.score, one.reasons)
            for one in similar_places(place, self._places, limit)
        )

    def _meant(self, name: str) -> Place | None:
        """The only place of a name; a place so called before those with it as another name, a district or city
        before towns."""
        name = " ".join(name.split()).casefold()
        found = self._named.get(name, [])
        for wanted in (
            [place for place in found if place.kind in _COMPARABLE and place.name.casefold() == name],
            [place for place in found if place.kind in _COMPARABLE],
            found,
        ):
            if len(wanted) == 1:
                return wanted[0]
        return None


def _compare(place: Place, other: Place) -> Similar:
    distance = abs(math.log(other.population / place.population))
    if distance > _ALIKE or (place.kind == "district") != (other.kind == "district"):
        return Similar(other, 0.0, ())
    reasons = []
    score = SIZE_POINTS * (1 - distance / _ALIKE)
    size = (
        "etwa gleich groß"
        if distance <= _EQUAL
        else "größer"
        if other.population > place.population
        else "kleiner"
    )
    count = f"{other.population:,}".replace(",", ".")
    reasons.append(f"{size} ({count} Einwohner)")
    if place.type and place.type == other.type:
        score += TYPE_POINTS
        reasons.append(f"gleiche Art ({other.type})")
    if place.state == other.state:
        score += STATE_POINTS
        reasons.append(f"gleiches Land ({other.state})")
    return Similar(other, round(score, 3), tuple(reasons))
