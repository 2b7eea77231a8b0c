"""The page docs/benchmarks.md, from raw results; ``python -m benchmarks.report`` writes it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.aims import AIMED_AT, Aim, aims, growth_aims, whoosh_aims
from benchmarks.crawl_section import section_of, with_section
from benchmarks.engine import TASK_LABELS, Task
from benchmarks.engines import ENGINES
from benchmarks.figures import decimal, grouped
from benchmarks.plot import draw_growth, draw_latency
from benchmarks.results import EngineResult, Run, SizeResult, TaskResult, load_run, percentile

_ROOT = Path(__file__).parents[1]
RAW = _ROOT / "build" / "bench" / "results.json"
_PAGE = _ROOT / "docs" / "benchmarks.md"
_PICTURES = _ROOT / "docs" / "bilder"
_NOTES = Path(__file__).parent / "anmerkungen.md"
_NOTHING = "–"


def write_page(run: Run) -> Path:
    """Write the page and its pictures; returns the page's path."""
    draw_latency(run, _PICTURES / "benchmarks-antwortzeiten.svg")
    draw_growth(run, _PICTURES / "benchmarks-wachstum.svg")
    page = render(run, _NOTES.read_text("utf-8"))
    crawl = section_of(_PAGE.read_text("utf-8")) if _PAGE.exists() else None
    _PAGE.write_text(with_section(page, crawl) if crawl is not None else page, "utf-8")
    return _PAGE


def put_crawl(section: str) -> Path:
    """Put a newly measured crawl into the page, the rest of which stays as it is; returns its path."""
    _PAGE.write_text(with_section(_PAGE.read_text("utf-8"), section), "utf-8")
    return _PAGE


def render(run: Run, notes: str) -> str:
    """The page as Markdown; ``notes`` stand at its end. Pure."""
    judged = judged_size(run)
    blocks = [
        "# Benchmarks",
        "`make bench` misst und schreibt diese Seite; wer sie ändern will, ändert `benchmarks/` (die "
        "Anmerkungen am Ende stehen in `benchmarks/anmerkungen.md`).",
        _circumstances(run),
        f"## Ziele, bei {grouped(judged.documents)} Dokumenten",
        *_aims(run),
        "## Antwortzeiten",
        "Je Zelle: Median / 95. Perzentil in Millisekunden, dahinter der Median als Vielfaches von "
        f"{ENGINES['ours'].label}. „{_NOTHING}“: kann die Maschine nicht.",
        "![Antwortzeiten je Aufgabe und Maschine](bilder/benchmarks-antwortzeiten.svg)",
    ]
    for size in reversed(run.sizes):
        blocks += [f"### {grouped(size.documents)} Dokumente", _latencies(run, size)]
    blocks += ["## Bauen, Platz, Speicher, Sichtbarkeit", _BUILD_LEGEND]
    for size in reversed(run.sizes):
        blocks += [f"### {grouped(size.documents)} Dokumente", _resources(size)]
    if len(run.sizes) > 1:
        blocks += ["## Wachstum", *_growth(run)]
    if judged.worst:
        blocks += [f"## Schlimme Eingaben, bei {grouped(judged.documents)} Dokumenten", _worst(judged)]
    blocks += ["## Anmerkungen", notes.strip()]
    return "\n\n".join(blocks) + "\n"


def judged_size(run: Run) -> SizeResult:
    """That which the aims are set for, or the largest."""
    return next((size for size in run.sizes if size.documents == AIMED_AT), run.sizes[-1])


_BUILD_LEGEND = (
    "Dokumente je Sekunde: vom Text bis zum fertigen Index, die Analyse eingeschlossen. Beim Bauen: der "
    "Scheitel des Prozesses und des größten von denen, die ihm helfen. Offen: ein neuer Prozess, mit dem Laden "
    "seiner Bibliotheken. Speicher: ein Prozess, "
    "der den Index geöffnet und 200 Anfragen beantwortet hat (in Klammern ohne das, was er mit anderen teilen "
    "kann). Sichtbar: Median der Zeit, bis ein hinzugefügtes Dokument gefunden wird."
)


