"""Counters that expire, in the record's database: how often somebody tried, for all workers together.

`limits` has storages for Redis, Valkey, Memcached and MongoDB; this one needs no further server.
"""

from __future__ import annotations

import time

from limits.storage import Storage
from sqlalchemy import Connection, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from kb.errors import RecordError
from kb.record.database import Database
from kb.record.tables import CounterRow

SCHEME = "fundstelle-record"


class RecordCounters(Storage):
    """A storage of `limits` for its strategy of fixed windows; asking takes no lock, counting a short one."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - as the base class declares it

    def __init__(self, uri: str = f"{SCHEME}://", *, database: Database, wrap_exceptions: bool = False) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._database = database

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a database that cannot be reached raises."""
        return RecordError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a counter and give its new value; a new one ends ``expiry`` seconds from now."""
        now = _now()
        with self._database.begin(durable=False) as connection:
            connection.execute(delete(CounterRow).where(CounterRow.expires_at <= now))
            _add(connection, key, amount, now + expiry, now)
            return int(connection.execute(select(CounterRow.count).where(CounterRow.key == key)).scalar_one())

    def get(self, key: str) -> int:
        """The value of a counter; 0 where there is none."""
        chosen = select(CounterRow.count).where(CounterRow.key == key, CounterRow.expires_at > _now())
        with self._database.read() as connection:
            return int(connection.execute(chosen).scalar() or 0)

    def get_expiry(self, key: str) -> float:
        """When a counter ends, in seconds since 1970; now where there is none."""
        now = _now()
        chosen = select(CounterRow.expires_at).where(CounterRow.key == key, CounterRow.expires_at > now)
        with self._database.read() as connection:
            return float(connection.execute(chosen).scalar() or now)

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            with self._database.read() as connection:
                connection.execute(select(func.count()).select_from(CounterRow))
        except RecordError:
            return False
        return True

    def reset(self) -> int:
        """Forget all counters; returns how many those were."""
        with self._database.begin() as connection:
            return connection.execute(delete(CounterRow)).rowcount

    def clear(self, key: str) -> None:
        """Forget a counter."""
        with self._database.begin() as connection:
            connection.execute(delete(CounterRow).where(CounterRow.key == key))


def _add(connection: Connection, key: str, amount: int, expires_at: float, now: float) -> None:
    """One statement, so that two at once are two; another's expired counter begins anew."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(CounterRow)
    is_over = CounterRow.expires_at <= now
    connection.execute(
        insert.values(key=key, count=amount, expires_at=expires_at).on_conflict_do_update(
            index_elements=[CounterRow.key],
            set_={
                "count": case((is_over, amount), else_=CounterRow.count + amount),
                "expires_at": case((is_over, expires_at), else_=CounterRow.expires_at),
            },
        )
    )


def _now() -> float:
    """Seconds since 1970; a function of its own, so that tests can move the clock."""
    return time.time()
