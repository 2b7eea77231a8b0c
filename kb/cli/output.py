"""How commands speak: JSON in fixed shapes, lines for people, progress on standard error."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kb.ports import Progress

json_option = click.option("--json", "as_json", is_flag=True, help="Ausgabe als JSON für andere Programme")


def print_json(value: Mapping[str, object]) -> None:
    """One line of JSON, UTF-8."""
    click.echo(json.dumps(value, ensure_ascii=False))


def complain(line: str) -> None:
    """One line on standard error."""
    click.echo(line, err=True)


def program(*, anywhere: bool = False) -> str:
    """How somebody in this folder, or anywhere, calls this program: ``kb`` where it is on the path."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py" or not called.is_file():
        return f"{shlex.quote(sys.executable)} -m kb"
    found = shutil.which(called.name)
    is_on_path = found is not None and Path(found).resolve() == called.resolve()
    if is_on_path:
        return called.name
    return shlex.quote(str(called.absolute())) if anywhere else shown_path(called)


def shown_path(path: Path) -> str:
    """A path as somebody in this folder types it."""
    path = path.absolute()
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


@contextmanager
def progress_bar(description: str) -> Iterator[Progress]:
    """A progress bar on standard error while people watch; silent otherwise."""
    if not sys.stderr.isatty():
        from kb.ports import no_progress

        yield no_progress
        return

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("noch etwa"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[label]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=None, label="")

        def advance(done: int, total: int | None, label: str) -> None:
            bar.update(task, completed=done, total=total, label=label[-48:])

        yield advance
