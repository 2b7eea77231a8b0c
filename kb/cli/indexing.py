"""What several commands do at their end: bring the index up to the corpus and say what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.cli.output import complain, progress_bar

if TYPE_CHECKING:
    from indexer.updating.update import IndexReport
    from kb.settings import Settings


def update_after_change(settings: Settings) -> None:
    """Update the index after an import or a crawl; the lines go to standard error, the result stays alone."""
    report = run_index(settings)
    complain(describe(report))
    complain_about(report)


def run_index(settings: Settings, *, rebuild: bool = False) -> IndexReport:
    """Run the indexer under a progress bar."""
    from kb import wiring

    with progress_bar("Indexieren") as progress:
        return wiring.update_index(settings, rebuild=rebuild, progress=progress)


def describe(report: IndexReport) -> str:
    """One line for people."""
    return (
        f"Index: {report.added} neu, {report.updated} geändert, {report.removed} entfernt, "
        f"{report.unchanged} unverändert ({report.seconds:.1f} s)"
    )


def complain_about(report: IndexReport) -> None:
    """One line for each document that could not be indexed, or is too long to be read whole."""
    for problem in report.problems:
        complain(f"nicht indexiert: {problem.location}: {problem.reason}")
    for location in report.partly:
        complain(
            f"nur am Anfang gelesen: {location}: länger als KB_ANNOTATED_CHARS; Themen, Art, Orte und Termine "
            "sind die des Anfangs, gefunden wird der ganze Text"
        )
