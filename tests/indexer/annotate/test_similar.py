"""Places like mine: ranked by size, type and state, each with its reasons."""

from __future__ import annotations

from indexer.annotate.gazetteer import Place, read_places
from indexer.annotate.similar import similar_places
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
