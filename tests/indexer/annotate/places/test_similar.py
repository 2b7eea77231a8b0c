"""Places like mine: ranked by size, type and state, each with its reasons."""

from __future__ import annotations

import pytest

from indexer.annotate.places.rows import Place, read_places
from indexer.annotate.places.similar import PlaceRanking, similar_places
from tests.indexer.annotate.conftest import CORPUS


def district(name: str, population: int, state: str = "Hessen", type_: str = "Landkreis") -> Place:
    return Place(name, "district", state, type_, ags=name, population=population)


MINE = district("Mein Kreis", 200_000)


def test_ranked_by_size_type_and_state_with_reasons() -> None:
    others = [
        district("Fern", 190_000, "Sachsen"),
        district("Nah", 210_000),
        district("Anders", 200_000, "Sachsen", "Kreis"),
        district("Groß", 400_000),
    ]
    found = similar_places(MINE, [MINE, *others])
    assert [one.place.name for one in found] == ["Nah", "Fern", "Groß", "Anders"]
    assert found[0].reasons == (
        "etwa gleich groß (210.000 Einwohner)",
        "gleiche Art (Landkreis)",
        "gleiches Land (Hessen)",
    )
    assert found[2].reasons[0] == "größer (400.000 Einwohner)"
    assert found[3].reasons == ("etwa gleich groß (200.000 Einwohner)",)


def test_another_order_of_size_or_kind_is_not_alike() -> None:
    city = Place("Stadt", "city", "Hessen", "Kreisfreie Stadt", ags="1", population=200_000)
    unknown = district("Leer", 0)
    assert similar_places(MINE, [city, unknown, district("Riese", 1_000_000), district("Zwerg", 40_000)]) == []
    assert similar_places(unknown, [MINE]) == []


def test_the_shipped_districts() -> None:
    places = read_places(CORPUS / "places.tsv")
    unna = next(place for place in places if place.name == "Kreis Unna")
    found = similar_places(unna, places, limit=5)
    assert len(found) == 5
    assert all("gleiche Art (Kreis)" in one.reasons for one in found)
    assert unna not in [one.place for one in found]


@pytest.fixture(scope="module")
def ranking() -> PlaceRanking:
    return PlaceRanking(read_places(CORPUS / "places.tsv"))


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("Kreis Unna", "Kreis"),
        ("LK Unna", "Kreis"),
        ("  kreis  unna ", "Kreis"),
        ("StädteRegion Aachen", "Kreis"),
        ("Bochum", "Kreisfreie Stadt"),
        ("Schwerin", "Kreisfreie Stadt"),  # there is a village of this name too
        ("Schwerin (Mecklenburg-Vorpommern)", "Kreisfreie Stadt"),
        ("Halle (Saale)", "Kreisfreie Stadt"),
    ],
)
def test_found_by_every_name_of_a_place(ranking: PlaceRanking, name: str, type_: str) -> None:
    found = ranking.similar(name, 5)
    assert len(found) == 5
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.reasons for one in found)
    assert f"gleiche Art ({type_})" in found[0].reasons
    assert all(ranking.similar(one.name) for one in found), "every name in an answer can be asked for"


def test_a_town_is_compared_with_cities_of_its_size(ranking: PlaceRanking) -> None:
    found = ranking.similar("Gütersloh")
    assert found
    assert not any("kreis" in one.name.lower() for one in found)


@pytest.mark.parametrize("name", ["", "Neukirchen", "Atlantis", "Unna-Massen"])
def test_no_guess_where_a_name_is_unknown_or_means_several(ranking: PlaceRanking, name: str) -> None:
    assert ranking.similar(name) == ()


def test_the_answers_do_not_contain_the_question(ranking: PlaceRanking) -> None:
    assert "Kreis Unna" not in {one.name for one in ranking.similar("Kreis Unna", 400)}
