from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import ExtractOptions
from kb.errors import FundstelleError, InputTooLargeError, UnreadableInputError
from tests.crawler.extract.samples import PARAGRAPH, read

_SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "o": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",  # a file may choose its prefixes
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
_STYLES = (
    '<style:style style:name="P1" style:parent-style-name="Quotations"/>'
    '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/>'
    "</style:style>"
    '<style:style style:name="T2" style:family="text" style:parent-style-name="T1"/>'
    '<style:style style:name="T3" style:family="text" style:parent-style-name="T1">'
    '<style:text-properties text:display="true"/></style:style>'
    '<style:style style:name="T4" style:family="text">'
    '<style:text-properties style:text-line-through-style="solid" style:text-line-through-type="single"/>'
    "</style:style>"
    '<style:style style:name="P2" style:family="paragraph"><style:text-properties text:display="none"/>'
    "</style:style>"
    '<style:style style:name="P3" style:family="paragraph" style:parent-style-name="P2"/>'
    '<style:style style:name="P4" style:family="paragraph" style:parent-style-name="Kapitel"/>'
    '<style:style style:name="Kapitel" style:family="paragraph" style:parent-style-name="Heading_20_2"/>'
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1"/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)


def _odt(body: str, *, meta: str = "", **parts: str) -> bytes:
    content = (
        f"<o:document-content {_SPACES}><o:automatic-styles>{_STYLES}</o:automatic-styles>"
        f"<o:body><o:text>{body}</o:text></o:body></o:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        if meta:
            archive.writestr(
                "meta.xml", f"<o:document-meta {_SPACES}><o:meta>{meta}</o:meta></o:document-meta>"
            )
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _item(text: str) -> str:
    return f"<text:list-item><text:p>{text}</text:p></text:list-item>"


def test_headings_lists_tables_quotes_and_links() -> None:
    body = (
        '<text:p text:style-name="Title">Übergänge gestalten</text:p>'
        f"<text:p>{PARAGRAPH}</text:p>"
        '<text:h text:outline-level="2">Was zählt vor Ort?</text:h>'
        f'<text:list text:style-name="L2">{_item("Verlässliche Absprachen")}{_item("Schul- und Jugendamt")}'
        f'</text:list><text:list text:style-name="L1">{_item("einladen")}{_item("zuhören")}</text:list>'
        '<text:p text:style-name="P1">Ohne Vertrauen geht es nicht.</text:p>'
        '<text:p>Mehr beim <text:a xlink:href="https://auenbrueck.example/b">Bildungs<text:span>büro</text:span>'
        "</text:a>.</text:p>"
        "<table:table><table:table-column/><table:table-row><table:table-cell><text:p>Jahr</text:p>"
        "</table:table-cell><table:table-cell><text:p>Gäste</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>2018</text:p></table:table-cell><table:table-cell>"
        "<text:p>60</text:p></table:table-cell></table:table-row></table:table>"
    )
    found = read(_odt(body), "bericht.odt")
    assert found.title == "Übergänge gestalten"
    assert found.text == (
        f"{PARAGRAPH}\n\n## Was zählt vor Ort?\n\n- Verlässliche Absprachen\n- Schul- und Jugendamt\n\n"
        "1. einladen\n2. zuhören\n\n> Ohne Vertrauen geht es nicht.\n\n"
        "Mehr beim [Bildungsbüro](https://auenbrueck.example/b).\n\n"
        "| | |\n|---|---|\n| Jahr | Gäste |\n| 2018 | 60 |"
    )
    assert found.language == "de"


def test_what_is_not_the_text_is_left_out() -> None:
    body = (
        "<text:tracked-changes><text:p>Gelöschtes</text:p></text:tracked-changes>"
        "<text:table-of-content><text:p>Inhalt 1</text:p></text:table-of-content>"
        f"<text:p>{PARAGRAPH}"
        "<o:annotation><text:p>Bitte prüfen</text:p></o:annotation> Und<text:s text:c='3'/>"
        "Schluss<text:tab/>hier.</text:p>"
        "<text:p><draw:frame><draw:text-box><text:p>Kasten mit Zahlen</text:p></draw:text-box></draw:frame>"
        "</text:p>"
    )
    assert read(_odt(body), "x.odt").text == f"{PARAGRAPH} Und Schluss hier.\n\nKasten mit Zahlen"


@pytest.mark.parametrize(
    "hidden",
    [
        '<text:p text:style-name="P2">Geheim</text:p>',
        '<text:p text:style-name="P3">Geheim</text:p>',
        '<text:p><text:hidden-paragraph text:condition="x" text:is-hidden="true"/>Geheim</text:p>',
        '<text:section text:display="none"><text:p>Geheim</text:p></text:section>',
        '<text:section text:display="condition" text:is-hidden="true"><text:p>Geheim</text:p></text:section>',
        '<text:p><text:span text:style-name="T1">Geheim</text:span></text:p>',
        '<text:p><text:span text:style-name="T2">Geheim</text:span></text:p>',
        '<text:p><text:span text:style-name="T4">Geheim</text:span></text:p>',
        '<text:p><text:hidden-text text:is-hidden="true">Geheim</text:hidden-text></text:p>',
        "<text:p><text:placeholder text:placeholder-type='text'>&lt;Geheim&gt;</text:placeholder></text:p>",
        "<text:p><loext:content-control loext:showing-place-holder='true'>Geheim</loext:content-control>"
        "</text:p>",
        "<text:p><draw:frame><svg:title>Geheim</svg:title><svg:desc>Geheim</svg:desc></draw:frame></text:p>",
        '<text:p text:style-name="Contents_20_1">Geheim<text:tab/>3</text:p>',
        "<table:table><table:table-row table:visibility='collapse'><table:table-cell><text:p>Geheim</text:p>"
        "</table:table-cell></table:table-row></table:table>",
    ],
)
def test_what_readers_do_not_see_is_no_text(hidden: str) -> None:
    assert read(_odt(f"<text:p>Davor.</text:p>{hidden}<text:p>{PARAGRAPH}</text:p>"), "x.odt").text == (
        f"Davor.\n\n{PARAGRAPH}"
    )


def test_styles_may_stand_in_a_part_of_their_own() -> None:
    styles = (
        f"<o:document-styles {_SPACES}><o:styles><style:style style:name='Vermerk' style:family='paragraph'>"
        "<style:text-properties text:display='none'/></style:style><text:list-style style:name='Stufen'>"
        "<text:list-level-style-bullet text:level='1'/><text:list-level-style-number text:level='2' "
        "style:num-format='1'/></text:list-style></o:styles></o:document-styles>"
    )
    inner = f"<text:list>{_item('einladen')}</text:list>"
    listing = f"<text:list-item><text:p>Zuerst</text:p>{inner}</text:list-item>"
    body = f"<text:p>{PARAGRAPH}</text:p><text:p text:style-name='Vermerk'>Geheim</text:p>"
    body += f"<text:list text:style-name='Stufen'>{listing}</text:list>"
    found = read(_odt(body, **{"styles.xml": styles}), "x.odt").text
    assert found == f"{PARAGRAPH}\n\n- Zuerst\n  1. einladen"


def test_what_was_hidden_once_and_is_shown_is_text() -> None:
    body = (
        f'<text:p>{PARAGRAPH}</text:p><text:p><text:span text:style-name="T3">Offen,</text:span>'
        '<text:hidden-text text:is-hidden="false"> auch das.</text:hidden-text></text:p>'
        '<text:section text:display="condition" text:is-hidden="false"><text:p>Und dies.</text:p>'
        "</text:section>"
        '<text:p><text:hidden-paragraph text:is-hidden="false"/>Und jenes.</text:p>'
    )
    assert read(_odt(body), "x.odt").text == f"{PARAGRAPH}\n\nOffen, auch das.\n\nUnd dies.\n\nUnd jenes."


def test_notes_stand_below_the_text() -> None:
    def note(text: str, kind: str) -> str:
        return (
            f'<text:note text:note-class="{kind}"><text:note-citation>i</text:note-citation>'
            f"<text:note-body><text:p>{text}</text:p></text:note-body></text:note>"
        )

    body = f"<text:p>{PARAGRAPH}</text:p><text:p>Erst{note('Quelle A', 'footnote')} dann"
    body += f"{note('Quelle B', 'endnote')}.</text:p>"
    assert read(_odt(body), "x.odt").text == f"{PARAGRAPH}\n\nErst[1] dann[2].\n\n1. Quelle A\n2. Quelle B"


def test_numbers_stand_apart_from_headings() -> None:
    listed = (
        '<text:list text:style-name="L1"><text:list-item><text:h text:outline-level="2">Ablauf</text:h>'
        "</text:list-item></text:list>"
    )
    body = (
        '<text:h text:outline-level="1"><text:number>1.2</text:number>Anlass</text:h>'
        f"{listed}<text:p text:style-name='P4'>Ausblick</text:p><text:p>{PARAGRAPH}</text:p>"
        "<text:list><text:list-item><text:number>(a)</text:number><text:p>Punkt</text:p></text:list-item></text:list>"
    )
    found = read(_odt(body), "x.odt")
    assert found.title == "1.2 Anlass"
    assert found.text == f"## Ablauf\n\n## Ausblick\n\n{PARAGRAPH}\n\n- Punkt"


def test_cells_stay_below_their_heads() -> None:
    def cell(text: str, about: str = "") -> str:
        return f"<table:table-cell {about}><text:p>{text}</text:p></table:table-cell>"

    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    covered = "<table:covered-table-cell><text:p>Geheim</text:p></table:covered-table-cell>"
    head = row(cell("Tag"), cell("Zeit"), cell("Thema"))
    table = (
        f"<table:table><table:table-header-rows>{head}</table:table-header-rows>"
        + row(cell("Montag", 'table:number-rows-spanned="2"'), cell("9 Uhr"), cell("Ankommen"))
        + row(covered, cell("10 Uhr"), cell("Runde"))
        + row(cell("Pause", 'table:number-columns-spanned="2"'), covered, cell("Hof"))
        + row(cell("", 'table:number-columns-repeated="2"'), cell("Abschied"))
        + "</table:table>"
    )
    found = read(_odt(f"<text:p>{PARAGRAPH}</text:p>{table}"), "x.odt").text
    assert found.split("\n")[2:] == [
        "| Tag | Zeit | Thema |",
        "|---|---|---|",
        "| Montag | 9 Uhr | Ankommen |",
        "|  | 10 Uhr | Runde |",
        "| Pause |  | Hof |",
        "|  |  | Abschied |",
    ]


def test_spans_without_end_make_no_table_without_end() -> None:
    wide = '<table:table-cell table:number-columns-spanned="999999999"><text:p>x</text:p></table:table-cell>'
    table = f"<table:table><table:table-row>{wide * 3}</table:table-row></table:table>"
    assert len(read(_odt(f"<text:p>{PARAGRAPH}</text:p>{table}"), "x.odt").text) < 3_000


def test_properties_of_the_document() -> None:
    meta = (
        "<dc:title>Rahmenkonzept</dc:title><meta:initial-creator>Erika Beispiel</meta:initial-creator>"
        "<dc:creator>Sekretariat 3</dc:creator><dc:language>de-AT</dc:language>"
    )
    found = read(_odt(f"<text:p>{PARAGRAPH}</text:p>", meta=meta), "konzept.odt")
    assert (found.title, found.authors, found.language) == ("Rahmenkonzept", ("Erika Beispiel",), "de")


def test_it_is_recognised_under_another_name_and_by_its_type() -> None:
    data = _odt(f"<text:p>{PARAGRAPH}</text:p>")
    assert read(data, "konzept.txt").text == PARAGRAPH
    assert read(data, "https://a.example/download?id=3", content_type="text/html").text == PARAGRAPH


def test_a_spreadsheet_is_no_text() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(UnreadableInputError, match=r"tabelle\.ods: .*Archiv.*\.odt"):
        read(out.getvalue(), "tabelle.ods")


def test_a_password_is_named_as_what_it_is() -> None:
    data = _odt("", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"})
    with pytest.raises(UnreadableInputError, match=r"Kennwort.*LibreOffice"):
        read(data, "geheim.odt")


@pytest.mark.parametrize(
    "data",
    [
        _odt(f"<text:p>{PARAGRAPH}</text:p>")[:300],
        _odt("<text:p>nie geschlossen"),
        _odt("<text:p>&unbekannt;</text:p>"),
    ],
)
def test_a_broken_file_is_said_to_be_broken(data: bytes) -> None:
    with pytest.raises(UnreadableInputError, match=r"halb\.odt: .*beschädigt"):
        read(data, "halb.odt")


def test_an_empty_document_is_said_to_be_empty() -> None:
    with pytest.raises(UnreadableInputError, match="keinen Text"):
        read(_odt("<text:p> </text:p>"), "leer.odt")


def test_bombs_are_not_unpacked_and_do_not_grow() -> None:
    data = _odt("<text:p>" + "Übergang " * 200_000 + "</text:p>")
    assert len(data) < 50_000
    with pytest.raises(InputTooLargeError, match="KB_MAX_FILE_BYTES"):
        read(data, "bombe.odt", options=ExtractOptions(max_file_bytes=100_000))
    spaces = read(_odt(f"<text:p>{PARAGRAPH}<text:s text:c='999999999'/>Ende</text:p>"), "x.odt")
    assert len(spaces.text) < len(PARAGRAPH) + 200


def test_a_document_nested_beyond_reason_is_refused() -> None:
    opened, closed = "<text:list><text:list-item>" * 3_000, "</text:list-item></text:list>" * 3_000
    deep = f"{opened}<text:p>tief</text:p>{closed}"
    with pytest.raises(FundstelleError):
        read(_odt(deep), "tief.odt")


@given(st.text(alphabet="äöüßabcXYZ:*- ­1234", min_size=1, max_size=80))
def test_words_survive(text: str) -> None:
    words = [word for word in text.replace("­", "").split() if word.isalpha()]
    found = read(_odt(f"<text:p>{PARAGRAPH}</text:p><text:p>Anfang {text} Ende</text:p>"), "x.odt").text
    assert all(word in found for word in words)


def test_what_stands_elsewhere_and_is_not_read_is_said() -> None:
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<m:file-entry m:full-path="/" '
        'm:media-type="application/vnd.oasis.opendocument.text"/><m:file-entry m:full-path="Object 1/" '
        'm:media-type="application/vnd.oasis.opendocument.{}"/></m:manifest>'
    )
    body = f"<text:p>{PARAGRAPH}</text:p>"
    embedded = "ein eingebettetes Dokument wurde nicht gelesen"
    for kind, said in (("spreadsheet", (embedded,)), ("formula", ()), ("chart", ())):
        data = _odt(body, **{"META-INF/manifest.xml": manifest.format(kind)})
        assert read(data, "x.odt").warnings == said
    linked = '<text:section><text:section-source xlink:href="teil.odt"/>{}</text:section>'
    (warning,) = read(_odt(body + linked.format("<text:p/>")), "x.odt").warnings
    assert "verknüpft" in warning
    assert read(_odt(body + linked.format("<text:p>da</text:p>")), "x.odt").warnings == ()
