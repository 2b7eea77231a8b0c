"""Commands around the places: completing them from the official municipal register."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli import Global
from kb.errors import ConfigurationError

_SHOWN = 5


@click.group(help="Orte, Kreise und Länder des Korpus.")
def places() -> None:
    """Hold the commands together."""


@places.command(
    "import", help="Schlüssel und Einwohner aus dem Gemeindeverzeichnis GV100AD in places.tsv ergänzen."
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def import_(options: Global, file: Path) -> None:
    """Complete the places file; names that could mean several places are left as they are and counted."""
    from kb import wiring

    settings = options.settings()
    target = settings.corpus / "places.tsv"
    if not target.is_file():
        raise ConfigurationError(
            "der Korpus hat keine Orte",
            subject=str(target),
            remedy="mit `kb init` einen Korpus mit Orten anlegen",
        )
    done = wiring.import_places(file, target)
    click.echo(f"{done.completed} Orte ergänzt, {done.added} hinzugefügt")
    if done.ambiguous:
        names = ", ".join(done.ambiguous[:_SHOWN])
        more = " …" if len(done.ambiguous) > _SHOWN else ""
        click.echo(f"{len(done.ambiguous)} mehrdeutig und nicht geändert: {names}{more}")
    click.echo("Danach: kb index")
