"""What is known of printed pages, as ``data/print.toml`` says it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FILE = files("crawler.extract.data") / "print.toml"


@dataclass(frozen=True, slots=True)
class DateWords:
    """What words beside a date say of it, case folded."""

    labels: frozenset[str]
    fillers: frozenset[str]
    others: frozenset[str]
    issues: frozenset[str]
    invitations: frozenset[str]


@dataclass(frozen=True, slots=True)
class PrintedMarks:
    """As the comments of the data file explain it; words are case folded."""

    bullets: str
    unsure_bullets: str
    typed_bullets: tuple[str, ...]
    symbol_fonts: tuple[str, ...]
    weights: Mapping[str, int]
    contents: frozenset[str]
    page_labels: frozenset[str]
    reader_requests: tuple[str, ...]
    dates: DateWords


@cache
def marks() -> PrintedMarks:
    """The data file, read once."""
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    bullets = tables["bullets"]
    return PrintedMarks(
        bullets=bullets["sure"],
        unsure_bullets=bullets["unsure"],
        typed_bullets=tuple(bullets["typed"]),
        symbol_fonts=tuple(bullets["symbol_fonts"]),
        weights=tables["weights"],
        contents=frozenset(heading.casefold() for heading in tables["contents"]["headings"]),
        page_labels=frozenset(label.casefold() for label in tables["running"]["page_labels"]),
        reader_requests=tuple(words.casefold() for words in tables["forms"]["reader_requests"]),
        dates=DateWords(**{name: frozenset(words) for name, words in tables["dates"].items()}),
    )
