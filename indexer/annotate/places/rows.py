"""The rows of ``corpus/places.tsv``; read without any of what finds their names in texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import ConfigurationError
from kb.model import MAX_NAME_LENGTH, is_name

COLUMNS = (
    "name", "kind", "type", "ags", "state", "part_of", "population", "lat", "lon", "aliases", "adjectives",
    "flags",
)  # fmt: skip
KINDS = ("state", "district", "city", "town", "part")
# A place of many times the population of its namesakes is meant where nothing speaks for another.
DOMINANCE = 10
LARGE = 100_000  # inhabitants from which a name alone is enough, if it is no word
_POPULATION = re.compile(r"[0-9]{0,10}")
_DEGREES = re.compile(r"(?:-?[0-9]{1,3}(?:\.[0-9]{1,9})?)?")


@dataclass(frozen=True, slots=True)
class Place:
    """One row; ``population`` is 0 and the position None where the sources do not say.

    ``ags`` is the official key: 2 digits of a state, 5 of a district or independent city, 8 of another
    municipality. A part has the key of the municipality that it belongs to.
    """

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
    position: tuple[float, float] | None = None  # degrees of latitude and longitude

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
    name, kind, type_, ags, state, part_of, population, lat, lon, aliases, adjectives, flags = cells
    if kind not in KINDS or not _POPULATION.fullmatch(population):
        raise ConfigurationError(
            f"„{name[:60]}“ hat keine gültige Art oder Einwohnerzahl",
            subject=where,
            remedy=f"kind ist eines von {', '.join(KINDS)}, population eine ganze Zahl oder leer",
        )
    if not _DEGREES.fullmatch(lat) or not _DEGREES.fullmatch(lon):
        raise ConfigurationError(
            f"„{name[:60]}“ hat keine gültige Lage",
            subject=where,
            remedy="lat und lon sind Grade wie 51.514 oder leer",
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
        (float(lat), float(lon)) if lat and lon else None,
    )  # fmt: skip


def _split(cell: str, mark: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(mark) if part) if cell else ()
