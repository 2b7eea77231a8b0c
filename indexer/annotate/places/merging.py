"""The register's municipalities and the rows of a places file brought together: one municipality is one place.

A row is found by its key, else by its name without addition, its state and its size. The register says key,
type and population; names, position, adjectives and marks of the row stay, and the register's ways to write the
name are added.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.annotate.places.register import District, Municipality, Register, read_register
from indexer.annotate.places.rows import COLUMNS, Place, read_places
from indexer.annotate.places.spelling import OfficialName, alike, may_be_word, official, spell
from kb.corpus.atomic import storage_error, write_atomically
from kb.errors import UnreadableInputError

_SOURCE = "# Schlüssel und Einwohner der Gemeinden: © Statistisches Bundesamt (Destatis)"
_SOURCE_LINE = re.compile(rf"{re.escape(_SOURCE)}.*Stand (\d{{4}}-\d{{2}}-\d{{2}})")
_DISTRICT_DIGITS = 5
_NAME, _KIND, _TYPE, _AGS, _STATE, _, _POPULATION = range(7)
_LAT, _LON, _ALIASES, _ADJECTIVES, _FLAGS = 7, 8, 9, 10, 11
# A row of the same name is another place where it has so many times more or fewer inhabitants.
_OTHER_SIZE = 8
# Or where it lies farther away than this, some 15 kilometres.
_OTHER_DEGREES = 0.2


@dataclass(frozen=True, slots=True)
class Completion:
    """The lines of the completed file and what was done, by name; ``problems`` are lines of the register."""

    lines: tuple[str, ...]
    completed: tuple[str, ...] = ()
    unchanged: int = 0
    added: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    date: str = ""
    earlier: str = ""


@dataclass(slots=True)
class _Row:
    """One line that is a place, as its cells; ``gone`` once another row has taken its names."""

    cells: list[str]
    gone: bool = False
    bases: frozenset[str] = frozenset()
    words: list[frozenset[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        spelt = [spell(name) for name in self.names]
        self.bases = frozenset(one.base for one in spelt[:1])
        self.words = [one.words for one in spelt if one.words and one.base in self.bases]

    @property
    def names(self) -> list[str]:
        return [self.cells[_NAME], *filter(None, self.cells[_ALIASES].split("|"))]

    @property
    def population(self) -> int:
        return int(self.cells[_POPULATION] or 0)

    def label(self) -> str:
        return f"{self.cells[_NAME]} ({self.cells[_STATE]})"


@dataclass(slots=True)
class _Report:
    completed: list[str] = field(default_factory=list)
    unchanged: int = 0
    added: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def complete(lines: Iterable[str], places: Iterable[Place], register: Register) -> Completion:
    """Merge the register into the rows of a places file.

    ``lines`` are those of the places file, ``places`` its rows.
    """
    comments, rows = _parsed(lines)
    return _Merger(rows, places, register).run(comments)


def _parsed(lines: Iterable[str]) -> tuple[list[str], list[_Row]]:
    """The head of the file, and its rows."""
    head: list[str] = []
    rows: list[_Row] = []
    for line in lines:
        cells = line.split("\t")
        if len(cells) == len(COLUMNS) and tuple(cells) != COLUMNS and not line.startswith("#"):
            rows.append(_Row(cells))
        elif line.strip():
            head.append(line)
    return head, rows


class _Merger:
    def __init__(self, rows: list[_Row], places: Iterable[Place], register: Register) -> None:
        self.rows = rows
        self.register = register
        self.report = _Report()
        # Those of Berlin and Hamburg are cities in the file.
        self.states = {one.ags[:2]: one.state for one in places if one.ags and one.kind in ("state", "city")}
        self.keys = {one.ags for one in register.municipalities}
        self.taken: dict[str, _Row] = {}
        self.rekeyed: dict[str, str] = {}

    def run(self, comments: list[str]) -> Completion:
        self._districts()
        self._by_key()
        self._by_name()
        self._ended()
        for one in self.register.municipalities:
            self._write(one)
        self._absorb()
        self._parts()
        report = self.report
        rows = ["\t".join(row.cells) for row in self.rows if not row.gone]
        return Completion(
            (*comments, *rows), tuple(report.completed), report.unchanged, tuple(report.added),
            tuple(report.merged), tuple(report.replaced), tuple(report.left), self.register.problems,
            self.register.date,
        )  # fmt: skip

    def _municipal(self) -> list[_Row]:
        return [row for row in self.rows if not row.gone and row.cells[_KIND] in ("town", "city")]

    def _by_key(self) -> None:
        for row in self._municipal():
            key = row.cells[_AGS]
            key = key + "000" if len(key) == _DISTRICT_DIGITS else key
            if key in self.keys and key not in self.taken:
                self.taken[key] = row

    def _by_name(self) -> None:
        """What has no key, or one that the register does not know, by name, addition, state and size."""
        free: dict[tuple[str, str], list[_Row]] = defaultdict(list)
        used = set(map(id, self.taken.values()))
        for row in self._municipal():
            if id(row) not in used:
                for base in row.bases:
                    free[base, row.cells[_STATE]].append(row)
        wanted: dict[tuple[str, str], list[Municipality]] = defaultdict(list)
        for one in self.register.municipalities:
            if one.ags not in self.taken and one.ags[:2] in self.states:
                wanted[spell(official(one.name).name).base, self.states[one.ags[:2]]].append(one)
        for key, municipalities in sorted(wanted.items()):
            for one, row in _pairs(municipalities, free.get(key, [])):
                self.taken[one.ags] = row

    def _ended(self) -> None:
        """Independent cities and districts that the register does not know any more."""
        kept = set(map(id, self.taken.values()))
        districts = {one.ags for one in self.register.districts}
        cities = {key[:5] for key in self.keys}
        # Of a state without records of districts only a part may have been handed in.
        complete_states = {one.ags[:2] for one in self.register.districts}
        for row in self.rows:
            kind, key = row.cells[_KIND], row.cells[_AGS]
            lost_city = kind == "city" and key not in cities and id(row) not in kept
            lost_district = kind == "district" and key not in districts
            if key and key[:2] in complete_states and (lost_city or lost_district):
                row.gone = True
                self.report.replaced.append(f"{row.label()}, Schlüssel {key}")
                heirs = [
                    one
                    for one in self.taken.values()
                    if one.bases == row.bases and one.cells[_STATE] == row.cells[_STATE]
                ]
                heir = _same_place(row, heirs) if lost_city else None
                if heir is not None:  # an earlier import has added the town beside the city that it was
                    _take_over(heir, row)
                    self.rekeyed[key] = heir.cells[_AGS]

    def _write(self, one: Municipality) -> None:
        names = official(one.name)
        key = one.ags[:_DISTRICT_DIGITS] if one.independent else one.ags
        row = self.taken.get(one.ags)
        if row is None:
            state = self.states.get(one.ags[:2])
            if state is None:
                self.report.left.append(
                    f"{names.name} ({one.ags}): das Land {one.ags[:2]} steht nicht in der Datei"
                )
                return
            self.taken[one.ags] = row = _new_row(one, key, names, state)
            self.rows.append(row)
            self.report.added.append(f"{names.name} ({state})")
            return
        before = list(row.cells)
        if before[_AGS] and before[_AGS] != key:
            self.rekeyed[before[_AGS]] = key
            self.report.replaced.append(f"{row.label()}, Schlüssel {before[_AGS]} → {key}")
        row.cells[_KIND] = "city" if one.independent else "town"
        row.cells[_TYPE], row.cells[_AGS], row.cells[_POPULATION] = one.type, key, str(one.population or "")
        row.cells[_FLAGS] = _without(row.cells[_FLAGS], "stadtnah")
        _add_names(row, names.names)
        if row.cells == before:
            self.report.unchanged += 1
        else:
            self.report.completed.append(row.label())

    def _absorb(self) -> None:
        """Rows that are the same place once more, as an import may have left them: without their own key."""
        owners: dict[tuple[str, str], list[_Row]] = defaultdict(list)
        kept = set(map(id, self.taken.values()))
        for row in self.taken.values():
            owners[next(iter(row.bases)), row.cells[_STATE]].append(row)
        waiting = [row for row in self._municipal() if id(row) not in kept]
        absorbed = True
        while absorbed:  # a position taken over may tell the next namesake apart
            absorbed = False
            for row in list(waiting):
                same = _same_place(row, owners.get((next(iter(row.bases)), row.cells[_STATE]), []))
                if same is not None and row.cells[_AGS] in ("", same.cells[_AGS]):
                    self.report.merged.append(f"{row.label()} in {same.label()}")
                    _take_over(same, row)
                    row.gone = absorbed = True
                    waiting.remove(row)
        self.report.left.extend(row.label() for row in waiting)

    def _parts(self) -> None:
        """A part that the register has as a municipality of its own is none; the others follow its key."""
        own = {(row.cells[_NAME], row.cells[_STATE], row.cells[_AGS]) for row in self.taken.values()}
        for row in self.rows:
            if row.cells[_KIND] == "part":
                row.cells[_AGS] = self.rekeyed.get(row.cells[_AGS], row.cells[_AGS])
            if row.cells[_KIND] == "part" and (row.cells[_NAME], row.cells[_STATE], row.cells[_AGS]) in own:
                row.gone = True

    def _districts(self) -> None:
        known = {row.cells[_AGS]: row for row in self.rows if row.cells[_KIND] == "district"}
        people: dict[str, int] = defaultdict(int)
        for one in self.register.municipalities:
            people[one.ags[:_DISTRICT_DIGITS]] += one.population
        for district in self.register.districts:
            population = str(people.get(district.ags) or "")
            row = known.get(district.ags)
            if row is not None:
                row.cells[_POPULATION] = population or row.cells[_POPULATION]
            elif district.ags[:2] in self.states and f"{district.ags}000" not in self.keys:
                state = self.states[district.ags[:2]]
                self.rows.append(_district_row(district, population, state))
                self.report.added.append(f"{self.rows[-1].cells[_NAME]} ({state})")


def _pairs(municipalities: Sequence[Municipality], rows: Sequence[_Row]) -> list[tuple[Municipality, _Row]]:
    """Which row is which municipality of the same name and state: by addition, then by size, none twice."""
    pairs: list[tuple[Municipality, _Row]] = []
    open_rows, waiting = list(rows), list(municipalities)
    for one in municipalities:
        words = spell(official(one.name).name).words
        same = [row for row in open_rows if words and any(alike(words, other) for other in row.words)]
        if len(same) == 1:
            pairs.append((one, same[0]))
            open_rows.remove(same[0])
            waiting.remove(one)
    waiting.sort(key=lambda one: -one.population)
    for one in waiting:
        words = spell(official(one.name).name).words
        fitting = [
            row
            for row in open_rows
            if _sizes_fit(one, row, alone=len(waiting) == len(rows) == 1)
            and not (words and row.words and not any(alike(words, other) for other in row.words))
        ]
        if fitting:
            best = min(fitting, key=lambda row: abs(row.population - one.population))
            pairs.append((one, best))
            open_rows.remove(best)
    return pairs


def _sizes_fit(one: Municipality, row: _Row, *, alone: bool) -> bool:
    """Whether a row may be a municipality; an unknown size fits only where nothing else has the name."""
    known = bool(one.population and row.population)
    return _alike_in_size(one.population, row.population) if known else alone


def _same_place(row: _Row, owners: Sequence[_Row]) -> _Row | None:
    """The only municipality of a row's name that it can be, by addition, size and position."""
    fitting = [
        owner for owner in owners if _alike_in_size(row.population, owner.population) and _is_near(row, owner)
    ]
    if row.words:
        borne = [
            one for one in fitting if any(alike(words, other) for words in row.words for other in one.words)
        ]
        fitting = borne or [one for one in fitting if not one.words]
    elif len(fitting) > 1:
        fitting = [one for one in fitting if row.cells[_NAME] in one.names]
    return fitting[0] if len(fitting) == 1 else None


