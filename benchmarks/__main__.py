"""``python -m benchmarks``: what ``make bench`` runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.documents import Text, demo_texts, read_texts
from benchmarks.engines import ENGINES, is_installed
from benchmarks.figures import grouped
from benchmarks.report import RAW, write_page
from benchmarks.results import Run, load_run, save_run
from benchmarks.run import Display, RunOptions, run_benchmarks
from benchmarks.timing import Turns
from benchmarks.worker import WorkerError
from kb.errors import ConfigurationError, FundstelleError

_ROOT = Path(__file__).parents[1]
_INTERRUPTED = 130
# What a run needs besides the engines: it draws, and it reads the memory of processes.
_TOOLS = ("matplotlib", "psutil")


@click.command(help="Suchmaschinen nebeneinander messen; schreibt docs/benchmarks.md und docs/bilder/.")
@click.option("--data", type=click.Path(path_type=Path), help="JSON Lines mit id, title, text (auch .gz)")
@click.option("--sizes", default="1000,10000,50000", show_default=True, help="Zahlen von Dokumenten")
@click.option("--engines", default=",".join(ENGINES), show_default=True, help="Welche Maschinen")
@click.option("--questions", type=click.IntRange(5, 1000), default=100, show_default=True, help="Je Aufgabe")
@click.option("--repetitions", type=click.IntRange(1, 100), default=5, show_default=True, help="Je Anfrage")
@click.option(
    "--budget", type=click.FloatRange(1), default=60, show_default=True, help="Sekunden je Maschine und Aufgabe"
)
@click.option(
    "--resume", is_flag=True, help="Was ein abgebrochener Lauf gemessen hat, nicht noch einmal messen"
)
def main(
    data: Path | None,
    sizes: str,
    engines: str,
    questions: int,
    repetitions: int,
    budget: float,
    *,
    resume: bool,
) -> None:
    """Measure and write the page; interrupted, the sizes that were finished are kept."""
    kept: list[Run] = []

    def keep(so_far: Run) -> None:
        save_run(so_far, RAW)
        kept.append(so_far)

    try:
        wanted = _sizes(sizes)
        _check_tools()
        texts = read_texts(data) if data is not None else demo_texts(_ROOT / "corpus")
        options = RunOptions(
            engines=_engines(engines),
            sizes=wanted,
            questions=questions,
            turns=Turns(repetitions, budget),
            folder=RAW.parent / "indexes",
            data=_describe(texts, data),
        )
        with _display() as display:
            earlier = load_run(RAW) if resume and RAW.exists() else None
            run = run_benchmarks(texts, options, display, keep, earlier)
    except (FundstelleError, WorkerError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo(_interrupted(kept), err=True)
        sys.exit(_INTERRUPTED)
    page = write_page(run)
    click.echo(f"Geschrieben: {page.relative_to(_ROOT)} (Rohdaten: {RAW.relative_to(_ROOT)})")


def _interrupted(kept: list[Run]) -> str:
    if not kept:
        return "Abgebrochen, bevor eine Größe fertig gemessen war; nichts wurde geschrieben."
    sizes = ", ".join(grouped(one.documents) for one in kept[-1].sizes)
    return (
        f"Abgebrochen. Fertig gemessen: {sizes} Dokumente, Rohdaten in {RAW.relative_to(_ROOT)}; "
        "`python -m benchmarks.report` schreibt daraus die Seite, mit `--resume` geht es dort weiter."
    )


def _check_tools() -> None:
    missing = [name for name in _TOOLS if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            "nicht installiert", subject=", ".join(missing), remedy="`pip install '.[bench]'` oder `make bench`"
        )


def _describe(texts: list[Text], data: Path | None) -> str:
    source = "der Demonstrations-Korpus" if data is None else "eine Datei"
    return f"{source} mit {grouped(len(texts))} Texten"


def _sizes(typed: str) -> tuple[int, ...]:
    words = typed.replace(",", " ").split()
    if not words or not all(word.isdecimal() and int(word) >= 100 for word in words):
        raise ConfigurationError(
            "keine Zahlen von Dokumenten",
            subject=typed,
            remedy="ganze Zahlen ab 100 angeben, zum Beispiel 1000,10000",
        )
    return tuple(sorted({int(word) for word in words}))


def _engines(typed: str) -> tuple[str, ...]:
    """In the order of the table; engines whose library is missing are left out, and it is said."""
    wanted = typed.replace(",", " ").split()
    unknown = set(wanted) - set(ENGINES)
    if unknown or not wanted:
        raise ConfigurationError(
            "diese Maschine gibt es nicht",
            subject=", ".join(unknown) or typed,
            remedy=f"möglich: {', '.join(ENGINES)}",
        )
    chosen = [key for key in ENGINES if key in wanted]
    for key in chosen:
        if not is_installed(key):
            click.echo(
                f"{ENGINES[key].label} ist nicht installiert und fehlt (pip install '.[bench]').", err=True
            )
    return tuple(key for key in chosen if is_installed(key))


class _Bars:
    """A bar a piece of work; finished ones stay as lines."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def begin(self, label: str, total: int) -> Callable[[int], None]:
        """See ``Display.begin``."""
        for task in self._progress.tasks:
            self._progress.update(task.id, completed=task.total)
        task_id = self._progress.add_task(f"{label}", total=total)
        return lambda done: self._progress.update(task_id, completed=done)


class _Lines:
    """One line a piece of work, where nobody watches a terminal."""

    def begin(self, label: str, total: int) -> Callable[[int], None]:
        """See ``Display.begin``."""
        click.echo(f"{label} ({grouped(total)}) …", err=True)
        return lambda done: None


@contextmanager
def _display() -> Iterator[Display]:
    if not sys.stderr.isatty():
        yield _Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield _Bars(progress)


if __name__ == "__main__":
    main()
