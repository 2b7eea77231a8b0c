"""A PDF of which pages have no text says so, with their numbers."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.crawler.extract.samples import PARAGRAPH, partly_scanned, read


@pytest.mark.parametrize(
    ("pages", "text_on", "told"),
    [
        (4, [1], "Seiten 2 bis 4 haben keinen Text, sie sind vermutlich Scans oder Bilder"),
        (3, [1, 2], "Seite 3 hat keinen Text, sie ist vermutlich ein Scan oder ein Bild"),
        (3, [2], "Seiten 1 und 3 haben keinen Text, sie sind vermutlich Scans oder Bilder"),
        (9, [1, 5, 8], "Seiten 2 bis 4, 6, 7 und 9 haben keinen Text, sie sind vermutlich Scans oder Bilder"),
    ],
)
def test_the_numbers_of_pages_without_text(pages: int, text_on: list[int], told: str) -> None:
    for numbered in (False, True):
        found = read(partly_scanned(pages, text_on=text_on, numbered=numbered), "halb.pdf")
        assert found.warnings == (told,)
        assert " ".join(found.text.split()).count(PARAGRAPH[-60:]) == len(text_on)


def test_a_scan_with_a_stamp_that_runs_through_all_is_one_too() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawString(
        60, 770, "Das Anschreiben hat die Stadt am Rechner geschrieben, die Anlage ist eingescannt."
    )
    canvas.showPage()
    for number in range(3):
        canvas.drawInlineImage(Image.new("L", (60, 80), 200), 40, 40, 515, 760)
        canvas.drawString(60, 820, f"Anlage 2 zur Vorlage des Rates der Stadt, Seite {number + 1}")
        canvas.showPage()
    canvas.save()
    found = read(out.getvalue(), "vorlage.pdf")
    assert found.warnings == ("Seiten 2 bis 4 haben keinen Text, sie sind vermutlich Scans oder Bilder",)


def test_pages_with_text_or_with_nothing_are_not_told() -> None:
    assert read(partly_scanned(2, text_on=[1, 2]), "ganz.pdf").warnings == ()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawString(60, 770, "Das Blatt hat eine leere Rückseite mit einem Strich.")
    canvas.showPage()
    canvas.line(60, 40, 500, 40)
    canvas.showPage()
    canvas.save()
    assert read(out.getvalue(), "blatt.pdf").warnings == ()


def test_letters_drawn_as_lines_are_no_text() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawString(60, 770, "Auf der zweiten Seite steht die Schrift als Zeichnung.")
    canvas.showPage()
    for row in range(60):
        canvas.line(60, 800 - 12 * row, 500, 805 - 12 * row)
        canvas.circle(80 + row, 400, 3)
    canvas.showPage()
    canvas.save()
    assert read(out.getvalue(), "pfade.pdf").warnings == (
        "Seite 2 hat keinen Text, sie ist vermutlich ein Scan oder ein Bild",
    )
