"""The command ``kb links``."""

from __future__ import annotations

import sys

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json, progress_bar


@click.command(help="Prüfen, ob die Quellen der Dokumente und die Links in ihren Texten noch erreichbar sind.")
@click.option("--limit", type=click.IntRange(1), default=1_000, show_default=True, help="So viele Adressen")
@json_option
@click.pass_obj
def links(options: Global, *, limit: int, as_json: bool) -> None:
    """Report rot and keep the report; nothing is changed. Exit code 1 if an address is gone or failing."""
    from kb import wiring

    with progress_bar("Links prüfen") as progress:
        report = wiring.check_links(options.settings(), limit, progress)
    if as_json:
        print_json(report.to_json())
    else:
        click.echo("\n".join(report.lines()))
    if report.is_rotten:
        sys.exit(1)
