"""What real programs and printers make of a page, and what a reader sees on it."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from kb.errors import UnreadableInputError
from kb.model import ExtractedText
from tests.crawler.extract.printed.sheets import BODY, Sheet, columns, headings, plain
from tests.crawler.extract.samples import read

# -- letters ---------------------------------------------------------------


def _accented(
    sheet: Sheet, text: str, *, y: float, size: float = 11, last: bool = False, first: bool = False
) -> None:
    """A line with umlauts as TeX draws them: the dots before the letter, behind it, or at the end."""
    x, dots = 60.0, []
    plain_letters = {"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U"}
    canvas = sheet.canvas
    for letter in text:
        base = plain_letters.get(letter, letter)
        width = canvas.stringWidth(base, "Helvetica", size)
        mark = canvas.stringWidth("¨", "Helvetica", size)
        place = (x + (width - mark) / 2, y + (0.2 * size if base.isupper() and base != letter else 0))
        if base != letter and first:
            sheet.line("¨", size, x=place[0], y=place[1])
        sheet.line(base, size, x=x, y=y)
        if base != letter and not first and not last:
            sheet.line("¨", size, x=place[0], y=place[1])
        if base != letter and last:
            dots.append(place)
        x += width
    for place in dots:
        sheet.line("¨", size, x=place[0], y=place[1])


@pytest.mark.parametrize("order", ["behind", "before", "last"])
def test_umlauts_drawn_as_dots_over_letters(order: str) -> None:
    sheet = Sheet().heading("Bericht")
    for row, text in enumerate(
        ["Über die Brücke führen schöne Wege für", "ältere Ämter und Öfen, die wärmen."]
    ):
        _accented(sheet, text, y=700 - 14 * row, last=order == "last", first=order == "before")
    found = sheet.read()
    assert plain(found.text) == "Über die Brücke führen schöne Wege für ältere Ämter und Öfen, die wärmen."


def test_an_accent_over_nothing_stays() -> None:
    assert "Das Zeichen ¨ heißt Trema" in plain(
        Sheet().heading("Zeichen").body("Das Zeichen ¨ heißt Trema.").read().text
    )


def test_spaced_letters_are_words() -> None:
    sheet = Sheet()
    sheet.line("J a h r e s b e r i c h t   d e r   S t a d t", 16, "Helvetica-Bold")
    sheet.body(f"Wichtig ist uns v e r l ä s s l i c h zu sein. {BODY}", 80)
    found = sheet.read()
    assert found.title == "Jahresbericht der Stadt"
    assert "Wichtig ist uns verlässlich zu sein." in plain(found.text)


@pytest.mark.parametrize("spacing", [2.5, 4.0, 6.0])
def test_letters_set_apart_by_the_program_are_words(spacing: float) -> None:
    sheet = Sheet()
    text = sheet.canvas.beginText(60, 780)
    text.setFont("Helvetica", 14)
    text.setCharSpace(spacing)
    text.textOut("BILDUNG IM QUARTIER")
    sheet.canvas.drawText(text)
    sheet.y = 740
    assert sheet.body().read().title == "BILDUNG IM QUARTIER"


def test_single_letters_that_are_no_word_stay() -> None:
    text = plain(
        Sheet().heading("Räume").body("Die Räume A B C D E sind frei, z. B. u. a. für Gruppen.").read().text
    )
    assert "Räume A B C D E sind frei, z. B. u. a. für" in text


@pytest.mark.parametrize("quote", ["", "„"])
@pytest.mark.parametrize("drawn_last", [False, True])
def test_an_initial_over_several_lines(quote: str, drawn_last: bool) -> None:
    sheet = Sheet().heading("Nachbarschaft im Wandel")
    top = sheet.y - 20
    initial = f"{quote}V"
    width = sheet.canvas.stringWidth(initial, "Times-Roman", 40)

    def draw_initial() -> None:
        sheet.line(initial, 40, "Times-Roman", x=60, y=top - 26)

    if not drawn_last:
        draw_initial()
    lines = [
        "or zehn Jahren gab es im Ort keinen Treffpunkt, und",
        "wer neu kam, blieb oft allein. Heute kochen dreißig",
        "Menschen jeden Freitag miteinander und reden.",
    ]
    for row, line in enumerate(lines):
        sheet.line(line, 11, x=64 + width, y=top - 14 * row)
    sheet.line("Das Bürgerhaus hat dafür eine Küche bekommen, die alle nutzen dürfen, auch abends.", y=top - 42)
    if drawn_last:
        draw_initial()
    text = plain(sheet.read().text)
    assert f"{quote}Vor zehn Jahren gab es im Ort" in text
    assert "reden. Das Bürgerhaus hat" in text
    assert " V " not in f" {text} "


def test_an_initial_on_the_line_of_its_word() -> None:
    sheet = Sheet().heading("Nachbarschaft")
    y = sheet.y - 30
    sheet.line("E", 30, x=60, y=y).line("in Haus für alle steht seit heute offen, und viele kommen.", x=82, y=y)
    sheet.y = y - 14
    sheet.body(BODY)
    assert "Ein Haus für alle steht seit heute offen" in plain(sheet.read().text)


# -- lists -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "font"),
    [
        ("•", "o", "Courier"),
        ("•", "–", "Helvetica"),
        ("•", "•", "Helvetica"),
        ("-", "o", "Courier"),
        ("l", "à", "ZapfDingbats"),
    ],
)
def test_items_below_items(first: str, second: str, font: str) -> None:
    sheet = Sheet().heading("Ergebnisse").body()
    sheet.y -= 6
    own = "ZapfDingbats" if font == "ZapfDingbats" else "Helvetica"
    for level, text in [
        (0, "Familien früh ansprechen"),
        (1, "in der Kita"),
        (1, "in der Schule"),
        (0, "Betriebe einbinden"),
        (1, "Praktika anbieten"),
    ]:
        y = sheet.y
        sheet.line(second if level else first, 11, font if level else own, x=70 + 20 * level, y=y)
        sheet.line(text, 11, x=88 + 20 * level)
    sheet.y -= 10
    found = sheet.body("Im nächsten Jahr sollen alle Schulen der Stadt mitmachen können.").read()
    assert (
        "- Familien früh ansprechen\n  - in der Kita\n  - in der Schule\n"
        "- Betriebe einbinden\n  - Praktika anbieten\n\nIm nächsten Jahr" in found.text
    )


@pytest.mark.parametrize("sign", ["→", "►", "✓", "➢"])
def test_arrows_and_ticks_are_bullets(sign: str) -> None:
    # Fonts of PDF itself have none of these: the pure reader is asked.
    from crawler.extract.printed.page import Line, Page
    from crawler.extract.printed.reflow import reflow

    texts = [f"{sign} Beratung ausbauen", f"{sign} Wege verkürzen und", "Stellen verbinden"]
    lines = [
        Line(text, 70 if text[0] == sign else 82, 300, 700 - 14 * row, 11) for row, text in enumerate(texts)
    ]
    assert reflow([Page(tuple(lines), 842)]) == "- Beratung ausbauen\n- Wege verkürzen und Stellen verbinden"


def test_bullets_that_are_drawn_by_themselves() -> None:
    sheet = Sheet().heading("Aufgaben")
    top = sheet.y - 10
    for row, text in enumerate(["Beratung der Eltern", "Begleitung der Kinder"]):
        sheet.line(text, 11, x=80, y=top - 16 * row)
    for row in range(2):
        sheet.line("•", 11, x=66, y=top - 16 * row + 2)
    sheet.y = top - 50
    assert "- Beratung der Eltern\n- Begleitung der Kinder" in sheet.body().read().text


# -- tables of contents and rows of dots -----------------------------------

ENTRIES = [
    ("Vorwort", 3),
    ("Wie alles begann", 4),
    ("Was die Schulen sagen und was sie sich wünschen", 7),
    ("Ausblick", 11),
]


def _with_contents(lines: list[str], heading: str = "Inhalt") -> ExtractedText:
    sheet = Sheet().heading("Bericht der Stadt", 22)
    if heading:
        sheet.heading(heading, 14)
    for line in lines:
        sheet.line(line)
    sheet.page()
    for text, _ in ENTRIES:
        sheet.heading(text, 14).body()
    return sheet.read()


@pytest.mark.parametrize("heading", ["Inhalt", "Inhaltsverzeichnis", "INHALTSÜBERSICHT", ""])
@pytest.mark.parametrize("leader", ["." * 60, ". " * 30, "·" * 40, "…" * 20, "_" * 40])
def test_a_table_of_contents_with_leaders_is_none_of_the_text(leader: str, heading: str) -> None:
    found = _with_contents(
        [f"{number} {text} {leader} {page}" for number, (text, page) in enumerate(ENTRIES, 1)], heading
    )
    assert found.text.count("Vorwort") == 1
    assert found.text.count("Ausblick") == 1
    assert not any(sign in found.text for sign in ("...", ". . .", "··", "……", "__"))
    assert found.text.count("Lehrkräfte") == len(ENTRIES)


@pytest.mark.parametrize("form", ["{text} {page}", "{page} {text}", "{text}"])
def test_a_table_of_contents_without_leaders_is_none_either(form: str) -> None:
    found = _with_contents([form.format(text=text, page=page) for text, page in ENTRIES])
    assert found.text.count("Wie alles begann") == 1
    assert "Inhalt" not in found.text


def test_an_entry_over_two_lines_is_left_out_whole() -> None:
    found = _with_contents(
        [
            "Vorwort ........ 3",
            "Wie alles begann, wer dabei war",
            "und warum ........ 4",
            "Ausblick ........ 11",
        ]
    )
    assert "wer dabei war" not in found.text


def test_dots_of_a_price_list_go_and_its_words_stay() -> None:
    text = (
        Sheet()
        .heading("Preise")
        .body()
        .line("Kaffee ................ 2 €")
        .line("Kuchen ................ 3 €")
        .read()
        .text
    )
    assert "Kaffee 2 €" in text
    assert "Kuchen 3 €" in text


def test_lines_to_be_filled_in_go() -> None:
    text = Sheet().heading("Anmeldung").body().line("Name: ______________ Ort: ..............").read().text
    assert text.endswith("Name: Ort:")


# -- pages -----------------------------------------------------------------


def test_a_sentence_goes_on_with_a_noun_on_the_next_page() -> None:
    sheet = Sheet().heading("Bericht").body()
    sheet.line("Zum Schluss gingen alle, die geholfen hatten, mit Kuchen und guter Laune froh nach")
    sheet.page().line("Hause in die Stadtteile, aus denen sie gekommen waren, und erzählten davon ihren").line(
        "Nachbarn."
    )
    assert "guter Laune froh nach Hause in die Stadtteile" in plain(sheet.read().text)


@pytest.mark.parametrize("name", ["Workshop", "Modul", "Station", "Anlage"])
@pytest.mark.parametrize(("size", "font"), [(14, "Helvetica"), (11, "Helvetica-Bold"), (13, "Helvetica-Bold")])
def test_numbered_headings_at_the_top_of_pages(name: str, size: float, font: str) -> None:
    sheet = Sheet().heading("Dokumentation der Tagung", 22).body()
    for number in range(1, 5):
        sheet.page().line(f"{name} {number}", size, font).body()
    assert headings(sheet.read())[-4:] == [f"{name} {number}" for number in range(1, 5)]


@pytest.mark.parametrize(
    "head",
    [
        "Bildungsbericht der Stadt | {page}",
        "Seite {page} von 5",
        "{page} Bildungsbericht der Stadt",
        "- {page} -",
        "Bildungsbericht 2019",
        "bericht.html {page}/5",
    ],
)
@pytest.mark.parametrize("font", ["Helvetica", "Helvetica-Bold"])
def test_running_heads_are_dropped(head: str, font: str) -> None:
    sheet = Sheet().heading("Dokumentation der Tagung", 22).body()
    for page in range(2, 7):
        sheet.page().line(head.format(page=page), 9, font, y=810).body(
            f"Auf Seite {'abcdefg'[page]} geht es weiter. {BODY}"
        )
    text = sheet.read().text
    assert "Bildungsbericht" not in text
    assert "bericht.html" not in text
    assert "von 5" not in text
    assert "- 3 -" not in text


def test_a_page_number_above_the_margin_is_none_of_the_text() -> None:
    sheet = Sheet().heading("Dokumentation").body()
    for page in range(2, 6):
        sheet.line(str(page - 1), x=290, y=120).page().body(f"Teil {'abcdefg'[page]}. {BODY}")
    assert not any(line.strip().isdigit() for line in sheet.read().text.split("\n"))


def test_a_page_that_lies_on_its_side() -> None:
    upright = Sheet().heading("Übersicht der Maßnahmen").body().body().read()
    sheet = Sheet()
    sheet.canvas.saveState()
    sheet.canvas.translate(595, 0)
    sheet.canvas.rotate(90)
    sheet.y = 500
    sheet.heading("Übersicht der Maßnahmen").body().body()
    sheet.canvas.restoreState()
    assert sheet.read().text == upright.text


# -- headings --------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "Was wir gelernt haben",
        "Wer wir sind",
        "Was uns wichtig ist",
        "Wo wir hin wollen und",
        "Damit es weitergehen kann",
    ],
)
@pytest.mark.parametrize(
    ("size", "font"),
    [(11, "Helvetica-Bold"), (14, "Helvetica"), (16, "Helvetica-Bold"), (12.5, "Helvetica-Bold")],
)
def test_headings_that_end_in_a_verb_or_a_stop_word(heading: str, size: float, font: str) -> None:
    sheet = Sheet().heading("Bericht aus dem Quartier", 22).body()
    sheet.heading(heading, size, font).body().heading("Danach", size, font).body()
    assert headings(sheet.read()) == [heading, "Danach"]


def test_a_heading_close_above_its_text() -> None:
    sheet = Sheet().heading("Bericht", 22).body()
    sheet.line("Wer wir sind", 11, "Helvetica-Bold", gap=4).line(BODY[:84]).line(
        "und noch mehr davon, damit es ein Absatz ist."
    )
    assert headings(sheet.read()) == ["Wer wir sind"]


def test_a_bold_heading_that_fills_its_line() -> None:
    sheet = Sheet().heading("Bericht", 22).body()
    sheet.heading("2.1 Wie die Schulen, die Kitas und die Vereine der Stadt zusammen planen und", 11)
    sheet.body(BODY, 80)
    assert "2.1 Wie die Schulen" in headings(sheet.read())[0]


def test_bold_words_at_the_beginning_of_a_paragraph_are_no_heading() -> None:
    sheet = Sheet().heading("Bericht", 22).body()
    sheet.y -= 8
    y = sheet.y
    sheet.line("Fristen:", 11, "Helvetica-Bold").line(
        "Wer sich anmelden will, schreibt bis zum Ende des Monats an das Büro.", x=110, y=y
    )
    sheet.line("Danach werden die Plätze verlost, und alle bekommen eine Nachricht.")
    found = sheet.read()
    assert headings(found) == []
    assert "Fristen: Wer sich anmelden will" in found.text


def test_who_signed_is_no_heading() -> None:
    sheet = Sheet().heading("Grußwort", 22).body().heading("Dr. Erika Beispiel", 11).body()
    assert headings(sheet.read()) == []


# -- columns ---------------------------------------------------------------

LEFT = (
    "Die Stadt hat im Sommer ein neues Haus eröffnet, das Eltern und Kinder gemeinsam nutzen. Es "
    "liegt am Markt und ist jeden Tag bis in den Abend geöffnet, auch in den Ferien und an "
    "Feiertagen."
)
RIGHT = (
    "Am Nachmittag wurde über Sprache gesprochen, denn viele Kinder lernen zwei davon zugleich. Die "
    "Erzieherinnen wünschten sich mehr Zeit für das Vorlesen und weniger Papier für ihre Berichte."
)
THIRD = (
    "Zum Schluss gab es Tee und Gebäck, das die Eltern mitgebracht hatten. Wer wollte, konnte noch "
    "bleiben und mit den anderen über das kommende Jahr sprechen oder einfach nur zuhören."
)


@pytest.mark.parametrize("shift", [0, 4.0])
def test_two_columns_drawn_row_by_row(shift: float) -> None:
    sheet = Sheet().heading("Ein Haus für alle")
    columns(sheet, [LEFT, RIGHT], lefts=[60, 310], width=44, shift=shift)
    sheet.y -= 20
    text = plain(sheet.body().read().text)
    assert LEFT in text
    assert RIGHT in text
    assert text.index(LEFT) < text.index(RIGHT) < text.index(BODY)


def test_three_columns_drawn_row_by_row() -> None:
    sheet = Sheet().heading("Ein Haus für alle")
    columns(sheet, [LEFT, RIGHT, THIRD], lefts=[50, 225, 400], width=31)
    text = plain(sheet.read().text)
    assert text == f"{LEFT} {RIGHT} {THIRD}"


def test_a_longer_column_is_read_to_its_end() -> None:
    sheet = Sheet().heading("Ein Haus für alle")
    columns(sheet, [f"{LEFT} {THIRD}", RIGHT], lefts=[60, 310], width=44)
    assert plain(sheet.read().text) == f"{LEFT} {THIRD} {RIGHT}"


def test_columns_drawn_one_after_the_other_stay_as_they_are() -> None:
    sheet = Sheet().heading("Ein Haus für alle")
    top = sheet.y
    columns(sheet, [LEFT], lefts=[60], width=44)
    sheet.y = top
    columns(sheet, [RIGHT], lefts=[310], width=44)
    assert plain(sheet.read().text) == f"{LEFT} {RIGHT}"


def test_rows_of_a_table_stay_rows() -> None:
    sheet = Sheet().heading("Programm").body()
    sheet.y -= 10
    rows = [
        ("10 Uhr", "Begrüßung durch das Bildungsbüro"),
        ("11 Uhr", "Vortrag aus der Schule am Markt"),
        ("12 Uhr", "Mittag im Hof"),
        ("13 Uhr", "Gruppen zu drei Themen"),
    ]
    for left, right in rows:
        sheet.line(left, x=60, y=sheet.y).line(right, x=200)
    text = plain(sheet.read().text)
    assert all(f"{left} {right}" in text for left, right in rows)


def test_cells_drawn_one_after_the_other_stay_together() -> None:
    sheet = Sheet().heading("Ziele").body()
    sheet.y -= 10
    cells = [
        (
            ["Eltern sollen früh wissen, welche", "schulen es gibt und wann sie offen"],
            ["das Büro schreibt allen Familien im", "herbst und lädt sie dazu ein"],
        ),
        (
            ["Kinder sollen beide Sprachen gern", "sprechen und darin lesen lernen"],
            ["die Bücherei kauft neue Bücher und", "öffnet an einem Tag länger"],
        ),
        (
            ["Lehrkräfte sollen einander oft und", "gern im unterricht besuchen"],
            ["die Leitungen planen dafür feste", "stunden in jeder Woche ein"],
        ),
    ]
    for pair in cells:
        top = sheet.y
        for column, lines in enumerate(pair):
            for row, line in enumerate(lines):
                sheet.line(line, 10, x=60 + 250 * column, y=top - 13 * row)
        sheet.y = top - 34
    text = plain(sheet.read().text)
    assert all(plain(" ".join((*left, *right))) in text for left, right in cells)


# -- forms -----------------------------------------------------------------


def _form() -> Sheet:
    sheet = Sheet().heading("Steckbrief")
    form = sheet.canvas.acroForm
    sheet.line("Name des Vorhabens:", y=700)
    form.textfield(name="a", value="Lesen im Park", x=220, y=694, width=200, height=18, borderWidth=0)
    sheet.line("Ort:", y=670).line("Jahr:", x=300, y=670)
    form.textfield(name="b", value="Musterstadt", x=100, y=664, width=150, height=18, borderWidth=0)
    form.textfield(name="c", value="2019", x=340, y=664, width=80, height=18, borderWidth=0)
    sheet.line("Worum es geht", y=640)
    form.textfield(
        name="d",
        value="Freiwillige lesen\nKindern vor.",
        x=60,
        y=590,
        width=300,
        height=44,
        fieldFlags="multiline",
        borderWidth=0,
    )
    sheet.line("Zielgruppe:", y=560)
    form.choice(
        name="e",
        value="Kinder",
        options=["Kinder", "Eltern"],
        x=220,
        y=554,
        width=100,
        height=18,
        borderWidth=0,
    )
    form.checkbox(name="f", checked=True, x=60, y=526, size=12)
    sheet.line("kostenfrei", x=80, y=528)
    form.checkbox(name="g", checked=False, x=160, y=526, size=12)
    sheet.line("mit Beitrag", x=180, y=528)
    form.textfield(name="h", value="geheim", x=220, y=490, width=100, height=18, fieldFlags="password")
    sheet.line("Kennwort:", y=494)
    return sheet


def test_values_of_a_form_stand_behind_their_labels() -> None:
    text = plain(_form().read().text)
    assert "Name des Vorhabens: Lesen im Park" in text
    assert "Ort: Musterstadt Jahr: 2019" in text
    assert "Worum es geht Freiwillige lesen Kindern vor." in text
    assert "Zielgruppe: Kinder" in text
    assert "☒ kostenfrei ☐ mit Beitrag" in text
    assert "geheim" not in text


def test_hidden_fields_are_not_read_and_words_typed_over_a_page_are() -> None:
    from pypdf.annotations import FreeText
    from pypdf.generic import NameObject, NumberObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_form().data())))
    for annotation in writer.pages[0]["/Annots"]:  # type: ignore[attr-defined]
        field = annotation.get_object()
        if field["/T"] == "b":
            field[NameObject("/F")] = NumberObject(2)
    writer.add_annotation(0, FreeText(text="nur bis Mai", rect=(440, 690, 540, 712)))
    out = io.BytesIO()
    writer.write(out)
    text = plain(read(out.getvalue(), "bogen.pdf").text)
    assert "Musterstadt" not in text
    assert "Lesen im Park nur bis Mai" in text


def test_a_form_that_only_adobe_shows_is_said_to_be_one() -> None:
    from pypdf.generic import (
        ArrayObject,
        BooleanObject,
        DictionaryObject,
        NameObject,
        StreamObject,
        TextStringObject,
    )

    sheet = Sheet().body(
        "Please wait... If this message is not eventually replaced, open it in Adobe Reader 8 or later."
    )
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sheet.data())))
    stream = StreamObject()
    stream.set_data(b"<template xmlns='http://www.xfa.org/schema/xfa-template/3.0/'/>")
    form = DictionaryObject()
    form[NameObject("/Fields")] = ArrayObject()
    form[NameObject("/XFA")] = ArrayObject([TextStringObject("template"), writer._add_object(stream)])
    writer.root_object[NameObject("/AcroForm")] = form
    writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(True)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(UnreadableInputError, match=r"antrag\.pdf: das Formular.*XFA.*drucken"):
        read(out.getvalue(), "antrag.pdf")


# -- letters that nobody can read ------------------------------------------


def _broken(text: str, by: int) -> str:
    return "".join(
        chr(ord(letter) + by) if letter.isalpha() and letter.isascii() else letter for letter in text
    )


@pytest.mark.parametrize("by", [1, 2, 3, 5, -3])
def test_a_page_with_a_broken_text_layer_is_left_out_and_named(by: int) -> None:
    sheet = Sheet().heading("Bericht").body().page()
    found = sheet.body(
        _broken("Herzliche Einladung zum Sommerfest im Familienzentrum am Samstag mit Kaffee und Kuchen", by)
    ).read()
    assert plain(found.text) == BODY
    assert found.warnings == ("Seite 2 ist nicht lesbar: die Zeichen der Textebene ergeben keine Wörter",)