def _is_near(one: _Row, other: _Row) -> bool:
    """Whether two positions can be those of one municipality; an unknown one fits any."""
    if not one.cells[_LAT] or not other.cells[_LAT]:
        return True
    return all(abs(float(one.cells[n]) - float(other.cells[n])) < _OTHER_DEGREES for n in (_LAT, _LON))


def _take_over(owner: _Row, row: _Row) -> None:
    """The names of a row that is the same place; where it alone has a position, its name is the usual one."""
    names = [*owner.names, *row.names]
    if row.cells[_LAT] and not owner.cells[_LAT]:
        names = [*row.names, *owner.names]
        owner.cells[_LAT], owner.cells[_LON] = row.cells[_LAT], row.cells[_LON]
        owner.cells[_FLAGS] = _without(row.cells[_FLAGS], "stadtnah")
    owner.cells[_NAME], *aliases = dict.fromkeys(names)
    owner.cells[_ALIASES] = "|".join(aliases)
    adjectives = dict.fromkeys((*_cells(owner, _ADJECTIVES), *_cells(row, _ADJECTIVES)))
    owner.cells[_ADJECTIVES] = "|".join(adjectives)


def _alike_in_size(one: int, other: int) -> bool:
    """Whether two populations can be those of one place; an unknown one fits any."""
    return not one or not other or max(one, other) < _OTHER_SIZE * min(one, other)


