"""Opening the record's database and bringing its tables up to date."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from kb.corpus.atomic import exclusive_lock
from kb.errors import ConfigurationError, RecordError
from kb.private import private_file, private_folder

_MIGRATIONS = Path(__file__).parent / "migrations"
_REVISIONS = "alembic_version"
_BUSY_SECONDS = 15
# Any number, as long as no other program takes the same advisory lock in the same PostgreSQL database.
_POSTGRES_LOCK = 7_264_001
# How SQLite and PostgreSQL (by its codes 53100 and 25006) say that they cannot write.
_FULL = ("database or disk is full", "'C': '53100'")
# How SQLite says that what it reads is no database of its own, or no longer.
_DAMAGED = ("malformed", "file is not a database", "file is encrypted")
# What SQLite says, even to those who read, where it cannot make the files beside its database.
_NO_FILE = ("disk I/O error", "unable to open database file")
_LEAST_ROOM_BYTES = 100_000
_READ_ONLY = ("readonly database", "'C': '25006'")


class Database:
    """An engine whose tables are those of this version.

    SQLite runs in WAL mode, so that readers and one writer do not wait for each other. Connections are
    not pooled: the site's workers are forked, and a connection must not cross a fork.
    """

    def __init__(self, url: str, *, state_dir: Path) -> None:
        self._state_dir = state_dir
        self.url = parse_url(url, state_dir)
        if self.url.get_backend_name() == "sqlite":
            _make_private(state_dir, self.url)
        self.engine = open_engine(self.url)
        if self.url.get_backend_name() == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "begin", _begin_postgres)
        self._reading = self.engine.execution_options(postgresql_readonly=True, fundstelle="reading")
        self._hasty = self.engine.execution_options(fundstelle="hasty")
        self._migrate()

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction that writes, one at a time in SQLite; leaves nothing behind when the block fails.

        What need not be ``durable`` waits for no disk, and a power failure may take back its last seconds.

        Raises:
            RecordError: the database cannot be reached or refuses.
        """
        with translated(self.url), (self.engine if durable else self._hasty).begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: it waits for no writer, and what it tries to write is refused.

        Raises:
            RecordError: the database cannot be reached or refuses.
        """
        with translated(self.url), self._reading.begin() as connection:
            yield connection

    def compact(self) -> None:
        """Leave nothing of deleted rows in SQLite's files; PostgreSQL's operator has ``VACUUM`` for that."""
        if self.url.get_backend_name() != "sqlite":
            return
        database = self.url.database
        assert database is not None
        with closing(sqlite3.connect(database, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            try:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise RecordError(
                    f"die Datenbank lässt sich nicht verdichten ({error})",
                    subject=database,
                    remedy="wiederholen, wenn niemand schreibt",
                ) from error

    def _migrate(self) -> None:
        """Run pending migrations, one process at a time; without any, Alembic is not loaded."""
        if self._revision() == newest_revision():
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with translated(self.url), self._migration_lock(), self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _revision(self) -> str | None:
        """Which migration the tables come from; None where there are none. Waits for no writer."""
        with translated(self.url), self._reading.connect() as connection:
            return revision_of(connection)

    @contextmanager
    def _migration_lock(self) -> Iterator[None]:
        if self.url.get_backend_name() == "sqlite":
            with exclusive_lock(private_file(self._state_dir / ".migration.lock"), timeout=_BUSY_SECONDS):
                yield
            return
        with self.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _POSTGRES_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _POSTGRES_LOCK})


def newest_revision() -> str:
    """The number of the last migration, which is the first part of its file's name."""
    return max(path.name[1:5] for path in (_MIGRATIONS / "versions").glob("v[0-9]*_*.py"))


def open_engine(url: URL) -> Engine:
    """An engine without a pool: the site's workers are forked, and a connection must not cross a fork.

    Raises:
        ConfigurationError: the module is missing that speaks with such databases.
    """
    try:
        return create_engine(url, poolclass=NullPool)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ConfigurationError(
            f"für diese Datenbank fehlt ein Modul ({error})",
            subject="KB_DATABASE_URL",
            remedy="pip install 'fundstelle[postgres]'",
        ) from error


def revision_of(connection: Connection) -> str | None:
    """The number of the last migration that a database has seen; None where it has no tables yet."""
    if not inspect(connection).has_table(_REVISIONS):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {_REVISIONS}")).scalar()
    return found


def parse_url(url: str, state_dir: Path) -> URL:
    """An empty URL is SQLite under ``var/state``; plain ``postgresql://`` gets the extra's driver.

    Raises:
        ConfigurationError: it is no address of a database.
    """
    if not url:
        return URL.create("sqlite", database=str(state_dir / "record.sqlite"))
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            "das ist keine Datenbank-Adresse",
            subject="KB_DATABASE_URL",
            remedy="zum Beispiel postgresql://nutzer@host/name",
        ) from error
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+pg8000")
    return parsed


def _make_private(state_dir: Path, url: URL) -> None:
    """Folder and file, before SQLite makes either as the umask says; its further files are like this one."""
    try:
        private_folder(state_dir)
        if url.database and url.database != ":memory:":
            private_file(Path(url.database))
    except OSError as error:
        raise RecordError(
            f"der Ordner lässt sich nicht anlegen ({error.strerror})",
            subject=str(state_dir),
            remedy="Rechte prüfen",
        ) from error


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver's guess
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_SECONDS * 1000}",
        "synchronous=FULL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Writers take SQLite's lock at once: a reader that turns writer would be refused instead of waiting."""
    kind = connection.get_execution_options().get("fundstelle")
    if kind == "reading":
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
        return
    if kind == "hasty":
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get("fundstelle") == "hasty":
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Say what SQLAlchemy raises as a ``RecordError``."""
    try:
        yield
    except TimeoutError as error:
        raise RecordError(
            "ein anderer Vorgang richtet die Datenbank ein", remedy="kurz warten und wiederholen"
        ) from error
    except SQLAlchemyError as error:
        raise _record_error(error, url) from error


def _has_no_room(url: URL) -> bool:
    try:
        return shutil.disk_usage(Path(url.database or ".").parent).free < _LEAST_ROOM_BYTES
    except OSError:
        return False


def _record_error(error: SQLAlchemyError, url: URL) -> RecordError:
    """What the database said as one line with a remedy, where it is something that people can mend."""
    shown = url.render_as_string(hide_password=True)
    first = str(getattr(error, "orig", error)).splitlines()[0][:200]
    if any(sign in first for sign in _FULL) or (first in _NO_FILE and _has_no_room(url)):
        return RecordError(
            "der Datenträger der Datenbank ist voll", subject=shown, remedy="Platz schaffen und wiederholen"
        )
    if any(sign in first for sign in _READ_ONLY):
        return RecordError(
            "die Datenbank lässt sich nicht beschreiben",
            subject=shown,
            remedy="Rechte der Datei und ihres Ordners prüfen und wiederholen",
        )
    if any(sign in first for sign in _DAMAGED):
        return RecordError(
            "die Datenbank ist beschädigt",
            subject=shown,
            remedy="`kb doctor` nennt die Stelle und sagt, was zu tun ist",
        )
    # What the driver says may name hosts and files: it is for the log, with the subject.
    return RecordError(
        "die Datenbank antwortet nicht wie erwartet", subject=f"{shown} ({first})", remedy="das Protokoll lesen"
    )