def _circumstances(run: Run) -> str:
    versions = ", ".join(f"{ENGINES[key].label} {number}" for key, number in run.versions.items())
    sizes = [
        f"{grouped(one.documents)} Dokumente"
        + (f" ({grouped(one.recombined)} davon aus Absätzen anderer zusammengesetzt)" if one.recombined else "")
        for one in run.sizes
    ]
    mean = judged_size(run).mean_chars
    return "\n".join(
        [
            f"- Rechner: {run.machine}",
            f"- Maschinen: {versions}",
            f"- Texte: {run.data}; {', '.join(sizes)}; im Mittel {grouped(round(mean))} Zeichen",
            f"- Anfragen: {run.questions} je Aufgabe, jede {run.repetitions}-mal; alle Maschinen antworten "
            "reihum auf dieselbe Anfrage, jedes Mal beginnt eine andere. Je Anfrage zählt der Median der "
            "Wiederholungen.",
        ]
    )


def _aims(run: Run) -> Iterator[str]:
    size = judged_size(run)
    if size.documents != AIMED_AT:
        yield f"Die Ziele gelten für {grouped(AIMED_AT)} Dokumente; so steht es bei dieser Zahl."
    found = [*aims(size), *growth_aims(size, run.sizes[-1]), *whoosh_aims(run.sizes)]
    rows = [[one.label, _bound(one), f"{decimal(one.found)} {one.unit}", _verdict(one)] for one in found]
    yield table(["Ziel", "gewollt", "gemessen", ""], rows)


def _bound(aim: Aim) -> str:
    return f"{'mindestens' if aim.at_least else 'höchstens'} {decimal(aim.limit)} {aim.unit}"


def _verdict(aim: Aim) -> str:
    return "erreicht" if aim.reached else f"**verfehlt** um den Faktor {decimal(aim.missed_by)}"


def _latencies(run: Run, size: SizeResult) -> str:
    ours = size.engines.get("ours")
    rows = [
        [
            label,
            *(_latency(one.tasks.get(task), ours.tasks.get(task) if ours else None) for one in _engines(size)),
        ]
        for task, label in TASK_LABELS.items()
    ]
    first = [_first(one.tasks.get(Task.FILTERED)) for one in _engines(size)]
    rows.append([f"*{TASK_LABELS[Task.FILTERED]}: nur das erste Mal*", *first])
    for task in (Task.WORDS, Task.QUESTION):
        asked: list[Callable[[TaskResult], str]] = [_hits, _agreement]
        for name, show in zip(("Treffer im Mittel", "erste zehn wie Fundstelle"), asked, strict=True):
            cells = [show(one.tasks[task]) if task in one.tasks else _NOTHING for one in _engines(size)]
            rows.append([f"*{TASK_LABELS[task]}: {name}*", *cells])
    cut = [
        f"{ENGINES[key].label}, {TASK_LABELS[Task(task)]}: {_asked(found)}"
        for key, engine in size.engines.items()
        for task, found in engine.tasks.items()
        if _asked(found) < run.questions * run.repetitions
    ]
    note = f"\n\nWeniger Antworten (die Zeit war um, oder mehr gaben die Texte nicht her): {'; '.join(cut)}."
    return table(["Aufgabe", *_labels(size)], rows) + (note if cut else "")


def _asked(found: TaskResult) -> int:
    return sum(len(row) for row in found.times)


def _latency(found: TaskResult | None, ours: TaskResult | None) -> str:
    if found is None:
        return _NOTHING
    ratio = f" (×{decimal(found.p50 / ours.p50)})" if ours is not None and ours is not found else ""
    return f"{decimal(found.p50)} / {decimal(found.p95)}{ratio}"