def _add_names(row: _Row, names: Iterable[str]) -> None:
    known = row.names
    more = [name for name in dict.fromkeys(names) if name not in known]
    row.cells[_ALIASES] = "|".join((*known[1:], *more))


def _cells(row: _Row, column: int) -> list[str]:
    return [part for part in row.cells[column].split("|") if part]


def _without(flags: str, flag: str) -> str:
    return ",".join(one for one in flags.split(",") if one and one != flag)


def _new_row(one: Municipality, key: str, names: OfficialName, state: str) -> _Row:
    """A municipality that the file lacked; its short name is one of its names unless that is a word."""
    short = spell(names.name).short
    aliases = [name for name in names.names if name != names.name]
    word = may_be_word(short)
    if short != names.name and not word:
        aliases.append(short)
    cells = dict.fromkeys(COLUMNS, "") | {
        "name": names.name, "kind": "city" if one.independent else "town", "type": one.type, "ags": key,
        "state": state, "population": str(one.population or ""), "aliases": "|".join(dict.fromkeys(aliases)),
        "flags": "wort" if word and short == names.name else "",
    }  # fmt: skip
    return _Row([cells[column] for column in COLUMNS])


def _district_row(district: District, population: str, state: str) -> _Row:
    plain = re.sub(r",? ?(?:Landkreis|Kreis)$", "", official(district.name).name)
    called = plain if re.search(r"[Kk]reis|[Rr]egion", plain) else f"{district.type} {plain}"
    other = {"Landkreis": "Kreis", "Kreis": "Landkreis"}.get(district.type)
    aliases = [f"{other} {plain}", f"LK {plain}"] if other and called != plain else []
    cells = dict.fromkeys(COLUMNS, "") | {
        "name": called, "kind": "district", "type": district.type, "ags": district.ags, "state": state,
        "population": population, "aliases": "|".join(aliases),
    }  # fmt: skip
    return _Row([cells[column] for column in COLUMNS])


