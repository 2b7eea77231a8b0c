from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import ExtractOptions
from crawler.extract.lines.language import guess_language
from crawler.extract.lines.tidy import tidy_text
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import normalise_text
from tests.crawler.extract.samples import PARAGRAPH, read


def test_a_text_with_an_author_on_top_and_leftovers_below() -> None:
    leftovers = "Wir gestalten.\nMarkus MusterWichtig für alle\nDownloads\n\n\n\n\n\nAnsprechperson\n"
    text = f"Dr. Katrin Muster\n{PARAGRAPH}\n\n\n{leftovers}"
    found = read(text.encode(), "bericht.txt")
    assert found.authors == ("Dr. Katrin Muster",)
    assert (
        found.title == "Am 12. März trafen sich rund 80 Fachkräfte aus Schul- und Jugendämtern im Rathaus von…"
    )
    assert found.text.startswith("Dr. Katrin Muster\n\nAm 12. März")
    assert found.text.endswith("Downloads\n\nAnsprechperson")
    assert found.language == "de"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    found = read(f"Übergänge für Köln\n{PARAGRAPH}".encode(encoding), "alt.txt")
    assert found.title == "Übergänge für Köln"
    assert found.text.endswith(PARAGRAPH)


def test_the_charset_of_the_header_counts() -> None:
    found = read(
        "Łódź i Gdańsk, Poznań i Wrocław".encode("iso-8859-2"),
        "pl.txt",
        content_type="text/plain; charset=iso-8859-2",
    )
    assert found.title == "Łódź i Gdańsk, Poznań i Wrocław"


def test_wrapped_text_keeps_its_lines_and_long_lines_become_paragraphs() -> None:
    assert read(b"Titel\n\nEine Zeile\n    noch eine", "a.txt").text == "Titel\n\nEine Zeile\nnoch eine"
    assert read(f"Titel\n{PARAGRAPH}\n- a\n- b".encode(), "a.txt").text == f"Titel\n\n{PARAGRAPH}\n\n- a\n- b"


def test_markdown_without_front_matter() -> None:
    found = read(b"# Der Fachtag\n\n## Worum es geht\n\n    code\n", "fachtag.md")
    assert found.title == "Der Fachtag"
    assert found.text == "## Worum es geht\n\n    code"


@pytest.mark.parametrize("name", ["leer.txt", "leer.md", "leer.html", "leer.pdf", "leer.docx"])
@pytest.mark.parametrize("data", [b"", b"  \n\n"])
def test_empty_files(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableInputError, match=name):
        read(data, name)


def test_a_text_without_a_letter() -> None:
    with pytest.raises(UnreadableInputError, match="keinen Text"):
        read(b"--- *** ---", "linien.txt")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("tabelle.xlsx", None),
        ("README", None),
        ("a.css", "text/css"),
        ("https://a.example/feed", "application/rss+xml"),
    ],
)
def test_unknown_types_say_what_is_read(name: str, content_type: str | None) -> None:
    with pytest.raises(UnreadableInputError, match=r"\.md, \.txt, \.html, \.pdf, \.docx"):
        read(b"ein wenig Text", name, content_type=content_type)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("https://a.example/notiz.TXT?x=1", None),
        ("https://a.example/notiz", "text/plain; charset=utf-8"),
        ("notiz.txt", "application/octet-stream"),
        ("https://a.example/notiz.md", "text/plain"),
    ],
)
def test_the_declared_type_or_the_name_tells_where_the_bytes_do_not(
    name: str, content_type: str | None
) -> None:
    assert read(b"Eine Notiz", name, content_type=content_type).text == "Eine Notiz"


def test_the_bytes_tell_more_than_the_name() -> None:
    assert read(f"<!DOCTYPE html><title>T</title><p>{PARAGRAPH}".encode(), "seite.txt").title == "T"


def test_limits_name_themselves_and_their_setting() -> None:
    options = ExtractOptions(max_text_chars=50, max_file_bytes=100)
    with pytest.raises(InputTooLargeError, match=r"lang\.txt: .*60 Zeichen.*50.*KB_MAX_TEXT_CHARS"):
        read(b"a" * 60, "lang.txt", options=options)
    with pytest.raises(InputTooLargeError, match=r"lang\.txt: .*101 Byte.*100.*KB_MAX_FILE_BYTES"):
        read(b"a" * 101, "lang.txt", options=options)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PARAGRAPH, "de"),
        ("The children of the town are with their teachers and it was a good day for all of them.", "en"),
        ("Programm", "de"),
        ("Les enfants de cette ville vont à leurs écoles avec des amis. " * 6, "und"),
        ("Migration, Übergänge, Quartier, Schule, Beruf", "de"),
    ],
)
def test_languages_are_guessed_honestly(text: str, language: str) -> None:
    assert guess_language(text) == language


@given(st.text())
def test_tidying_twice_changes_nothing_and_is_stored_form(text: str) -> None:
    once = tidy_text(text)
    assert tidy_text(once) == once
    assert normalise_text(once) == once
