"""What the engine aims at, and by how much a run reached or missed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.engine import Task
from benchmarks.results import EngineResult, SizeResult, TaskResult, percentile

# The aims are set for this many documents; a smaller run shows where it stands.
AIMED_AT = 50_000


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
    whoosh = size.engines.get("whoosh")
    own, tantivys, whooshs = (_filtered(size.engines.get(key)) for key in ("ours", "tantivy", "whoosh"))
    if own and tantivys:
        yield Aim("Wörter mit Filter und Facetten, p95: höchstens wie tantivy", tantivys.p95, own.p95, "ms")
    if own and whooshs:
        label = "Wörter mit Filter und Facetten, p50: so viel schneller als Whoosh"
        yield Aim(label, 20, whooshs.p50 / own.p50, "×", at_least=True)
    if whoosh is not None:
        ratio = whoosh.build.seconds / ours.build.seconds
        yield Aim("Indexieren: so viel schneller als Whoosh", 2, ratio, "×", at_least=True)
    yield Aim("Arbeitsspeicher eines Servers", 600, ours.memory.resident / 1e6, "MB")
    if ours.visible_ms:
        yield Aim("ein neues Dokument ist zu finden (Median)", 1000, percentile(ours.visible_ms, 0.5), "ms")
    if size.worst:
        yield Aim("die schlimmste Eingabe", 100, max(one.longest_ms for one in size.worst), "ms")


def _filtered(engine: EngineResult | None) -> TaskResult | None:
    return None if engine is None else engine.tasks.get(Task.FILTERED)
