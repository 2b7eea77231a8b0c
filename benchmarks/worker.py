"""Work in a process of its own: building an index, and being the server whose memory is measured.

``python -m benchmarks.worker build|serve|analyse …`` speaks JSON Lines on standard output: numbers are
documents done, the last line is the result.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from benchmarks.documents import SavedEntries
from benchmarks.engine import BenchQuery, Listener, Task
from benchmarks.engines import make_engine
from benchmarks.fields import FieldAnalysis, learn_splitter
from benchmarks.results import BuildResult, MemoryResult

_ROOT = Path(__file__).parents[1]
# Linux counts the peak in kilobytes, macOS in bytes.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
_LISTEN_EVERY = 500


class WorkerError(Exception):
    """The process ended without a result; says what it wrote last."""


def build_elsewhere(key: str, folder: Path, documents: Path, listen: Listener) -> BuildResult:
    """Build an engine's index in a new process."""
    return BuildResult(**_run(["build", key, str(folder), str(documents)], listen))


def serve_elsewhere(key: str, folder: Path, questions: Path) -> MemoryResult:
    """The memory of a new process that opened the index and answered the questions."""
    return MemoryResult(**_run(["serve", key, str(folder), str(questions)], lambda done: None))


def analyse_elsewhere(documents: Path, listen: Listener) -> float:
    """Seconds that the analysis of the three fields takes alone."""
    return float(_run(["analyse", "", "", str(documents)], listen)["seconds"])


def save_questions(questions: Iterable[BenchQuery], path: Path) -> None:
    """For the process that serves."""
    path.write_text(json.dumps([asdict(one) for one in questions], ensure_ascii=False), "utf-8")


def load_questions(path: Path) -> list[BenchQuery]:
    """What ``save_questions`` wrote."""
    return [
        BenchQuery(
            Task(one["task"]),
            one["text"],
            one["plain"],
            {facet: tuple(values) for facet, values in one["filters"].items()},
        )
        for one in json.loads(path.read_text("utf-8"))
    ]


def _run(arguments: Sequence[str], listen: Listener) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.worker", *arguments]
    last: object = None
    # Complaints go to a file: a full pipe that nobody reads would stop the process.
    with TemporaryFile("w+") as complaints:
        with subprocess.Popen(
            command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=complaints, text=True
        ) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    last = json.loads(line)
                    if isinstance(last, int):
                        listen(last)
            except BaseException:
                process.terminate()
                raise
        complaints.seek(0)
        if process.returncode or not isinstance(last, dict):
            said = complaints.read().strip().splitlines()
            raise WorkerError(f"{' '.join(arguments[:2])}: {said[-1] if said else 'no result'}")
    return last


def _build(key: str, folder: Path, documents: Path) -> dict[str, object]:
    entries = SavedEntries(documents)
    engine = make_engine(key, folder)
    started = time.perf_counter()
    engine.fill(entries, _say)
    seconds = time.perf_counter() - started
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    # Of processes that help, the system tells the largest one's.
    users = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = sum(resource.getrusage(one).ru_maxrss for one in users) * _PEAK_UNIT
    return asdict(BuildResult(seconds, disk, peak))


def _serve(key: str, folder: Path, questions: Path) -> dict[str, object]:
    import psutil

    started = time.perf_counter()
    engine = make_engine(key, folder)
    engine.open()
    opened = time.perf_counter() - started
    for query in load_questions(questions):
        if query.task in engine.tasks:
            engine.search(query)
    memory = psutil.Process().memory_full_info()
    engine.close()
    return asdict(MemoryResult(int(memory.rss), int(memory.uss), opened))


def _analyse(_key: str, _folder: Path, documents: Path) -> dict[str, object]:
    entries = SavedEntries(documents)
    started = time.perf_counter()
    analysis = FieldAnalysis(learn_splitter(entry.text for entry in entries))
    for number, entry in enumerate(entries, start=1):
        analysis.analysed_fields(f"{entry.title}\n{entry.text}")
        if number % _LISTEN_EVERY == 0:
            _say(number)
    return {"seconds": time.perf_counter() - started}


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)


_WORKS: dict[str, Callable[[str, Path, Path], dict[str, object]]] = {
    "build": _build,
    "serve": _serve,
    "analyse": _analyse,
}

if __name__ == "__main__":
    work, engine_key, where, file = sys.argv[1:]
    try:
        _say(_WORKS[work](engine_key, Path(where), Path(file)))
    except KeyboardInterrupt:
        sys.exit(130)
