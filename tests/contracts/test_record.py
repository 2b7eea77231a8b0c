"""What every AccountStore and VersionLog must do, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import make_url, select, text

from kb.errors import (
    AccountExistsError,
    AccountNotFoundError,
    ConfigurationError,
    DocumentNotFoundError,
    InvalidAccountError,
    RecordError,
    SignInRefusedError,
)
from kb.model import Change, Role, VersionDraft, VersionProgress
from kb.record import Database, SqlAccountStore, SqlVersionLog, accounts, secret_key
from kb.record.tables import AccountRow
from tests.conftest import require

PASSWORD = "ein recht langes Kennwort"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, on loopback, gone afterwards."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    require(
        "postgres", available=bool(programs), reason="kein PostgreSQL gefunden (Debian: apt install postgresql)"
    )
    home = tmp_path_factory.mktemp("postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        home = Path("/tmp") / f"fundstelle-postgres-{os.getpid()}"
        home.mkdir()
        shutil.chown(home, "postgres", "postgres")
    data, control = home / "data", str(programs[-1] / "pg_ctl") if programs else ""
    try:
        _run([*as_user, control, "initdb", "-D", str(data), "-o", "--auth=trust --username=kb --no-sync"])
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
        _run([*as_user, control, "start", "-w", "-D", str(data), "-o", options, "-l", str(home / "log")])
        yield f"postgresql://kb@127.0.0.1:{port}/postgres"
    finally:
        if data.exists():
            _run([*as_user, control, "stop", "-D", str(data), "-m", "immediate"])
        if as_user:
            shutil.rmtree(home)


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.database)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield Database("", state_dir=tmp_path)
        return
    opened = Database(request.getfixturevalue("postgres"), state_dir=tmp_path)
    yield opened
    with opened.begin() as connection:
        connection.execute(text("DROP TABLE version, account, alembic_version"))


@pytest.fixture
def store(database: Database) -> SqlAccountStore:
    return SqlAccountStore(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def log(database: Database, store: SqlAccountStore) -> SqlVersionLog:
    store.add("oezlem", PASSWORD, Role.EDITOR)
    return SqlVersionLog(database)


def test_an_account_is_added_found_and_listed(store: SqlAccountStore) -> None:
    added = store.add(" Oezlem ", PASSWORD, Role.ADMIN)
    assert (added.name, added.role, added.active, added.created_at.utcoffset()) == (
        "oezlem", Role.ADMIN, True, timedelta(0),
    )  # fmt: skip
    store.add("anna", PASSWORD, Role.EDITOR)
    assert store.get("OEZLEM") == added
    assert [one.name for one in store.accounts()] == ["anna", "oezlem"]


def test_a_name_is_taken_once(store: SqlAccountStore) -> None:
    store.add("oezlem", PASSWORD, Role.EDITOR)
    with pytest.raises(AccountExistsError, match="oezlem"):
        store.add("Oezlem", PASSWORD, Role.ADMIN)
    assert store.get("oezlem").role is Role.EDITOR


@pytest.mark.parametrize("name", ["", "a", "özlem", "a b", "../x", "a\x00b", "x" * 65, "-a"])
def test_names_that_could_not_be_told_apart_are_refused(store: SqlAccountStore, name: str) -> None:
    with pytest.raises(InvalidAccountError):
        store.add(name, PASSWORD, Role.EDITOR)


@pytest.mark.parametrize("password", ["", "elf Zeichen", "x" * 1025])
def test_short_and_endless_passwords_are_refused(store: SqlAccountStore, password: str) -> None:
    with pytest.raises(InvalidAccountError, match="12 Zeichen"):
        store.add("oezlem", password, Role.EDITOR)


def test_signing_in(store: SqlAccountStore) -> None:
    added = store.add("oezlem", PASSWORD, Role.EDITOR)
    assert store.sign_in("Oezlem", PASSWORD) == added
    for name, password in (("oezlem", PASSWORD + " "), ("niemand", PASSWORD), ("", "")):
        with pytest.raises(SignInRefusedError, match="Name oder Passwort"):
            store.sign_in(name, password)


def test_wrong_passwords_cost_more_and_more_time(
    store: SqlAccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("oezlem", PASSWORD, Role.EDITOR)
    clock = [accounts._now()]
    monkeypatch.setattr(accounts, "_now", lambda: clock[0])
    waits = []
    for _ in range(16):
        with pytest.raises(SignInRefusedError):
            store.sign_in("oezlem", "falsch")
        waits.append(_locked_for(store))
        clock[0] += timedelta(seconds=waits[-1] + 1)
    assert waits[:7] == [0, 0, 1, 2, 4, 8, 16]
    assert max(waits) == 15 * 60
    store.sign_in("oezlem", PASSWORD)
    with pytest.raises(SignInRefusedError, match="Name oder Passwort"):
        store.sign_in("oezlem", "falsch")


def _locked_for(store: SqlAccountStore) -> int:
    """Seconds until the only account may be tried again."""
    with store._database.begin() as connection:
        until = connection.execute(select(AccountRow.locked_until)).scalar()
    return int((until - accounts._now()).total_seconds()) if until is not None else 0


def test_a_new_password_lifts_the_lock_and_ends_sessions(store: SqlAccountStore) -> None:
    first = store.add("oezlem", PASSWORD, Role.EDITOR)
    for _ in range(4):
        with pytest.raises(SignInRefusedError):
            store.sign_in("oezlem", "falsch")
    changed = store.set_password("oezlem", PASSWORD + "!")
    assert changed.generation > first.generation
    assert store.sign_in("oezlem", PASSWORD + "!") == changed


def test_a_disabled_account_may_not_in(store: SqlAccountStore) -> None:
    first = store.add("oezlem", PASSWORD, Role.EDITOR)
    assert store.set_active("oezlem", active=False).generation > first.generation
    with pytest.raises(SignInRefusedError):
        store.sign_in("oezlem", PASSWORD)
    store.set_active("oezlem", active=True)
    assert store.sign_in("oezlem", PASSWORD).active


def test_unknown_accounts(store: SqlAccountStore) -> None:
    for ask in (store.get, lambda name: store.set_active(name, active=True)):
        with pytest.raises(AccountNotFoundError, match="niemand"):
            ask("niemand")


def test_passwords_are_not_in_the_database_and_guessing_costs_time_and_memory(
    database: Database, store: SqlAccountStore
) -> None:
    SqlAccountStore(database).add("oezlem", PASSWORD, Role.EDITOR)
    assert _kept(database).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    store.sign_in("oezlem", PASSWORD)
    assert "$m=8,t=1,p=1$" in _kept(database), "a hash of another cost is renewed when its password is typed"


def _kept(database: Database) -> str:
    with database.begin() as connection:
        return str(connection.execute(text("SELECT password_hash FROM account")).scalar())


def draft(document_id: str = "bericht", **fields: object) -> VersionDraft:
    values = {"account": "oezlem", "change": Change.EDITED, "before": "alt", "after": "neu – ä"} | fields
    return VersionDraft(document_id, **values)  # type: ignore[arg-type]


def test_versions_are_numbered_and_kept_whole(log: SqlVersionLog) -> None:
    first = log.plan(draft(before=None, change=Change.CREATED))
    log.advance(first.id, VersionProgress.INDEXED)
    second = log.plan(draft(comment="gekürzt"))
    log.advance(second.id, VersionProgress.WRITTEN)
    log.plan(draft("anderes"))
    newest, oldest = log.versions("bericht")
    assert (newest.number, newest.comment, newest.before, newest.after) == (2, "gekürzt", "alt", "neu – ä")
    assert (oldest.number, oldest.before, oldest.change) == (1, None, Change.CREATED)
    assert log.version("bericht", 1) == oldest
    with pytest.raises(DocumentNotFoundError):
        log.version("bericht", 3)


def test_what_a_crash_left_is_known(log: SqlVersionLog) -> None:
    planned, written = log.plan(draft("a")), log.plan(draft("b"))
    log.advance(written.id, VersionProgress.WRITTEN)
    assert [one.document_id for one in log.unfinished()] == ["a", "b"]
    assert log.versions("a") == []
    log.drop(planned.id)
    log.drop(written.id)  # only planned ones can be dropped
    assert [one.document_id for one in log.unfinished()] == ["b"]
    log.advance(written.id, VersionProgress.INDEXED)
    assert log.unfinished() == []


def test_recent_shows_each_document_once(log: SqlVersionLog) -> None:
    for document_id in ("a", "b", "a"):
        log.advance(log.plan(draft(document_id)).id, VersionProgress.INDEXED)
    log.plan(draft("nur-geplant"))
    assert [(one.document_id, one.number) for one in log.recent(10)] == [("a", 2), ("b", 1)]
    assert len(log.recent(1)) == 1


def test_what_is_forgotten_leaves_no_word(log: SqlVersionLog, tmp_path: Path) -> None:
    for document_id in ("bericht", "bericht", "anderes"):
        log.plan(
            VersionDraft(document_id, "oezlem", Change.EDITED, before=None, after=f"Zirbelkiefer {document_id}")
        )
    assert (log.forget("bericht"), log.forget("bericht")) == (2, 0)
    assert [one.document_id for one in log.unfinished()] == ["anderes"]
    assert not any(b"Zirbelkiefer bericht" in path.read_bytes() for path in tmp_path.glob("*.sqlite*"))


def test_two_at_once_get_two_numbers(log: SqlVersionLog) -> None:
    numbers: list[int] = []
    threads = [threading.Thread(target=lambda: numbers.append(log.plan(draft()).number)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 9))


def test_opening_again_changes_nothing(database: Database, log: SqlVersionLog, tmp_path: Path) -> None:
    log.plan(draft())
    again = Database(database.url.render_as_string(hide_password=False), state_dir=tmp_path)
    assert len(SqlVersionLog(again).unfinished()) == 1


def test_models_and_migrations_agree(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from kb.record.tables import Base

    with database.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize(
    ("url", "said"), [("kein Name", "keine Datenbank-Adresse"), ("oracle9://x/y", "Modul")]
)
def test_wrong_addresses_are_explained(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        Database(url, state_dir=tmp_path)
    assert caught.value.subject == "KB_DATABASE_URL"


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        Database("postgresql://kb:geheim@127.0.0.1:9/kb", state_dir=tmp_path)
    assert "geheim" not in str(caught.value)
    assert make_url("postgresql://kb:geheim@x/y").password == "geheim"


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(secret_key(tmp_path / "state"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({*keys, secret_key(tmp_path / "state")}) == 1
    assert (tmp_path / "state/secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["secret.key"]
    (tmp_path / "state/secret.key").write_bytes(b"kurz")
    with pytest.raises(RecordError, match="zu kurz"):
        secret_key(tmp_path / "state")
