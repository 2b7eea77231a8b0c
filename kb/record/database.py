"""Opening the record's database and bringing its tables up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from kb.corpus.atomic import exclusive_lock
from kb.errors import ConfigurationError, RecordError
from kb.private import private_file, private_folder

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 15
# Any number, as long as no other program takes the same advisory lock in the same PostgreSQL database.
_POSTGRES_LOCK = 7_264_001


class Database:
    """An engine whose tables are those of this version.

    SQLite runs in WAL mode, so that readers and one writer do not wait for each other. Connections are
    not pooled: the site's workers are forked, and a connection must not cross a fork.
    """

    def __init__(self, url: str, *, state_dir: Path) -> None:
        self._state_dir = state_dir
        self.url = _parse(url, state_dir)
        if self.url.get_backend_name() == "sqlite":
            _make_private(state_dir, self.url)
        try:
            self.engine = create_engine(self.url, poolclass=NullPool)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise ConfigurationError(
                f"für diese Datenbank fehlt ein Modul ({error})",
                subject="KB_DATABASE_URL",
                remedy="pip install 'fundstelle[postgres]'",
            ) from error
        if self.url.get_backend_name() == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_immediately)
        self._migrate()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction; leaves nothing behind when the block fails.

        Raises:
            RecordError: the database cannot be reached or refuses.
        """
        with _translated(self.url), self.engine.begin() as connection:
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
        """Run pending migrations, one process at a time."""
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with _translated(self.url), self._migration_lock(), self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

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


def _parse(url: str, state_dir: Path) -> URL:
    """An empty URL is SQLite under ``var/state``; plain ``postgresql://`` gets the extra's driver."""
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


def _begin_immediately(connection: Connection) -> None:
    """Take SQLite's write lock at once: a reader that turns writer would be refused instead of waiting."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _translated(url: URL) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise RecordError(
            "ein anderer Vorgang richtet die Datenbank ein", remedy="kurz warten und wiederholen"
        ) from error
    except SQLAlchemyError as error:
        shown = url.render_as_string(hide_password=True)
        first = str(getattr(error, "orig", error)).splitlines()[0][:200]
        raise RecordError(f"die Datenbank antwortet nicht wie erwartet ({first})", subject=shown) from error
