"""The official municipal register (GV100AD of Destatis): read it, and complete ``places.tsv`` without guessing.

A record is a line of fixed width. Of the records of municipalities (kind 60) these columns are read,
counted from 1: 1–2 kind, 3–10 date as YYYYMMDD, 11–18 key (AGS), 23–72 name, 123–124 type, 140–150 population.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.annotate.places.rows import COLUMNS, Place, read_places
from kb.corpus.atomic import storage_error, write_atomically
from kb.errors import UnreadableInputError

MUNICIPALITY = "60"
# Types of municipalities; others (areas without a municipality) are no places.
TYPES = {
    "60": "Markt", "61": "Kreisfreie Stadt", "62": "Stadtkreis", "63": "Stadt", "64": "Gemeinde",
    "67": "Große Kreisstadt",
}  # fmt: skip
_URBAN = ("61", "62")
_WIDTH = 150
_SOURCE = "# Schlüssel und Einwohner der Gemeinden: © Statistisches Bundesamt (Destatis)"


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality; ``date`` is the day of the register as YYYY-MM-DD."""

    ags: str
    name: str
    type: str
    population: int
    date: str


@dataclass(frozen=True, slots=True)
class Completion:
    """The lines of the completed file and what was done; ``ambiguous`` names could mean several rows."""

    lines: tuple[str, ...]
    completed: int
    added: int
    ambiguous: tuple[str, ...]


def read_register(path: Path) -> list[Municipality]:
    """All municipalities that have inhabitants of their own, independent cities left out.

    Raises:
        UnreadableInputError: not such a file; names file, line and remedy.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableInputError(f"nicht lesbar ({error.strerror})", subject=str(path)) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")  # editions before 2019
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line[:2] != MUNICIPALITY:
            continue
        if len(line.rstrip()) < _WIDTH or not line[10:18].isdigit() or not line[2:10].isdigit():
            raise UnreadableInputError(
                "die Zeile ist kein Satz des Gemeindeverzeichnisses",
                subject=f"{path}:{number}",
                remedy="die Textdatei GV100AD_….txt aus dem Archiv von Destatis angeben",
            )
        kind = line[122:124]
        if kind in TYPES and kind not in _URBAN:
            found.append(_municipality(line, kind))
    if not found:
        raise UnreadableInputError(
            "die Datei enthält keine Gemeinden (Satzart 60)",
            subject=str(path),
            remedy="die Textdatei GV100AD_….txt aus dem Archiv von Destatis angeben",
        )
    return found


def _municipality(line: str, kind: str) -> Municipality:
    population = line[139:150].strip()
    date = f"{line[2:6]}-{line[6:8]}-{line[8:10]}"
    name = " ".join(line[22:72].split(",")[0].split())  # „Kleve, Stadt“
    return Municipality(line[10:18], name, TYPES[kind], int(population or 0), date)


def complete(lines: Iterable[str], places: Iterable[Place], register: Iterable[Municipality]) -> Completion:
    """Give towns their key, type and population where name and state leave no doubt; add the missing ones.

    ``lines`` are those of the places file, ``places`` its rows.
    """
    states = _states(places)
    official: dict[tuple[str, str], list[Municipality]] = defaultdict(list)
    for one in register:
        official[one.name, states.get(one.ags[:2], "")].append(one)
    rows = [line for line in lines if line.strip()]
    towns: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, line in enumerate(rows):
        cells = line.split("\t")
        if len(cells) == len(COLUMNS) and cells[1] == "town":
            towns[cells[0], cells[4]].append(index)
    completed = added = 0
    ambiguous: list[str] = []
    for (name, state), found in sorted(official.items()):
        where = towns.get((name, state), [])
        if len(found) == 1 and len(where) == 1:
            rows[where[0]] = _completed(rows[where[0]], found[0])
            completed += 1
        elif len(found) == 1 and not where and state:
            rows.append(_new_row(found[0], state))
            added += 1
        else:
            ambiguous.append(f"{name} ({state})")
    return Completion(tuple(rows), completed, added, tuple(ambiguous))


def _states(places: Iterable[Place]) -> Mapping[str, str]:
    """States by the first two digits of their keys; those of Berlin and Hamburg are cities in the file."""
    return {place.ags[:2]: place.state for place in places if place.ags and place.kind in ("state", "city")}


def _completed(line: str, one: Municipality) -> str:
    cells = line.split("\t")
    cells[2], cells[3], cells[6] = one.type, one.ags, str(one.population or "")
    return "\t".join(cells)


def _new_row(one: Municipality, state: str) -> str:
    # Nothing is known of the name as a word: only where it is called a municipality does it count.
    cells = dict.fromkeys(COLUMNS, "") | {
        "name": one.name, "kind": "town", "type": one.type, "ags": one.ags, "state": state,
        "population": str(one.population or ""), "flags": "wort",
    }  # fmt: skip
    return "\t".join(cells[column] for column in COLUMNS)


def import_register(register_file: Path, places_file: Path) -> Completion:
    """Read the register and rewrite the places file.

    Raises:
        ConfigurationError: the places file is wrong.
        UnreadableInputError: the register is wrong.
        StorageError: the places file cannot be written, and is as it was.
    """
    register = read_register(register_file)
    places = read_places(places_file)
    done = complete(places_file.read_text(encoding="utf-8").splitlines(), places, register)
    lines = [line for line in done.lines if not line.startswith(_SOURCE)]
    source = f"{_SOURCE}, GV100AD, Stand {register[0].date}."
    try:
        write_atomically(places_file, ("\n".join([source, *lines]) + "\n").encode())
    except OSError as error:
        raise storage_error(error, places_file) from error
    return replace(done, lines=tuple(lines))
