"""The command that learns from editors which words speak for a topic."""

from __future__ import annotations

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json


@click.command(
    help="Aus den Entscheidungen der Redaktion lernen, welche Wörter für ein Thema sprechen. Das Ergebnis sind "
    "Vorschläge am Redaktionstisch; Regeln, Index und Entscheidungen bleiben, wie sie sind."
)
@json_option
@click.pass_obj
def learn(options: Global, *, as_json: bool) -> None:
    """Learn, and say of every topic whether it is suggested and why not."""
    from kb import wiring

    reports = wiring.learn_topics(options.settings())
    if as_json:
        print_json(
            {
                "topics": [
                    {
                        "id": one.topic,
                        "confirmed": one.confirmed,
                        "others": one.others,
                        "suggested": not one.reason,
                        "precision": one.precision,
                        "recall": one.recall,
                        "reason": one.reason or None,
                    }
                    for one in reports
                ]
            }
        )
        return
    for one in reports:
        if one.reason:
            click.echo(f"aus  {one.topic}: {one.reason}")
        else:
            click.echo(
                f"an   {one.topic}: {one.confirmed} bestätigt; auf unbekannten Texten "
                f"{one.precision or 0:.0%} der Vorschläge richtig, {one.recall or 0:.0%} der Texte gefunden"
            )
    if any(not one.reason for one in reports):
        click.echo("Die Website zeigt die Vorschläge nach einem Neustart (kb serve).")
