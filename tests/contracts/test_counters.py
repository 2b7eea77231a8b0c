"""What every storage of counters must do: those of `limits`, and ours on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from limits import parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import text

from kb.record import Database, RecordCounters, counters
from kb.record.counters import SCHEME
from tests.contracts.conftest import opened


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, start: float) -> None:
        self.now = start

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(1_800_000_000.0)
    monkeypatch.setattr(counters, "_now", clock)
    monkeypatch.setattr("limits.storage.memory.time.time", clock)
    return clock


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.database)])
def storage(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> Iterator[Storage]:
    if request.param == "memory":
        memory = MemoryStorage()
        yield memory
        memory.timer.join()
        return
    with opened(request.param, request, tmp_path) as database:
        yield RecordCounters(database=database)


def test_a_counter_counts_until_it_ends(storage: Storage, clock: Clock) -> None:
    assert (storage.get("a"), storage.get_expiry("a")) == (0, clock.now)
    assert [storage.incr("a", 60), storage.incr("a", 60, amount=3), storage.incr("b", 10)] == [1, 4, 1]
    end = clock.now + 60
    clock.now += 30
    assert storage.incr("a", 60) == 5
    assert (storage.get("a"), storage.get_expiry("a")) == (5, end), "counting on does not put off the end"
    assert (storage.get("b"), storage.get_expiry("b")) == (0, clock.now)
    clock.now = end
    assert storage.get("a") == 0
    assert storage.incr("a", 60) == 1
    assert storage.get_expiry("a") == end + 60


def test_counters_are_forgotten_one_or_all(storage: Storage) -> None:
    for key in ("a", "b", "c"):
        storage.incr(key, 60)
    storage.clear("a")
    storage.clear("nie gezählt")
    assert [storage.get(key) for key in ("a", "b")] == [0, 1]
    assert storage.reset() == 2
    assert storage.get("b") == 0
    assert storage.check()


def test_many_at_once_are_all_counted(storage: Storage) -> None:
    seen: list[int] = []
    together(lambda: seen.append(storage.incr("a", 60)))
    assert sorted(seen) == list(range(1, 9))


def together(step: Callable[[], object]) -> None:
    threads = [threading.Thread(target=step) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_strategy_of_fixed_windows_works_with_it(storage: Storage, clock: Clock) -> None:
    limiter, item = FixedWindowRateLimiter(storage), parse("3 per 10 seconds")
    assert [limiter.hit(item, "x") for _ in range(4)] == [True, True, True, False]
    assert not limiter.test(item, "x")
    assert limiter.test(item, "y")
    assert limiter.get_window_stats(item, "x").remaining == 0
    clock.now += 10
    assert limiter.hit(item, "x")


def test_what_ended_is_deleted(database: Database, clock: Clock) -> None:
    storage = RecordCounters(database=database)
    for number in range(5):
        storage.incr(f"alt {number}", 60)
    clock.now += 60
    storage.incr("neu", 60)
    with database.read() as connection:
        assert connection.execute(text("SELECT key FROM counter")).scalars().all() == ["neu"]


def test_two_processes_count_together(database: Database, tmp_path: Path) -> None:
    again = Database(database.url.render_as_string(hide_password=False), state_dir=tmp_path)
    assert RecordCounters(database=database).incr("a", 60) == 1
    assert RecordCounters(database=again).incr("a", 60) == 2


def test_asking_waits_for_no_writer(database: Database) -> None:
    storage = RecordCounters(database=database)
    storage.incr("a", 60)
    with database.begin() as connection:
        connection.execute(text("UPDATE counter SET count = 9"))
        assert storage.get("a") == 1


def test_limits_makes_it_by_its_address(database: Database) -> None:
    made = storage_from_string(f"{SCHEME}://", database=database)  # type: ignore[arg-type]
    assert isinstance(made, RecordCounters)
    assert made.check()
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE counter RENAME TO weg"))
    assert not made.check()
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE weg RENAME TO counter"))
