"""What is asked of every engine: one small Protocol, the tasks and their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kb.model import IndexEntry

# How many hits a page shows; every engine hands over their id, title and text.
PAGE = 10


class Task(StrEnum):
    """A kind of question; the value is its name in the raw results."""

    WORDS = "words"
    FILTERED = "filtered"
    QUESTION = "question"
    PHRASE = "phrase"
    PREFIX = "prefix"
    CORRECTION = "correction"
    SNIPPETS = "snippets"


# What a German reader calls them, in the order of the tables.
TASK_LABELS: Mapping[Task, str] = {
    Task.WORDS: "Wörter",
    Task.FILTERED: "Wörter mit Filter und Facetten",
    Task.QUESTION: "ganze Fragen",
    Task.PHRASE: "Wortfolge in Anführungszeichen",
    Task.PREFIX: "Wortanfang mit Stern",
    Task.CORRECTION: "Wörter mit Tippfehler",
    Task.SNIPPETS: "Wörter mit Auszügen",
}

ALL_TASKS = frozenset(Task)


@dataclass(frozen=True, slots=True)
class BenchQuery:
    """One question as a person types it.

    ``plain`` is the text without quotation marks and stars, for engines whose queries are not typed.
    ``filters`` maps facet names to wanted values: any value of a facet, all facets.
    """

    task: Task
    text: str
    plain: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def wants_facets(self) -> bool:
        """Whether counts per facet value are part of the answer."""
        return self.task is Task.FILTERED

    @property
    def wants_snippets(self) -> bool:
        """Whether each hit comes with marked words in their context."""
        return self.task is Task.SNIPPETS


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a page."""

    id: str
    title: str
    text: str
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The number of all hits, the first page, and the counts of ``facets`` where they were asked for."""

    total: int
    hits: tuple[Found, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


# Told how many documents are in.
Listener = Callable[[int], None]


class Engine(Protocol):
    """A search engine in a folder of its own.

    ``tasks`` are the tasks that it can do at all; ``updatable`` says whether a document can be added
    without building anew. Analysis is part of every time: ``fill`` and ``search`` get plain text.
    """

    tasks: frozenset[Task]
    updatable: bool

    def fill(self, entries: Iterable[IndexEntry], listen: Listener) -> None:
        """Build the index from nothing, on disk, ready to be opened; entries may be gone through again."""

    def open(self) -> None:
        """Make ready for searches."""

    def search(self, query: BenchQuery) -> Answer:
        """Answer one question of ``tasks``."""

    def add(self, entry: IndexEntry) -> None:
        """Add one document and make it visible to the next search."""

    def close(self) -> None:
        """Give back files and threads."""


# Engines are made from the folder that is theirs alone.
EngineMaker = Callable[[Path], Engine]
