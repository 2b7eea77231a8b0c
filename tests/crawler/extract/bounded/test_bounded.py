"""Extraction in a process of its own: the same answers, and a death that harms nobody."""

from __future__ import annotations

import io
import os
import pickle
import select
import signal
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from crawler.extract import ContentExtractor, ExtractOptions, Selectors
from crawler.extract.bounded.extractors import BoundedExtractor, FreshExtractor
from crawler.extract.bounded.process import ReadingLimits, ReadingProcess
from kb.errors import (
    ConfigurationError,
    InputError,
    InputTooLargeError,
    ReadingEndedError,
    UnreadableInputError,
)
from kb.model import RawContent
from tests import limits
from tests.crawler.extract.bounded.endless_worker import ENDLESS, EndlessReading

PAGE = """<html lang="de"><head><title>Stadtteilmütter in Hof</title>
<meta name="author" content="Şeyma Öz"><meta property="article:published_time" content="2019-05-07">
<script type="application/ld+json">
{"@type": "Event", "startDate": "2019-05-01", "endDate": "2019-05-02", "location": "Kulturhaus, Hof"}
</script></head><body><main><h1>Stadtteilmütter in Hof</h1><p>TEXT</p></main></body>
""".replace("TEXT", "Die Stadtteilmütter besuchen Familien. " * 20)
GOOD = RawContent(PAGE.encode(), "seite.html", "https://hof.example/seite", "text/html; charset=utf-8")


@pytest.fixture(scope="module")
def extractor() -> Iterator[BoundedExtractor]:
    with ReadingProcess(ReadingLimits(seconds=30)) as process:
        yield BoundedExtractor(process=process)


@pytest.fixture(scope="module")
def small() -> Iterator[BoundedExtractor]:
    with ReadingProcess(ReadingLimits(seconds=3, memory_bytes=1_500_000_000)) as process:
        yield BoundedExtractor(process=process)


def _child(process: ReadingProcess) -> subprocess.Popen[bytes]:
    child = process._child
    assert child is not None
    return child


def test_it_answers_as_the_extractor_in_this_process(extractor: BoundedExtractor) -> None:
    old = RawContent(
        "Übergänge gestalten\n\nEin Bericht aus der Jugendberufsagentur.".encode("latin-1"), "alt.txt"
    )
    for content in (GOOD, old):
        assert extractor.extract(content) == ContentExtractor().extract(content)
    found = ContentExtractor().extract(GOOD)
    assert FreshExtractor().extract(GOOD) == found
    assert found.event is not None
    assert found.event.place == "Kulturhaus, Hof"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 kaputt", bytes(range(256)) * 40])
def test_what_cannot_be_read_is_said_as_in_this_process(data: bytes, extractor: BoundedExtractor) -> None:
    messages = []
    for one in (extractor, ContentExtractor()):
        with pytest.raises(InputError) as caught:
            one.extract(RawContent(data, "fall.txt"))
        messages.append((type(caught.value), caught.value.reason))
    assert messages[0] == messages[1]


def test_one_process_reads_many_files_and_survives_unreadable_ones(extractor: BoundedExtractor) -> None:
    extractor.extract(GOOD)
    first = _child(extractor.process).pid
    with pytest.raises(UnreadableInputError):
        extractor.extract(RawContent(b"%PDF-1.7 kaputt", "kaputt.pdf"))
    for number in range(20):
        text = f"Übergang {number}\n\nSchule und Beruf."
        assert extractor.extract(RawContent(text.encode(), f"{number}.txt")).title == f"Übergang {number}"
    assert _child(extractor.process).pid == first


def test_each_source_has_its_selectors_in_the_same_process(extractor: BoundedExtractor) -> None:
    class Hof:
        selectors = Selectors(text=".bericht", remove=(".teilen",))

    page = "<p>Startseite.</p><div class=bericht><p>Aus dem Quartier.</p><p class=teilen>Teilen</p></div>"
    hof = pickle.loads(pickle.dumps(extractor)).for_source(Hof())
    assert hof.extract(RawContent(page.encode(), "a.html")).text == "Aus dem Quartier."
    assert "Startseite" in extractor.extract(RawContent(page.encode(), "a.html")).text
    hof.process.close()


def test_a_text_beyond_the_limit() -> None:
    with pytest.raises(InputTooLargeError, match=r"5\.?000"):
        FreshExtractor(ExtractOptions(max_text_chars=5000)).extract(RawContent(b"Wort " * 2000, "lang.txt"))


@pytest.mark.kill
def test_a_file_is_not_waited_for_longer_than_allowed_and_the_next_one_is_read() -> None:
    with EndlessReading(ReadingLimits(seconds=10)) as process:
        extractor = BoundedExtractor(process=process)
        extractor.extract(GOOD)
        first = _child(process)
        with pytest.raises(ReadingEndedError, match="länger als 10 Sekunden"):
            extractor.extract(ENDLESS)
        assert first.returncode == -signal.SIGKILL
        assert extractor.extract(GOOD).title == "Stadtteilmütter in Hof"


@pytest.mark.kill
def test_its_death_is_an_error_of_the_file_and_the_next_one_is_read() -> None:
    with EndlessReading() as process:
        extractor = BoundedExtractor(process=process)
        extractor.extract(GOOD)
        victim = _child(process)
        killer = Thread(target=_kill_when_busy, args=(victim.pid,))
        killer.start()
        with pytest.raises(ReadingEndedError, match="SIGSEGV"):
            extractor.extract(ENDLESS)
        killer.join()
        assert extractor.extract(GOOD).title == "Stadtteilmütter in Hof"


