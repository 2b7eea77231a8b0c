"""Extraction in a process of its own: the same answers, and a death that harms nobody."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from crawler.extract import ContentExtractor, ExtractOptions
from crawler.extract.worker import BoundedExtractor
from kb.errors import InputError, InputTooLargeError, UnreadableInputError
from kb.model import RawContent

PAGE = """<html lang="de"><head><title>Stadtteilmütter in Hof</title>
<meta name="author" content="Şeyma Öz"><meta property="article:published_time" content="2019-05-07">
<script type="application/ld+json">
{"@type": "Event", "startDate": "2019-05-01", "endDate": "2019-05-02"}
</script></head><body><main><h1>Stadtteilmütter in Hof</h1><p>TEXT</p></main></body>
""".replace("TEXT", "Die Stadtteilmütter besuchen Familien. " * 20)


def test_it_answers_as_the_extractor_in_this_process() -> None:
    options = ExtractOptions()
    for content in (
        RawContent(PAGE.encode(), "seite.html", "https://hof.example/seite", "text/html; charset=utf-8"),
        RawContent(
            "Übergänge gestalten\n\nEin Bericht aus der Jugendberufsagentur.".encode("latin-1"), "alt.txt"
        ),
    ):
        assert BoundedExtractor(options).extract(content) == ContentExtractor(options).extract(content)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 kaputt", bytes(range(256)) * 40])
def test_what_cannot_be_read_is_said_as_in_this_process(data: bytes) -> None:
    content = RawContent(data, "fall.txt")
    messages = []
    for extractor in (BoundedExtractor(ExtractOptions()), ContentExtractor(ExtractOptions())):
        with pytest.raises(InputError) as caught:
            extractor.extract(content)
        messages.append(caught.value.reason)
    assert messages[0] == messages[1]


def test_a_text_beyond_the_limit() -> None:
    with pytest.raises(InputTooLargeError, match=r"5\.?000"):
        BoundedExtractor(ExtractOptions(max_text_chars=5000)).extract(RawContent(b"Wort " * 2000, "lang.txt"))


def test_it_is_not_waited_for_longer_than_allowed() -> None:
    with pytest.raises(UnreadableInputError, match="länger als"):
        BoundedExtractor(ExtractOptions(), seconds=0.05).extract(RawContent(PAGE.encode(), "seite.html"))


def test_its_death_is_an_error_of_the_file() -> None:
    """A page that needs more memory than it is given: the child dies, we do not."""
    bounded = BoundedExtractor(ExtractOptions(), memory_bytes=60_000_000)
    with pytest.raises(UnreadableInputError, match="abgebrochen"):
        bounded.extract(RawContent(PAGE.encode() * 10_000, "seite.html"))


def test_a_zip_bomb_ends_in_an_error() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:document>" + b" " * 300_000_000)
    with pytest.raises(InputError):
        BoundedExtractor(ExtractOptions(), seconds=30).extract(RawContent(packed.getvalue(), "bombe.docx"))


def test_deep_nesting_ends() -> None:
    page = "<div>" * 100_000 + "Text " * 100
    try:
        extracted = BoundedExtractor(ExtractOptions(), seconds=30).extract(
            RawContent(page.encode(), "tief.html")
        )
    except InputError:
        return
    assert "Text" in extracted.text


def test_the_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stand-in for the worker prints its environment: nothing but what Python needs is there."""
    (tmp_path / "python").write_text('#!/bin/sh\nenv >&2; env > "$0.seen"; exit 1\n')
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setenv("KB_DATABASE_URL", "postgresql://kb:geheim@host/kb")
    monkeypatch.setattr("crawler.extract.worker.sys.executable", str(tmp_path / "python"))
    with pytest.raises(UnreadableInputError):
        BoundedExtractor(ExtractOptions()).extract(RawContent(b"x", "a.txt"))
    seen = (tmp_path / "python.seen").read_text()
    assert "geheim" not in seen
    assert "KB_" not in seen
