"""The engines of the comparison, each in its own file; to add one, write it and name it here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, cast

from benchmarks.engine import Engine, EngineMaker

# Up to this many documents all engines but Whoosh are measured, and the aims are set for as many.
COMPARED = 50_000


class EngineInfo(NamedTuple):
    """``module`` holds a class ``cls``; ``package`` is what must be installed, whose version is reported.

    With more than ``largest`` documents an engine is not measured: building it would take an hour, or a
    question seconds.
    """

    label: str
    module: str
    cls: str
    package: str
    largest: int = 1_000_000


# Key in results and on the command line → engine; ours first: all ratios are against it.
ENGINES: Mapping[str, EngineInfo] = {
    "ours": EngineInfo("Fundstelle", "benchmarks.engines.ours", "Ours", "fundstelle"),
    "tantivy": EngineInfo("tantivy", "benchmarks.engines.tantivy_engine", "Tantivy", "tantivy"),
    "bm25s": EngineInfo("bm25s", "benchmarks.engines.bm25s_engine", "Bm25s", "bm25s", COMPARED),
    "sqlite": EngineInfo("SQLite FTS5", "benchmarks.engines.sqlite_fts", "SqliteFts", "sqlite3", COMPARED),
    "whoosh": EngineInfo("Whoosh", "benchmarks.engines.plain_whoosh", "PlainWhoosh", "whoosh", 10_000),
}


def make_engine(key: str, folder: Path) -> Engine:
    """The engine over a folder; loads its library."""
    info = ENGINES[key]
    return cast("EngineMaker", getattr(import_module(info.module), info.cls))(folder)


def is_installed(key: str) -> bool:
    """Whether the engine's library can be imported."""
    package = ENGINES[key].package
    return package == "fundstelle" or find_spec(package) is not None
