"""Of a Word file that is read which a reader of its pages sees, and that alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import FundstelleError
from tests.crawler.extract.office.word_files import field, paragraph, relationship, run, style, word
from tests.crawler.extract.samples import read

TITLE = paragraph("Ein Viertel lernt", "Titel")
STYLES = style("Titel", "Title")
SEEN = "Die Werkstatt steht allen offen."


def text_of(body: str, *, styles: str = "", **other: str) -> str:
    return read(word(TITLE + body, styles=STYLES + styles, **other), "datei.docx").text  # type: ignore[arg-type]


HIDDEN = "<w:rPr><w:vanish/></w:rPr>"


@pytest.mark.parametrize(
    ("hidden", "styles"),
    [
        (run("Geheim", "<w:vanish/>"), ""),
        (run("Geheim", '<w:vanish w:val="1"/>'), ""),
        (run("Geheim", "<w:strike/>"), ""),
        (run("Geheim", "<w:dstrike/>"), ""),
        (run("Geheim", '<w:rStyle w:val="V"/>'), style("V", "Verborgen", HIDDEN, kind="character")),
        (
            run("Geheim", '<w:rStyle w:val="W"/>'),
            style("V", "Verborgen", HIDDEN, kind="character")
            + style("W", "Notiz", '<w:basedOn w:val="V"/>', kind="character"),
        ),
        ("<w:del><w:r><w:delText>Geheim</w:delText></w:r></w:del>", ""),
        (f"<w:moveFrom>{run('Geheim')}</w:moveFrom>", ""),
        (f"<w:ins>{run('Geheim', '<w:vanish/>')}</w:ins>", ""),
        (f"<w:hyperlink>{run('Geheim', '<w:vanish/>')}</w:hyperlink>", ""),
    ],
)  # fmt: skip
def test_hidden_and_struck_runs_are_no_text(hidden: str, styles: str) -> None:
    assert text_of(paragraph(run("Die Werkstatt ") + hidden + run("steht allen offen.")), styles=styles) == SEEN


def test_hidden_paragraphs_by_style_and_hidden_rows_are_no_text() -> None:
    styles = style("N", "Notiz", HIDDEN) + style("M", "Notiz 2", '<w:basedOn w:val="N"/>')
    row = "<w:tr>{}<w:tc>" + paragraph("{}") + "</w:tc><w:tc>" + paragraph("Zahl") + "</w:tc></w:tr>"
    table = f"<w:tbl>{row.format('', 'Ort')}{row.format('<w:trPr><w:hidden/></w:trPr>', 'Geheim')}</w:tbl>"
    found = text_of(paragraph("Geheim", "M") + paragraph(SEEN) + table, styles=styles)
    assert found == f"{SEEN}\n\n| | |\n|---|---|\n| Ort | Zahl |"


@pytest.mark.parametrize(
    "shown",
    [
        run("Offen", '<w:vanish w:val="0"/>'),
        run("Offen", '<w:vanish w:val="false"/>'),
        run("Offen", "<w:webHidden/>"),
        run("Offen", '<w:strike w:val="off"/>'),
        # Two styles that each turn it on cancel each other: it is a toggle.
        run("Offen", '<w:rStyle w:val="V"/>'),
        # What was formatted before a change says nothing about now.
        run("Offen", '<w:vanish w:val="0"/><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>'),
    ],
)
def test_what_only_looks_hidden_is_text(shown: str) -> None:
    styles = style("V", "V", HIDDEN, kind="character") + style("P", "P", HIDDEN)
    in_style = "P" if "rStyle" in shown else ""
    assert text_of(paragraph(SEEN) + paragraph(shown, in_style), styles=styles) == f"{SEEN}\n\nOffen"


def test_a_hidden_mark_of_a_paragraph_hides_no_text() -> None:
    assert text_of(paragraph(SEEN, properties="<w:rPr><w:vanish/><w:strike/></w:rPr>")) == SEEN


def control(inside: str, about: str) -> str:
    return f"<w:sdt><w:sdtPr>{about}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def test_hints_of_empty_fields_are_no_text() -> None:
    styles = style("Platzhaltertext", "Placeholder Text", kind="character")
    hint = run("Namen der Einrichtung eintragen", '<w:rStyle w:val="Platzhaltertext"/>')
    body = (
        paragraph(run("Ort: ") + control(run("Hier den Ort eintragen"), "<w:showingPlcHdr/>"))
        + paragraph(run("Träger: ") + control(hint, ""))
        + paragraph(run("Dauer: ") + control(run("zwei Jahre"), ""))
        + paragraph("Datum: Klicken oder tippen Sie, um ein Datum einzugeben.")
        + control(paragraph("Hier die Ziele nennen"), "<w:showingPlcHdr/>")
    )
    assert text_of(body, styles=styles) == "Ort:\n\nTräger:\n\nDauer: zwei Jahre\n\nDatum:"


def test_an_empty_field_in_a_cell_keeps_its_cell() -> None:
    def cell(text: str) -> str:
        return f"<w:tc>{paragraph(text)}</w:tc>"

    row = cell("Ort") + control(cell("eintragen"), "<w:showingPlcHdr/>") + cell("Pflicht")
    found = text_of(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>")
    assert found.endswith("| Ort |  | Pflicht |")


def test_boxes_to_tick_keep_their_signs() -> None:
    ticked = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'
    old = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox>'
        "</w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert text_of(paragraph(control(run("☒"), ticked) + run(" ja ") + old + run("nein"))) == "☒ ja ☐ nein"


def test_results_of_fields_are_text_and_their_codes_are_none() -> None:
    short = f'<w:fldSimple w:instr=" DATE ">{run("3. Juni 2021")}</w:fldSimple>'
    inner = field(" MERGEFIELD Ort ", run("Auenbrück"))
    body = paragraph(run("Stand: ") + short + run(", Tabelle ") + field(" SEQ Tabelle ", run("4")))
    body += paragraph(
        run("Für ") + field(f" IF </w:instrText></w:r>{inner}<w:r><w:instrText> = x ", run("alle"))
    )
    assert text_of(body) == "Stand: 3. Juni 2021, Tabelle 4\n\nFür alle"


ENTRIES = ("Anlass\t1", "Ablauf\t2", "Ausblick\t5")


@pytest.mark.parametrize("title", ["Inhaltsverzeichnis", "Inhalt:", "Gliederung"])
def test_directories_are_no_text_however_they_are_made(title: str) -> None:
    styles = style("Verz1", "toc 1") + style("berschrift1", "heading 1")
    lines = "".join(paragraph(entry, "Verz1") for entry in ENTRIES)
    by_field = (
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run(ENTRIES[0]))
        + "".join(map(paragraph, ENTRIES[1:]))
        + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    )  # fmt: skip
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    kept = paragraph("Anlass", "berschrift1") + paragraph(SEEN)
    for directory in (
        lines,
        by_field,
        control(lines, gallery),
        control("".join(map(paragraph, ENTRIES)), gallery),
    ):
        above = paragraph(title) if "docPart" not in directory else ""
        assert text_of(above + directory + kept, styles=styles) == f"# Anlass\n\n{SEEN}"


def test_a_directory_without_an_end_takes_nothing_with_it() -> None:
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC </w:instrText></w:r>'
    begun += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    assert SEEN in text_of(paragraph(begun) + paragraph(SEEN))


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ('<w:br w:type="page"/>', "eins.\n\nZwei"),
        ('<w:br w:type="column"/>', "eins.\n\nZwei"),
        ("<w:cr/>", "eins.\nZwei"),
        ("<w:br/>", "eins.\nZwei"),
        ('<w:ptab w:relativeTo="margin"/>', "eins. Zwei"),
        ("<w:tab/>", "eins. Zwei"),
    ],
)
def test_breaks_stand_between_words(between: str, expected: str) -> None:
    one = f"<w:r><w:t>Seite eins.</w:t>{between}<w:t>Zwei</w:t></w:r>"
    apart = f"{run('Seite eins.')}<w:r>{between}</w:r>{run('Zwei')}"
    linked = f"<w:hyperlink>{one}</w:hyperlink>"
    assert text_of(paragraph(one)) == text_of(paragraph(apart)) == f"Seite {expected}"
    assert re.sub(r"\s+", " ", text_of(paragraph(linked))) == "Seite eins. Zwei"


def test_page_breaks_split_in_order_and_items_once() -> None:
    breaks = "".join(f"<w:r><w:t>Teil {n}</w:t><w:br w:type='page'/></w:r>" for n in range(4))
    assert text_of(paragraph(breaks)) == "Teil 0\n\nTeil 1\n\nTeil 2\n\nTeil 3"


def test_headings_by_derived_styles_and_by_their_own_level() -> None:
    styles = (
        style("berschrift2", "heading 2")
        + style("Kapitel", "Kapitel Stadt", '<w:basedOn w:val="berschrift2"/>')
        + style("Rang", "Rang", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + style("Spruch", "Spruch", '<w:basedOn w:val="Zitat"/>')
        + style("Zitat", "Quote")
    )
    body = (
        paragraph("Anlass", "Kapitel")
        + paragraph("Ablauf", "Rang")
        + paragraph("Ausblick", properties='<w:outlineLvl w:val="0"/>')
        + paragraph("Gemeinsam geht es.", "Spruch")
        + paragraph(SEEN, properties='<w:outlineLvl w:val="9"/>')
    )
    found = text_of(body, styles=styles)
    assert found == f"## Anlass\n\n### Ablauf\n\n# Ausblick\n\n> Gemeinsam geht es.\n\n{SEEN}"


def test_formulas_symbols_and_hyphens_keep_their_letters() -> None:
    base = "<m:e><m:r><m:t>CO</m:t></m:r></m:e>"
    formula = f"<m:oMath><m:sSub>{base}<m:sub><m:r><m:t>2</m:t></m:r></m:sub></m:sSub></m:oMath>"
    body = run("Weniger ") + formula + run(" im E") + "<w:r><w:noBreakHyphen/></w:r>" + run("Bus, ")
    body += '<w:r><w:sym w:font="Arial" w:char="00FC"/></w:r>' + run("ber Land")
    found = text_of(paragraph(body))
    assert re.sub(r"</?su[bp]>|₂", "", found) in (
        "Weniger CO2 im E-Bus, über Land",
        "Weniger CO im E-Bus, über Land",
    )


def test_text_boxes_of_new_and_old_files_are_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('Auf einen Blick')}</w:txbxContent>"
    new = f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
    old = f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
    for inside in (new + old, new, new + "<mc:Fallback><w:pict/></mc:Fallback>"):
        found = text_of(paragraph(f"<w:r><mc:AlternateContent>{inside}</mc:AlternateContent></w:r>{run(SEEN)}"))
        assert sorted(found.split("\n\n")) == ["Auf einen Blick", SEEN]
    bare = f"<w:r><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></w:r>"
    assert "Auf einen Blick" in text_of(paragraph(bare))


def test_wrappers_that_say_nothing_keep_their_words() -> None:
    body = "".join(
        f"<w:{name}>{run(f'{name} ')}</w:{name}>"
        for name in ("smartTag", "dir", "bdo", "customXml", "moveTo", "ins")
    )
    assert text_of(paragraph(body)) == "smartTag dir bdo customXml moveTo ins"


def cells(*inside: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{one}</w:tc>" for one in inside) + "</w:tr>"


def test_cells_stay_below_their_heads() -> None:
    def merged(text: str, about: str) -> str:
        return f"<w:tcPr>{about}</w:tcPr>" + paragraph(text)

    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = (
        cells(*map(paragraph, ("Tag", "Zeit", "Thema")))
        + cells(merged("Montag", start), paragraph("9 Uhr"), paragraph("Ankommen"))
        + cells(merged("", on), paragraph("10 Uhr"), paragraph("Runde"))
        + cells(merged("Pause für alle", '<w:gridSpan w:val="2"/>'), paragraph("Hof"))
        + f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc>{paragraph("12 Uhr")}</w:tc>'
        f"<w:tc>{paragraph('Abschied')}</w:tc></w:tr>"
    )
    assert text_of(f"<w:tbl>{table}</w:tbl>").split("\n")[2:] == [
        "| Tag | Zeit | Thema |",
        "| Montag | 9 Uhr | Ankommen |",
        "|  | 10 Uhr | Runde |",
        "| Pause für alle |  | Hof |",
        "|  | 12 Uhr | Abschied |",
    ]


MAIL = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>Grüße</p></body></html>"


@pytest.mark.parametrize(
    ("name", "part", "expected"),
    [
        ("teil.html", "<html><body><h2>Grüße</h2><script>x()</script></body></html>", "## Grüße"),
        ("teil.mht", MAIL, "Grüße"),
        ("teil.txt", "Grüße & <b>", "Grüße & <b>"),
    ],
)
def test_documents_within_the_document_are_read(name: str, part: str, expected: str) -> None:
    data = word(
        TITLE + paragraph("Davor") + '<w:altChunk r:id="c"/>' + paragraph("Danach"),
        styles=STYLES,
        related=relationship("c", "aFChunk", name),
        parts={f"word/{name}": part},
    )
    assert read(data, "datei.docx").text == f"Davor\n\n{expected}\n\nDanach"


@pytest.mark.parametrize(
    "main", ["word/document2.xml", "word/Document.xml", "docs/haupt.xml", "word\\document.xml"]
)
def test_the_text_may_stand_in_a_part_of_another_name(main: str) -> None:
    assert read(word(paragraph(SEEN), main=main.replace("\\", "/")), "datei.docx").text == SEEN


def test_the_strict_spelling_of_the_format_is_read() -> None:
    data = word(
        paragraph(run(SEEN) + run("Geheim", "<w:vanish/>")),
        space="http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read(data, "datei.docx").text == SEEN


SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def notes(note: str) -> dict[str, Any]:
    """The parts of a file with this footnote, whose id is 2."""
    part = f'<w:footnotes xmlns:w="{SPACE}"><w:footnote w:id="2">{note}</w:footnote></w:footnotes>'
    return {
        "related": relationship("f", "footnotes", "footnotes.xml"),
        "parts": {"word/footnotes.xml": part},
    }


def test_notes_without_hidden_words_and_without_marks_to_go_back() -> None:
    note = paragraph(run("Siehe Bericht.") + run("Geheim", "<w:vanish/>"))
    body = TITLE + paragraph(run(SEEN) + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    data = word(body, styles=STYLES, **notes(note))
    assert read(data, "datei.docx").text == f"{SEEN}[1]\n\n1. Siehe Bericht."


def core(inside: str) -> dict[str, str]:
    return {
        "docProps/core.xml": '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/'
        f'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</c:coreProperties>'
    }


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Rahmenplan Werkstatt", "Rahmenplan Werkstatt"),
        ("Dokument1", "Ein Viertel lernt"),
        ("Briefvorlage", "Ein Viertel lernt"),
        ("2021_Plan_final.docx", "Ein Viertel lernt"),
        (
            "Antrag auf Fördermittel 2012",
            "Ein Viertel lernt",
        ),  # left from a template: no word of it in the text
    ],
)
def test_the_stated_title_counts_where_somebody_meant_it(stated: str, title: str) -> None:
    data = word(TITLE + paragraph(SEEN), styles=STYLES, parts=core(f"<dc:title>{stated}</dc:title>"))
    assert read(data, "datei.docx").title == title


@pytest.mark.parametrize(
    "name", ["Windows-Benutzer", "user", "ida.beispiel", "Microsoft Office-Anwender", "PC12"]
)
def test_who_only_signed_in_is_no_author(name: str) -> None:
    data = word(paragraph(SEEN), parts=core(f"<dc:creator>{name}</dc:creator>"))
    assert read(data, "datei.docx").authors == ()


@pytest.mark.parametrize(
    "above",
    [
        f"<w:tbl>{cells(paragraph('Amt für Jugend'), paragraph('3. Juni 2021'))}</w:tbl>",
        paragraph("Amt für Jugend") + paragraph("Tel.: 01234/5678"),
        paragraph("Auenbrück, den 3. Juni 2021"),
        paragraph("Marktplatz 1, 12345 Auenbrück") + paragraph("post@auenbrueck.example"),
    ],
)
def test_a_letterhead_is_no_title(above: str) -> None:
    headed = read(word(above + TITLE + paragraph(SEEN), styles=STYLES), "datei.docx")
    assert headed.title == "Ein Viertel lernt"
    if "Amt" not in above or "<w:tbl>" in above:
        assert read(word(above + paragraph(SEEN)), "datei.docx").title == "Die Werkstatt steht allen offen"


def test_the_first_of_many_headings_is_no_title_of_what_stands_above_it() -> None:
    styles = style("berschrift1", "heading 1")
    body = paragraph("Jahresbericht der Werkstatt") + "".join(
        paragraph(name, "berschrift1") + paragraph(SEEN) for name in ("Anlass", "Ablauf")
    )
    assert read(word(body, styles=styles), "datei.docx").title == "Jahresbericht der Werkstatt"


PIECES = st.sampled_from(
    [
        run("Wort"), "<w:r><w:br w:type='page'/></w:r>", "<w:r><w:fldChar w:fldCharType='begin'/></w:r>",
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r>", "<w:r><w:fldChar w:fldCharType='end'/></w:r>",
        "<w:r><w:instrText>TOC</w:instrText></w:r>", "</w:p><w:p>", run("weg", "<w:vanish/>"), "<w:altChunk/>",
        "<w:sdt/>", "<mc:AlternateContent/>", "<m:oMath/>", "<w:fldSimple w:instr=''/>", "<w:r><w:sym/></w:r>",
        "<w:r><w:ptab/></w:r>", "<w:pPr><w:outlineLvl w:val='x'/></w:pPr>", "<w:gridBefore w:val='3'/>",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_any_order_of_pieces_is_read_or_refused(pieces: list[str]) -> None:
    try:
        found = read(word(f"{paragraph(SEEN)}<w:p>{''.join(pieces)}</w:p>"), "datei.docx")
    except FundstelleError:
        return
    shown = f"{found.title}\n{found.text}"
    assert "Die Werkstatt" in shown
    assert "weg" not in shown


def test_a_drop_cap_belongs_to_its_word_and_a_note_to_no_title() -> None:
    cap = paragraph("D", properties='<w:framePr w:dropCap="drop" w:lines="3"/>')
    assert text_of(cap + paragraph("ie Werkstatt steht allen offen.", properties="<w:jc/>")) == SEEN
    headed = paragraph(run("Ein Viertel lernt") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "Titel")
    data = word(headed + paragraph(SEEN), styles=STYLES, **notes(paragraph("Siehe Bericht.")))
    found = read(data, "datei.docx")
    assert (found.title, found.text) == ("Ein Viertel lernt", f"{SEEN}\n\n1. Siehe Bericht.")


@pytest.mark.parametrize(
    "inside",
    [
        '<w:r><w:footnoteReference w:id="9"/></w:r>',
        '<w:r><w:endnoteReference w:id="9"/></w:r>',
        f'<w:hyperlink r:id="weg">{run("!")}</w:hyperlink>',
        "<w:r><w:drawing><a:blip xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' "
        "r:embed='weg'/>"
        "</w:drawing></w:r>",
        "<w:r><w:pict><v:shape><v:imagedata r:id='weg'/></v:shape></w:pict></w:r>",
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="viele"/></w:tcPr></w:tc></w:tr></w:tbl>',
    ],
)
def test_what_leads_nowhere_costs_nothing_else(inside: str) -> None:
    assert text_of(paragraph(run(SEEN) + inside)).startswith(SEEN)


def test_damaged_styles_and_lists_cost_nothing_else() -> None:
    numbering = f'<w:numbering xmlns:w="{SPACE}"><w:num w:numId="1"><w:abstractNumId/></w:num></w:numbering>'
    for styles in ("<w:style/>", STYLES):
        data = word(TITLE + paragraph(SEEN), styles=styles, parts={"word/numbering.xml": numbering})
        assert SEEN in read(data, "datei.docx").text


def test_signs_of_fonts_of_pictures_are_signs() -> None:
    sign = '<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\uf0e0</w:t></w:r>'
    found = text_of(paragraph(run("Ankommen ") + sign + run(" bleiben")))
    assert not re.search("[\uf000-\uf0ff]", found)
    assert re.fullmatch(r"Ankommen \S bleiben", found)


def test_typed_bullets_make_lists() -> None:
    body = paragraph("Ziele:") + "".join(
        paragraph(f"<w:r><w:t>{mark}</w:t><w:tab/><w:t>{text}</w:t></w:r>")
        for mark, text in (("•", "Begegnung"), ("•", "Beratung"), ("o", "in der Kita"), ("o", "in der Schule"))
    )
    expected = "Ziele:\n\n- Begegnung\n- Beratung\n\n- in der Kita\n- in der Schule"
    assert text_of(body) == expected
    assert text_of(paragraph("– Das sagte sie.") + paragraph(SEEN)) == f"– Das sagte sie.\n\n{SEEN}"


def test_what_is_embedded_and_not_read_is_said() -> None:
    def warnings(inside: str, **other: object) -> tuple[str, ...]:
        return read(word(paragraph(SEEN) + inside, **other), "datei.docx").warnings  # type: ignore[arg-type]

    def embedded(program: str) -> str:
        return paragraph(f'<w:r><w:object><o:OLEObject ProgID="{program}"/></w:object></w:r>')

    assert warnings("") == ()
    assert warnings(embedded("Equation.3")) == ()
    assert warnings(embedded("Excel.Sheet.12")) == ("ein eingebettetes Dokument wurde nicht gelesen",)
    lost = ("ein eingefügtes Dokument wurde nicht gelesen",)
    assert warnings('<w:altChunk r:id="weg"/>') == lost
    rtf = {"parts": {"word/a.rtf": r"{\rtf1 Text}"}, "related": relationship("c", "aFChunk", "a.rtf")}
    assert warnings('<w:altChunk r:id="c"/>', **rtf) == lost


def test_a_document_of_tables_alone_has_a_title_and_all_its_rows() -> None:
    head = cells(paragraph("Angebot"), paragraph("Ort"))
    head = head.replace("<w:tr>", "<w:tr><w:trPr><w:tblHeader/></w:trPr>")
    found = read(word(f"<w:tbl>{head}{cells(paragraph('Beratung'), paragraph('Hof'))}</w:tbl>"), "datei.docx")
    assert found.title == "Angebot"
    assert found.text == "| Angebot | Ort |\n|---|---|\n| Beratung | Hof |"
