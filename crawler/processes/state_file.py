"""The files in which crawls remember: opened and used so that every accident has a remedy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from kb.corpus.atomic import exclusive_lock
from kb.errors import StorageError
from kb.private import private_file

_SECONDS_TO_OPEN = 30.0


class StateFile:
    """One SQLite file; without a path it lasts as long as the object.

    Every statement is safe against a ``kill -9`` once it returned; a power failure may cost the last ones,
    which are then done again.

    Raises:
        StorageError: from every method, if the file cannot be read or written.
    """

    def __init__(self, file: Path | None, schema: str) -> None:
        self._file = file
        with self._accidents(), ExitStack() as opening:
            if file is not None:
                # Of two processes that make the file at once SQLite refuses one the change to WAL at once.
                lock = private_file(file.with_name(f"{file.name}.opening"))
                opening.enter_context(exclusive_lock(lock, timeout=_SECONDS_TO_OPEN))
                private_file(file)
            # Pages are read in a thread of their own, and what they led to is noted where they were asked for.
            self._connection = sqlite3.connect(
                file or ":memory:", isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(schema)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def do(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run one statement."""
        with self._accidents():
            self._connection.execute(statement, values)

    def do_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for many rows."""
        with self._accidents():
            self._connection.executemany(statement, rows)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Everything that a query gives."""
        with self._accidents(), closing(self._connection.execute(statement, values)) as cursor:
            return cursor.fetchall()

    def compact(self) -> None:
        """Leave nothing of deleted rows in the file."""
        self.do("VACUUM")
        self.do("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Everything in the block is kept, or nothing of it."""
        self.do("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self.do("COMMIT")

    @contextmanager
    def _accidents(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise StorageError(
                f"das Gedächtnis des Crawlers ist nicht benutzbar ({error})",
                subject=str(self._file or "im Arbeitsspeicher"),
                remedy="Platz und Rechte prüfen; eine beschädigte Datei löschen; dann wird alles neu gelesen",
            ) from error
