"""The document page: published only, with its origin, its text and the words behind each conclusion."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kb.errors import IndexMissingError, InvalidDocumentError
from kb.model import (
    Annotations,
    DocTypeTag,
    Document,
    Event,
    EventTag,
    Evidence,
    PartialDate,
    StoredDocument,
    TopicTag,
)
from tests.doubles import MemoryCorpus
from tests.webapp import small_site as site
from tests.webapp.pages import faults, href, soup, texts
from webapp import create_app
from webapp.document.provenance import citation


def test_the_origin_is_complete(client: FlaskClient) -> None:
    page = soup(client, "/dokument/jahresforum-dortmund")
    box = dict(zip(texts(page, ".box dt"), texts(page, ".box dd"), strict=True))
    assert box == {
        "Quelle": "Demonstration",
        "Herausgeber": "Transferagentur Muster",
        "Autor*innen": "Ayşe Yıldız; Jürgen Groß",
        "Adresse": "https://www.example.org/berichte/jahresforum?jahr=2018",
        "Veranstaltung": "29. bis 30. November 2018",
        "Veröffentlicht": "4. Dezember 2018",
        "Geändert": "Januar 2019",
        "Abgerufen": "1. Mai 2024",
        "Lizenz": "CC BY 4.0",
        "Kennung": "jahresforum-dortmund",
    }
    link = page.select_one(".box dd a")
    assert link is not None
    assert {"nofollow", "noopener"} <= set(link["rel"])


def test_further_addresses_are_named() -> None:
    others = tuple(f"https://www.example.org/druck?seite={n}" for n in range(12))
    document = replace(site.JAHRESFORUM, other_urls=("javascript:alert(1)", *others))
    client = create_app(site.site_services(document)).test_client()
    page = soup(client, "/dokument/jahresforum-dortmund")
    terms = zip(texts(page, ".box dt"), page.select(".box dd"), strict=True)
    also = [line.select_one("a") for term, line in terms if term == "Auch unter"]
    assert [link["href"] for link in also if link is not None] == list(others[:10])


def test_the_text_stands_below_one_heading(client: FlaskClient) -> None:
    page = soup(client, "/dokument/jahresforum-dortmund")
    assert texts(page, "h1") == ["Jahresforum „Schul- und Berufswahl“: Was Übergänge gelingen lässt"]
    assert [tag.name for tag in page.select(".prose h2, .prose h3")] == ["h2", "h3"]
    assert texts(page, ".prose h2") == ["Ablauf"]
    assert href(page, ".prose a") == "https://www.example.org/doku/2018.pdf"
    assert page.select(".prose img") == []
    assert "[Bild: Teilnehmende im Gespräch]" in page.get_text()


def test_conclusions_quote_the_words_that_led_to_them(client: FlaskClient) -> None:
    page = soup(client, "/dokument/jahresforum-dortmund")
    assert texts(page, ".why summary") == ["Warum diese Themen?", "Warum diese Art?", "Warum dieser Ort?"]
    quotes = texts(page, ".why:first-of-type li")
    assert "Berufswahl im Titel" in quotes
    assert any("Die Jugendberufsagentur stellte vor" in quote for quote in quotes)
    assert "Jugendberufsagentur" in texts(page, ".why mark")
    assert texts(page, ".topics a") == ["Übergang Schule–Beruf", "Quartier"]
    assert href(page, ".topics a") == "/?topic=uebergaenge"


def test_a_reference_can_be_copied(client: FlaskClient) -> None:
    assert texts(soup(client, "/dokument/jahresforum-dortmund"), ".citation") == [
        "Ayşe Yıldız; Jürgen Groß: Jahresforum „Schul- und Berufswahl“: Was Übergänge gelingen lässt. "
        "Transferagentur Muster, 4. Dezember 2018. "
        "Online: https://www.example.org/berichte/jahresforum?jahr=2018 (abgerufen am 1. Mai 2024). "
        "Kennung: jahresforum-dortmund."
    ]


def test_a_reference_says_what_is_not_known() -> None:
    bare = Document("notiz", "Wer macht mit?", "Text")
    assert citation(bare, None) == "Wer macht mit? o. D. Kennung: notiz."
    assert citation(site.NO_YEAR, site.NO_YEAR.event).endswith(
        "Warteschleifen. 26. Juni (Jahr unbekannt). Kennung: 50 % mehr?#ausbildung."
    )


def test_ids_with_slashes_and_signs_are_found(client: FlaskClient) -> None:
    assert texts(soup(client, "/dokument/stadtteilmuetter/fuerth"), "h1")[0].startswith("Stadtteilmütter")
    assert texts(soup(client, "/dokument/50%20%25%20mehr%3F%23ausbildung"), "h1")[0].startswith(
        "Mehr Ausbildung"
    )


def test_unpublished_documents_look_exactly_like_unknown_ones(client: FlaskClient) -> None:
    unknown = client.get("/dokument/gibt-es-nicht")
    assert unknown.status_code == 404
    for document in (site.DRAFT, site.PENDING, site.WITHDRAWN):
        hidden = client.get(f"/dokument/{document.id}")
        assert hidden.status_code == 404
        assert hidden.data == unknown.data
        assert dict(hidden.headers) == dict(unknown.headers)


@pytest.mark.parametrize(
    "doc_id",
    [
        "../../x", "..%2f..%2fetc%2fpasswd", "%00", "a%00b", "x" * 300, "🚲", "<script>alert(1)</script>",
        "a//b", "a/", "%20", "a%5cb", "%ED%A0%80", ".", "%2e%2e", "%E2%80%AE",
    ],
)  # fmt: skip
def test_hostile_ids_are_unknown(client: FlaskClient, doc_id: str) -> None:
    answer = client.get(f"/dokument/{doc_id}", follow_redirects=True)
    assert answer.status_code == 404
    assert faults(answer.text) == []
    assert "alert(1)" not in answer.text


def test_a_broken_file_is_unknown_too() -> None:
    class Broken(MemoryCorpus):
        def get(self, doc_id: str) -> StoredDocument:
            raise InvalidDocumentError("Kopf fehlt", subject="/geheim/pfad.md")

    services = replace(site.site_services(), corpus=Broken())
    answer = create_app(services).test_client().get("/dokument/x")
    assert answer.status_code == 404
    assert "geheim" not in answer.text


HOSTILE = Document(
    "boese",
    "</title><script>alert(1)</script>",
    "<script>alert(1)</script> und <img src=x onerror=alert(1)>\n\n"
    "[a](javascript:alert(1)) [b](data:text/html;base64,PHNjcmlwdD4=) ![c](https://spion.example/p.gif)\n\n"
    '<a href="https://x.example" onclick="y()">z</a> [d](relativ.html) <https://gut.example/>\n\n'
    "| links | rechts |\n|:--|--:|\n| 1 | 2 |\n\n    eingerückt, kein Programm\n\n<!-- geheim? -->",
    publisher='"><svg onload=alert(1)>',
    authors=("<b>x</b>",),
    licence="javascript:alert(1)",
    language="en",
)


def test_hostile_text_is_shown_as_text() -> None:
    answer = create_app(site.site_services(HOSTILE)).test_client().get("/dokument/boese")
    assert faults(answer.text) == []
    page = soup(create_app(site.site_services(HOSTILE)).test_client(), "/dokument/boese")
    prose = texts(page, ".prose")[0]
    assert "<script>alert(1)</script> und <img src=x onerror=alert(1)>" in prose
    assert "[a](javascript:alert(1))" in prose
    assert "<!-- geheim? -->" in prose
    assert "eingerückt, kein Programm" in prose
    assert page.select(".prose pre, .prose img, .prose script") == []
    assert [str(link.get("href")) for link in page.select(".prose a[href]")] == ["https://gut.example/"]
    assert "spion.example" not in str(page)
    assert page.select("svg, b") == []
    assert page.select_one("h1")["lang"] == "en"  # type: ignore[index]


def test_of_another_revision_than_the_indexed_one_nothing_is_quoted() -> None:
    services = site.site_services(site.JAHRESFORUM)
    stored = services.corpus.get("jahresforum-dortmund")
    services.corpus.put(replace(stored.document, text="Nichts davon steht mehr da."), expected=stored.revision)
    page = soup(create_app(services).test_client(), "/dokument/jahresforum-dortmund")
    assert texts(page, ".topics a") == ["Übergang Schule–Beruf", "Quartier"]
    assert page.select(".why") == []


def test_an_index_without_reasons_says_what_it_knows() -> None:
    services = site.site_services(site.JAHRESFORUM)
    entry = services.backend.entry("jahresforum-dortmund")
    assert entry is not None
    bare = replace(services, backend=site.WordEngine([replace(entry, annotations=None)]))
    page = soup(create_app(bare).test_client(), "/dokument/jahresforum-dortmund")
    assert texts(page, ".topics a") == ["Übergang Schule–Beruf", "Quartier"]
    assert page.select(".why") == []


def test_of_a_very_long_text_it_is_said_that_only_its_beginning_was_read() -> None:
    class Beginnings(site.WordAnnotator):
        def annotate(self, document: Document) -> Annotations:
            return replace(super().annotate(document), flags=("nur-anfang",))

    app = create_app(site.site_services(site.JAHRESFORUM, annotator=Beginnings()))
    page = soup(app.test_client(), "/dokument/jahresforum-dortmund")
    assert "aus dem Anfang des sehr langen Textes geschlossen" in page.get_text()
    assert page.select(".why") != []


def test_a_document_can_be_read_without_an_index() -> None:
    engine = site.WordEngine(broken=IndexMissingError("kein Index"))
    services = site.site_services(site.JAHRESFORUM, backend=engine)
    page = soup(create_app(services).test_client(), "/dokument/jahresforum-dortmund")
    assert page.select(".topics") == []
    assert "29. bis 30. November 2018" in page.get_text()


def test_evidence_from_an_editor_from_elsewhere_and_too_much_of_it() -> None:
    class Fixed:
        version = "1"

        def annotate(self, document: Document) -> Annotations:
            many = tuple(Evidence(n * 10, n * 10 + 9, "Quartier ", "q") for n in range(50))
            return Annotations(
                DocTypeTag("sonstiges", (Evidence(0, 0, "", "editor"),)),
                (
                    TopicTag("quartier", 1.0, many),
                    TopicTag("migration", 1.0, (Evidence(900, 905, "fremd", "m"),)),
                ),
                event=EventTag(
                    Event(PartialDate(2019, 6, 26), inferred=True), (Evidence(0, 9, "Quartier ", "d"),)
                ),
            )

    document = Document("q", "Titel", "Quartier  " * 60 + "Ende")
    services = site.site_services(document, annotator=Fixed())
    page = soup(create_app(services).test_client(), "/dokument/q")
    assert "von der Redaktion entschieden" in page.get_text()
    assert "26. Juni 2019 (Jahr erschlossen)" in page.get_text()
    assert texts(page, ".why summary") == ["Warum diese Themen?", "Warum diese Art?", "Warum dieses Datum?"]
    quotes = texts(page, ".why:first-of-type li")
    assert "fremd" in quotes  # offsets that do not fit show the words alone
    assert len(quotes) <= 7
    assert all(len(quote) < 130 for quote in quotes)
