"""The forms in which the names of places occur, and a matcher for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.annotate.places import spelling
from indexer.annotate.places.additions import Additions
from indexer.annotate.places.rows import Place
from indexer.annotate.places.tree import PlaceTree
from indexer.annotate.text.language import German
from indexer.annotate.text.tokens import Tokens

# Genitives ("Dortmunds") are looked for from this population on: below it they are other words too often.
GENITIVE_POPULATION = 20_000
# Names in capitals open newspaper texts; shorter ones are abbreviations too often.
_CAPITALS = 4
# An adjective of so many times more people than live in a place of this name is the adjective.
_OUTWEIGHS = 10
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Naming:
    """How a form names its places: by name, or as an adjective (``Dortmunder``)."""

    places: tuple[Place, ...]
    adjective: bool = False


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in a text: token span, end exclusive."""

    start: int
    end: int
    form: str
    naming: Naming


class Gazetteer:
    """Finds every form of every name; whether it means the place is decided in ``places.find``."""

    def __init__(self, places: Iterable[Place], language: German) -> None:
        names: dict[str, list[Place]] = {}
        adjectives: dict[str, list[Place]] = {}
        places = tuple(places)
        self.additions = Additions(places)
        self.tree = PlaceTree(places)
        self._cities: dict[tuple[str, str], Place] = {}
        self._keyed: dict[str, Place] = {}
        self._districts: dict[str, Place] = {}
        for place in places:
            for form in dict.fromkeys(_forms(place)):
                names.setdefault(form, []).append(place)
            for form in place.adjectives:
                adjectives.setdefault(form, []).append(place)
            if place.kind in ("city", "town"):
                self._cities.setdefault((place.name, place.state), place)
            if place.ags and place.kind != "part":
                self._keyed.setdefault(place.ags, place)
            if place.kind == "district":
                self._districts.setdefault(re.sub(r"^(?:Land)?[Kk]reis | \([^(]+\)$", "", place.name), place)
        self._namings = {form: Naming(_without_districts(form, found)) for form, found in names.items()}
        for form, found in adjectives.items():
            others = max((place.population for place in names.get(form, ())), default=0)
            if max(place.population for place in found) > _OUTWEIGHS * others:  # Hamm, not Hammer an der Uecker
                self._namings[form] = Naming(tuple(found), adjective=True)
        # These mean nothing alone: what they mean is said after „die Landkreise“ or by an addition.
        short = {spelling.spell(place.name).short for place in places if place.kind in ("city", "town")}
        for name in (*self._districts, *sorted(short)):
            self._namings.setdefault(name, Naming(()))
        # What may follow a word in names that begin with it, and the name as it is written.
        self._beginnings: dict[str, list[tuple[list[str], str]]] = {}
        for form in self._namings:
            first, *rest = [form] if form.isalpha() else language.tokens(form).words
            self._beginnings.setdefault(first, []).append((rest, form))

    @property
    def districts(self) -> Mapping[str, Place]:
        """Rural districts by their plain name (``Unna`` for ``Kreis Unna``)."""
        return self._districts

    def city_of(self, part: Place) -> Place | None:
        """The municipality that a part belongs to."""
        return self._keyed.get(part.ags or "") or self._cities.get((part.part_of or "", part.state))

    def names(self, tokens: Tokens) -> list[NameSpan]:
        """Names in text order; of overlapping ones the longest."""
        words = tokens.words
        spans = [
            NameSpan(start, start + 1 + len(rest), form, self._namings[form])
            for start, beginning in enumerate(map(self._beginnings.get, words))
            if beginning is not None
            for rest, form in beginning
            if words[start + 1 : start + 1 + len(rest)] == rest
        ]
        taken: set[int] = set()
        kept = []
        for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
            if taken.isdisjoint(range(span.start, span.end)):
                taken.update(range(span.start, span.end))
                kept.append(span)
        return sorted(kept, key=lambda span: span.start)


def _without_districts(form: str, places: list[Place]) -> tuple[Place, ...]:
    """„St. Wendel“ alone is the town, though the district is called so too."""
    towns = [place for place in places if place.kind in ("city", "town")]
    keep = not towns or re.search("[Kk]reis", form) is not None
    return tuple(place for place in places if keep or place.kind != "district" or place.name == form)


def _forms(place: Place) -> Iterator[str]:
    """A name and its other names, inflected, and as machines without umlauts write them („Kreis Dueren“)."""
    for form in _written(place):
        yield form
        plain = form.translate(_UMLAUTS)
        if plain != form and not place.is_word:
            yield plain


def _written(place: Place) -> Iterator[str]:
    for name in (place.name, *place.aliases):
        yield name
        if name.startswith("Sankt "):
            yield name.replace("Sankt", "St.", 1)
        elif name.startswith("St. "):
            yield name.replace("St.", "Sankt", 1)
        if place.kind == "district":
            yield from _district_forms(name)
        elif place.population >= GENITIVE_POPULATION:
            if len(name) >= _CAPITALS and (not place.is_word or " " in name):
                yield name.upper()  # „NEUWIED. Per Video …“, „WEIDEN I.D.OPF.“
            if name.isalpha() and name[-1] not in "sßxz":
                yield name + "s"


def _district_forms(name: str) -> Iterator[str]:
    """``des Landkreises Harz``, ``im Märkischen Kreis``, ``des Rhein-Sieg-Kreises``."""
    if name.startswith(("Landkreis ", "Kreis ")):
        first, rest = name.split(" ", 1)
        yield f"{first}es {rest}"
        yield f"{first}e {rest}"
    elif re.search(r"[Kk]reis$", name):
        oblique = re.sub(r"er (?=Kreis$)", "en ", name)
        weak = re.sub(r"er (?=Kreis$)", "e ", name)  # der Märkische Kreis
        yield from {weak, oblique, f"{oblique}es", f"{name}es"} - {name}
    elif name.startswith("Regionalverband "):
        yield name.replace("verband", "verbandes", 1)
