"""What the engine aims at, and by how much a run reached or missed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.engine import TASK_LABELS, Task
from benchmarks.engines import COMPARED
from benchmarks.figures import grouped
from benchmarks.results import EngineResult, SizeResult, percentile

# The aims are set for this many documents; a smaller run shows where it stands.
AIMED_AT = COMPARED
# Tasks for which a page is to be as fast as tantivy's, and how many times its time another may take.
_AS_FAST = {task: 2.0 if task is Task.PHRASE else 1.0 for task in TASK_LABELS}
# Beyond the aims' number of documents half of the answers may take so many times as long.
_LARGE = 500_000
_GROWTH = 5.0


@dataclass(frozen=True, slots=True)
class Aim:
    """``found`` is to be at most ``limit``, or at least where ``at_least``; ``unit`` follows the numbers."""

    label: str
    limit: float
    found: float
    unit: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether it was."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit

    @property
    def missed_by(self) -> float:
        """The factor that is missing; 1 or less where the aim was reached."""
        if self.at_least:
            return self.limit / self.found if self.found else float("inf")
        return self.found / self.limit


def aims(size: SizeResult) -> list[Aim]:
    """The aims that these engines allow to judge."""
    ours = size.engines.get("ours")
    return list(_aims(size, ours)) if ours is not None else []


def _aims(size: SizeResult, ours: EngineResult) -> Iterator[Aim]:
    tantivy = size.engines.get("tantivy")
    if tantivy is not None:
        yield from _beside_tantivy(ours, tantivy)
    yield Aim("Arbeitsspeicher eines Servers", 600, ours.memory.resident / 1e6, "MB")
    if ours.visible_ms:
        yield Aim("ein neues Dokument ist zu finden (Median)", 1000, percentile(ours.visible_ms, 0.5), "ms")
    if size.worst:
        yield Aim("die schlimmste Eingabe", 100, max(one.longest_ms for one in size.worst), "ms")


def whoosh_aims(sizes: Sequence[SizeResult]) -> Iterator[Aim]:
    """Beside plain Whoosh, with as many documents as it was measured with."""
    for size in [size for size in sizes if {"ours", "whoosh"} <= size.engines.keys()][-1:]:
        ours, whoosh = size.engines["ours"], size.engines["whoosh"]
        label = f"{grouped(size.documents)} Dokumente, so viel schneller als Whoosh"
        own, other = ours.tasks.get(Task.FILTERED), whoosh.tasks.get(Task.FILTERED)
        if own is not None and other is not None:
            task = TASK_LABELS[Task.FILTERED]
            yield Aim(f"{label}: {task}, p50", 20, other.p50 / own.p50, "×", at_least=True)
        yield Aim(f"{label}: Indexieren", 2, whoosh.build.seconds / ours.build.seconds, "×", at_least=True)


def _beside_tantivy(ours: EngineResult, tantivy: EngineResult) -> Iterator[Aim]:
    """Multiples of tantivy's figures."""
    for task, limit in _AS_FAST.items():
        own, other = ours.tasks.get(task), tantivy.tasks.get(task)
        if own is not None and other is not None:
            label = f"{TASK_LABELS[task]}, neben tantivy"
            yield Aim(f"{label}: p50", limit, own.p50 / other.p50, "×")
            yield Aim(f"{label}: p95", limit, own.p95 / other.p95, "×")
    ratio = tantivy.build.seconds / ours.build.seconds
    yield Aim("Indexieren: Dokumente je Sekunde neben tantivy", 1, ratio, "×", at_least=True)
    yield Aim("Größe des Index neben tantivy", 2.3, ours.build.disk / tantivy.build.disk, "×")


def growth_aims(judged: SizeResult, large: SizeResult) -> Iterator[Aim]:
    """What is aimed at for half a million documents."""
    before, after = judged.engines.get("ours"), large.engines.get("ours")
    if before is None or after is None or large.documents < _LARGE:
        return
    label = f"{grouped(large.documents)} Dokumente"
    yield Aim(f"{label}: offen", 1, after.memory.opened_seconds, "s")
    for task, name in TASK_LABELS.items():
        if task in before.tasks and task in after.tasks:
            found = after.tasks[task].p50 / before.tasks[task].p50
            yield Aim(f"{label}, {name}: p50 gegen {grouped(judged.documents)}", _GROWTH, found, "×")
