"""The command ``kb crawl``."""

from __future__ import annotations

import sys

import click

from kb.cli import Global
from kb.cli.indexing import update_after_change
from kb.cli.output import complain, json_option, print_json, progress_bar


@click.command(help="Quellen besuchen (ohne Namen: alle eingeschalteten) und ihre Seiten aufnehmen.")
@click.argument("names", metavar="[SOURCE…]", nargs=-1)
@click.option("--no-index", is_flag=True, help="Den Index danach nicht aktualisieren")
@json_option
@click.pass_obj
def crawl(options: Global, names: tuple[str, ...], *, no_index: bool, as_json: bool) -> None:
    """Crawl, report every page's fate in counts, update the index; exit code 1 if a page or source failed."""
    from crawler.crawl import run_crawl
    from crawler.report import PageAction
    from kb import wiring
    from kb.errors import ConfigurationError

    settings = options.settings()
    wiring.open_corpus_for_writing(settings)
    catalogue = wiring.open_sources(settings)
    for problem in catalogue.problems:
        complain(f"Quelle übergangen: {problem}")
    sources = [catalogue.get(name) for name in names] if names else catalogue.enabled
    if not sources:
        raise ConfigurationError(
            "keine Quelle ist eingeschaltet",
            subject=str(settings.corpus / "sources"),
            remedy="in einer Quellen-Datei enabled = true setzen oder einen Namen angeben",
        )
    with progress_bar("Crawlen") as progress:
        report = run_crawl(wiring.open_crawl(settings, sources), progress)
    if as_json:
        print_json(report.to_json())
    else:
        click.echo("\n".join(report.lines()))
    if not no_index:
        update_after_change(settings)
    if catalogue.problems or report.count(PageAction.FAILED):
        sys.exit(1)
