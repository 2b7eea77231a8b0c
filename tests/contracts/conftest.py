"""The record's database for every test of this folder: SQLite, and PostgreSQL where it is there."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from kb.record import Database
from kb.record.tables import Base
from tests.conftest import require


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


@contextmanager
def opened(kind: str, request: pytest.FixtureRequest, state_dir: Path) -> Iterator[Database]:
    """A new database of this kind, ``sqlite`` or ``postgres``; nothing of it is left afterwards."""
    if kind == "sqlite":
        yield Database("", state_dir=state_dir)
        return
    made = Database(request.getfixturevalue("postgres"), state_dir=state_dir)
    yield made
    with made.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.database)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request.param, request, tmp_path) as made:
        yield made
