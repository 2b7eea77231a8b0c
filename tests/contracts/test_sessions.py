"""What every SessionStore must do, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from kb.errors import AccountNotFoundError, RecordError
from kb.model import Account, Role
from kb.record import Database, SqlAccountStore, SqlSessionStore, sessions
from kb.record.sessions import ABSOLUTE, IDLE

PASSWORD = "ein recht langes Kennwort"


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = sessions._now()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sessions, "_now", clock)
    return clock


@pytest.fixture
def accounts(database: Database) -> SqlAccountStore:
    return SqlAccountStore(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def store(database: Database) -> SqlSessionStore:
    return SqlSessionStore(database)


@pytest.fixture
def oezlem(accounts: SqlAccountStore) -> Account:
    return accounts.add("oezlem", PASSWORD, Role.EDITOR)


def test_a_session_is_found_by_its_token_alone(store: SqlSessionStore, oezlem: Account, clock: Clock) -> None:
    token = store.start(oezlem, "Firefox unter Linux")
    found = store.find(token)
    assert found is not None
    assert (found.account, found.device, found.started_at, found.seen_at) == (
        oezlem, "Firefox unter Linux", clock.now, clock.now,
    )  # fmt: skip
    assert store.start(oezlem, "") != token
    for other in ("", token[:-1], token + "x", str(found.id)):
        assert store.find(other) is None


def test_a_session_ends_idle_and_after_a_days_work(
    store: SqlSessionStore, oezlem: Account, clock: Clock
) -> None:
    token, start = store.start(oezlem, "x"), clock.now
    while clock.now + IDLE <= start + ABSOLUTE:
        clock.now += IDLE
        assert store.find(token) is not None
    clock.now = start + ABSOLUTE + timedelta(seconds=1)
    assert store.find(token) is None
    token = store.start(oezlem, "x")
    clock.now += IDLE + timedelta(seconds=1)
    assert store.find(token) is None
    assert store.of_account(oezlem) == []


def test_the_last_use_is_noted_once_a_minute(
    database: Database, store: SqlSessionStore, oezlem: Account, clock: Clock
) -> None:
    token, start = store.start(oezlem, "x"), clock.now
    clock.now += timedelta(seconds=59)
    with database.begin():  # which nobody could note beside
        assert store.find(token) is not None
    assert store.of_account(oezlem)[0].seen_at == start
    clock.now += timedelta(seconds=2)
    store.find(token)
    assert store.of_account(oezlem)[0].seen_at == clock.now


def test_what_cannot_be_noted_ends_nothing(
    database: Database, store: SqlSessionStore, oezlem: Account, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*, durable: bool = True) -> None:
        raise RecordError("der Datenträger ist voll")

    token = store.start(oezlem, "x")
    clock.now += timedelta(minutes=5)
    monkeypatch.setattr(database, "begin", full)
    assert store.find(token) is not None


def test_sessions_are_listed_and_ended_one_by_one(
    accounts: SqlAccountStore, store: SqlSessionStore, oezlem: Account, clock: Clock
) -> None:
    other = accounts.add("anna", PASSWORD, Role.EDITOR)
    tokens = []
    for device in ("eins", "zwei", "drei"):
        tokens.append(store.start(oezlem, device))
        clock.now += timedelta(minutes=2)
    store.start(other, "fremd")
    store.find(tokens[0])
    listed = store.of_account(oezlem)
    assert [one.device for one in listed] == ["eins", "drei", "zwei"]
    assert not store.end(other, listed[0].id), "nobody ends another's"
    assert store.end(oezlem, listed[0].id)
    assert not store.end(oezlem, listed[0].id)
    assert [store.find(token) is not None for token in tokens] == [False, True, True]
    tokens.append(store.start(oezlem, "vier"))
    ended = store.of_account(oezlem)[0]
    store.end(oezlem, ended.id)
    tokens.append(store.start(oezlem, "vier"))
    assert store.of_account(oezlem)[0].id != ended.id, "the id of one that ended is not used again"
    assert store.end_others(oezlem, listed[1].id) == 2
    assert [one.device for one in store.of_account(oezlem)] == ["drei"]
    assert [one.device for one in store.of_account(other)] == ["fremd"]


def test_another_password_or_role_and_a_lock_end_them(
    accounts: SqlAccountStore, store: SqlSessionStore, oezlem: Account
) -> None:
    changes: tuple[Callable[[], Account], ...] = (
        lambda: accounts.set_password("oezlem", PASSWORD + "!"),
        lambda: accounts.set_role("oezlem", Role.ADMIN),
        lambda: accounts.set_active("oezlem", active=False),
        lambda: accounts.set_active("oezlem", active=True),
    )
    for change in changes:
        before = accounts.get("oezlem")
        token = store.start(before, "x")
        change()
        assert store.find(token) is None
        assert store.find(store.start(before, "x")) is None, "nor does one begin with what held before"
    token = store.start(accounts.get("oezlem"), "x")
    accounts.set_role("oezlem", Role.ADMIN)
    assert store.find(token) is not None, "it is the role that it had"
    with pytest.raises(AccountNotFoundError):
        accounts.set_role("niemand", Role.ADMIN)


def test_a_role_is_another_afterwards(accounts: SqlAccountStore, oezlem: Account) -> None:
    assert accounts.set_role("Oezlem", Role.ADMIN).role is Role.ADMIN
    assert accounts.get("oezlem").role is Role.ADMIN


def test_what_is_over_is_removed(
    database: Database, store: SqlSessionStore, oezlem: Account, clock: Clock
) -> None:
    for _ in range(3):
        store.start(oezlem, "x")
    clock.now += IDLE + timedelta(seconds=1)
    store.start(oezlem, "y")
    with database.read() as connection:
        assert connection.execute(text("SELECT device FROM session")).scalars().all() == ["y"]


def test_tokens_are_not_in_the_database(
    database: Database, store: SqlSessionStore, oezlem: Account, tmp_path: Path
) -> None:
    token = store.start(oezlem, "x")
    with database.read() as connection:
        kept = connection.execute(text("SELECT * FROM session")).all()
    assert token not in str(kept)
    assert not any(token.encode() in path.read_bytes() for path in tmp_path.glob("*.sqlite*"))
