"""Where a place lies: state, district, municipality, as its official key says."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.annotate.places.rows import Place

_STATE_DIGITS, _DISTRICT_DIGITS = 2, 5


class PlaceTree:
    """The areas around each place, by the names that the places file gives them."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._states: dict[str, str] = {}
        self._districts: dict[str, str] = {}
        for place in places:
            if place.kind == "state":
                self._states.setdefault(place.state, place.name)
            elif place.kind == "district" and place.ags:
                self._districts.setdefault(place.ags, place.name)

    def around(self, place: Place) -> tuple[str, ...]:
        """State and district of a municipality, the state of a district or city; nothing of a city state."""
        key = place.ags or ""
        state = self._states.get(place.state) if len(key) != _STATE_DIGITS else None
        district = self._districts.get(key[:_DISTRICT_DIGITS]) if len(key) > _DISTRICT_DIGITS else None
        return tuple(area for area in (state, district) if area is not None)