def import_register(register_file: Path, places_file: Path) -> Completion:
    """Read the register and rewrite the places file.

    Raises:
        ConfigurationError: the places file is wrong.
        UnreadableInputError: the register is wrong, or older than the one that the file has.
        StorageError: the places file cannot be written, and is as it was.
    """
    register = read_register(register_file)
    places = read_places(places_file)
    text = places_file.read_text(encoding="utf-8")
    earlier = next((found[1] for line in text.splitlines() if (found := _SOURCE_LINE.match(line))), "")
    if earlier > register.date:
        raise UnreadableInputError(
            f"der Stand {register.date} ist älter als der der Orte ({earlier})",
            subject=str(register_file),
            remedy=f"ein Gemeindeverzeichnis ab {earlier} angeben, oder in {places_file} "
            f"die Zeile mit „Stand {earlier}“ löschen",
        )
    done = complete(text.splitlines(), places, register)
    lines = [line for line in done.lines if not line.startswith(_SOURCE)]
    source = (
        f"{_SOURCE}, GV100AD, Stand {register.date}, Datenlizenz Deutschland – Namensnennung – 2.0, bearbeitet."
    )
    content = "\n".join([source, *lines]) + "\n"
    if content != text:
        try:
            write_atomically(places_file, content.encode())
        except OSError as error:
            raise storage_error(error, places_file) from error
    return done
