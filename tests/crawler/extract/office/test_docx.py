from __future__ import annotations

import io
import zipfile

import pytest

from crawler.extract import ExtractOptions
from kb.errors import InputTooLargeError, UnreadableInputError
from tests.crawler.extract.samples import PARAGRAPH, docx, docx_table, read


def test_headings_lists_tables_and_quotes() -> None:
    paragraphs = [
        ("Title", "Übergänge gestalten"),
        ("", PARAGRAPH),
        ("Heading1", "Was zählt vor Ort?"),
        ("•", "Verlässliche Absprachen"),
        ("•", "Eine Ansprechperson je Quartier"),
        ("Zitat", "Ohne Vertrauen geht es nicht."),
    ]
    found = read(docx(paragraphs, table=docx_table([["Jahr", "Gäste"], ["2018", "60"]])), "bericht.docx")
    assert found.title == "Übergänge gestalten"
    assert found.text == (
        f"{PARAGRAPH}\n\n# Was zählt vor Ort?\n\n- Verlässliche Absprachen\n"
        "- Eine Ansprechperson je Quartier\n\n"
        "> Ohne Vertrauen geht es nicht.\n\n| | |\n|---|---|\n| Jahr | Gäste |\n| 2018 | 60 |"
    )
    assert found.language == "de"


def test_properties_of_the_document() -> None:
    core = "<dc:title>Rahmenkonzept</dc:title><dc:creator>Erika Beispiel</dc:creator>"
    core += "<dc:language>de-AT</dc:language>"
    found = read(docx([("", PARAGRAPH)], core=core), "konzept.docx")
    assert (found.title, found.authors, found.language) == ("Rahmenkonzept", ("Erika Beispiel",), "de")


def test_accounts_are_no_authors() -> None:
    found = read(docx([("", PARAGRAPH)], core="<dc:creator>Administrator</dc:creator>"), "konzept.docx")
    assert found.authors == ()


def test_word_is_recognised_under_another_name() -> None:
    assert read(docx([("", PARAGRAPH)]), "konzept.txt").text == PARAGRAPH


def test_another_archive_is_no_word_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("bilder/a.txt", "hallo")
    with pytest.raises(UnreadableInputError, match=r"archiv\.zip: .*Archiv.*\.docx"):
        read(out.getvalue(), "archiv.zip")


def test_a_cut_off_document_is_said_to_be_broken() -> None:
    with pytest.raises(UnreadableInputError, match=r"halb\.docx: .*beschädigt"):
        read(docx([("", PARAGRAPH)])[:400], "halb.docx")


def test_an_old_or_protected_document_names_the_way_out() -> None:
    with pytest.raises(UnreadableInputError, match=r"als \.docx speichern"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "alt.docx")


def test_a_bomb_is_not_unpacked() -> None:
    data = docx([("", "Übergang " * 200_000)])
    assert len(data) < 50_000
    with pytest.raises(InputTooLargeError, match="KB_MAX_FILE_BYTES"):
        read(data, "bombe.docx", options=ExtractOptions(max_file_bytes=100_000))


def test_an_empty_document() -> None:
    with pytest.raises(UnreadableInputError, match="keinen Text"):
        read(docx([("", " ")]), "leer.docx")
