"""What a run found, in numbers alone: frozen records, written as JSON and read again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One engine at one task.

    ``times`` holds milliseconds: a row a question, in it one number a repetition, in the order measured.
    Rows end early, and questions are missing, where the engine's time was up. ``hits`` counts the hits of
    all questions; ``agreement`` is the mean share of our first ten that are among this engine's.
    """

    times: tuple[tuple[float, ...], ...]
    hits: int
    agreement: float

    @property
    def per_question(self) -> list[float]:
        """Each question's median over the repetitions: what a disturbance of the machine does not move."""
        return [median(row) for row in self.times]

    @property
    def first_times(self) -> list[float]:
        """Each question as it was asked for the first time."""
        return [row[0] for row in self.times]

    @property
    def p50(self) -> float:
        """Half of the questions take longer; milliseconds."""
        return percentile(self.per_question, 0.5)

    @property
    def p95(self) -> float:
        """One question in twenty takes longer; milliseconds."""
        return percentile(self.per_question, 0.95)

    @property
    def mean_hits(self) -> float:
        """Hits a question."""
        return self.hits / len(self.times)


@dataclass(frozen=True, slots=True)
class BuildResult:
    """Building in a process of its own: seconds, bytes on disk, the peak memory in bytes of the process and
    of the largest of those that help it."""

    seconds: float
    disk: int
    peak_memory: int


@dataclass(frozen=True, slots=True)
class MemoryResult:
    """A server's process after its questions: resident bytes, and those shared with no other process; before
    them the seconds until it was open, its libraries included."""

    resident: int
    private: int
    opened_seconds: float


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One engine over one number of documents; ``visible_ms`` are times until an added document was found."""

    build: BuildResult
    memory: MemoryResult
    tasks: Mapping[str, TaskResult] = field(default_factory=dict)
    visible_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class WorstResult:
    """An input meant to hurt: its label, the longest of several answers in milliseconds, and what came."""

    label: str
    longest_ms: float
    outcome: str


@dataclass(frozen=True, slots=True)
class SizeResult:
    """All engines over the same documents; ``recombined`` documents were made of the others' passages.

    ``analysis_seconds`` is 0 where it was not measured.
    """

    documents: int
    recombined: int
    mean_chars: float
    analysis_seconds: float
    engines: Mapping[str, EngineResult]
    worst: tuple[WorstResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run. ``machine`` and ``versions`` are for people; ``data`` says what was searched."""

    machine: str
    data: str
    repetitions: int
    questions: int
    versions: Mapping[str, str]
    sizes: tuple[SizeResult, ...] = ()


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no percentile of nothing")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def save_run(run: Run, path: Path) -> None:
    """Write the raw results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(run), ensure_ascii=False), "utf-8")


def load_run(path: Path) -> Run:
    """Read what ``save_run`` wrote."""
    fields = json.loads(path.read_text("utf-8"))
    return Run(**fields | {"sizes": tuple(_size(one) for one in fields["sizes"])})


def _size(fields: dict[str, Any]) -> SizeResult:
    engines = {key: _engine(one) for key, one in fields["engines"].items()}
    worst = tuple(WorstResult(**one) for one in fields["worst"])
    return SizeResult(**fields | {"engines": engines, "worst": worst})


def _engine(fields: dict[str, Any]) -> EngineResult:
    tasks = {
        key: TaskResult(tuple(tuple(row) for row in one["times"]), one["hits"], one["agreement"])
        for key, one in fields["tasks"].items()
    }
    return EngineResult(
        BuildResult(**fields["build"]), MemoryResult(**fields["memory"]), tasks, tuple(fields["visible_ms"])
    )
