"""A whole run: for each number of documents build all engines, ask them in turns, measure, clean up."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Protocol

import kb
from benchmarks.documents import Text, make_entries, save_entries
from benchmarks.engine import TASK_LABELS, BenchQuery, Engine, Task
from benchmarks.engines import COMPARED, ENGINES, make_engine
from benchmarks.questions import Sampler
from benchmarks.results import BuildResult, EngineResult, MemoryResult, Run, SizeResult, TaskResult, WorstResult
from benchmarks.timing import Turns, measure_additions, measure_task, measure_worst
from benchmarks.worker import analyse_elsewhere, build_elsewhere, save_questions, serve_elsewhere
from kb.model import IndexEntry

# Asked before the measuring, of every task, so that files are open and caches not empty.
_WARM_UP = 5
# What a server has answered before its memory is looked at.
_SERVED = 200


class Display(Protocol):
    """Where progress is shown."""

    def begin(self, label: str, total: int) -> Callable[[int], None]:
        """A new piece of work; returns what is to be told how much is done."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What to measure.

    ``engines`` are keys, ours first; ``sizes`` numbers of documents; ``questions`` how many a task;
    ``folder`` is worked in; ``data`` says what is searched, for people.
    """

    engines: tuple[str, ...]
    sizes: tuple[int, ...]
    questions: int
    turns: Turns
    folder: Path
    data: str


def run_benchmarks(
    texts: Sequence[Text],
    options: RunOptions,
    display: Display,
    keep: Callable[[Run], None],
    earlier: Run | None = None,
) -> Run:
    """Measure all sizes; ``keep`` gets the results so far after each, an interruption loses only one.

    Sizes that an ``earlier`` run measured are taken from it, where all else is the same.
    """
    run = Run(
        machine=describe_machine(),
        data=options.data,
        repetitions=options.turns.repetitions,
        questions=options.questions,
        versions={key: engine_version(key) for key in options.engines},
    )
    if earlier is not None and replace(earlier, sizes=()) == run:
        run = earlier
    for size in sorted({*options.sizes} - {one.documents for one in run.sizes}):
        found = _SizeRun(options, display, options.folder / str(size)).measure(texts, size)
        run = replace(run, sizes=tuple(sorted((*run.sizes, found), key=lambda one: one.documents)))
        keep(run)
    return run


@dataclass(frozen=True, slots=True)
class _SizeRun:
    options: RunOptions
    display: Display
    folder: Path

    def measure(self, texts: Sequence[Text], size: int) -> SizeResult:
        """One number of documents; the folder is removed at the end, however it ends."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        try:
            return self._measure(make_entries(texts, size), max(0, size - len(texts)))
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _measure(self, entries: Sequence[IndexEntry], recombined: int) -> SizeResult:
        save_entries(entries, self.folder / "documents.jsonl")
        drawn = Sampler(entries).questions(self.options.questions + _WARM_UP)
        keys = [key for key in self.options.engines if len(entries) <= ENGINES[key].largest]
        analysis = 0.0
        if len(entries) <= COMPARED:
            listen = self.display.begin("Analyse", len(entries))
            analysis = analyse_elsewhere(self.folder / "documents.jsonl", listen)
        builds = self._build_all(keys, len(entries))
        memories = self._serve_all(keys, drawn)
        with ExitStack() as stack:
            engines: dict[str, Engine] = {}
            for key in keys:
                engines[key] = engine = make_engine(key, self._index(key))
                engine.open()
                stack.callback(engine.close)
            tasks = self._ask_all(engines, drawn)
            worst: tuple[WorstResult, ...] = measure_worst(engines["ours"]) if "ours" in engines else ()
            visible = measure_additions(engines, len(entries))
        return SizeResult(
            documents=len(entries),
            recombined=recombined,
            mean_chars=fmean(len(entry.title) + 1 + len(entry.text) for entry in entries),
            analysis_seconds=analysis,
            engines={
                key: EngineResult(builds[key], memories[key], tasks[key], visible.get(key, ())) for key in keys
            },
            worst=worst,
        )

    def _index(self, key: str) -> Path:
        return self.folder / key

    def _build_all(self, keys: Sequence[str], size: int) -> dict[str, BuildResult]:
        return {
            key: build_elsewhere(
                key,
                self._index(key),
                self.folder / "documents.jsonl",
                self.display.begin(f"{ENGINES[key].label}: Index", size),
            )
            for key in keys
        }

    def _serve_all(
        self, keys: Sequence[str], drawn: Mapping[Task, Sequence[BenchQuery]]
    ) -> dict[str, MemoryResult]:
        """Words with filters and facets, and where there are too few, the other tasks."""
        ordered = [*drawn[Task.FILTERED], *drawn[Task.WORDS], *drawn[Task.QUESTION], *drawn[Task.SNIPPETS]]
        save_questions((ordered * _SERVED)[:_SERVED], self.folder / "served.json")
        listen = self.display.begin("Arbeitsspeicher", len(keys))
        found = {}
        for number, key in enumerate(keys, start=1):
            found[key] = serve_elsewhere(key, self._index(key), self.folder / "served.json")
            listen(number)
        return found

    def _ask_all(
        self, engines: Mapping[str, Engine], drawn: Mapping[Task, Sequence[BenchQuery]]
    ) -> dict[str, dict[str, TaskResult]]:
        found: dict[str, dict[str, TaskResult]] = {key: {} for key in engines}
        turns = self.options.turns
        for task, questions in drawn.items():
            asked, warm_up = questions[: self.options.questions], questions[self.options.questions :]
            if not asked:
                continue
            able = sum(task in engine.tasks for engine in engines.values())
            counter = _Counter(self.display.begin(TASK_LABELS[task], len(asked) * turns.repetitions * able))
            for key, result in measure_task(engines, asked, turns, counter, warm_up=warm_up).items():
                found[key][task] = result
        return found


@dataclass(slots=True)
class _Counter:
    listen: Callable[[int], None]
    done: int = 0

    def __call__(self) -> None:
        self.done += 1
        self.listen(self.done)


def engine_version(key: str) -> str:
    """The version of an engine's library."""
    package = ENGINES[key].package
    if package == "fundstelle":
        return kb.__version__
    return sqlite3.sqlite_version if package == "sqlite3" else version(package)


def describe_machine() -> str:
    """Cores, memory and Python: what matters, and nothing that names the machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    noun = "Kern" if cores == 1 else "Kerne"
    return f"{cores} {noun}, {memory:.0f} GB Arbeitsspeicher, Python {platform.python_version()}"
