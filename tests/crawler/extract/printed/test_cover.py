"""Title, author and date of a printed text by its first and last pages; better none than a wrong one."""

from __future__ import annotations

import pytest

from kb.model import PartialDate
from tests.crawler.extract.printed.sheets import BODY, Sheet

TITLE = "Lesen im Park"


@pytest.mark.parametrize(
    "declared",
    [
        "PowerPoint-Präsentation", "Layout 1", "Mappe1", "Dokument1", "Microsoft Word - Bericht_neu.docx",
        "untitled", "Flyer-2019-05", "lesen_im_park.indd", "Lesen", "Satzung des Fördervereins der Bücherei",
        "Lesen_im_Park_RZ",
    ],
)  # fmt: skip
def test_a_title_that_nobody_meant_gives_way_to_the_printed_one(declared: str) -> None:
    assert Sheet(title=declared).heading(TITLE, 22).body().read("lesen.pdf").title == TITLE


def test_a_title_that_is_the_name_of_the_file_gives_way() -> None:
    sheet = Sheet(title="lesen-park").heading(TITLE, 22).body()
    assert sheet.read("https://stadt.example/fileadmin/lesen_park.pdf").title == TITLE


@pytest.mark.parametrize(
    "declared", ["Lesen im Park – ein Vorhaben der Bücherei", "Bericht über das Lesen im Park"]
)
def test_a_title_that_somebody_gave_stays(declared: str) -> None:
    assert Sheet(title=declared).heading(TITLE, 22).body().read().title == declared


def test_the_largest_line_is_the_title_and_not_the_letterhead() -> None:
    sheet = Sheet().line("Bildungsbüro Musterstadt | Rathausplatz 1", 9).heading("Neue Wege beim", 20)
    found = sheet.line("Vorlesen in Kitas", 20, "Helvetica-Bold").body().read()
    assert found.title == "Neue Wege beim Vorlesen in Kitas"


def test_the_title_goes_on_to_no_further_line() -> None:
    assert Sheet().heading("Was uns wichtig ist", 18).body().read().title == "Was uns wichtig ist"


@pytest.mark.parametrize(
    "author", ["Windows-Benutzer", "user", "Microsoft Office-Benutzer", "Erika.Beispiel", "PC-07", "anonymous"]
)
def test_an_author_who_is_nobody(author: str) -> None:
    assert Sheet(author=author).heading(TITLE).body().read().authors == ()


def _cover(line: str, *, further: str = "") -> PartialDate | None:
    sheet = Sheet().heading(TITLE, 22).line(line).body()
    return (sheet.body(further) if further else sheet).read().published


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Musterstadt, den 7. Mai 2019", "2019-05-07"),
        ("Musterstadt, 7. Mai 2019", "2019-05-07"),
        ("Musterstadt, im Mai 2019", "2019-05"),
        ("Musterstadt am Rhein, 07.05.2019", "2019-05-07"),
        ("Stand: März 2019", "2019-03"),
        ("Stand März 2019", "2019-03"),
        ("Stand: 03/2019", "2019-03"),
        ("Ausgabe 03/2019", None),
        ("(Stand: 12.03.2019)", "2019-03-12"),
        ("Mai 2019", "2019-05"),
        ("Pressemitteilung vom 7. Mai 2019", "2019-05-07"),
        ("Pressemitteilung Nr. 12 vom 07.05.2019", "2019-05-07"),
        ("Veröffentlicht im Mai 2019", "2019-05"),
        ("3., überarbeitete Auflage, Mai 2019", "2019-05"),
        ("Datum: 7.5.2019", "2019-05-07"),
        ("Newsletter Mai 2019", "2019-05"),
        ("Newsletter 5/2019", None),
        ("Fachtag am 7. Mai 2019", None),
        ("Protokoll der Sitzung vom 7. Mai 2019", None),
        ("Dienstag, 7. Mai 2019, 14 bis 17 Uhr", None),
        ("Anmeldeschluss: 7. Mai 2019", None),
        ("Satzung in der Fassung vom 7. Mai 2019", None),
        ("Schuljahr 2018/2019", None),
        ("März 2018 bis Mai 2019", None),
        ("Einwohner am 31. Dezember 2018", None),
    ],
)  # fmt: skip
def test_the_date_on_the_cover(line: str, date: str | None) -> None:
    assert _cover(line) == (PartialDate.parse(date) if date else None)


def test_a_day_alone_is_that_of_the_event_where_the_page_invites() -> None:
    assert _cover("7. Mai 2019") == PartialDate(2019, 5, 7)
    assert (
        _cover("7. Mai 2019", further="Das Programm beginnt um 10 Uhr im Rathaus, Anmeldung bis April.") is None
    )


@pytest.mark.parametrize(
    "line", ["Erschienen im Mai 2019", "1. Auflage, Mai 2019", "Stand: Mai 2019", "Erscheinungsdatum: Mai 2019"]
)
@pytest.mark.parametrize("at_the_end", [True, False])
def test_the_date_in_an_imprint(line: str, at_the_end: bool) -> None:
    sheet = Sheet().heading(TITLE, 22).body().page()
    imprint = ["Impressum", "Herausgegeben von der Stadt Musterstadt", "Redaktion: Bildungsbüro", line]
    if at_the_end:
        for _ in range(4):
            sheet.body(BODY).page()
    for one in imprint:
        sheet.line(one)
    if not at_the_end:
        for _ in range(4):
            sheet.page().body(BODY)
    assert sheet.read().published == PartialDate(2019, 5)


def test_a_letter_is_dated_at_its_end() -> None:
    assert Sheet().heading(TITLE).body().page().body().line(
        "Musterstadt, den 7. Mai 2019"
    ).read().published == PartialDate(2019, 5, 7)


def test_a_date_within_a_sentence_is_none() -> None:
    assert (
        _cover(
            "", further="In Musterstadt, am 7. Mai 2019, kamen alle zusammen. Der Stand im Mai 2019 war gut."
        )
        is None
    )
