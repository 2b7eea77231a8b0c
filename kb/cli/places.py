"""Commands around the places: completing them from the official municipal register, places like mine."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json
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


@places.command(help="Kreise und kreisfreie Städte ähnlicher Art und Größe, mit den Gründen.")
@click.argument("name", metavar="NAME")
@click.option("--limit", type=click.IntRange(1, 400), default=10, show_default=True)
@json_option
@click.pass_obj
def similar(options: Global, name: str, *, limit: int, as_json: bool) -> None:
    """Print the places most like a given one; exit code 2 where it is unknown or not clear."""
    from kb import wiring

    found = wiring.open_similar_places(options.settings()).similar(name, limit)
    if not found:
        raise click.UsageError(
            f"„{name}“ ist nicht bekannt, nicht eindeutig oder ohne Einwohnerzahl "
            "(Namen wie in places.tsv, zum Beispiel „Kreis Unna“)"
        )
    if as_json:
        fields = ("name", "ags", "state", "score", "reasons")
        print_json({"places": [{field: getattr(one, field) for field in fields} for one in found]})
        return
    for one in found:
        click.echo(f"{one.name}: {', '.join(one.reasons)}")
