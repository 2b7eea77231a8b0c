"""``kb doctor`` and a damaged database: said what is damaged and what to do, nothing changed, no traceback."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from kb.errors import RecordError
from kb.model import Role
from kb.record import Database, SqlAccountStore
from kb.record.soundness import examine_file, examine_record
from tests.kb.conftest import Kb, read_only

REMEDY = "die letzte Sicherung einspielen"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record with so many accounts that it takes several pages."""
    folder = tmp_path / "state"
    SqlAccountStore(Database("", state_dir=folder))
    file = folder / "record.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE extra (name TEXT UNIQUE)")
        connection.executemany("INSERT INTO extra VALUES (?)", [(f"{n} " * 100,) for n in range(300)])
    return file


def spoil(file: Path, start: int, length: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(b"\xa5" * length)


def test_a_sound_record_is_left_as_it_is(record: Path) -> None:
    before = record.read_bytes()
    assert examine_record("", record.parent).state == "sound"
    assert record.read_bytes() == before
    assert not any(path.stat().st_size for path in record.parent.glob("*-wal"))


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert examine_record("", tmp_path / "state").state == "missing"
    assert not (tmp_path / "state").exists()
    (tmp_path / "leer.sqlite").touch()
    assert examine_file(tmp_path / "leer.sqlite").state == "empty"
    (tmp_path / "weg.sqlite").symlink_to(tmp_path / "gibt-es-nicht")
    assert examine_file(tmp_path / "weg.sqlite").state == "damaged"


@pytest.mark.parametrize(
    ("start", "length"),
    [
        pytest.param(0, 16, id="beginning"),
        pytest.param(100, 3_000, id="list of tables"),
        pytest.param(30_000, 20_000, id="rows"),
    ],
)
def test_spoilt_bytes_are_noticed_wherever_they_are(record: Path, start: int, length: int) -> None:
    spoil(record, start, length)
    found = examine_record("", record.parent)
    assert (found.state, found.name) == ("damaged", str(record))
    assert 0 < len(found.damaged) <= 300


def test_a_file_that_was_cut_off_is_noticed(record: Path) -> None:
    with record.open("r+b") as opened:
        opened.truncate(record.stat().st_size // 2)
    assert examine_record("", record.parent).state == "damaged"


def test_a_table_that_is_gone_and_rows_that_belong_to_nothing_are_noticed(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("DROP TABLE counter")
    assert "counter" in examine_record("", record.parent).damaged
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("CREATE TABLE counter (x REFERENCES account (id))")
        connection.execute("INSERT INTO counter VALUES (7)")
    assert "counter" in examine_record("", record.parent).damaged


@pytest.mark.parametrize(("revision", "state"), [("0001", "old"), ("9999", "new")])
def test_tables_of_another_version_are_told_apart(record: Path, revision: str, state: str) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    assert examine_record("", record.parent).state == state


def test_a_record_that_is_written_to_is_examined_and_a_locked_one_is_not_called_damaged(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.record.soundness._BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(record, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM extra")
        assert examine_record("", record.parent).state == "sound"
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        assert examine_record("", record.parent).state == "busy"


def test_a_record_in_a_folder_that_can_only_be_read_is_examined(record: Path) -> None:
    with read_only(record.parent):
        assert examine_record("", record.parent).state == "sound"


def test_the_program_itself_names_the_damage_and_where_to_ask(record: Path) -> None:
    spoil(record, 0, 16)
    with pytest.raises(RecordError, match="die Datenbank ist beschädigt") as raised:
        SqlAccountStore(Database("", state_dir=record.parent)).add("ida", "ein langes Passwort", Role.EDITOR)
    assert "kb doctor" in (raised.value.remedy or "")


def test_doctor_says_what_is_damaged_and_what_to_do(
    kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notiz.txt").write_text("Eine Notiz\nDie Nachbarschaft traf sich.\n", "utf-8")
    kb("import", tmp_path / "notiz.txt")
    assert "noch keine" in _checked(kb)
    monkeypatch.setattr("sys.stdin", StringIO("ein langes Passwort\n"))
    assert kb("user", "add", "ida", "--password-stdin").exit_code == 0
    assert "Konten und Fassungen unversehrt" in _checked(kb)
    spoil(kb.var / "state/record.sqlite", 100, 2_000)
    memory = kb.var / "state/crawler/sources/quelle.sqlite"
    memory.parent.mkdir(parents=True)
    memory.write_bytes(b"keine Datenbank " * 100)
    result = kb("doctor")
    said = result.out + result.err
    assert result.exit_code == 1
    assert "record.sqlite: beschädigt; betroffen sind Konten, Sitzungen und Fassungen" in said
    assert REMEDY in said
    assert "quelle.sqlite: Gedächtnis des Crawlers beschädigt" in said
    assert "Traceback" not in said
    assert "1 Dokumente im Index" in said  # the other checks went on


def _checked(kb: Kb) -> str:
    (check,) = [one for one in kb("doctor", "--json").json["checks"] if one["check"] == "Datenbank"]
    assert check["level"] in ("ok", "note")
    return str(check["found"])
