"""The search page: words, filters, order, pages, and what is said when nothing is found."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.model import SearchHit, SearchQuery, SearchResults
from tests.webapp import small_site as site
from tests.webapp.pages import faults, href, soup, texts
from webapp import create_app


def hit_titles(client: FlaskClient, address: str) -> list[str]:
    return texts(soup(client, address), ".hit-title")


def asked(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_the_start_page_shows_the_newest_and_what_is_here(client: FlaskClient) -> None:
    page = soup(client, "/")
    assert texts(page, ".hit-title")[0] == "Stadtteilmütter in Fürth: Nachbarschaft als Brücke"
    assert texts(page, ".hero p")[0].startswith("40 Dokumente aus 2 Quellen: ")
    assert len(page.select(".examples a")) == 3
    for example in page.select(".examples a"):
        assert asked(str(example["href"]))["q"] == [example.get_text()]


def test_a_hit_says_what_it_is_and_where_it_comes_from(client: FlaskClient) -> None:
    page = soup(client, "/?q=jugendberufsagentur")
    assert texts(page, "h1") == ["1 Treffer für „jugendberufsagentur“"]
    assert texts(page, ".hit-meta span, .hit-meta time") == [
        "Veranstaltungsbericht",
        "29. November 2018",
        "Dortmund",
    ]
    assert page.select_one(".hit-meta time")["datetime"] == "2018-11-29"  # type: ignore[index]
    assert href(page, ".hit-title a") == "/dokument/jahresforum-dortmund"
    assert texts(page, ".snippet mark") == ["Jugendberufsagentur"]
    assert texts(page, ".hit-foot .chip") == ["Thema: Übergang Schule–Beruf", "Thema: Quartier"]
    assert href(page, ".publisher a") == "https://www.example.org/berichte/jahresforum?jahr=2018"
    assert "Transferagentur Muster" in page.get_text()
    assert page.select_one("input#q")["value"] == "jugendberufsagentur"  # type: ignore[index]


def test_titles_and_snippets_are_text_and_bad_addresses_no_links(client: FlaskClient) -> None:
    page = soup(client, "/?q=ausbildung&place=Bremen")
    assert texts(page, ".hit-title") == ["Mehr Ausbildung & <b>weniger</b> Warteschleifen"]
    assert page.select(".hit b") == []
    assert "1 < 2" in texts(page, ".snippet")[0]
    assert "javascript:" not in str(page)
    assert texts(page, ".hit-meta time") == ["26. Juni (Jahr unbekannt)"]


def test_a_hit_without_a_date_known_to_the_year(client: FlaskClient) -> None:
    address = href(soup(client, "/?q=warteschleifen"), ".hit-title a")
    assert texts(soup(client, address), "h1") == ["Mehr Ausbildung & <b>weniger</b> Warteschleifen"]


def test_an_engine_that_forgets_to_escape_does_no_harm() -> None:
    class Careless(site.WordEngine):
        def search(self, query: SearchQuery) -> SearchResults:
            results = super().search(query)
            hit = results.hits[0]
            evil = '<mark onclick="x()">Wort</mark><script>alert(1)</script><img src=x onerror=y>'
            return SearchResults(1, (SearchHit(hit.entry, 1.0, evil),), results.facets, 1.0)

    services = site.site_services(site.STADTTEILMUETTER)
    careless = Careless(services.backend._entries.values())  # type: ignore[attr-defined]
    page = create_app(site.site_services(backend=careless)).test_client().get("/").text
    assert "<mark>Wort</mark>" in page
    assert faults(page) == []
    assert "alert(1)" not in page


def test_only_published_documents_are_found_listed_and_counted(client: FlaskClient) -> None:
    page = soup(client, "/?q=gelsenkirchen")
    assert texts(page, "h1") == ["Keine Treffer für „gelsenkirchen“"]
    assert "Gelsenkirchen" not in soup(client, "/").get_text()


def test_facets_offer_values_with_counts_and_links_that_add_and_remove(client: FlaskClient) -> None:
    page = soup(client, "/?q=quartier")
    assert texts(page, ".facet legend") == ["Thema", "Art des Dokuments", "Jahr", "Ort", "Quelle"]
    assert texts(page, ".facet:first-of-type .name") == ["Quartier", "Übergang Schule–Beruf"]
    assert [text.split()[0] for text in texts(page, ".facet:first-of-type .count")] == ["38", "1"]

    add = href(page, ".facet:first-of-type li:nth-of-type(2) a")
    assert asked(add) == {"q": ["quartier"], "topic": ["uebergaenge"]}
    narrowed = soup(client, add)
    assert texts(narrowed, "h1") == ["1 Treffer für „quartier“"]
    assert texts(narrowed, ".active-filters li") == ["Filter entfernen: Thema: Übergang Schule–Beruf ×"]
    checked = narrowed.select("input[checked]")
    assert [box["value"] for box in checked] == ["uebergaenge"]
    assert asked(href(narrowed, ".active-filters a")) == {"q": ["quartier"]}
    assert asked(href(narrowed, ".choice.selected a")) == {"q": ["quartier"]}


def test_the_boxes_belong_to_the_search_form(client: FlaskClient) -> None:
    page = soup(client, "/?q=quartier&sort=date&year=2020")
    form = page.select_one("form#suche")
    assert form is not None
    assert (form["method"], form["action"]) == ("get", "/")
    boxes = page.select(".filters input[type=checkbox]")
    assert boxes
    assert all(box["form"] == "suche" for box in boxes)
    assert page.select_one(".filters button")["form"] == "suche"  # type: ignore[index]
    assert page.select_one("form#suche input[name=sort]")["value"] == "date"  # type: ignore[index]


def test_several_values_of_one_filter_and_several_filters(client: FlaskClient) -> None:
    assert len(hit_titles(client, "/?year=2018&year=2021")) == 2
    assert hit_titles(client, "/?year=2018&year=2021&place=F%C3%BCrth") == [
        "Stadtteilmütter in Fürth: Nachbarschaft als Brücke"
    ]


def test_a_selected_value_without_hits_stays_in_sight(client: FlaskClient) -> None:
    page = soup(client, "/?q=stadtteilm%C3%BCtter&place=Bremen&topic=%3Cscript%3E")
    assert texts(page, "h1") == ["Keine Treffer für „stadtteilmütter“"]
    assert texts(page, ".choice.selected .name") == ["<script>", "Bremen"]
    assert {text.split()[0] for text in texts(page, ".choice.selected .count")} == {"0"}
    assert "Ohne Filter suchen" in page.get_text()
    assert texts(page, ".active-filters li")[-1] == "Alle Filter entfernen"


def test_long_facets_are_folded_but_a_selected_value_is_not() -> None:
    documents = site.many(1)[0]
    names = [f"Bezirk {number:03}" for number in range(100)]

    class Places(site.WordEngine):
        def search(self, query: SearchQuery) -> SearchResults:
            results = super().search(query)
            facets = {**results.facets, "place": dict.fromkeys(names, 1)}
            return SearchResults(results.total, results.hits, facets, 1.0)

    engine = Places(site.site_services(documents).backend._entries.values())  # type: ignore[attr-defined]
    client = create_app(site.site_services(backend=engine)).test_client()
    page = soup(client, "/?place=Bezirk+090")
    shown = [name for name in texts(page, ".facet .name") if name.startswith("Bezirk")]
    folded = texts(page, ".more .name")
    assert "Bezirk 090" in shown
    assert "Bezirk 090" not in folded
    assert shown[0] == "Bezirk 000"
    assert len(shown) == 61
    assert texts(page, ".more summary") == ["92 weitere"]
    assert "39 seltenere sind nicht aufgeführt" in page.get_text()


def test_pages_lead_to_every_hit_once(client: FlaskClient) -> None:
    address, seen = "/?q=bildungskonferenz", []
    for _ in range(10):
        page = soup(client, address)
        seen += texts(page, ".hit-title")
        following = page.select_one(".pager a[rel=next]")
        if following is None:
            break
        assert href(page, "head link[rel=next]") == following["href"]
        address = str(following["href"])
    assert len(seen) == len(set(seen)) == 37
    assert texts(page, ".result-meta span")[0].startswith("31–37 von 37")
    assert asked(href(page, ".pager a[rel=prev]")) == {"q": ["bildungskonferenz"], "page": ["3"]}
    assert texts(page, ".pager [aria-current]") == ["Seite 4"]


def test_the_pager_skips_what_lies_between() -> None:
    client = create_app(site.site_services(*site.many(200))).test_client()
    page = soup(client, "/?q=bildungskonferenz&page=10")
    assert [text.removeprefix("Seite ") for text in texts(page, ".pager li")] == [
        "1", "…", "8", "9", "10", "11", "12", "…", "20",
    ]  # fmt: skip


@pytest.mark.parametrize("page_number", ["99", "999999999999"])
def test_a_page_after_the_last_one_says_so(client: FlaskClient, page_number: str) -> None:
    page = soup(client, f"/?q=bildungskonferenz&page={page_number}")
    assert "gibt es nicht: Die Treffer füllen 4 Seiten" in " ".join(page.get_text().split())
    assert asked(href(page, ".notice a"))["page"] == ["4"]
    assert texts(page, ".hit-title") == []


def test_the_order_can_be_switched_and_is_kept_by_filters(client: FlaskClient) -> None:
    page = soup(client, "/?q=quartier")
    assert texts(page, ".sorting strong") == ["Relevanz"]
    by_date = soup(client, href(page, ".sorting a"))
    assert texts(by_date, ".sorting strong") == ["Datum"]
    dates = [str(time["datetime"]) for time in by_date.select(".hit-meta time")]
    assert dates == sorted(dates, reverse=True)
    assert asked(href(by_date, ".facet a"))["sort"] == ["date"]


def test_a_corrected_query_is_said() -> None:
    class Correcting(site.WordEngine):
        def search(self, query: SearchQuery) -> SearchResults:
            results = super().search(SearchQuery("stadtteilmütter", limit=10))
            return SearchResults(results.total, results.hits, results.facets, 1.0, corrected="stadtteilmütter")

    services = site.site_services(site.STADTTEILMUETTER)
    engine = Correcting(services.backend._entries.values())  # type: ignore[attr-defined]
    page = soup(create_app(site.site_services(backend=engine)).test_client(), "/?q=stadteilmuetter")
    assert texts(page, "h1") == ["1 Treffer für „stadtteilmütter“"]
    (said,) = texts(page, ".correction")
    assert said == "Ergebnisse für „stadtteilmütter“ – stattdessen nach „stadteilmuetter“ suchen"
    assert asked(href(page, ".correction a")) == {"q": ["stadteilmuetter"], "genau": ["1"]}


def test_a_query_that_cannot_be_understood_is_explained(client: FlaskClient) -> None:
    address = "/?q=%22Schule+und&topic=quartier"
    page = soup(client, address, status=400)
    assert texts(page, "#fehler p") == [
        "Ein Anführungszeichen ist offen.",
        "Das hilft: das zweite ergänzen.",
        "Wie man hier sucht",
    ]
    assert page.select_one("input#q")["value"] == '"Schule und'  # type: ignore[index]
    assert faults(client.get(address).text) == []


def test_a_query_that_is_too_long_is_explained(client: FlaskClient) -> None:
    page = soup(client, "/?q=" + "a" * 5000, status=400)
    assert "5000 Zeichen zu lang" in page.get_text()


def test_nothing_published_yet() -> None:
    page = soup(create_app(site.site_services()).test_client(), "/")
    assert "noch kein Dokument veröffentlicht" in page.get_text()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=%ff%fe", "q=%F0%9F%9A%B2", "q=%E2%80%AEtext", "q=<script>alert(1)</script>", "q=*a*",
        "q=[a TO z]", "q=((((((((", "page=-1", "page=1e99", "page=", "sort=nope", "farbe=rot", "topic=",
        "topic=%00", "q=a&q=b", "year=abc", "&&&===", "q", "place=" + "x" * 3000, "q=%ED%A0%80",
        "q=x&genau=%3Cscript%3E", "q=x&genau=1&genau=2",
        "topic=..%2F..%2Fetc", "q=AND OR NOT",
    ],
)  # fmt: skip
def test_hostile_addresses_are_answered(client: FlaskClient, query: str) -> None:
    answer = client.get("/?" + query)
    assert answer.status_code in (200, 400)
    assert faults(answer.text) == []
    assert "<script>" not in answer.text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=8))
def test_any_words_are_answered(client: FlaskClient, text: str, value: str, page: str) -> None:
    answer = client.get(
        "/",
        query_string={
            "q": text.encode("utf-8", "surrogatepass"),
            "place": value.encode("utf-8", "surrogatepass"),
            "page": page.encode("utf-8", "surrogatepass"),
        },
    )
    assert answer.status_code in (200, 400)
    assert faults(answer.text) == []
