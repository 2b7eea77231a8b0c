"""Whether a database is sound: looked at without changing it, for ``kb doctor``."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.pool import NullPool

from kb.record.database import newest_revision, open_engine, parse_url, revision_of, translated
from kb.record.tables import Base

# A database has either a handful of mistakes or countless ones.
_SHOWN_MISTAKES = 5
_BUSY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found. ``damaged`` names the first mistakes; whether a ``busy`` one is, nobody can tell."""

    state: Literal["missing", "empty", "sound", "old", "new", "damaged", "busy"]
    name: str
    damaged: str = ""


def examine_record(url: str, state_dir: Path) -> Examined:
    """Look at the record's database, every page of it where it is SQLite's.

    Raises:
        ConfigurationError: the address is none, or a module is missing.
        RecordError: PostgreSQL cannot be reached.
    """
    parsed = parse_url(url, state_dir)
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite":
        file = Path(parsed.database or "")
        found = examine_file(file)
        if found.state != "sound":
            return found
        engine = create_engine("sqlite://", creator=lambda: _connect(file), poolclass=NullPool)
        shown = str(file)
    else:
        engine = open_engine(parsed)
    with translated(parsed), engine.connect() as connection:
        return _examine_tables(connection, shown)


def examine_file(file: Path) -> Examined:
    """Look at every page of an SQLite file."""
    name = str(file)
    if not os.path.lexists(file):
        return Examined("missing", name)
    try:
        if file.stat().st_size == 0:
            return Examined("empty", name)
        with closing(_connect(file)) as connection:
            lines = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_SHOWN_MISTAKES})")]
            lines = [line for text in lines for line in str(text).splitlines() if not line.startswith("***")]
            if lines != ["ok"]:
                return Examined("damaged", name, "; ".join(lines[:_SHOWN_MISTAKES])[:300])
            loose = connection.execute("PRAGMA foreign_key_check").fetchall()
            if loose:
                tables = ", ".join(sorted({str(row[0]) for row in loose}))
                return Examined("damaged", name, f"{len(loose)} Zeilen gehören zu nichts ({tables})")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Examined("busy", name)
        return Examined("damaged", name, str(error))
    except (sqlite3.Error, OSError) as error:
        return Examined("damaged", name, str(error))
    return Examined("sound", name)


def _connect(file: Path) -> sqlite3.Connection:
    """Open for reading alone. Where nothing may be written beside the file, nobody else is writing either."""
    where = f"file:{quote(str(file.absolute()))}?mode=ro"
    if not os.access(file.parent, os.W_OK):
        where += "&immutable=1"
    return sqlite3.connect(where, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _examine_tables(connection: Connection, name: str) -> Examined:
    revision = revision_of(connection)
    if revision is None:
        return Examined("empty", name)
    if revision != newest_revision():
        return Examined("old" if revision < newest_revision() else "new", name)
    gone = set(Base.metadata.tables) - set(inspect(connection).get_table_names())
    if gone:
        return Examined("damaged", name, f"Tabellen fehlen: {', '.join(sorted(gone))}")
    return Examined("sound", name)
