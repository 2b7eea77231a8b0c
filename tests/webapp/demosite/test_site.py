"""The demonstration site through Flask's client: pages, machine-readable files and oddities."""

from __future__ import annotations

import json
import re
import socket
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from kb.errors import ServerError
from kb.model import Document, PartialDate
from tests.webapp.demosite.townhall import DOCUMENTS
from webapp.demosite import create_demo_site, serve_demo_site
from webapp.demosite.pages import DemoContent, german_date, layout_of
from webapp.demosite.site import (
    DISALLOWED_PATH,
    EXCLUDED_PATH,
    MISSING_PATH,
    NOINDEX_PATH,
)


@pytest.fixture
def client() -> FlaskClient:
    app = create_demo_site(DOCUMENTS)
    app.testing = True
    return app.test_client()


def _text(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.text


def test_every_document_has_its_page_and_every_local_link_works(client: FlaskClient) -> None:
    to_do, seen = ["/"], {"/"}
    statuses: dict[str, int] = {}
    while to_do:
        path = to_do.pop()
        response = client.get(path)
        statuses[path.partition("?")[0]] = response.status_code
        html = response.text if response.mimetype == "text/html" else ""
        response.close()
        for link in re.findall(r'href="(/[^"#]*)"', html):
            if link not in seen:
                seen.add(link)
                to_do.append(link)
    for document in DOCUMENTS:
        path = (document.url or "").removeprefix("https://demo.fundstelle.example")
        path += ".pdf" if document.extra else ""
        assert statuses[path] == 200
    assert {path for path, status in statuses.items() if status != 200} == {MISSING_PATH, "/archiv/runde-1"}
    assert statuses["/archiv/runde-1"] == 301
    assert {DISALLOWED_PATH, EXCLUDED_PATH, NOINDEX_PATH, "/berichte/seite/2"} <= set(statuses)


def test_no_page_points_to_another_host(client: FlaskClient) -> None:
    for path in ("/", "/praxis/teekanne-im-quartier", "/berichte/", "/sitemap.xml", "/feed.xml"):
        addresses = re.findall(r'(?:href="|<loc>|<link>)(https?://[^"<]+)', _text(client, path))
        strangers = [
            one for one in addresses if not one.startswith(("http://localhost/", "https://creativecommons"))
        ]
        assert strangers == []


def test_date_and_author_are_written_as_such_sites_write_them(client: FlaskClient) -> None:
    assert "Veröffentlicht am 12. März 2019" in _text(client, "/berichte/bildungskonferenz")
    assert "Stand: 9. Januar 2023" in _text(client, "/aktuelles/umzug")
    magazine = _text(client, "/praxis/teekanne-im-quartier")
    assert '<time datetime="2021-11-04" class="published">04.11.2021</time>' in magazine
    assert "Von Jörg Weiß" in magazine
    announcement = _text(client, "/termine/fachtag")
    assert '"datePublished": "2024-05-02"' in announcement
    assert "2. Mai 2024" not in announcement, "only machines can read it there"


def test_event_is_stated_as_data(client: FlaskClient) -> None:
    script = re.search(r"ld\+json\">(.*?)</script>", _text(client, "/berichte/bildungskonferenz"))
    assert script is not None
    event = json.loads(script[1])["@graph"][1]
    assert (event["@type"], event["startDate"], event["endDate"]) == ("Event", "2019-03-08", "2019-03-09")


def test_hostile_title_stays_text() -> None:
    title = "</script><script>alert('ä')</script>"
    document = Document(
        "demo-x", title, "Text.", source="demo", url="https://demo.fundstelle.example/termine/x"
    )
    html = create_demo_site([document]).test_client().get("/termine/x").text
    assert "<script>alert" not in html


def test_robots_sitemap_index_and_feed(client: FlaskClient) -> None:
    assert "Disallow: /intern/" in _text(client, "/robots.txt")
    index = _text(client, "/sitemap.xml")
    assert "<loc>http://localhost/sitemap-berichte.xml</loc>" in index
    assert "sitemap-termine.xml" not in index, "one section is found by links only"
    assert "<lastmod>2019-03-12</lastmod>" in _text(client, "/sitemap-berichte.xml")
    feed = _text(client, "/feed.xml")
    assert feed.count("<item>") == 10
    assert "<pubDate>Thu, 02 May 2024 09:00:00 +0000</pubDate>" in feed
    assert "utm_source=portal" in feed


def test_noindex_and_missing_pages(client: FlaskClient) -> None:
    assert '<meta name="robots" content="noindex' in _text(client, NOINDEX_PATH)
    for path in (MISSING_PATH, "/gibt-es-nicht/", "/berichte/seite/9", "/archiv/nie", "/a/b/c"):
        assert client.get(path).status_code == 404


def test_listings_page_through_a_section(client: FlaskClient) -> None:
    first, second = _text(client, "/berichte/"), _text(client, "/berichte/seite/2")
    assert (first.count('class="eintrag"'), second.count('class="eintrag"')) == (6, 2)
    assert '<link rel="next" href="/berichte/seite/2">' in first


def test_pdf_has_the_text_with_umlauts_running_head_and_page_numbers(client: FlaskClient) -> None:
    response = client.get("/handreichungen/konzept-koordinierung.pdf")
    assert response.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(response.data))
    text = reader.pages[0].extract_text()
    for words in (
        "Größere Verbindlichkeit durch Zielvereinbarungen – jährlich überprüft",
        "120.000 €",
        "Seite 1",
    ):
        assert words in " ".join(text.split())
    assert "Bildungsportal Auenbrück" in text
    assert reader.metadata is not None
    assert reader.metadata.title == "Konzept Übergangskoordinierung"
    assert client.get("/handreichungen/konzept-koordinierung.pdf").data == response.data


