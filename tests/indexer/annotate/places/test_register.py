"""The municipal register: records of fixed width in, completed places out, nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.annotate.places.register import Municipality, import_register, read_register
from indexer.annotate.places.rows import COLUMNS, read_places
from kb.errors import UnreadableInputError


def record(ags: str, name: str, kind: str = "63", population: int = 0) -> str:
    """A record of kind 60 as the register has it, 220 characters wide."""
    head = f"6020240930{ags}{'0000'}{name:<50}{'':<50}{kind}    {123:011d}{population:011d}"
    return f"{head}{population // 2:011d}{'':<59}"[:220]


def row(name: str, kind: str, state: str, **more: str) -> str:
    cells = dict.fromkeys(COLUMNS, "") | {"name": name, "kind": kind, "state": state} | more
    return "\t".join(cells[column] for column in COLUMNS)


PLACES = [
    "# Quelle",
    "\t".join(COLUMNS),
    row("Hessen", "state", "Hessen", ags="06"),
    row("Bayern", "state", "Bayern", ags="09"),
    row("Gießen", "town", "Hessen", population="89179", lat="50.587", adjectives="Gießener"),
    row("Buchen", "town", "Hessen"),
    row("Buchen", "town", "Hessen"),
    row("Neustadt", "town", "Bayern"),
]


@pytest.fixture
def places(tmp_path: Path) -> Path:
    path = tmp_path / "places.tsv"
    path.write_text("\n".join(PLACES) + "\n", encoding="utf-8")
    return path


def register(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "GV100AD.txt"
    path.write_text("\n".join(["10" + " " * 218, *lines]) + "\n", encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_record(tmp_path: Path, encoding: str) -> None:
    path = register(tmp_path, record("06531005", "Gießen, Universitätsstadt", "63", 93912), encoding=encoding)
    assert read_register(path) == [Municipality("06531005", "Gießen", "Stadt", 93912, "2024-09-30")]


def test_independent_cities_and_empty_areas_are_left_out(tmp_path: Path) -> None:
    lines = [
        record("09464000", "Hof", "61", 46000),
        record("09274444", "Forst", "66"),
        record("09271111", "Aura", "60", 900),
    ]
    assert [(one.name, one.type) for one in read_register(register(tmp_path, *lines))] == [("Aura", "Markt")]


def test_completes_what_is_sure_and_leaves_the_rest(tmp_path: Path, places: Path) -> None:
    lines = [
        record("06531005", "Gießen, Universitätsstadt", "63", 93912),
        record("06999001", "Buchen", "64", 10),
        record("09111001", "Neustadt", "63", 5000),
        record("09222002", "Neustadt", "64", 700),
        record("09333003", "Aidhausen", "64", 1700),
    ]
    done = import_register(register(tmp_path, *lines), places)
    assert (done.completed, done.added) == (1, 1)
    assert done.ambiguous == ("Buchen (Hessen)", "Neustadt (Bayern)")
    by_name = {place.name: place for place in read_places(places)}
    giessen, new = by_name["Gießen"], by_name["Aidhausen"]
    assert (giessen.ags, giessen.type, giessen.population) == ("06531005", "Stadt", 93912)
    assert giessen.adjectives == ("Gießener",)
    assert (new.ags, new.state, new.population, new.is_word) == ("09333003", "Bayern", 1700, True)
    assert by_name["Buchen"].ags is by_name["Neustadt"].ags is None


def test_twice_is_the_same_as_once(tmp_path: Path, places: Path) -> None:
    path = register(
        tmp_path, record("06531005", "Gießen", "63", 93912), record("09333003", "Aidhausen", "64", 17)
    )
    import_register(path, places)
    once = places.read_text(encoding="utf-8")
    assert "GV100AD, Stand 2024-09-30" in once
    assert import_register(path, places).added == 0
    assert places.read_text(encoding="utf-8") == once


@pytest.mark.parametrize(
    ("content", "problem"),
    [("", "keine Gemeinden"), ("60 kein Satz", "kein Satz"), ("name\tkind\n", "keine Gemeinden")],
)
def test_another_file_is_refused(tmp_path: Path, places: Path, content: str, problem: str) -> None:
    path = tmp_path / "falsch.txt"
    path.write_text(content, encoding="utf-8")
    before = places.read_bytes()
    with pytest.raises(UnreadableInputError, match=problem) as caught:
        import_register(path, places)
    assert str(path) in str(caught.value)
    assert places.read_bytes() == before


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="fehlt"):
        read_register(tmp_path / "fehlt.txt")


def official_lines() -> list[str]:
    """Records as the register orders them: state, region, district, association, municipalities.

    Columns, counted from 1: 1–2 kind, 3–10 date, 11–18 key (shorter for larger areas, blank-filled), 19–22
    association, 23–72 name, 73–122 seat of the administration, 123–124 type, 129–139 area in hectares,
    140–150 population, 151–161 male, 166–170 postcode.
    """

    def line(kind: str, key: str, name: str, seat: str, type_: str, numbers: tuple[int, int] | None) -> str:
        figures = f"{numbers[0]:011d}{numbers[1]:011d}{numbers[1] // 2:011d}" if numbers else " " * 33
        association = "5401" if kind in ("50", "60") else ""
        text = f"{kind}20181231{key:<8}{association:<4}{name:<50}{seat:<50}{type_:<2}    {figures}"
        return f"{text}    37154**  2603{'':<40}"

    return [
        line("10", "03", "Niedersachsen", "Hannover", "", None),
        line("40", "03155", "Northeim, Landkreis", "Northeim, Stadt", "44", None),
        line("50", "03155", "Nörten-Hardenberg, Flecken", "", "50", None),
        line("60", "03155011", "Northeim, Stadt", "", "63", (14567, 29107)),
        line("60", "03155009", "Nörten-Hardenberg, Flecken", "", "64", (5622, 8112)),
        line("60", "03155501", "Solling (Landkreis Northeim), gemfr. Gebiet", "", "66", (17815, 0)),
    ]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
def test_the_official_layout(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "GV100AD_311218.txt"
    path.write_bytes("\r\n".join(official_lines()).encode(encoding))
    assert read_register(path) == [
        Municipality("03155011", "Northeim", "Stadt", 29107, "2018-12-31"),
        Municipality("03155009", "Nörten-Hardenberg", "Gemeinde", 8112, "2018-12-31"),
    ]


def test_only_municipalities_become_places(tmp_path: Path, places: Path) -> None:
    text = places.read_text(encoding="utf-8") + row("Niedersachsen", "state", "Niedersachsen", ags="03") + "\n"
    places.write_text(text, encoding="utf-8")
    path = tmp_path / "GV100AD_311218.txt"
    path.write_bytes("\r\n".join(official_lines()).encode("iso-8859-1"))
    done = import_register(path, places)
    assert (done.completed, done.added, done.ambiguous) == (0, 2, ())
    added = {place.name: (place.ags, place.population) for place in read_places(places) if place.type}
    assert added == {"Northeim": ("03155011", 29107), "Nörten-Hardenberg": ("03155009", 8112)}
