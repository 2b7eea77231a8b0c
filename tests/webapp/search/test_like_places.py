"""„Kommunen wie meine“ on the search page: offered, filtered, put in order and explained; totals stay exact."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from indexer.annotate.places.rows import read_places
from indexer.annotate.places.similar import PlaceRanking
from indexer.backends.memory import MemoryBackend
from indexer.german import GermanAnalyzer
from kb.corpus import shipped_corpus
from kb.model import LIKE_PLACES, IndexEntry, PartialDate, SearchQuery, Sort
from tests.doubles import MemoryCorpus
from tests.webapp.pages import faults, href, soup, texts
from tests.webapp.small_site import LABELS
from webapp import SiteServices, create_app
from webapp.search.forms import query_args, read_query

# By size: Kreis Borken and Kreis Lippe are like Kreis Unna (NRW), Landkreis Harz much less, Dortmund is a city.
TEXTS = {
    "unna": ("Übergänge im Kreis Unna", ("Kreis Unna",), 2015),
    "borken": ("Übergänge im Kreis Borken", ("Kreis Borken",), 2016),
    "lippe": ("Sprachbildung in Lippe und Borken", ("Dortmund", "Kreis Lippe", "Kreis Borken"), 2017),
    "maerkisch": ("Übergänge im Märkischen Kreis", ("Märkischer Kreis",), 2014),
    "dortmund": ("Übergänge in Dortmund", ("Dortmund",), 2020),
    "land": ("Bildung im Freistaat", ("Bayern",), 2001),
    "ohne": ("Übergänge überall", (), 2021),
}


def _entry(doc_id: str, title: str, places: tuple[str, ...], year: int) -> IndexEntry:
    return IndexEntry(
        doc_id, "r", title, f"{title}. Die Schul- und Berufswahl.", "demo", "sonstiges",
        date=PartialDate(year), places=places,
    )  # fmt: skip


@pytest.fixture(scope="module")
def places() -> PlaceRanking:
    return PlaceRanking(read_places(shipped_corpus() / "places.tsv"))


@pytest.fixture(scope="module")
def client(places: PlaceRanking) -> FlaskClient:
    backend = MemoryBackend(GermanAnalyzer())
    with backend.writer() as writer:
        for doc_id, values in TEXTS.items():
            writer.put(_entry(doc_id, *values))
        for number in range(25):
            writer.put(_entry(f"werkstatt-{number:02}", f"Werkstatt {number}", ("Kreis Gütersloh",), 2010))
    services = SiteServices(MemoryCorpus(), backend, LABELS, "0.1.0", similar=places)
    return create_app(services).test_client()


@pytest.fixture(scope="module")
def tree(places: PlaceRanking) -> FlaskClient:
    """Documents of two states: in the one two districts and a city, in the other one municipality."""
    backend = MemoryBackend(GermanAnalyzer())
    with backend.writer() as writer:
        for doc_id, place in {
            "a": "Eisenach",
            "b": "Wartburgkreis",
            "c": "Bad Salzungen",
            "d": "Jena",
            "e": "Teltow",
        }.items():
            entry = _entry(doc_id, f"Runde {doc_id}", (place,), 2020)
            writer.put(replace(entry, areas=places.areas_of(place)))
        writer.put(_entry("f", "Runde f", ("Nirgendwo",), 2020))
    services = SiteServices(MemoryCorpus(), backend, LABELS, "0.1.0", similar=places)
    return create_app(services).test_client()


def _places_panel(page: BeautifulSoup) -> Tag:
    (panel,) = [box for box in page.select(".facet") if texts(box, "legend") == ["Ort"]]
    return panel


def test_places_are_offered_a_level_at_a_time(tree: FlaskClient) -> None:
    assert faults(tree.get("/?q=runde").get_data(as_text=True)) == []
    panel = _places_panel(soup(tree, "/?q=runde"))
    top = panel.select("fieldset > ul > li > .choice")
    assert [texts(one, ".name")[0] for one in top] == ["Thüringen", "Brandenburg", "Nirgendwo"]
    assert [texts(one, ".count")[0].split()[0] for one in top] == ["4", "1", "1"]
    thuringia = panel.select("fieldset > ul > li")[0]
    assert texts(thuringia, ":scope > details > ul > li > .choice .name") == ["Wartburgkreis", "Jena"]
    wartburg = thuringia.select(":scope > details > ul > li")[0]
    assert texts(wartburg, ":scope > details .name") == ["Bad Salzungen", "Eisenach"]
    assert texts(wartburg, ":scope > .choice .count")[0].split()[0] == "3"
    assert not thuringia.select(":scope > details[open]")
    assert len({box["id"] for box in panel.select("input")}) == len(panel.select("input"))


def test_what_is_chosen_is_in_sight_with_what_lies_in_it(tree: FlaskClient) -> None:
    panel = _places_panel(soup(tree, "/?q=runde&place=Wartburgkreis"))
    opened = [texts(box, "summary")[0] for box in panel.select("fieldset > ul > li:first-child details[open]")]
    assert opened == ["2 Orte darin: Thüringen", "2 Orte darin: Wartburgkreis"]
    assert texts(panel, ".choice.selected .name") == ["Wartburgkreis"]
    assert hits(soup(tree, "/?q=runde&place=Wartburgkreis")) == ["a", "b", "c"]


def test_the_only_one_of_its_level_is_open(tree: FlaskClient) -> None:
    panel = _places_panel(soup(tree, "/?q=runde+ort:Brandenburg"))
    assert [texts(box, ".name") for box in panel.select("details[open]")] == [
        ["Landkreis Potsdam-Mittelmark", "Teltow"],
        ["Teltow"],
    ]


def test_areas_of_a_name(places: PlaceRanking) -> None:
    assert places.areas_of("Eisenach") == ("Thüringen", "Wartburgkreis"), "not the village in the Eifel"
    assert places.areas_of("Friedberg") == (), "in Bavaria and in Hesse"
    assert places.areas_of("Eisenach (Thüringen)") == ("Thüringen", "Wartburgkreis")
    assert places.areas_of("Wartburgkreis") == ("Thüringen",)
    assert places.areas_of("Dortmund") == ("Nordrhein-Westfalen",)
    assert places.areas_of("Berlin") == places.areas_of("Nirgendwo") == places.areas_of("Bayern") == ()


def hits(page: BeautifulSoup) -> list[str]:
    return [str(link["href"]).removeprefix("/dokument/") for link in page.select(".hit-title a")]


def arguments(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_for_a_chosen_place_others_like_it_are_offered(client: FlaskClient) -> None:
    page = soup(client, "/?q=Übergänge&place=Kreis+Unna")
    assert hits(page) == ["unna"]
    assert texts(page, ".like-offers a") == ["auch Orte wie Kreis Unna"]
    assert arguments(href(page, ".like-offers a")) == {
        "q": ["Übergänge"],
        "place": ["Kreis Unna"],
        "wie": ["Kreis Unna"],
    }
    assert soup(client, "/?q=Übergänge").select(".like-offers") == []
    assert soup(client, "/?q=Übergänge&place=Atlantis").select(".like-offers") == []


def test_hits_come_from_places_like_it_and_say_why(client: FlaskClient) -> None:
    page = soup(client, "/?q=Übergänge&wie=Kreis+Unna")
    assert sorted(hits(page)) == ["borken", "maerkisch", "unna"]
    assert texts(page, "h1") == ["3 Treffer für „Übergänge“"]
    reasons = dict(zip(hits(page), page.select(".hit"), strict=True))
    assert reasons["borken"].select_one(".likeness").get_text() == (  # type: ignore[union-attr]
        "Kreis Borken: etwa gleich groß (370.676 Einwohner), gleiche Art (Kreis), "
        "gleiches Land (Nordrhein-Westfalen) – ähnlich wie Kreis Unna"
    )
    assert reasons["unna"].select(".likeness") == [], "the place itself needs no reason"
    assert faults(client.get("/?q=Übergänge&place=Dortmund&wie=Kreis+Unna").text) == []


def test_the_most_alike_come_first_where_wanted_or_nothing_was_typed(
    client: FlaskClient, places: PlaceRanking
) -> None:
    order = [place.name for place in places.similar("Kreis Unna", LIKE_PLACES)]
    assert order.index("Märkischer Kreis") < order.index("Kreis Borken") < order.index("Kreis Lippe")
    page = soup(client, "/?wie=Kreis+Unna")
    assert hits(page)[:2] == ["unna", "maerkisch"]
    assert hits(page)[2:4] == ["lippe", "borken"], "one place, so the newer first: Lippe names Borken too"
    assert texts(page, ".sorting strong") == ["Ähnlichkeit"]
    by_date = soup(client, href(page, ".sorting a"))
    assert hits(by_date)[:4] == ["lippe", "borken", "unna", "maerkisch"]
    typed = soup(client, "/?q=Übergänge&wie=Kreis+Unna&sort=place")
    assert hits(typed) == ["unna", "maerkisch", "borken"]
    assert texts(typed, ".sorting strong") == ["Ähnlichkeit"]


def test_further_documents_come_from_places_like_it_too_and_say_why(client: FlaskClient) -> None:
    page = soup(client, "/?q=Übergänge+Lippe&wie=Kreis+Unna&sort=place")
    assert texts(page, "h1") == ["Keine Treffer für „Übergänge Lippe“"]
    assert hits(page) == ["unna", "maerkisch", "lippe", "borken"]
    assert len(page.select(".further .likeness")) == 3
    assert texts(page, ".further .missing")[2] == "Es fehlt ‚Übergänge‘"
    assert arguments(href(page, ".sorting a"))["wie"] == ["Kreis Unna"]


def test_totals_pages_and_facets_stay_exact(client: FlaskClient) -> None:
    first = soup(client, "/?wie=Kreis+Unna")
    assert texts(first, "h1") == ["29 Dokumente"]
    seen = hits(first)
    following = first
    while (link := following.select_one("a[rel=next].step")) is not None:
        following = soup(client, str(link["href"]))
        seen += hits(following)
    assert len(seen) == len(set(seen)) == 29
    assert "dortmund" not in seen
    years = soup(client, "/?wie=Kreis+Unna&year=2016&year=2017")
    assert hits(years) == ["lippe", "borken"]
    assert {"wie": ["Kreis Unna"]}.items() <= arguments(href(years, ".choice a")).items()


def test_chosen_places_stay_beside_those_like_another(client: FlaskClient) -> None:
    page = soup(client, "/?q=Übergänge&place=Dortmund&wie=Kreis+Unna")
    assert sorted(hits(page)) == ["borken", "dortmund", "maerkisch", "unna"]
    chips = texts(page, ".active-filters .chip")
    assert [chip.replace("Filter entfernen: ", "") for chip in chips] == [
        "Orte wie Kreis Unna ×",
        "Ort: Dortmund ×",
    ]
    without = soup(client, href(page, ".active-filters a"))
    assert hits(without) == ["dortmund"]
    assert page.select(".choice.selected a .name")[0].get_text() == "Dortmund"
    assert len(page.select(".choice.selected")) == 1, "nobody chose the twenty others"


@pytest.mark.parametrize("name", ["kreis  unna", "KREIS UNNA"])
def test_names_are_understood_as_typed(client: FlaskClient, name: str) -> None:
    page = soup(client, f"/?q=Übergänge&wie={name}")
    assert len(hits(page)) == 3
    assert page.select_one("input#wie")["value"] == "Kreis Unna"  # type: ignore[index]


@pytest.mark.parametrize("name", ["Atlantis", "Kreis", "%00", "x" * 5000, "<script>alert(1)</script>"])
def test_who_is_like_nobody_knows_is_said_and_the_rest_is_searched(client: FlaskClient, name: str) -> None:
    page = soup(client, f"/?q=Übergänge&wie={name}")
    assert sorted(hits(page)) == ["borken", "dortmund", "maerkisch", "ohne", "unna"]
    if name.isalpha() and len(name) < 100:
        assert f"Zu „{name}“ sind keine ähnlichen Orte" in texts(page, ".notice")[0]
    assert "wie" not in arguments(href(page, ".sorting a"))
    assert page.select("main script") == []


def test_the_field_works_without_a_script_and_keeps_the_search(client: FlaskClient) -> None:
    page = soup(client, "/?q=Übergänge&year=2016&year=2014&sort=date")
    form = page.select_one("form.like-place")
    assert form is not None
    kept = [(str(one["name"]), str(one["value"])) for one in form.select("input[type=hidden]")]
    assert kept == [("q", "Übergänge"), ("year", "2016"), ("year", "2014"), ("sort", "date")]
    offered = [str(option["value"]) for option in form.select("datalist option")]
    assert offered == ["Kreis Borken", "Märkischer Kreis"]
    everything = soup(client, "/?q=Bildung")
    assert "Bayern" in texts(everything, ".choice .name")
    assert everything.select('datalist option[value="Bayern"]') == [], "no district is like a state"
    page = soup(client, "/?q=Übergänge&wie=Kreis+Unna&sort=place")
    searching = page.select("form#suche input[type=hidden]")
    assert {str(one["name"]): str(one["value"]) for one in searching} == {"wie": "Kreis Unna", "sort": "place"}


def test_a_site_without_places_offers_nothing(places: PlaceRanking) -> None:
    backend = MemoryBackend(GermanAnalyzer())
    with backend.writer() as writer:
        writer.put(_entry("unna", *TEXTS["unna"]))
    plain = create_app(SiteServices(MemoryCorpus(), backend, LABELS, "0.1.0")).test_client()
    page = soup(plain, "/?place=Kreis+Unna&wie=Kreis+Unna")
    assert hits(page) == ["unna"]
    assert page.select(".like-place, .like-offers, .likeness") == []


@pytest.mark.parametrize("text", ["", "Übergänge"])
@pytest.mark.parametrize("sort", [Sort.DATE, Sort.PLACE])
def test_an_address_says_the_order(text: str, sort: Sort) -> None:
    query = SearchQuery(text, sort=sort, like_place="Kreis Unna")
    written = MultiDict([(name, value) for name, values in query_args(query).items() for value in values])
    assert read_query(written) == query


def test_the_order_of_places_means_nothing_without_one() -> None:
    assert read_query(MultiDict({"q": "Kita", "sort": "place"})).sort is Sort.RELEVANCE
    assert read_query(MultiDict({"sort": "place"})).sort is Sort.DATE
