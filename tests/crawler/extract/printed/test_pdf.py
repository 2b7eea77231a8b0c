from __future__ import annotations

import pytest

from crawler.extract import ExtractOptions
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import PartialDate
from tests.crawler.extract.samples import encrypted, pdf, read

PAGES = [
    [
        "Übergänge gestalten",
        "",
        "Die Stadt Musterstadt hat gemeinsam mit der Jugendberufs-",
        "agentur, dem Schulamt und den Kammern sowie den Schul-",
        "und Jugendämtern ein Netzwerk für Übergänge aufgebaut; auch die Kita-",
        "Integration gehört dazu, sagen die Lehrer*innen und Eltern.",
        "",
        "Der zweite Absatz beginnt nach einem Abstand und geht ohne Ende auf der",
    ],
    [
        "nächsten Seite weiter. Danach folgt noch ein Satz mit ä, ö, ü und ß.",
        "• Erster Punkt",
        "• Zweiter Punkt",
    ],
]
HEAD = "Bildungsbüro Musterstadt – Jahresbericht"


def test_a_report_of_two_pages() -> None:
    found = read(pdf(PAGES, title="Übergänge gestalten", head=HEAD), "bericht.pdf")
    assert found.title == "Übergänge gestalten"
    assert found.language == "de"
    assert found.text == (
        "Die Stadt Musterstadt hat gemeinsam mit der Jugendberufsagentur, dem Schulamt und den Kammern "
        "sowie den Schul- und Jugendämtern ein Netzwerk für Übergänge aufgebaut; auch die Kita-Integration "
        "gehört dazu, sagen die Lehrer*innen und Eltern.\n\n"
        "Der zweite Absatz beginnt nach einem Abstand und geht ohne Ende auf der nächsten Seite weiter. "
        "Danach folgt noch ein Satz mit ä, ö, ü und ß.\n\n- Erster Punkt\n- Zweiter Punkt"
    )


@pytest.mark.parametrize(
    "title", ["", "Microsoft Word - Entwurf_final2.docx", "untitled", "bericht.indd", "Dokument1"]
)
def test_titles_that_programs_invent_give_way_to_the_first_line(title: str) -> None:
    assert read(pdf(PAGES, title=title, head=HEAD), "x.pdf").title == "Übergänge gestalten"


def test_authors_and_the_date_of_the_byline() -> None:
    lines = ["Der Fachtag", "", "Erika Beispiel · Ali Muster · März 2016", "", *PAGES[0][2:]]
    found = read(pdf([lines], title="Der Fachtag", author="Erika Beispiel, Ali Muster"), "x.pdf")
    assert found.authors == ("Erika Beispiel", "Ali Muster")
    assert found.published == PartialDate(2016, 3)
    assert found.text.startswith("Die Stadt Musterstadt")


def test_an_encrypted_file_is_said_to_be_so() -> None:
    with pytest.raises(UnreadableInputError, match=r"zu\.pdf: .*verschlüsselt.*ohne Kennwort"):
        read(encrypted(pdf(PAGES)), "zu.pdf")


def test_a_broken_file_is_said_to_be_so() -> None:
    with pytest.raises(UnreadableInputError, match=r"halb\.pdf: .*beschädigt"):
        read(pdf(PAGES)[:600], "halb.pdf")


def test_a_scan_without_text_is_said_to_be_so() -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas("unused.pdf")
    canvas.rect(10, 10, 200, 200)
    canvas.showPage()
    with pytest.raises(UnreadableInputError, match=r"Scan.*OCR"):
        read(canvas.getpdfdata(), "scan.pdf")


def test_the_limit_of_the_text_ends_the_reading() -> None:
    with pytest.raises(InputTooLargeError, match="KB_MAX_TEXT_CHARS"):
        read(pdf(PAGES), "lang.pdf", options=ExtractOptions(max_text_chars=100))


def test_a_pdf_under_another_name_is_still_one() -> None:
    assert "Netzwerk" in read(pdf(PAGES), "bericht.txt").text
    assert "Netzwerk" in read(pdf(PAGES), "https://a.example/download?id=7", content_type="text/html").text
