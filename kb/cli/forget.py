"""The command ``kb forget``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json
from kb.errors import ConfigurationError

if TYPE_CHECKING:
    from kb.forgetting import Target
    from kb.settings import Settings


@click.command(help="Ein Dokument auf Wunsch für immer löschen, samt Fassungen, Archiv und Index.")
@click.argument("name", metavar="URL|ID", required=False)
@click.option("--reason", default="", help="Grund, für --list und die Berichte der Crawls; ohne Namen")
@click.option("--yes", is_flag=True, help="Nicht nachfragen")
@click.option("--list", "only_list", is_flag=True, help="Zeigen, was gelöscht wurde")
@click.option("--undo", is_flag=True, help="URL oder ID wieder zulassen; Gelöschtes kommt nicht zurück")
@json_option
@click.pass_obj
def forget(
    options: Global,
    name: str | None,
    *,
    reason: str,
    yes: bool,
    only_list: bool,
    undo: bool,
    as_json: bool,
) -> None:
    """Delete after asking; a second call finishes what a crash interrupted."""
    from kb import forgetting

    settings = options.settings()
    if only_list:
        _list(settings, as_json=as_json)
        return
    if name is None:
        raise ConfigurationError("was soll gelöscht werden?", remedy="Adresse oder Kennung angeben")
    if undo:
        stone = forgetting.lift(settings, name)
        click.echo(f"{name}: wieder zugelassen (war {stone.told()})")
        return
    target = forgetting.find_target(settings, name)
    if not yes:
        _ask(target, name)
    done = forgetting.forget(settings, target, reason)
    fields = {
        "documents": done.documents,
        "versions": done.versions,
        "archived": done.archived,
        "index": done.index,
    }
    if as_json:
        print_json({"name": name, "day": done.tombstone.day.isoformat(), **fields})
        return
    click.echo(
        f"{name}: {done.documents} Dokument, {done.versions} Fassungen, {done.archived} archivierte Abrufe "
        f"gelöscht; Index: {done.index}. Es kommt nicht wieder (`kb forget --undo` lässt es wieder zu)."
    )


def _ask(target: Target, name: str) -> None:
    if not sys.stdin.isatty():
        raise ConfigurationError("niemand kann gefragt werden", subject=name, remedy="mit --yes aufrufen")
    click.confirm(_question(target, name), abort=True, err=True)


def _question(target: Target, name: str) -> str:
    if target.document is None:
        return f"{name}: kein Dokument im Korpus. Die Adresse für immer sperren?"
    addresses = ", ".join(target.urls) or "ohne Adresse"
    return f"„{target.document.title}“ ({addresses}) für immer löschen, mit allen Fassungen?"


def _list(settings: Settings, *, as_json: bool) -> None:
    from kb import wiring

    stones = wiring.open_tombstones(settings).all()
    if as_json:
        print_json({"forgotten": [{"day": one.day.isoformat(), "reason": one.reason} for one in stones]})
    else:
        click.echo("\n".join(stone.told() for stone in stones) or "nichts wurde auf Wunsch gelöscht")