def test_long_pdf_has_the_head_on_every_page_and_survives_strange_characters() -> None:
    text = "\n\n".join(f"{n}. Absatz <b> & → Łódź 日本 " + "Wörter " * 90 for n in range(12))
    document = Document(
        "demo-x",
        "Lang",
        text,
        source="demo",
        url="https://x.example/praxis/x",
        extra={"format": "pdf"},
    )
    data = create_demo_site([document]).test_client().get("/praxis/x.pdf").data
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        assert "Bildungsportal Auenbrück" in page
        assert f"Seite {number}" in page
    assert "<b> &" in pages[0]
    assert "& ódz Wörter" in pages[0], "what Helvetica lacks becomes a plain relative or nothing"


def test_site_without_documents_still_answers() -> None:
    client = create_demo_site([]).test_client()
    for path in ("/", "/robots.txt", "/sitemap.xml", "/feed.xml"):
        assert client.get(path).status_code == 200


def test_document_without_a_place_is_left_out() -> None:
    content = DemoContent(
        [Document("a", "A", "Text."), Document("b", "B", "Text.", url="https://x.de/zu/tief/hier")]
    )
    assert content.pages == ()


@pytest.mark.parametrize(
    ("date", "style", "expected"),
    [
        ("2019-03-12", "long", "12. März 2019"),
        ("2019-03-02", "short", "02.03.2019"),
        ("2019-03", "short", "März 2019"),
        ("2019", "long", "2019"),
        ("--06-26", "long", "26. Juni"),
    ],
)
def test_german_dates(date: str, style: str, expected: str) -> None:
    assert german_date(PartialDate.parse(date), style=style) == expected


def test_sections_use_different_layouts() -> None:
    assert {layout_of(name) for name in ("berichte", "praxis", "termine")} == {"amtlich", "magazin", "termin"}


def test_port_in_use_is_one_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError) as raised, serve_demo_site(DOCUMENTS, port=port):
            pass
    assert str(port) in str(raised.value)
    assert "Port" in str(raised.value)
