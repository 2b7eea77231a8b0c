"""The archive keeps what was fetched as WARC that others can read, survives kills, and forgets for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import FetchedOriginal, PageArchive
from kb.errors import StorageError

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
URL = "https://stadt.example/Übergänge/bericht?jahr=2018"


def page(text: str, url: str = URL, content_type: str = "text/html; charset=utf-8") -> FetchedOriginal:
    return FetchedOriginal(url, text.encode(), content_type)


def texts(folder: Path) -> list[str]:
    """Every body in every file, by warcio alone."""
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            found += [record.content_stream().read().decode() for record in ArchiveIterator(file)]
    return found


def test_a_page_is_kept_as_others_read_it(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    assert archive.keep(page("<p>Jugendberufsagentur für Übergänge</p>"), "stadt/a", "stadt", NOW)
    (file,) = tmp_path.glob("*.warc.gz")
    assert file.name == "stadt-2026-05.warc.gz"
    with file.open("rb") as opened:
        (record,) = [
            (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read().decode())
            for one in ArchiveIterator(opened, check_digests="raise")
        ]
    assert record == ("resource", URL, "<p>Jugendberufsagentur für Übergänge</p>")
    (kept,) = archive.records("stadt/a")
    assert (archive.read(kept), kept.at) == (page("<p>Jugendberufsagentur für Übergänge</p>"), NOW)


def test_only_what_changed_is_kept_again(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    day = timedelta(days=1)
    said = [archive.keep(page(text), "a", "s", NOW + n * day) for n, text in enumerate(("1", "1", "2", "1"))]
    assert said == [True, False, True, True], "what is said again after a change is a change"
    assert [archive.read(record).body for record in archive.records("a")] == [b"1", b"2", b"1"]


@settings(max_examples=25, deadline=None)
@given(cut=st.integers(1, 400), lost_index=st.booleans())
def test_what_a_kill_left_half_written_costs_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, cut: int, lost_index: bool
) -> None:
    """A record that was not finished: at the end of its file, and not in the index."""
    folder = tmp_path_factory.mktemp("archive")
    archive = PageArchive(folder)
    archive.keep(page("erster"), "a", "s", NOW)
    file = folder / "s-2026-05.warc.gz"
    whole = file.read_bytes()
    archive.close()
    file.write_bytes(whole + whole[: min(cut, len(whole) - 1)])
    if lost_index:
        for path in folder.glob("index.sqlite*"):
            path.unlink()
    archive = PageArchive(folder)
    archive.keep(page("zweiter"), "b", "s", NOW)
    assert texts(folder) == ["erster", "zweiter"]
    assert [archive.read(one).body for doc in "ab" for one in archive.records(doc)] == [b"erster", b"zweiter"]
    archive.close()


def test_a_lost_index_is_made_again_from_the_files(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    for number in range(3):
        archive.keep(page(f"Fassung {number}"), "a", "s", NOW + timedelta(days=20 * number))
    before = archive.records("a")
    archive.close()
    for path in tmp_path.glob("index.sqlite*"):
        path.unlink()
    assert PageArchive(tmp_path).records("a") == before


def test_forgetting_leaves_no_byte_and_everything_else(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    for number in range(6):
        at = NOW + timedelta(days=10 * number)
        archive.keep(page(f"geheim {number}", "https://s.example/geheim"), "geheim", "s", at)
        archive.keep(page(f"bleibt {number}", "https://s.example/bleibt"), "bleibt", "s", at)
    archive.keep(page("anderer Titel", "https://s.example/geheim#oben"), "zweitschrift", "s", NOW)
    assert archive.forget("geheim", ["https://s.example/geheim"]) == 7
    assert archive.records("geheim") == archive.records("zweitschrift") == []
    assert sorted(texts(tmp_path)) == [f"bleibt {number}" for number in range(6)]
    assert [archive.read(one).body.decode()[-1] for one in archive.records("bleibt")] == list("543210")
    assert archive.keep(page("danach"), "c", "s", NOW)
    assert archive.forget("geheim", []) == 0
    assert len(texts(tmp_path)) == 7


def test_a_leftover_of_a_forgotten_page_goes_too(tmp_path: Path) -> None:
    """A kill between writing and noting leaves a whole record that no index names."""
    archive = PageArchive(tmp_path)
    archive.keep(page("bleibt"), "a", "s", NOW)
    file = tmp_path / "s-2026-05.warc.gz"
    end = file.stat().st_size
    archive.keep(page("geheim"), "b", "s", NOW)
    archive._index.do("DELETE FROM records WHERE doc_id = 'b'")
    archive.forget("b", [])
    assert file.stat().st_size == end
    assert texts(tmp_path) == ["bleibt"]


def test_a_damaged_record_is_told(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    archive.keep(page("Text " * 100), "a", "s", NOW)
    file = tmp_path / "s-2026-05.warc.gz"
    data = bytearray(file.read_bytes())
    data[-40] ^= 255
    file.write_bytes(data)
    with pytest.raises(StorageError, match="beschädigt"):
        archive.read(archive.records("a")[0])
    file.unlink()
    with pytest.raises(StorageError):
        archive.read(archive.records("a")[0])


def test_binary_bodies_come_back(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    body = bytes(range(256)) * 50
    archive.keep(FetchedOriginal("https://s.example/a.pdf", body, "application/pdf"), "a", "s", NOW)
    assert archive.read(archive.records("a")[0]).body == body
    with (tmp_path / "s-2026-05.warc.gz").open("rb") as file:
        assert BytesIO(next(iter(ArchiveIterator(file))).content_stream().read()).getvalue() == body
