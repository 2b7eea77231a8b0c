"""The pictures of docs/benchmarks.md, as SVG with real text, the same bytes for the same results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.engine import TASK_LABELS, Task
from benchmarks.engines import ENGINES
from benchmarks.figures import grouped
from benchmarks.results import EngineResult, Run

# Told apart by people who see colours differently, too (Okabe and Ito), and by their markers.
_COLOURS = {
    "ours": "#0072B2",
    "tantivy": "#D55E00",
    "bm25s": "#CC79A7",
    "sqlite": "#009E73",
    "whoosh": "#555555",
}
_MARKERS = {"ours": "o", "tantivy": "s", "bm25s": "D", "sqlite": "^", "whoosh": "v"}
_STYLE = {"svg.fonttype": "none", "svg.hashsalt": "benchmarks", "font.family": "sans-serif", "font.size": 10}


def draw_latency(run: Run, path: Path) -> None:
    """Tasks of the largest size that all engines share: a dot for the median, a line to the 95th percentile."""
    pyplot = _pyplot()
    size = max(run.sizes, key=lambda one: (len(one.engines), one.documents))
    figure, axes = pyplot.subplots(figsize=(9, 5.5), layout="constrained")
    tasks = [task for task in TASK_LABELS if any(task in one.tasks for one in size.engines.values())]
    step = 0.8 / len(size.engines)
    for place, (key, engine) in enumerate(size.engines.items()):
        able = [task for task in tasks if task in engine.tasks]
        rows = [tasks.index(task) + (place - (len(size.engines) - 1) / 2) * step for task in able]
        medians = [engine.tasks[task].p50 for task in able]
        axes.hlines(rows, medians, [engine.tasks[task].p95 for task in able], color=_COLOURS[key], linewidth=2)
        axes.plot(medians, rows, _MARKERS[key], color=_COLOURS[key], label=ENGINES[key].label)
    axes.set_yticks(range(len(tasks)), [TASK_LABELS[task] for task in tasks])
    axes.invert_yaxis()
    axes.set_xscale("log")
    _count_in_decades(axes.xaxis)
    _finish(axes, f"Millisekunden bei {grouped(size.documents)} Dokumenten: Median bis 95. Perzentil")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, 1.1), ncols=len(size.engines), frameon=False)
    _save(figure, path)


def draw_growth(run: Run, path: Path) -> None:
    """Over the number of documents: median time with filters and facets, and documents a second."""
    pyplot = _pyplot()
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 4.4), layout="constrained")
    _lines(left, run, lambda one, _: one.tasks[Task.FILTERED].p50 if Task.FILTERED in one.tasks else None)
    left.set_yscale("log")
    _count_in_decades(left.yaxis)
    _finish(left, "Dokumente")
    left.set_title("Wörter mit Filter und Facetten, Median in ms")
    _lines(right, run, lambda one, documents: documents / one.build.seconds)
    right.set_ylim(bottom=0)
    right.yaxis.set_major_formatter(_plain_number)
    _finish(right, "Dokumente")
    right.set_title("indexierte Dokumente je Sekunde")
    marks, labels = right.get_legend_handles_labels()
    figure.legend(marks, labels, loc="outside upper center", ncols=len(labels), frameon=False)
    _save(figure, path)


def _lines(axes: Any, run: Run, value: Callable[[EngineResult, int], float | None]) -> None:
    for key in run.versions:
        points = [
            (one.documents, value(one.engines[key], one.documents)) for one in run.sizes if key in one.engines
        ]
        known = [(documents, found) for documents, found in points if found is not None]
        if known:
            across, up = zip(*known, strict=True)
            axes.plot(across, up, f"{_MARKERS[key]}-", color=_COLOURS[key], label=ENGINES[key].label)
    axes.set_xscale("log")
    sizes = [one.documents for one in run.sizes]
    axes.set_xticks(sizes, [grouped(size) for size in sizes])
    axes.xaxis.minorticks_off()


def _count_in_decades(axis: Any) -> None:
    """1, 2, 5, 10, …, each with its number: few readers know what lies between two powers of ten."""
    from matplotlib.ticker import LogLocator, NullLocator

    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(_plain_number)


def _finish(axes: Any, label: str) -> None:
    axes.set_xlabel(label)
    axes.grid(axis="both", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _plain_number(value: float, _place: int) -> str:
    """``0.1`` → ``0,1``; ``1000`` → ``1.000``."""
    return grouped(round(value)) if value >= 1 else f"{value:g}".replace(".", ",")


def _save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    _pyplot().close(figure)


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update(_STYLE)
    from matplotlib import pyplot

    return pyplot
