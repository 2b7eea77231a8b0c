"""Whatever bytes come in: a text or one of the house's own errors, nothing else."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract import ContentExtractor
from kb.errors import InputError, UnreadableInputError
from kb.model import ExtractedText, RawContent, normalise_text
from tests.crawler.extract.samples import PARAGRAPH, docx, page, pdf, read

NAMES = ("a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.bin")
WHOLE = {
    "a.txt": f"Titel\n\n{PARAGRAPH}".encode("cp1252"),
    "a.md": f"# Titel\n\n{PARAGRAPH}".encode(),
    "a.html": page(f"<h1>Titel</h1><p>{PARAGRAPH}</p><table><tr><td>a</td></tr></table>"),
    "a.pdf": pdf([["Titel", PARAGRAPH[:80]], ["Ende"]], title="Titel"),
    "a.docx": docx([("Title", "Titel"), ("", PARAGRAPH)]),
}


def read_or_refuse(data: bytes, name: str) -> None:
    refused: InputError | None = None
    found: ExtractedText | None = None
    try:
        found = ContentExtractor().extract(RawContent(data, name))
    except InputError as error:
        refused = error
    if refused is not None:
        assert refused.subject == name
    else:
        assert found is not None
        assert found.title.strip()
        assert found.text.strip()
        assert found.text == normalise_text(found.text)


@pytest.mark.parametrize("name", WHOLE)
def test_every_whole_file_is_read(name: str) -> None:
    assert ContentExtractor().extract(RawContent(WHOLE[name], name)).title == "Titel"


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("tenth", range(1, 10))
def test_files_that_are_cut_off(name: str, tenth: int) -> None:
    data = WHOLE[name]
    read_or_refuse(data[: len(data) * tenth // 10], name)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("seed", range(12))
def test_files_with_garbled_bytes(name: str, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(WHOLE[name])
    for _ in range(1 + seed * 3):
        data[chance.randrange(len(data))] = chance.randrange(256)
    read_or_refuse(bytes(data), name)


@given(st.binary(max_size=400), st.sampled_from(NAMES))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_random_bytes(data: bytes, name: str) -> None:
    read_or_refuse(data, name)


@given(
    st.sampled_from(
        [b"%PDF-1.7\n", b"PK\x03\x04", b"<!DOCTYPE html>", b"<html><body>", b"\xff\xfe", b"\xd0\xcf\x11\xe0"]
    ),
    st.binary(max_size=400),
    st.sampled_from(NAMES),
)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_random_bytes_behind_a_known_beginning(start: bytes, data: bytes, name: str) -> None:
    read_or_refuse(start + data, name)


@pytest.mark.parametrize("piece", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<blockquote>"])
def test_pages_nested_without_end(piece: str) -> None:
    read_or_refuse(f"<html><body>{piece * 3000}Ein Satz über das Quartier.".encode(), "tief.html")


def test_a_broken_archive_is_no_page_whatever_the_server_says() -> None:
    broken = b"PK\x03\x04" + b"\x00\xff" * 3_000
    with pytest.raises(UnreadableInputError, match="beschädigtes Archiv"):
        read(broken, "https://stadt.de/paket", content_type="text/html; charset=utf-8")
    with pytest.raises(UnreadableInputError):
        read(broken, "bericht.docx")
