"""The command ``kb archive``."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json


@click.command(help="Zeigen, was von einem Dokument archiviert ist, oder die letzte Fassung herausholen.")
@click.argument("doc_id", metavar="ID")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Letzte Fassung hierhin schreiben"
)
@json_option
@click.pass_obj
def archive(options: Global, doc_id: str, *, output: Path | None, as_json: bool) -> None:
    """List the archived pages of a document, newest first; with ``--output`` write the newest one's bytes."""
    from crawler.archive.archive import PageArchive
    from kb.corpus.atomic import storage_error, write_atomically
    from kb.errors import DocumentNotFoundError

    pages = PageArchive(options.settings().state_dir / "archive")
    records = pages.records(doc_id)
    if not records:
        raise DocumentNotFoundError("davon ist nichts archiviert", subject=doc_id)
    if output is not None:
        original = pages.read(records[0])
        try:
            write_atomically(output, original.body)
        except OSError as error:
            raise storage_error(error, output) from error
        click.echo(f"{output}: {original.url}, abgerufen am {records[0].at:%d.%m.%Y}, {original.content_type}")
        return
    found = [{"at": one.at.isoformat(), "url": pages.read(one).url, "file": one.file} for one in records]
    if as_json:
        print_json({"id": doc_id, "archived": found})
    else:
        click.echo("\n".join(f"{one['at'][:10]}  {one['url']}  {one['file']}" for one in found))
