"""How commands speak: JSON in fixed shapes, lines for people, progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


@contextmanager
def progress_bar(description: str) -> Iterator[Progress]:
    """A progress bar on standard error while people watch; silent otherwise."""
    if not sys.stderr.isatty():
        from kb.ports import no_progress

        yield no_progress
        return

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[label]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=None, label="")

        def advance(done: int, total: int | None, label: str) -> None:
            bar.update(task, completed=done, total=total, label=label[-48:])

        yield advance
