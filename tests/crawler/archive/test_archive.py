"""The archive keeps what was fetched as WARC that others can read, survives kills, and forgets for good."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.archive.archive import PageArchive
from crawler.archive.warc_file import FetchedOriginal, FoundRecord
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


def lose_index(folder: Path) -> None:
    for path in folder.glob("index.sqlite*"):
        path.unlink()


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
        lose_index(folder)
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
    lose_index(tmp_path)
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
    before = file.read_bytes()
    archive.keep(page("geheim"), "b", "s", NOW)
    archive._index.do("DELETE FROM records WHERE doc_id = 'b'")
    archive.forget("b", [])
    assert file.read_bytes() == before


def test_two_requests_in_one_month_take_nothing_else_along(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    for name in ("Übergänge", "geheim", "Quartier", "vertraulich"):
        archive.keep(page(name, f"https://s.example/{name}"), name, "s", NOW)
        if name in ("geheim", "vertraulich"):
            assert archive.forget(name, []) == 1
            archive.keep(page(f"nach {name}", "https://s.example/nach"), "nach", "s", NOW)
    assert texts(tmp_path) == ["Übergänge", "nach geheim", "Quartier", "nach vertraulich"]
    assert [archive.read(one).body.decode() for one in archive.records("nach")][::-1] == texts(tmp_path)[1::2]


@pytest.mark.parametrize("then", ["keep", "forget"])
def test_a_kill_while_a_lost_index_is_made_again_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    archive = PageArchive(tmp_path)
    for number in range(3):
        archive.keep(page(f"Fassung {number}"), "a", "s", NOW + timedelta(days=20 * number))
    archive.close()
    lose_index(tmp_path)

    def killed(path: Path, start: int) -> Iterator[FoundRecord]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("crawler.archive.archive.found_records", killed)
        with pytest.raises(KeyboardInterrupt):
            PageArchive(tmp_path)
    archive = PageArchive(tmp_path)
    assert archive.keep(page("neu"), "b", "s", NOW) if then == "keep" else archive.forget("b", []) == 0
    assert set(texts(tmp_path)) >= {"Fassung 0", "Fassung 1", "Fassung 2"}
    assert [archive.read(one).body[-1:] for one in archive.records("a")] == [b"2", b"1", b"0"]


def test_an_index_older_than_the_files_destroys_nothing(tmp_path: Path) -> None:
    """After a power failure, or from a backup that was taken while a crawl ran."""
    archive = PageArchive(tmp_path)
    for name in "abc":
        archive.keep(page(name), name, "s", NOW)
    archive._index.do("DELETE FROM records WHERE doc_id > 'a'")
    assert archive.keep(page("d"), "d", "s", NOW)
    assert texts(tmp_path) == ["a", "b", "c", "d"]
    assert [len(archive.records(name)) for name in "abcd"] == [1, 1, 1, 1]


def test_a_kill_between_file_and_index_loses_no_other_record(tmp_path: Path) -> None:
    """The index still names what a removal took out of the file."""
    archive = PageArchive(tmp_path)
    for name in ("geheim", "bleibt", "auch"):
        archive.keep(page(name), name, "s", NOW)
    rows = archive._index.rows("SELECT * FROM records")
    archive.forget("geheim", [])
    archive._index.do("DELETE FROM records")
    archive._index.do_many("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    archive.close()
    archive = PageArchive(tmp_path)
    assert archive.records("geheim") == []
    assert [archive.read(archive.records(name)[0]).body.decode() for name in ("bleibt", "auch")] == [
        "bleibt",
        "auch",
    ]


def test_damage_in_the_middle_hides_only_what_it_hit(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    for name in "abc":
        archive.keep(page(f"{name} Übergänge" * 20), name, "s", NOW)
    start = archive.records("b")[0].start
    archive.close()
    lose_index(tmp_path)
    file = tmp_path / "s-2026-05.warc.gz"
    data = bytearray(file.read_bytes())
    data[start + 60] ^= 255
    file.write_bytes(data)
    archive = PageArchive(tmp_path)
    archive.keep(page("neu"), "d", "s", NOW)
    assert [len(archive.records(name)) for name in "abcd"] == [1, 0, 1, 1]
    assert archive.read(archive.records("c")[0]) == page("c Übergänge" * 20)


def test_a_file_that_was_deleted_by_hand_stops_no_removal(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    archive.keep(page("geheim"), "a", "s", NOW)
    (tmp_path / "s-2026-05.warc.gz").unlink()
    assert archive.forget("a", []) == 0
    assert archive.records("a") == []


_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from crawler.archive.archive import PageArchive
from crawler.archive.warc_file import FetchedOriginal

archive = PageArchive(Path(sys.argv[1]))
for number in range(10_000):
    body = f"{sys.argv[2]}-{number} ".encode() * 20_000
    archive.keep(FetchedOriginal("https://s.example/", body, "text/plain"), "a", "s", datetime.now(UTC))
    print(body[:20].split()[0].decode(), flush=True)
"""


@pytest.mark.kill
def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """A writer in a process of its own, killed without warning once it has said that some pages are kept."""
    kept = []
    for run in range(4):
        command = [sys.executable, "-c", _WRITER, str(tmp_path), f"lauf{run}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            kept += [writer.stdout.readline().strip() for _ in range(2 + 3 * run)]
            writer.send_signal(signal.SIGKILL)
            kept += writer.stdout.read().split()
        if run % 2:
            lose_index(tmp_path)
    archive = PageArchive(tmp_path)
    there = [archive.read(one).body.split()[0].decode() for one in archive.records("a")]
    assert set(kept) <= set(there)
    archive.keep(page("danach"), "b", "s", datetime.now(UTC))
    assert len(texts(tmp_path)) == len(there) + 1, "and every file is whole again"


def test_what_was_forgotten_meanwhile_is_not_kept(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    assert not archive.keep(page("geheim"), "a", "s", NOW, lambda: True)
    assert (archive.records("a"), texts(tmp_path)) == ([], [])


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