def _kill_when_busy(pid: int) -> None:
    _wait_until_busy(pid)
    os.kill(pid, signal.SIGSEGV)


def _wait_until_busy(pid: int) -> None:
    """Wait until a process has worked for some time from now on."""
    start, pause = _ticks(pid), Event()
    while _ticks(pid) < start + 20:
        pause.wait(0.02)


def _ticks(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[11])


@pytest.mark.kill
def test_a_process_that_died_between_two_files_is_replaced() -> None:
    with ReadingProcess() as process:
        extractor = BoundedExtractor(process=process)
        extractor.extract(GOOD)
        _child(process).kill()
        _child(process).wait()
        assert extractor.extract(GOOD).title == "Stadtteilmütter in Hof"


def test_a_process_that_keeps_much_memory_is_ended_in_good_order() -> None:
    with ReadingProcess(ReadingLimits(kept_bytes=1)) as process:
        extractor = BoundedExtractor(process=process)
        assert extractor.extract(GOOD) == ContentExtractor().extract(GOOD)
        assert process._child is None


def test_a_process_that_ran_out_of_memory_reads_nothing_more() -> None:
    with ReadingProcess(ReadingLimits(memory_bytes=20_000_000)) as process:
        with pytest.raises(UnreadableInputError, match="zu viel Speicher"):
            BoundedExtractor(process=process).extract(GOOD)
        assert process._child is None


def _zip(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        if name == "content.xml":
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        else:
            archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, content)
    return packed.getvalue()


def _laughs() -> bytes:
    """Entities that unfold to 10 to the 12 letters."""
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    return f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e12;</a>'.encode()


def _pdf(unpacked: int) -> bytes:
    """A page whose content is compressed twice, a thousandfold each time."""
    once = zlib.compressobj(9)
    chunk = bytes(unpacked // 100)
    content = b"".join(once.compress(chunk) for _ in range(100)) + once.flush()
    stream = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    data, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(b"%010d 00000 n \n" % len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(offsets)
    return data + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)


BOMBS: dict[str, Callable[[], bytes]] = {
    "million-zellen.html": lambda: b"<main><table>" + (b"<tr>" + b"<td>x" * 100) * 10_000 + b"</table></main>",
    "million-merkmale.html": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">Text",
    "entpackt.docx": lambda: _zip("word/document.xml", b"<w:document>" + bytes(210_000_000)),
    "entpackt.odt": lambda: _zip("content.xml", b"<office:document-content>" + bytes(210_000_000)),
    "tief.odt": lambda: _zip("content.xml", b"<a xmlns='x'>" * 200_000),
    "gelächter.odt": lambda: _zip("content.xml", _laughs()),
    "strom.pdf": lambda: _pdf(400_000_000),
}


@pytest.mark.kill
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_an_error_and_the_next_file_is_read(name: str, small: BoundedExtractor) -> None:
    with pytest.raises(InputError):
        small.extract(RawContent(BOMBS[name](), name))
    assert small.extract(RawContent(b"Ein Text.", "text.txt")).text == "Ein Text."


HARMLESS = {
    "tief.html": b"<div>" * 100_000 + b"Text " * 100,
    "leerraum.txt": b" \t" * 900_000 + b"Text",
    "zeilen.txt": b"Text\n" * 350_000,
    "klammern.html": b"<main><p>Text " + b"[" * 900_000 + b"</p></main>",
    "betonung.md": b"# Text\n\n" + b"*a_" * 500_000,
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_a_bomb_is_read(name: str, extractor: BoundedExtractor) -> None:
    extracted = extractor.extract(RawContent(HARMLESS[name], name))
    assert "Text" in extracted.title + extracted.text


_KEEPER = """
import sys
from crawler.extract.bounded.extractors import BoundedExtractor
from tests.crawler.extract.bounded.endless_worker import ENDLESS, EndlessReading
from tests.crawler.extract.bounded.test_bounded import GOOD
extractor = BoundedExtractor(process=EndlessReading())
extractor.extract(GOOD)
print(extractor.process._child.pid, flush=True)
extractor.extract(ENDLESS)
"""


@pytest.mark.kill
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux to wait for a process of another")
def test_a_killed_reader_leaves_no_process_behind_even_a_busy_one() -> None:
    with subprocess.Popen([sys.executable, "-c", _KEEPER], stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout is not None
        pid = int(keeper.stdout.readline())
        handle = os.pidfd_open(pid)
        try:
            _wait_until_busy(pid)
            keeper.kill()
            ended, _, _ = select.select([handle], [], [], limits.SECONDS)
        finally:
            os.close(handle)
    assert ended, "the reading process went on without anybody who waits for it"


def test_the_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stand-in for the worker prints its environment: nothing but what Python needs is there."""
    (tmp_path / "python").write_text('#!/bin/sh\nenv > "$0.seen"; exit 1\n')
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setenv("KB_DATABASE_URL", "postgresql://kb:geheim@host/kb")
    monkeypatch.setattr("crawler.extract.bounded.process.sys.executable", str(tmp_path / "python"))
    with pytest.raises(ConfigurationError, match="Rückgabewert 1"):
        FreshExtractor().extract(RawContent(b"x", "a.txt"))
    seen = (tmp_path / "python.seen").read_text()
    assert "geheim" not in seen
    assert "KB_" not in seen
