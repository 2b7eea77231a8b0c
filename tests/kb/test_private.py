"""State is ours alone, whoever of us makes it first, under whatever umask."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.archive import PageArchive
from crawler.archive.warc_file import FetchedOriginal
from crawler.memory.hosts import HostMemory
from crawler.report.files import save_report
from crawler.report.report import CrawlReport
from crawler.scouting.link_check import LinkReport, save_link_report
from kb.failure_file import FailureFile
from kb.model import Document, Failure, Role, Step
from kb.private import exposed, private_file, private_folder, write_privately
from kb.record import Database, FolderSourceNews, SqlAccountStore, secret_key
from tests.kb.conftest import Kb
from webapp.changes.uploads import keep_upload


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """The umask of a machine on which everybody may read everything."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def open_paths(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if mode(path) & 0o077]


def test_everything_on_the_way_to_a_private_folder_is_private(tmp_path: Path) -> None:
    private_folder(tmp_path / "var/state/crawler/locks")
    assert open_paths(tmp_path / "var") == []


def test_what_is_there_is_narrowed_and_its_content_kept(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/record.sqlite").write_bytes(b"Inhalt")
    private_folder(tmp_path / "state")
    private_file(tmp_path / "state/record.sqlite")
    assert open_paths(tmp_path / "state") == []
    assert (tmp_path / "state/record.sqlite").read_bytes() == b"Inhalt"


def test_a_folder_that_may_be_anybodys_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    private_file(tmp_path / "shared/a")
    write_privately(tmp_path / "shared/b", b"x")
    assert mode(tmp_path / "shared") == 0o777
    assert open_paths(tmp_path / "shared") == [tmp_path / "shared"]


def test_whoever_makes_the_state_first_makes_it_private(tmp_path: Path) -> None:
    def state(name: str) -> Path:
        return tmp_path / name / "var/state"

    save_report(state("a") / "reports", CrawlReport())
    save_link_report(state("b") / "reports", LinkReport(()))
    HostMemory(state("c") / "crawler/hosts.sqlite")
    archive = PageArchive(state("d") / "archive")
    original = FetchedOriginal("https://hof.example/a", b"<p>Text</p>", "text/html")
    archive.keep(original, "a", "hof", datetime(2026, 3, 1, tzinfo=UTC))
    archive.keep(original, "b", "hof", datetime(2026, 3, 1, tzinfo=UTC))
    archive.forget("a", [])
    archive.close()
    FolderSourceNews(state("e") / "source-news").note(Document("a", "Titel", "Text"))
    secret_key(state("f"))
    SqlAccountStore(Database("", state_dir=state("g"))).add("oezlem", "ein recht langes Kennwort", Role.EDITOR)
    keep_upload(state("h") / "uploads", b"%PDF", "a.pdf")
    FailureFile(tmp_path / "i/var/cache/failures.json").note(Failure("a", Step.INDEX, "x"))
    for name in "abcdefghi":
        assert open_paths(tmp_path / name) == [], name


def test_a_database_that_others_could_read_is_narrowed_with_its_further_files(tmp_path: Path) -> None:
    database = tmp_path / "state/record.sqlite"
    database.parent.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE alt (a)")
        connection.commit()
    assert mode(database) & 0o077
    accounts = SqlAccountStore(Database("", state_dir=tmp_path / "state"))
    accounts.add("oezlem", "ein recht langes Kennwort", Role.EDITOR)
    with closing(sqlite3.connect(database)) as reader:  # keeps the further files there
        assert reader.execute("SELECT count(*) FROM account").fetchone() == (1,)
        accounts.accounts()
        assert sorted(path.suffix for path in database.parent.glob("record.sqlite*")) == [
            ".sqlite",
            ".sqlite-shm",
            ".sqlite-wal",
        ]
        assert open_paths(tmp_path / "state") == []


def test_a_database_elsewhere_is_private_and_its_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    Database(f"sqlite:///{tmp_path}/shared/record.sqlite", state_dir=tmp_path / "state")
    assert mode(tmp_path / "shared") == 0o777
    assert mode(tmp_path / "shared/record.sqlite") == 0o600


def test_a_link_into_a_public_folder_is_not_taken_for_exposed(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    folder = private_folder(tmp_path / "state")
    (folder / "link").symlink_to(tmp_path / "public")
    folder.chmod(0o750)
    assert list(exposed(folder)) == [folder]


def test_doctor_names_what_others_can_reach_and_how_to_close_it(kb: Kb) -> None:
    kb("init")
    (kb.var / "state/archive").mkdir(parents=True)
    (kb.var / "state/archive/a.warc.gz").write_bytes(b"")
    (kb.var / "cache/index").mkdir(parents=True)
    result = kb("doctor")
    assert result.exit_code == 1
    assert f"{kb.var}/state und 2 weitere Ordner und Dateien für andere Konten zugänglich" in result.out
    assert f"chmod -R go-rwx {kb.var}/state" in result.out
    assert f"{kb.var}/cache und 1 weitere Ordner und Dateien für andere Konten beschreibbar" in result.out
    (kb.var / "state").chmod(0o700)
    (kb.var / "cache").chmod(0o755)
    (kb.var / "cache/index").chmod(0o755)
    assert "andere Konten" not in kb("doctor").out
