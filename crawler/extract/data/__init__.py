"""Which words does the extraction know? Lists that a linguist may edit; ``#`` starts a comment line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a data file without comments and blank ones."""
    text = (_HERE / name).read_text("utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """All white-space separated entries of a data file, case folded."""
    return frozenset(word.casefold() for line in lines(name) for word in line.split())


@cache
def entries(name: str) -> frozenset[str]:
    """All lines of a data file, case folded; an entry may hold spaces."""
    return frozenset(line.casefold() for line in lines(name))


@cache
def pairs(name: str) -> tuple[tuple[str, str], ...]:
    """The lines of a two-column file, split at the first tab."""
    split = (line.partition("\t") for line in lines(name))
    return tuple((left.strip(), right.strip()) for left, _, right in split)


@cache
def lists(name: str) -> Mapping[str, tuple[str, ...]]:
    """The lists of a TOML file by their names, case folded."""
    tables = tomllib.loads((_HERE / name).read_text("utf-8"))
    return {key: tuple(str(entry).casefold() for entry in value) for key, value in tables.items()}
