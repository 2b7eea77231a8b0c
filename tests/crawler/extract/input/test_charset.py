from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.input.charset import declared_charset, decode, meta_charset
from kb.errors import UnreadableInputError

GERMAN = (
    "Übergänge gestalten: Schüler*innen aus Köln grüßen die Großstadt. Ein „Bildungsbüro“ öffnet – für alle."
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_german_text_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding), name="bericht.txt") == GERMAN


def test_utf16_big_endian_with_a_mark() -> None:
    assert decode(codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be"), name="a.txt") == GERMAN


@pytest.mark.parametrize(
    "text", ["Für Köln", "Übergänge für Schülerinnen in der Großstadt", "Größe: 5 m²", "Café Öl"]
)
@pytest.mark.parametrize("encoding", ["latin-1", "cp850"])
def test_short_texts_in_old_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), name="alt.txt") == text


def test_a_declaration_counts_where_the_bytes_are_no_utf8() -> None:
    data = "Łódź i Gdańsk, Kraków, Poznań i Wrocław".encode("iso-8859-2")
    assert decode(data, name="pl.txt", declared="iso-8859-2") == "Łódź i Gdańsk, Kraków, Poznań i Wrocław"


@pytest.mark.parametrize("declared", ["iso-8859-1", "utf-16", "gibtsnicht", "hex", "zip", "utf-8"])
def test_untrue_and_unknown_declarations_do_no_harm(declared: str) -> None:
    assert decode("Schöne Grüße".encode(), name="a.html", declared=declared) == "Schöne Grüße"
    assert decode("Schöne Grüße".encode("cp1252"), name="a.html", declared=declared) == "Schöne Grüße"


def test_latin_1_on_the_web_means_windows() -> None:
    assert (
        decode("„Bildung“ – jetzt".encode("cp1252"), name="a.html", declared="ISO-8859-1")
        == "„Bildung“ – jetzt"
    )


def test_utf8_that_is_cut_off_stays_utf8() -> None:
    data = (GERMAN * 3).encode()[:-1] + "ß".encode()[:1]
    assert decode(data, name="a.txt").startswith(GERMAN)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(3000),
        random.Random(2).randbytes(5000),
        b"GIF89a" + bytes(range(256)) * 4,
        b"\x7fELF\x02\x01\x01" + bytes(60) + b"text",
    ],
)
def test_binary_data_is_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableInputError, match=r"bild\.txt: .*Binärdaten"):
        decode(data, name="bild.txt")


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf"[:0] + b"\n\n", b"\xff\xfe", b"\x00\x00\x00"])
def test_nothing_is_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableInputError, match="leer"):
        decode(data, name="leer.txt")


def test_charsets_are_found_where_they_are_declared() -> None:
    assert declared_charset('text/html; Charset="ISO-8859-1"') == "ISO-8859-1"
    assert declared_charset("text/html") is None
    assert (
        meta_charset(b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">')
        == "windows-1252"
    )
    assert meta_charset(b"<meta charset='utf-8'>") == "utf-8"
    assert meta_charset(b"<p>charset=utf-8</p>") is None


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    if text.strip() and not text.startswith("\ufeff") and "\ufffd" not in text:
        assert decode(text.encode(), name="a.txt") == text
