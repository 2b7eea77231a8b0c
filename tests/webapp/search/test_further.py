"""Documents that hold only a part of the words: listed below the hits, paged with them, never called hits."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from kb.model import Document, IndexEntry, Match, PartialDate, Reason, SearchHit, Tier, Where
from tests.webapp import small_site as site
from tests.webapp.pages import faults, href, soup, texts
from tests.webapp.real_site import real_site, series
from webapp import create_app
from webapp.wording.explanations import missing_text

HEADING = "Weitere Dokumente, die nicht alle Wörter enthalten"
# One document holds both words, the 23 reports one of them.
FEW_HITS = "/?q=Quartier+Jugendberufsagentur"
# The 23 reports hold both words, one other document the second.
MANY_HITS = "/?q=Bildungskonferenz+Quartier"
# No document holds both words, 24 one of them.
NO_HITS = "/?q=Bildungskonferenz+Zuwanderung"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(site.site_services(site.JAHRESFORUM, site.STADTTEILMUETTER, *site.many(23))).test_client()


def asked(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def valid(client: FlaskClient, address: str) -> BeautifulSoup:
    page = soup(client, address)
    assert faults(client.get(address).text) == []
    return page


def test_they_stand_below_the_hits_under_a_heading_of_their_own(client: FlaskClient) -> None:
    page = valid(client, FEW_HITS)
    assert texts(page, "h1") == ["1 Treffer für „Quartier Jugendberufsagentur“"]
    assert texts(page, "title") == ["Quartier Jugendberufsagentur – Fundstelle"]
    assert texts(page, ".result-meta span")[0] == "1–10 von 24 Dokumenten (1 Treffer, 23 weitere) in unter 1 ms"
    assert texts(page, ".main-column > .hits h2.hit-title") == [site.JAHRESFORUM.title]
    (section,) = page.select("section.further")
    assert texts(section, "h2") == [f"{HEADING} (23)"]
    assert section["aria-labelledby"] == section.select_one("h2")["id"]  # type: ignore[index]
    assert len(section.select("ol.hits > li h3.hit-title")) == 9
    assert section.select_one("ol")["start"] == "2"  # type: ignore[index]
    assert page.get_text().index(site.JAHRESFORUM.title) < page.get_text().index(HEADING)


def test_each_says_what_it_lacks_and_hits_say_nothing(client: FlaskClient) -> None:
    page = soup(client, FEW_HITS)
    assert set(texts(page, ".further .missing")) == {"Es fehlt ‚Jugendberufsagentur‘"}
    assert len(page.select(".missing")) == 9
    page = soup(client, "/?q=Jugendberufsagentur+Quartier+%3Cb%3E")
    assert texts(page, ".missing")[0] == "Es fehlen ‚Jugendberufsagentur‘ und ‚<b>‘"


def test_pages_run_through_both_and_every_document_stands_once(client: FlaskClient) -> None:
    address, seen, headings, shown = FEW_HITS, [], [], []
    for _ in range(5):
        page = valid(client, address)
        seen += texts(page, ".hit-title")
        headings.append(texts(page, ".further h2"))
        shown.append(texts(page, ".result-meta span")[0].split(" Dok")[0])
        following = page.select_one(".pager a[rel=next]")
        if following is None:
            assert page.select("head link[rel=next]") == []
            break
        assert href(page, "head link[rel=next]") == following["href"]
        address = str(following["href"])
    assert seen[0] == site.JAHRESFORUM.title
    assert len(seen) == len(set(seen)) == 24
    assert shown == ["1–10 von 24", "11–20 von 24", "21–24 von 24"]
    assert headings == [
        [f"{HEADING} (23)"],
        [f"{HEADING} (23, Fortsetzung)"],
        [f"{HEADING} (23, Fortsetzung)"],
    ]
    assert asked(href(page, "head link[rel=prev]"))["page"] == ["2"]


def test_a_page_of_further_documents_alone_is_counted_on(client: FlaskClient) -> None:
    page = soup(client, FEW_HITS + "&page=2")
    assert texts(page, "h1") == ["1 Treffer für „Quartier Jugendberufsagentur“"]
    assert page.select(".main-column > .hits") == []
    assert page.select_one(".further ol")["start"] == "11"  # type: ignore[index]


def test_pages_before_them_say_how_many_there_are_and_lead_to_them(client: FlaskClient) -> None:
    page = soup(client, MANY_HITS)
    assert page.select(".further") == []
    assert texts(page, ".result-meta a")[0] == "1 weitere"
    address = href(page, ".result-meta a")
    assert (asked(address)["page"], urlsplit(address).fragment) == (["3"], "weitere")
    target = soup(client, address)
    assert texts(target, "#weitere") == [f"{HEADING} (1)"]
    assert texts(target, ".further .hit-title") == [site.JAHRESFORUM.title]
    assert len(target.select(".main-column > .hits > li")) == 3


def test_where_hits_fill_whole_pages_the_next_one_begins_and_continues_nothing() -> None:
    client = create_app(site.site_services(site.JAHRESFORUM, *site.many(20))).test_client()
    assert asked(href(soup(client, MANY_HITS), ".result-meta a"))["page"] == ["3"]
    page = soup(client, MANY_HITS + "&page=3")
    assert texts(page, ".further h2") == [f"{HEADING} (1)"]
    assert texts(page, ".hit-title") == [site.JAHRESFORUM.title]


@pytest.mark.parametrize(
    ("address", "what"), [(FEW_HITS, "Treffer und weiteren Dokumente"), (NO_HITS, "weiteren Dokumente")]
)
def test_a_page_after_the_last_one_says_so(client: FlaskClient, address: str, what: str) -> None:
    page = valid(client, address + "&page=4")
    assert f"Seite 4 gibt es nicht: Die {what} füllen 3 Seiten." in texts(page, ".notice p")[0]
    assert asked(href(page, ".notice p a"))["page"] == ["3"]
    assert page.select(".hit-title, .further, .pager") == []


def test_by_date_there_are_hits_alone_and_a_link_to_where_the_others_begin(client: FlaskClient) -> None:
    page = valid(client, MANY_HITS + "&sort=date&page=3")
    assert texts(page, ".result-meta span")[0].startswith("21–23 von 23 in")
    assert page.select(".pager [rel=next]") == []
    assert len(page.select(".hit-title")) == 3
    assert texts(page, ".further") == [f"{HEADING} (1) 1 weiteres Dokument ansehen, nach Relevanz sortiert"]
    address = href(page, ".further a")
    assert asked(address) == {"q": ["Bildungskonferenz Quartier"], "page": ["3"]}
    assert texts(soup(client, address), ".further .hit-title") == [site.JAHRESFORUM.title]
    assert "gibt es nicht: Die Treffer füllen 3 Seiten" in texts(
        soup(client, MANY_HITS + "&sort=date&page=4"), ".notice p"
    )[0]  # fmt: skip


def test_without_hits_that_is_said_before_the_others_are_listed(client: FlaskClient) -> None:
    page = valid(client, NO_HITS)
    assert texts(page, "h1") == ["Keine Treffer für „Bildungskonferenz Zuwanderung“"]
    assert texts(page, ".result-meta span")[0].startswith("1–10 von 24 weiteren Dokumenten in")
    assert texts(page, ".notice") == [
        "Kein Dokument passt zur ganzen Anfrage. Was einen Teil der Wörter enthält, steht unter "
        "„Weitere Dokumente“."
    ]
    assert len(page.select(".further li h3.hit-title")) == 10
    assert page.select("ol.hits[start]") == []
    assert page.select(".filters") == [], "no hits, so nothing to count or to filter by"
    assert texts(page, ".no-hits p")[0] == "Nicht das Richtige dabei? Das hilft oft weiter:"
    assert page.get_text().index(HEADING) < page.get_text().index("Nicht das Richtige dabei?")


def test_without_hits_by_date_there_is_the_link(client: FlaskClient) -> None:
    page = valid(client, NO_HITS + "&sort=date")
    assert texts(page, "h1") == ["Keine Treffer für „Bildungskonferenz Zuwanderung“"]
    assert page.select(".hit-title, .pager") == []
    assert texts(page, ".sorting strong") == ["Datum"]
    assert texts(page, ".further a") == ["24 weitere Dokumente ansehen, nach Relevanz sortiert"]
    assert len(soup(client, href(page, ".further a")).select(".further .hit-title")) == 10
    assert texts(page, ".no-hits p")[0] == "Das hilft oft weiter:"


def test_where_all_words_are_held_nothing_more_is_said(client: FlaskClient) -> None:
    page = soup(client, "/?q=Bildungskonferenz")
    assert page.select(".further, .missing, .notice") == []
    assert texts(page, ".result-meta span")[0].startswith("1–10 von 23 in")
    assert page.select("ol.hits[start]") == []
    nothing = soup(client, "/?q=Marsmission")
    assert nothing.select(".further, .result-meta, .notice") == []
    assert texts(nothing, ".no-hits p")[0] == "Das hilft oft weiter:"


def test_a_filter_that_leaves_no_hit_leaves_a_sensible_page(client: FlaskClient) -> None:
    page = valid(client, FEW_HITS + "&year=2020")
    assert texts(page, "h1") == ["Keine Treffer für „Quartier Jugendberufsagentur“"]
    assert texts(page, ".notice")[0].startswith("Kein Dokument passt zur ganzen Anfrage.")
    assert texts(page, ".further h2") == [f"{HEADING} (23)"]
    assert texts(page, ".choice .name") == ["2020", "2018"]
    assert [text.split()[0] for text in texts(page, ".choice .count")] == ["0", "1"]
    assert texts(page, ".no-hits li a")[0] == "Ohne Filter suchen"
    assert asked(href(page, ".pager a[rel=next]"))["year"] == ["2020"]


def test_a_filter_that_leaves_nothing_at_all_promises_nothing(client: FlaskClient) -> None:
    page = valid(client, NO_HITS + "&year=1999")
    assert texts(page, "h1") == ["Keine Treffer für „Bildungskonferenz Zuwanderung“"]
    assert page.select(".notice, .further, .result-meta") == []
    assert texts(page, ".no-hits p")[0] == "Das hilft oft weiter:"


def test_filters_count_hits_alone(client: FlaskClient) -> None:
    page = soup(client, FEW_HITS)
    assert texts(page, ".choice .name")[:2] == ["Quartier", "Übergang Schule–Beruf"]
    assert {text.split()[0] for text in texts(page, ".choice .count")} == {"1"}


# What is missing


def _hit(*missing: str, parts: tuple[str, ...] = ()) -> SearchHit:
    reasons = tuple(Reason(word, "Teil", Match.PART, Where.TEXT, 0.5) for word in parts)
    entry = IndexEntry("d", "r", "Titel", "Text", "demo", "sonstiges")
    return SearchHit(entry, 1.0, "", reasons, Tier.FURTHER, missing)


@pytest.mark.parametrize(
    ("hit", "said"),
    [
        (_hit(), ""),
        (_hit("Kita"), "Es fehlt ‚Kita‘"),
        (_hit("Kita", "Hort"), "Es fehlen ‚Kita‘ und ‚Hort‘"),
        (_hit("Kita", "Hort", "kita"), "Es fehlen ‚kita‘ und ‚Hort‘"),
        (_hit(*"ABCDE"), "Es fehlen ‚A‘, ‚B‘, ‚C‘, ‚D‘ und ‚E‘"),
        (_hit(*"ABCDEF"), "Es fehlen ‚A‘, ‚B‘, ‚C‘, ‚D‘ und 2 weitere Wörter"),
        (_hit("Kitaplatz", parts=("kitaplatz",)), "Nur ein Teil von ‚Kitaplatz‘ kommt vor"),
        (
            _hit("Hort", "Kitaplatz", "Hortplatz", parts=("Kitaplatz", "Hortplatz")),
            "Es fehlt ‚Hort‘; nur Teile von ‚Kitaplatz‘ und ‚Hortplatz‘ kommen vor",
        ),
    ],
)
def test_what_is_missing_in_words(hit: SearchHit, said: str) -> None:
    assert missing_text(hit) == said


# On the engine that is served


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    reports = tuple(
        Document(
            f"elternabend-{year}",
            f"Elternabend {year}",
            f"Der Elternabend fand {year} in der Turnhalle statt.",
            published=PartialDate(year),
        )
        for year in range(2001, 2014)
    )
    return real_site(tmp_path_factory.mktemp("further"), *reports, *series(24)).test_client()


def test_a_corrected_word_is_missing_as_it_was_searched(real: FlaskClient) -> None:
    page = valid(real, "/?q=Jugendberufsagenur+Elternabend")
    assert texts(page, "h1") == ["Keine Treffer für „Jugendberufsagentur Elternabend“"]
    assert "Es fehlt ‚Jugendberufsagentur‘" in texts(page, ".missing")
    assert "Jugendberufsagenur" not in " ".join(texts(page, ".missing"))


def test_a_part_of_a_compound_is_told_from_the_word(real: FlaskClient) -> None:
    page = valid(real, "/?q=Berufsberatung+Rostock")
    missing = dict(zip(texts(page, ".further .hit-title"), texts(page, ".further .missing"), strict=True))
    assert missing["Jahresforum Schul- und Berufswahl"] == "Es fehlt ‚Rostock‘"
    assert missing["Quartiersmanagement am Küchentisch"] == "Nur ein Teil von ‚Berufsberatung‘ kommt vor"


def test_why_they_are_listed_is_told_without_calling_them_hits(real: FlaskClient) -> None:
    page = valid(real, "/?q=Elternabend+Rostock")
    summaries = texts(page, ".further .reasons summary")
    assert len(summaries) == 10
    assert all(summary.startswith("Warum dieses Dokument – ") for summary in summaries)
    assert "Treffer" not in page.select_one(".further").get_text()  # type: ignore[union-attr]
    hits = soup(real, "/?q=Stadtteilmütter+Familien")
    assert texts(hits, ".main-column > .hits summary")[0].startswith("Warum dieser Treffer – ")


def test_links_lead_through_all_of_them_and_end(real: FlaskClient) -> None:
    address, seen = "/?q=Elternabend+Rostock", []
    for _ in range(10):
        page = valid(real, address)
        seen += [str(link["href"]) for link in page.select(".hit-title a")]
        following = page.select_one(".pager a[rel=next]")
        if following is None:
            break
        address = str(following["href"])
    assert following is None
    assert len(seen) == len(set(seen)) == 14
