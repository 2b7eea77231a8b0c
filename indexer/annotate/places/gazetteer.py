"""The places of ``corpus/places.tsv``: rows, the forms in which their names occur, and a matcher for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from indexer.annotate.text.language import German
from kb.errors import ConfigurationError
from kb.model import MAX_NAME_LENGTH, is_name

COLUMNS = (
    "name", "kind", "type", "ags", "state", "part_of", "population", "lat", "lon", "aliases", "adjectives",
    "flags",
)  # fmt: skip
KINDS = ("state", "district", "city", "town", "part")
# Genitives ("Dortmunds") are looked for from this population on: below it they are other words too often.
GENITIVE_POPULATION = 20_000
# Names in capitals open newspaper texts; shorter ones are abbreviations too often.
_CAPITALS = 4
# An adjective of so many times more people than live in a place of this name is the adjective.
_OUTWEIGHS = 10
_POPULATION = re.compile(r"[0-9]{0,10}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Place:
    """One row; ``population`` is 0 and the position None where the sources do not say."""

    name: str
    kind: str
    state: str
    type: str = ""
    ags: str | None = None
    part_of: str | None = None
    population: int = 0
    aliases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    flags: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_word(self) -> bool:
        """The name is also a common word, a surname or a generic name."""
        return "wort" in self.flags


def read_places(path: Path) -> list[Place]:
    """All rows of a places file.

    Raises:
        ConfigurationError: names the file, the line and the remedy.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigurationError("nicht in UTF-8", subject=str(path), remedy="als UTF-8 speichern") from error
    except OSError as error:
        raise ConfigurationError(
            f"nicht lesbar ({error.strerror})", subject=str(path), remedy="Rechte der Datei prüfen"
        ) from error
    rows = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not rows:
        return []
    number, header = rows[0]
    if tuple(header.split("\t")) != COLUMNS:
        raise ConfigurationError(
            "die Spalten der Kopfzeile stimmen nicht",
            subject=f"{path}:{number}",
            remedy=f"durch Tabulatoren getrennt: {' '.join(COLUMNS)}",
        )
    return [_read_row(line, f"{path}:{number}") for number, line in rows[1:]]


def _read_row(line: str, where: str) -> Place:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise ConfigurationError(
            f"{len(cells)} Spalten statt {len(COLUMNS)}", subject=where, remedy="mit Tabulatoren trennen"
        )
    name, kind, type_, ags, state, part_of, population, _, _, aliases, adjectives, flags = cells
    if kind not in KINDS or not _POPULATION.fullmatch(population):
        raise ConfigurationError(
            f"„{name[:60]}“ hat keine gültige Art oder Einwohnerzahl",
            subject=where,
            remedy=f"kind ist eines von {', '.join(KINDS)}, population eine ganze Zahl oder leer",
        )
    names = (name, *_split(aliases, "|"), *_split(adjectives, "|"))
    wrong = next((one for one in names if not is_name(one)), None)
    if wrong is not None:
        raise ConfigurationError(
            f"„{wrong[:60]}“ ist kein Name eines Ortes",
            subject=where,
            remedy=f"1 bis {MAX_NAME_LENGTH} sichtbare Zeichen; leere Stellen zwischen | weglassen",
        )
    return Place(
        name, kind, state, type_, ags or None, part_of or None, int(population or 0),
        _split(aliases, "|"), _split(adjectives, "|"), frozenset(_split(flags, ",")),
    )  # fmt: skip


def _split(cell: str, mark: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(mark) if part) if cell else ()


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
        self._cities: dict[tuple[str, str], Place] = {}
        self._districts: dict[str, Place] = {}
        for place in places:
            for form in dict.fromkeys(_forms(place)):
                names.setdefault(form, []).append(place)
            for form in place.adjectives:
                adjectives.setdefault(form, []).append(place)
            if place.kind in ("city", "town"):
                self._cities.setdefault((place.name, place.state), place)
            if place.kind == "district":
                self._districts.setdefault(re.sub(r"^(?:Land)?[Kk]reis | \(.+\)$", "", place.name), place)
        self._namings = {form: Naming(tuple(found)) for form, found in names.items()}
        for form, found in adjectives.items():
            others = max((place.population for place in names.get(form, ())), default=0)
            if max(place.population for place in found) > _OUTWEIGHS * others:  # Hamm, not Hammer an der Uecker
                self._namings[form] = Naming(tuple(found), adjective=True)
        for name in self._districts:  # means nothing alone, but after „die Landkreise“
            self._namings.setdefault(name, Naming(()))
        self._matcher = PhraseMatcher(language.vocab, attr="ORTH")
        for form in self._namings:
            simple = form.isalpha()
            self._matcher.add(form, [Doc(language.vocab, words=[form]) if simple else language.tokens(form)])
        self._strings = language.vocab.strings

    @property
    def districts(self) -> Mapping[str, Place]:
        """Rural districts by their plain name (``Unna`` for ``Kreis Unna``)."""
        return self._districts

    def city_of(self, part: Place) -> Place | None:
        """The city that a part belongs to."""
        return self._cities.get((part.part_of or "", part.state))

    def names(self, doc: Doc) -> list[NameSpan]:
        """Names in text order; of overlapping ones the longest."""
        spans = [
            NameSpan(start, end, form, self._namings[form])
            for match_id, start, end in self._matcher(doc)
            for form in (self._strings[match_id],)
        ]
        taken: set[int] = set()
        kept = []
        for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
            if taken.isdisjoint(range(span.start, span.end)):
                taken.update(range(span.start, span.end))
                kept.append(span)
        return sorted(kept, key=lambda span: span.start)


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
