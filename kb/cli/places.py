"""Commands around the places: completing them from the official municipal register, places like mine."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json
from kb.errors import ConfigurationError

_SHOWN = 5
_PROBLEMS = 20


@click.group(help="Orte, Kreise und Länder des Korpus: das Gemeindeverzeichnis übernehmen, ähnliche nennen.")
def places() -> None:
    """Hold the commands together."""


@places.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def import_(options: Global, file: Path) -> None:
    """Gemeinden aus dem Gemeindeverzeichnis in places.tsv übernehmen.

    FILE ist die Textdatei GV100AD_….txt aus dem Archiv „Gemeindeverzeichnis-Informationssystem“ von Destatis
    (Statistisches Bundesamt). Jede Gemeinde ist danach ein Ort: gefunden nach ihrem Schlüssel (AGS), sonst nach
    Name ohne Zusatz, Land und Größe. Schlüssel, Art und Einwohner kommen aus dem Verzeichnis, seine
    Schreibweisen werden weitere Namen; was von Hand ergänzt wurde, bleibt. Kreise, die es nicht mehr gibt,
    weichen. Ein zweites Mal ändert nichts. Zeilen, die nicht stimmen, werden genannt und ausgelassen (dann
    Exit-Code 1).
    """
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
    click.echo(
        f"Gemeindeverzeichnis, Stand {done.date}: {len(done.completed)} Orte ergänzt, "
        f"{done.unchanged} unverändert, {len(done.added)} hinzugefügt"
    )
    _list("hinzugefügt", done.added)
    _list("mit einem anderen Eintrag derselben Gemeinde zusammengeführt", done.merged)
    _list("durch das Verzeichnis ersetzt", done.replaced)
    _list("nicht im Verzeichnis und nicht geändert", done.left)
    for problem in done.problems[:_PROBLEMS]:
        click.echo(
            f"{problem} – ausgelassen: die Zeile berichtigen oder eine unversehrte Datei angeben", err=True
        )
    if len(done.problems) > _PROBLEMS:
        click.echo(f"… und {len(done.problems) - _PROBLEMS} weitere Zeilen", err=True)
    click.echo("Danach: kb index")
    if done.problems:
        sys.exit(1)


def _list(what: str, names: Sequence[str]) -> None:
    """How many, and the first of them by name."""
    if names:
        more = " …" if len(names) > _SHOWN else ""
        click.echo(f"{len(names)} {what}: {', '.join(names[:_SHOWN])}{more}")


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
