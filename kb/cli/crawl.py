"""The command ``kb crawl``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from kb.cli.global_options import Global
from kb.cli.indexing import update_after_change
from kb.cli.output import complain, json_option, print_json, progress_bar

if TYPE_CHECKING:
    from crawler.report.report import CrawlReport
    from crawler.sources.source import Source
    from kb.settings import Settings


@click.command(help="Quellen besuchen (ohne Namen: alle eingeschalteten) und ihre Seiten aufnehmen.")
@click.argument("names", metavar="[SOURCE…]", nargs=-1)
@click.option("--no-index", is_flag=True, help="Den Index danach nicht aktualisieren")
@click.option("--report", "only_report", is_flag=True, help="Nur den Bericht des letzten Laufs zeigen")
@click.option(
    "--schedule", "only_schedule", is_flag=True, help="Nur zeigen, wie es jede Nacht von selbst läuft"
)
@json_option
@click.pass_obj
def crawl(
    options: Global,
    names: tuple[str, ...],
    *,
    no_index: bool,
    only_report: bool,
    only_schedule: bool,
    as_json: bool,
) -> None:
    """Crawl, report every page's fate in counts, update the index; exit code 1 if a page or source failed."""
    from crawler.report.outcomes import PageAction
    from kb import wiring
    from kb.errors import ConfigurationError

    settings = options.settings()
    if only_schedule:
        _show_schedule(settings, names)
        return
    if only_report:
        _show_report(settings, as_json=as_json)
        return
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
    report = _run(settings, sources)
    if as_json:
        print_json(report.to_json())
    else:
        click.echo("\n".join(report.lines()))
    if not no_index:
        update_after_change(settings)
    if catalogue.problems or report.count(PageAction.FAILED):
        sys.exit(1)


def _run(settings: Settings, sources: Iterable[Source]) -> CrawlReport:
    """Run, and keep the report before anything else can go wrong."""
    from crawler.report.files import save_report
    from crawler.run.crawl import run_crawl
    from kb import wiring

    with progress_bar("Crawlen") as progress:
        report = run_crawl(wiring.open_crawl(settings, sources), progress)
    save_report(settings.state_dir / "reports", report)
    wiring.note_crawl_failures(settings, report)
    return report


def _show_report(settings: Settings, *, as_json: bool) -> None:
    from crawler.report.files import latest_report

    finished, last = latest_report(settings.state_dir / "reports")
    if as_json:
        print_json({"finished": finished, **last.to_json()})
    else:
        click.echo("\n".join([f"Letzter Crawl, beendet {finished}:", *last.lines()]))


def _show_schedule(settings: Settings, names: tuple[str, ...]) -> None:
    from crawler.run.schedule import schedule_lines
    from kb import wiring

    catalogue = wiring.open_sources(settings)
    for name in names:
        catalogue.get(name)
    click.echo("\n".join(schedule_lines(wiring.schedule(settings, names))))