def _first(found: TaskResult | None) -> str:
    if found is None:
        return _NOTHING
    return f"{decimal(percentile(found.first_times, 0.5))} / {decimal(percentile(found.first_times, 0.95))}"


def _hits(found: TaskResult) -> str:
    return decimal(found.mean_hits)


def _agreement(found: TaskResult) -> str:
    return f"{round(100 * found.agreement)} %"


def _resources(size: SizeResult) -> str:
    rows = [_resource_row(key, one, size.documents) for key, one in size.engines.items()]
    if size.analysis_seconds:
        rate = grouped(round(size.documents / size.analysis_seconds))
        rows.append(["*nur die Analyse der drei Felder*", rate, *[_NOTHING] * 5])
    head = ["Dokumente/s", "beim Bauen, MB", "Index, MB", "offen nach, s", "Speicher, MB", "sichtbar nach, ms"]
    return table(["Maschine", *head], rows)


def _resource_row(key: str, one: EngineResult, documents: int) -> list[str]:
    return [
        ENGINES[key].label,
        grouped(round(documents / one.build.seconds)),
        decimal(one.build.peak_memory / 1e6),
        decimal(one.build.disk / 1e6),
        decimal(one.memory.opened_seconds),
        f"{decimal(one.memory.resident / 1e6)} ({decimal(one.memory.private / 1e6)})",
        decimal(percentile(one.visible_ms, 0.5)) if one.visible_ms else _NOTHING,
    ]


def _growth(run: Run) -> Iterator[str]:
    keys = list(run.sizes[-1].engines)
    yield (
        "Jede Zelle: "
        + " / ".join(ENGINES[key].label for key in keys)
        + "; in der letzten Spalte das Wievielfache der vorletzten Größe die letzte ist. Zeiten sind Mediane "
        "in Millisekunden."
    )
    yield "![Wachstum mit der Zahl der Dokumente](bilder/benchmarks-wachstum.svg)"
    rows = []
    for label, value in _measures():
        found = [[value(size.engines[key], size.documents) for key in keys] for size in run.sizes]
        ratios = [
            after / before if before and after is not None else None
            for before, after in zip(found[-2], found[-1], strict=True)
        ]
        rows.append([label, *(" / ".join(map(_number, row)) for row in (*found, ratios))])
    yield table(["", *(grouped(size.documents) for size in run.sizes), "×"], rows)


_Measure = Callable[[EngineResult, int], float | None]


def _measures() -> Iterator[tuple[str, _Measure]]:
    def median_of(task: Task) -> _Measure:
        return lambda one, _: one.tasks[task].p50 if task in one.tasks else None

    for task, label in TASK_LABELS.items():
        yield label, median_of(task)
    yield "Dokumente/s", lambda one, documents: documents / one.build.seconds
    yield "beim Bauen, MB", lambda one, _: one.build.peak_memory / 1e6
    yield "Index, MB", lambda one, _: one.build.disk / 1e6
    yield "offen nach, s", lambda one, _: one.memory.opened_seconds
    yield "Speicher eines Servers, MB", lambda one, _: one.memory.resident / 1e6
    yield (
        "sichtbar nach, ms",
        lambda one, _: percentile(one.visible_ms, 0.5) if one.visible_ms else None,
    )


def _number(value: float | None) -> str:
    return _NOTHING if value is None else decimal(value)


def _worst(size: SizeResult) -> str:
    rows = [[one.label, decimal(one.longest_ms), one.outcome] for one in size.worst]
    return f"{ENGINES['ours'].label}, die längste von drei Antworten:\n\n" + table(
        ["Eingabe", "ms", "Antwort"], rows
    )


def _engines(size: SizeResult) -> list[EngineResult]:
    return list(size.engines.values())


def _labels(size: SizeResult) -> list[str]:
    return [ENGINES[key].label for key in size.engines]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in [head, rule, *rows]
    )


if __name__ == "__main__":
    print(write_page(load_run(RAW)).relative_to(_ROOT))
