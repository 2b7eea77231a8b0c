"""The commands ``kb source``: draft a source from a website, and try one out."""

from __future__ import annotations

import sys
from datetime import date

import click

from kb.cli.global_options import Global
from kb.cli.output import json_option, print_json, progress_bar


@click.group(help="Quellen anlegen und ausprobieren.")
def source() -> None:
    """Group of source commands."""


@source.command(help="Eine Website ansehen und eine Quellen-Datei für sie entwerfen.")
@click.argument("url")
@click.option("--name", help="Kennung der Quelle und Name der Datei; sonst aus der Adresse")
@click.option("--print", "only_print", is_flag=True, help="Den Entwurf nur zeigen, nichts schreiben")
@click.pass_obj
def add(options: Global, url: str, *, name: str | None, only_print: bool) -> None:
    """Look at robots.txt, start page, sitemaps and feeds; write a switched-off source, never over another."""
    from crawler.scouting.draft import draft, write_draft
    from crawler.scouting.survey import survey
    from kb import wiring

    settings = options.settings()
    with progress_bar("Ansehen") as progress:
        found = survey(url if "://" in url else f"https://{url}", wiring.open_fetcher(settings), progress)
    text = draft(found, date.today())
    if only_print:
        click.echo(text, nl=False)
        return
    wiring.open_corpus_for_writing(settings)
    path = write_draft(settings.corpus / "sources", name or found.source_id, text)
    click.echo(f"{path}: Entwurf angelegt ({len(found.addresses)} Adressen gesehen)")
    for remark in found.remarks:
        click.echo(f"  {remark}")
    click.echo(f"Prüfen und anpassen, dann ausprobieren: kb source test {path.stem}")


@source.command(help="Einige Seiten einer Quelle abrufen und zeigen, was ein Crawl aufnehmen würde.")
@click.argument("name")
@click.option("--pages", type=click.IntRange(1, 20), default=3, show_default=True, help="So viele Seiten")
@json_option
@click.pass_obj
def test(options: Global, name: str, *, pages: int, as_json: bool) -> None:
    """Fetch a few pages, write nothing; exit code 1 if none of them would become a document."""
    from crawler.scouting.sampling import sample_source, shown
    from kb import wiring

    settings = options.settings()
    chosen = wiring.open_sources(settings).get(name)
    fetcher, extractor = wiring.open_fetcher(settings), wiring.open_extractor(settings).for_source(chosen)
    samples = list(sample_source(chosen, fetcher, extractor, pages))
    if as_json:
        print_json({"source": chosen.id, "pages": [sample.to_json() for sample in samples]})
    else:
        click.echo("\n".join(shown(samples)))
    if all(sample.problem is not None for sample in samples):
        sys.exit(1)
