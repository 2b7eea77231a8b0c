"""The command ``kb duplicates``."""

from __future__ import annotations

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json, progress_bar


@click.command(help="Gruppen von Dokumenten mit gleichem oder fast gleichem Text zeigen; ändert nichts.")
@click.option(
    "--min",
    "percent",
    type=click.IntRange(50, 100),
    default=80,
    show_default=True,
    help="Ab so viel Prozent Übereinstimmung",
)
@json_option
@click.pass_obj
def duplicates(options: Global, *, percent: int, as_json: bool) -> None:
    """Print the groups, the most alike first."""
    from kb import wiring

    with progress_bar("Vergleichen") as progress:
        groups = wiring.find_duplicates(options.settings(), percent / 100, progress)
    if as_json:
        print_json({"groups": [group.to_json() for group in groups]})
        return
    for group in groups:
        click.echo("\n".join(group.lines()))
    count = sum(len(group.members) for group in groups)
    click.echo(f"{len(groups)} Gruppen, {count} Dokumente" if groups else "keine ähnlichen Dokumente")
