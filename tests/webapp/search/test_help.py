"""Help for the searcher on the engine that is served: correction, notices, reasons, completions, likeness."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.model import Match, Notice, NoticeKind, Reason, Where
from tests.webapp.pages import faults, href, soup, texts
from tests.webapp.real_site import real_site, series
from webapp.wording.explanations import explain, notice_text


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return real_site(tmp_path_factory.mktemp("real"), *series(24)).test_client()


def asked(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def search(client: FlaskClient, words: str, **more: str) -> BeautifulSoup:
    answer = client.get("/", query_string={"q": words, **more})
    assert answer.status_code == 200
    assert faults(answer.text) == []
    return BeautifulSoup(answer.data, "html.parser")


# Correction


def test_a_typing_error_is_corrected_and_can_be_searched_all_the_same(real: FlaskClient) -> None:
    page = search(real, "Jugendberufsagenur")
    assert texts(page, ".hit-title") == ["Jugendberufsagentur Hof: drei Rechtskreise, eine Klingel"]
    assert texts(page, ".correction") == [
        "Ergebnisse für „Jugendberufsagentur“ – stattdessen nach „Jugendberufsagenur“ suchen"
    ]
    exact = soup(real, href(page, ".correction a"))
    assert exact.select(".correction") == []
    assert exact.select_one("input#q")["value"] == "Jugendberufsagenur"  # type: ignore[index]


def test_a_word_that_is_known_is_never_corrected(real: FlaskClient) -> None:
    assert search(real, "Jugendberufsagentur").select(".correction") == []


def test_searching_exactly_lasts_through_pages_filters_and_order_until_unticked(real: FlaskClient) -> None:
    page = search(real, "Elternarbeit", genau="1")
    box = page.select_one("input#genau")
    assert box is not None
    assert (box["form"], box["name"], box["value"]) == ("suche", "genau", "1")
    assert box.has_attr("checked")
    for selector in (".pager a[rel=next]", ".facet a", ".sorting a"):
        assert asked(href(page, selector))["genau"] == ["1"], selector
    assert search(real, "Elternarbeit").select("input#genau") == []
    assert "genau" not in asked(href(search(real, "Elternarbeit"), ".pager a[rel=next]"))


# Notices


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("be* Familien", "Der Stern in „be*“ blieb unbeachtet"),
        ("((((((((Übergänge))))))))", "Klammern dürfen höchstens 5 Ebenen tief ineinanderstehen"),
        (" ".join(f"+Wort{number}" for number in range(20)), "Beachtet wurden nur die ersten 16 Bedingungen"),
        (
            " ".join(f"Wort{number}x" for number in range(80)),
            "Die Anfrage ist sehr lang. Gesucht wurde nach den",
        ),
        ("Stadtteilmütter Raumfahrt", "Kein Dokument passt zur ganzen Anfrage"),
    ],
)
def test_what_was_done_to_a_query_is_said(real: FlaskClient, words: str, said: str) -> None:
    page = search(real, words, genau="1")
    assert [notice for notice in texts(page, ".notice") if notice.startswith(said)], texts(page, ".notice")


def test_an_ordinary_query_needs_no_notice(real: FlaskClient) -> None:
    assert search(real, "Übergänge Schule").select(".notice") == []


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_notice_is_whole_sentences(kind: NoticeKind) -> None:
    text = notice_text(Notice(kind, "16"))
    assert text[0].isupper()
    assert text.endswith(".")


def test_a_value_that_does_not_exist_is_named_with_those_that_do(real: FlaskClient) -> None:
    (notice,) = texts(search(real, "thema:migrazion"), ".notice")
    assert notice.startswith(
        "Das Thema ‚migrazion‘ gibt es nicht. Gemeint vielleicht: Migration und Integration, "
    )
    assert notice.count(",") == 4
    (notice,) = texts(search(real, "ort:Xanadu"), ".notice")
    assert notice == "Zum Ort ‚Xanadu‘ gibt es kein Dokument."


def test_a_year_that_is_none_is_explained_kindly(real: FlaskClient) -> None:
    page = soup(real, "/?q=jahr:bald", status=400)
    assert texts(page, "#fehler p")[:2] == [
        "„jahr:bald“ ist kein Jahr.",
        "Das hilft: jahr:2019 oder jahr:2018..2021 schreiben.",
    ]
    assert href(page, "#fehler a") == "/hilfe"


@pytest.mark.parametrize(
    "words",
    [
        "*a*", "[a TO z]", "a" * 5000, "(" * 2000, "(" * 900, "wort " * 1000,
        " ".join(f"w{n}" for n in range(190)), "\x00Quartier\x00", "🚲🚲", "\u202etext",
        "AND OR NOT", "-", "+", '"', "titel:", "jahr:..", 'ort:"',
        "((((a ODER", "NICHT NICHT NICHT", "x" * 999 + "*", "<script>alert(1)</script>", "abc* " * 150,
    ],
)  # fmt: skip
@pytest.mark.parametrize("more", [{}, {"genau": "1"}, {"year": "2003", "page": "3"}])
def test_the_worst_input_gets_a_page(real: FlaskClient, words: str, more: dict[str, str]) -> None:
    answer = real.get("/", query_string={"q": words, **more})
    assert answer.status_code in (200, 400)
    assert faults(answer.text) == []
    if answer.status_code == 400:
        page = BeautifulSoup(answer.data, "html.parser")
        assert "Das hilft: " in page.select_one("#fehler").get_text()  # type: ignore[union-attr]


# Reasons


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Management", "Titel: Quartiersmanagement wegen ‚Management‘ (Wortteil)"),
        ("uebergang", "Text: Übergängen wegen ‚uebergang‘ (Wortform)"),
        ("JBA", "Titel: Jugendberufsagentur wegen ‚JBA‘ (Synonym)"),
        ("berufsb*", "Text: Berufsberatung wegen ‚berufsb*‘ (Wortanfang)"),
        ("Stadtteilmütter", "Titel: Stadtteilmütter – das gesuchte Wort"),
        ('"Tür zu Tür"', "Text: Tür wegen ‚Tür zu Tür‘ (Wortfolge)"),
    ],
)
def test_a_hit_says_why(real: FlaskClient, words: str, said: str) -> None:
    page = search(real, words, genau="1")
    assert said in texts(page, ".reasons li")
    assert texts(page, ".reasons summary")[0].startswith("Warum dieser Treffer – ")
    assert page.select("details.reasons[open]") == []


def test_without_words_there_is_nothing_to_explain(real: FlaskClient) -> None:
    assert search(real, "").select(".reasons") == []
    assert soup(real, "/?place=Rostock").select(".reasons") == []


def test_the_strongest_reason_comes_first_and_function_words_are_left_out() -> None:
    reasons = (
        Reason("und", "und", Match.WORD, Where.TEXT, 0.006),
        Reason("Kita", "Kitas", Match.WORD, Where.TEXT, 0.2),
        Reason("Quartiermanagment", "Quartiersmanagement", Match.SIMILAR, Where.TITLE, 0.79),
        Reason("Migration", "Migration", Match.WORD, Where.TOPIC, 0.1, corrected="Migraton"),
    )
    assert [f"{one.place}: {one.form} {one.because}" for one in explain(reasons)] == [
        "Titel: Quartiersmanagement wegen ‚Quartiermanagment‘ (ähnliches Wort)",
        "Text: Kitas wegen ‚Kita‘ (Wortform)",
        "Themenschlagwort: Migration – das gesuchte Wort; eingegeben war ‚Migraton‘",
    ]
    assert [one.form for one in explain(reasons[:1])] == ["und"]


# Completions


def completions(client: FlaskClient, text: str) -> list[dict[str, str | None]]:
    answer = client.get("/vorschlaege", query_string={"q": text})
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    found: list[dict[str, str | None]] = answer.json["suggestions"]
    return found


def test_words_titles_topics_and_places_are_completed(real: FlaskClient) -> None:
    kinds = {one["kind"]: one for text in ("Stadtteilm", "Rost", "Quartier") for one in completions(real, text)}
    assert set(kinds) == {"term", "title", "place", "topic"}
    place = kinds["place"]
    assert (place["text"], place["label"], place["url"]) == ("Rostock", "Ort", "/?place=Rostock")
    for one in kinds.values():
        assert real.get(str(one["url"])).status_code == 200, one
    title = next(one for one in completions(real, "stadtteilmu") if one["kind"] == "title")
    assert texts(soup(real, str(title["url"])), "h1") == ["Stadtteilmütter in Neukölln"]


def test_a_browser_may_keep_completions_for_a_minute(real: FlaskClient) -> None:
    answer = real.get("/vorschlaege?q=Rost")
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 5000])
def test_nothing_to_complete(real: FlaskClient, text: str) -> None:
    assert completions(real, text) == []


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_anything_typed_is_answered(real: FlaskClient, text: str) -> None:
    answer = real.get("/vorschlaege", query_string={"q": text.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    assert len(answer.json["suggestions"]) <= 8  # type: ignore[index]


# Likeness


def test_a_document_leads_to_others_like_it_but_not_to_itself(real: FlaskClient) -> None:
    page = soup(real, "/dokument/werkstatt-2010")
    links = [str(link["href"]) for link in page.select(".similar li > a")]
    assert len(links) == len(set(links)) == 5
    assert all(link.startswith("/dokument/werkstatt-") for link in links)
    assert "/dokument/werkstatt-2010" not in links
    assert faults(str(real.get("/dokument/werkstatt-2010").text)) == []


# Facets


def test_a_facet_goes_on_showing_the_alternatives_to_what_is_selected(real: FlaskClient) -> None:
    page = search(real, "Elternarbeit", year="2003")
    assert texts(page, "h1") == ["1 Treffer für „Elternarbeit“"]
    (year,) = [box for box in page.select(".facet") if texts(box, "legend") == ["Jahr"]]
    assert len(year.select(".choice")) == 24
    assert {text.split()[0] for text in texts(year, ".count")} == {"1"}
    assert year.select("details.more[open]")
    other = next(link for link in year.select(".choice a") if link.select_one(".name").get_text() == "2005")  # type: ignore[union-attr]
    both = soup(real, str(other["href"]))
    assert texts(both, "h1") == ["2 Treffer für „Elternarbeit“"]
    assert sorted(texts(both, ".choice.selected .name")) == ["2003", "2005"]


# The help page


def test_every_example_of_the_help_page_is_a_query_that_is_understood(real: FlaskClient) -> None:
    page = soup(real, "/hilfe")
    examples = page.select(".help a")
    assert len(examples) > 15
    for example in examples:
        assert asked(str(example["href"]))["q"] == [example.get_text()]
        answer = soup(real, str(example["href"]))
        # These few texts are of no district; that is said, and nothing else.
        said = [text for text in texts(answer, ".notice:not(.correction)") if not text.startswith("Zum Ort ‚")]
        assert said == [], example


def test_every_page_leads_to_the_help(real: FlaskClient) -> None:
    for address in ("/", "/?q=Kita", "/dokument/werkstatt-2010", "/hilfe"):
        assert href(soup(real, address), ".search-form .to-help") == "/hilfe"
