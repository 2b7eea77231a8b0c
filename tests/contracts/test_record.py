"""What every AccountStore and VersionLog must do, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest
from alembic import command
from alembic.config import Config
from argon2 import PasswordHasher
from sqlalchemy import make_url, text

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
from kb.record import Database, SqlAccountStore, SqlVersionLog, migrations, secret_key

PASSWORD = "ein recht langes Kennwort"


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


def test_a_new_password_ends_sessions(store: SqlAccountStore) -> None:
    first = store.add("oezlem", PASSWORD, Role.EDITOR)
    changed = store.set_password("oezlem", PASSWORD + "!")
    assert changed.generation > first.generation
    assert store.sign_in("oezlem", PASSWORD + "!") == changed


def test_nobody_locks_a_name_for_its_owner(store: SqlAccountStore) -> None:
    store.add("oezlem", PASSWORD, Role.EDITOR)
    for _ in range(20):
        with pytest.raises(SignInRefusedError, match="Name oder Passwort"):
            store.sign_in("oezlem", "falsch")
    assert store.sign_in("oezlem", PASSWORD).name == "oezlem"


class Counting(PasswordHasher):
    """argon2 that tells what it did, and whether the database would have taken a writer meanwhile."""

    def __init__(self, database: Database) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self._database = database
        self.work: list[tuple[str, int]] = []

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self._note("hash", password)
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        self._note("verify", password)
        return super().verify(hash, password)

    def _note(self, what: str, password: str | bytes) -> None:
        self.work.append((what, len(password)))
        with self._database.begin() as connection:  # hangs where somebody holds the lock
            connection.execute(text("DELETE FROM counter"))


def test_unknown_names_take_the_same_work_as_known_ones(database: Database) -> None:
    hasher = Counting(database)
    SqlAccountStore(database, hasher).add("oezlem", PASSWORD, Role.EDITOR)
    done = []
    for name in ("oezlem", "niemand", "", "x" * 500):
        hasher.work.clear()
        with pytest.raises(SignInRefusedError) as refused:
            SqlAccountStore(database, hasher).sign_in(name, "falsch und lang")
        done.append((tuple(hasher.work), str(refused.value)))
    assert len(set(done)) == 1
    assert [what for what, _ in done[0][0]] == ["hash", "verify"]


def test_no_password_is_hashed_while_the_database_waits(database: Database) -> None:
    hasher = Counting(database)
    store = SqlAccountStore(database, hasher)
    store.add("oezlem", PASSWORD, Role.EDITOR)
    store.set_password("oezlem", PASSWORD + "!")
    store.sign_in("oezlem", PASSWORD + "!")
    SqlAccountStore(database, PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)).set_password(
        "oezlem", PASSWORD
    )
    store.sign_in("oezlem", PASSWORD)
    assert [what for what, _ in hasher.work].count("hash") == 4, "two passwords, the decoy, and one renewed"


def test_an_unknown_name_is_given_no_password(database: Database) -> None:
    hasher = Counting(database)
    with pytest.raises(AccountNotFoundError):
        SqlAccountStore(database, hasher).set_password("niemand", PASSWORD)
    assert hasher.work == []


def test_who_reads_waits_for_no_writer(database: Database, store: SqlAccountStore) -> None:
    store.add("oezlem", PASSWORD, Role.EDITOR)
    with database.begin() as connection:
        connection.execute(text("UPDATE account SET active = NOT active"))
        assert [one.name for one in store.accounts()] == ["oezlem"]
        assert store.get("oezlem").active, "what is not yet written is not yet true"
        assert SqlVersionLog(database).recent(5) == []


def test_who_reads_cannot_write(database: Database) -> None:
    with pytest.raises(RecordError), database.read() as connection:
        connection.execute(text("DELETE FROM account"))


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


def test_accounts_of_an_older_version_come_along(database: Database, tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO account (id, name, role, active, password_hash, created_at, generation, failures) "
                "VALUES (7, 'oezlem', 'editor', true, 'x', '2026-01-01 00:00:00', 3, 5)"
            )
        )
    again = Database(database.url.render_as_string(hide_password=False), state_dir=tmp_path)
    account = SqlAccountStore(again).get("oezlem")
    assert (account.id, account.role, account.active, account.generation) == (7, Role.EDITOR, True, 3)


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


def test_a_full_disk_is_said_also_where_sqlite_speaks_of_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database("", state_dir=tmp_path)
    (tmp_path / "record.sqlite").unlink()
    (tmp_path / "record.sqlite").mkdir()  # which nobody can open as a file
    with pytest.raises(RecordError, match="unable to open database file"), database.read():
        pass
    monkeypatch.setattr("kb.record.database.shutil.disk_usage", lambda folder: SimpleNamespace(free=0))
    with (
        pytest.raises(RecordError, match="der Datenträger der Datenbank ist voll – Platz schaffen"),
        database.read(),
    ):
        pass


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        Database("postgresql://kb:geheim@127.0.0.1:9/kb", state_dir=tmp_path)
    assert "geheim" not in str(caught.value)
    assert "127.0.0.1:9" in str(caught.value), "the log says which"
    assert "127.0.0.1" not in caught.value.reason, "pages do not"
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
