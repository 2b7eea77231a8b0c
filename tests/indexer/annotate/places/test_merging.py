"""The register merged into the places: one municipality is one place, nothing is lost, twice is once."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.annotate.places.merging import Completion, import_register
from indexer.annotate.places.rows import Place, read_places
from kb.errors import UnreadableInputError
from tests.indexer.annotate.places.register_files import district, municipality, places_file, register, row


def merged(folder: Path, rows: list[str], *lines: str) -> tuple[Completion, list[Place]]:
    """What the import does, and the municipalities, cities and districts that are there then."""
    path = places_file(folder, *rows)
    done = import_register(register(folder, *lines), path)
    once = path.read_bytes()
    again = import_register(register(folder, *lines), path)
    assert path.read_bytes() == once, "a second time changes nothing"
    assert (again.completed, again.added, again.merged, again.replaced) == ((), (), (), ())
    return done, [place for place in read_places(path) if place.kind != "state"]


def test_key_type_and_population_are_the_registers_the_rest_stays(tmp_path: Path) -> None:
    rows = [
        row("Gießen", "town", "Hessen", population="89179", lat="50.587", lon="8.678", adjectives="Gießener")
    ]
    done, (place,) = merged(tmp_path, rows, municipality("06531005", "Gießen, Universitätsstadt", "63", 93912))
    assert (place.name, place.ags, place.type, place.population) == ("Gießen", "06531005", "Stadt", 93912)
    assert (place.adjectives, place.position) == (("Gießener",), (50.587, 8.678))
    assert done.completed == ("Gießen (Hessen)",)
    assert "Universitätsstadt Gießen" in place.aliases


@pytest.mark.parametrize(
    ("row_name", "official"),
    [
        ("Homberg", "Homberg (Efze), Reformationsstadt, Kreisstadt"),
        ("Homberg (Efze)", "Homberg (Efze), Kreisstadt"),
        ("Homberg an der Efze", "Homberg (Efze)"),
        ("Sankt Goar", "St. Goar, Stadt"),
        ("St. Goar", "Sankt Goar"),
        ("Steinau an der Straße", "Steinau a.d.Straße, St"),
        ("Weiler", "Weiler / Wilerowo"),
        ("Ostseebad Sandort", "Sandort, Ostseebad"),
        ("Meissner", "Meißner"),
        ("Rietz Neudorf", "Rietz-Neudorf"),
    ],
)
def test_one_municipality_however_it_is_written(tmp_path: Path, row_name: str, official: str) -> None:
    done, places = merged(
        tmp_path, [row(row_name, "town", "Hessen", population="14000")],
        municipality("06634009", official, population=13500),
    )  # fmt: skip
    (place,) = places
    assert (place.name, place.ags) == (row_name, "06634009")
    assert done.added == ()
    assert official.split(",")[0] in (place.name, *place.aliases)


def test_namesakes_are_told_by_addition_and_size(tmp_path: Path) -> None:
    rows = [
        row("Neukirch", "town", "Bayern", population="9000"),
        row("Neukirch am Inn", "town", "Bayern", population="3900"),
        row("Neukirch", "town", "Bayern", population="700"),
        row("Neukirch", "town", "Hessen", population="8000"),
    ]
    _, places = merged(
        tmp_path, rows,
        municipality("09111001", "Neukirch a.Inn, M", "60", 4000),
        municipality("09222002", "Neukirch", "64", 650),
        municipality("09333003", "Neukirch, St", "63", 9100),
    )  # fmt: skip
    assert [(place.name, place.state, place.ags, place.population) for place in places] == [
        ("Neukirch", "Bayern", "09333003", 9100),
        ("Neukirch am Inn", "Bayern", "09111001", 4000),
        ("Neukirch", "Bayern", "09222002", 650),
        ("Neukirch", "Hessen", None, 8000),
    ]


def test_a_village_of_the_name_is_not_the_town(tmp_path: Path) -> None:
    done, places = merged(
        tmp_path, [row("Altfeld", "town", "Bayern", population="500")],
        municipality("09111001", "Altfeld, St", "63", 20000),
    )  # fmt: skip
    assert [(place.ags, place.population) for place in places] == [(None, 500), ("09111001", 20000)]
    assert done.left == ("Altfeld (Bayern)",)
    assert done.added == ("Altfeld (Bayern)",)


def test_rows_of_one_municipality_become_one(tmp_path: Path) -> None:
    """What an earlier import had added beside the usual name."""
    rows = [
        row("Lauf", "town", "Bayern", population="26000", adjectives="Laufer", lat="49.51", lon="11.28"),
        row("Lauf (Pegnitz)", "town", "Bayern", ags="09574138", population="25900", flags="wort"),
        row("Lauf an der Pegnitz", "town", "Bayern", population="26000", aliases="Lauf a. d. Pegnitz"),
    ]
    done, places = merged(tmp_path, rows, municipality("09574138", "Lauf a.d.Pegnitz, St", "63", 26500))
    assert len(places) == 1
    keyed = places
    assert keyed[0].adjectives == ("Laufer",)
    assert {"Lauf (Pegnitz)", "Lauf an der Pegnitz", "Lauf a.d.Pegnitz", "Lauf a. d. Pegnitz"} <= {
        keyed[0].name, *keyed[0].aliases
    }  # fmt: skip
    assert len(done.merged) == 2
    assert keyed[0].name == "Lauf", "the usual name comes back, with its position and marks"
    assert (keyed[0].position, keyed[0].is_word) == ((49.51, 11.28), False)


def test_a_namesake_far_away_stays(tmp_path: Path) -> None:
    rows = [
        row("Aham", "town", "Bayern", ags="09274112", population="1900", lat="48.528", lon="12.465"),
        row("Aham", "town", "Bayern", population="500", lat="47.900", lon="12.300"),
    ]
    done, places = merged(tmp_path, rows, municipality("09274112", "Aham", "64", 1920))
    assert [(place.name, place.ags) for place in places] == [("Aham", "09274112"), ("Aham", None)]
    assert (done.merged, done.left) == ((), ("Aham (Bayern)",))


def test_a_city_that_became_part_of_a_district_is_a_town(tmp_path: Path) -> None:
    rows = [
        row("Bachstadt", "city", "Thüringen", ags="16099", type="Kreisfreie Stadt", population="42000"),
        row("Landkreis Bachtal", "district", "Thüringen", ags="16098", population="1"),
        row("Vorort", "part", "Thüringen", ags="16099", part_of="Bachstadt"),
    ]
    done, places = merged(
        tmp_path, rows, district("16098", "Bachtal"), municipality("16098105", "Bachstadt, Stadt", "63", 41000)
    )
    assert [(one.name, one.kind, one.ags, one.population) for one in places if one.kind != "part"] == [
        ("Bachstadt", "town", "16098105", 41000),
        ("Landkreis Bachtal", "district", "16098", 41000),
    ]
    assert done.replaced == ("Bachstadt (Thüringen), Schlüssel 16099 → 16098105",)
    (part,) = [one for one in places if one.kind == "part"]
    assert part.ags == "16098105", "its parts follow it"


def test_a_city_that_an_earlier_import_left_beside_the_town_leaves_it_its_names(tmp_path: Path) -> None:
    rows = [
        row(
            "Bachstadt",
            "city",
            "Thüringen",
            ags="16099",
            population="42000",
            adjectives="Bachstädter",
            lat="50.9",
            lon="10.3",
        ),
        row("Bachstadt", "town", "Thüringen", ags="16098105", population="41000", flags="wort"),
    ]
    lines = (district("16098", "Bachtal"), municipality("16098105", "Bachstadt, Stadt", "63", 41000))
    _, places = merged(tmp_path, rows, *lines)
    (place,) = [one for one in places if one.kind != "district"]
    assert (place.ags, place.adjectives, place.is_word) == ("16098105", ("Bachstädter",), False)


def test_districts_that_ended_give_way_and_new_ones_come(tmp_path: Path) -> None:
    rows = [
        row("Landkreis Altwald", "district", "Hessen", ags="06990", population="100"),
        row("Landkreis Fern", "district", "Bayern", ags="09990", population="100"),
    ]
    done, places = merged(
        tmp_path, rows, district("06991", "Neuwald, Landkreis"), municipality("06991001", "Walddorf", "64", 700)
    )
    assert [place.name for place in places if place.kind == "district"] == [
        "Landkreis Fern",
        "Landkreis Neuwald",
    ]
    assert done.replaced == ("Landkreis Altwald (Hessen), Schlüssel 06990",)
    assert "Landkreis Neuwald (Hessen)" in done.added
    new = next(place for place in places if place.name == "Landkreis Neuwald")
    assert (new.population, new.aliases) == (700, ("Kreis Neuwald", "LK Neuwald"))


def test_without_records_of_districts_none_gives_way(tmp_path: Path) -> None:
    rows = [row("Landkreis Altwald", "district", "Hessen", ags="06990")]
    _, places = merged(tmp_path, rows, municipality("06991001", "Walddorf", "64", 700))
    assert "Landkreis Altwald" in {place.name for place in places}


def test_a_new_place_whose_name_may_be_a_word_is_marked(tmp_path: Path) -> None:
    _, places = merged(
        tmp_path, [],
        municipality("09111001", "Zierde", "64", 900), municipality("09111002", "Zierdorf", "64", 900),
        municipality("09111003", "Zieren i.OB", "64", 900),
    )  # fmt: skip
    assert [(place.name, place.is_word) for place in places] == [
        ("Zierde", True), ("Zierdorf", False), ("Zieren in Oberbayern", False),
    ]  # fmt: skip
    assert places[2].aliases == ("Zieren i.OB",), "the short name may be a word"


def test_a_state_that_the_file_lacks_is_said(tmp_path: Path) -> None:
    done, places = merged(tmp_path, [], municipality("01001001", "Strand"))
    assert places == []
    assert done.left == ("Strand (01001001): das Land 01 steht nicht in der Datei",)


def test_an_older_register_is_refused(tmp_path: Path) -> None:
    path = places_file(tmp_path)
    import_register(register(tmp_path, municipality("09111001", "Walddorf")), path)
    before = path.read_bytes()
    old = register(tmp_path, municipality("09111001", "Walddorf alt", day="20181231"))
    with pytest.raises(UnreadableInputError, match="2018-12-31 ist älter"):
        import_register(old, path)
    assert path.read_bytes() == before


def test_another_file_changes_nothing(tmp_path: Path) -> None:
    path = places_file(tmp_path)
    before = path.read_bytes()
    other = tmp_path / "anders.txt"
    other.write_text("Gemeinde;Schlüssel\n", encoding="utf-8")
    with pytest.raises(UnreadableInputError):
        import_register(other, path)
    assert path.read_bytes() == before
