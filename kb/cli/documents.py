"""Commands around the corpus: init, import, show, export."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from kb.cli.global_options import Global
from kb.cli.indexing import update_after_change
from kb.cli.output import complain, json_option, print_json, progress_bar

if TYPE_CHECKING:
    from crawler.files.importer import ImportReport
    from kb.errors import FundstelleError
    from kb.model import Document, Shown, StoredDocument
    from kb.ports import CorpusStore


@click.command(
    help="Einen Korpus anlegen: Themen, Quellen, Synonyme und Orte in DIR (sonst --corpus) kopieren."
)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def init(options: Global, folder: Path | None) -> None:
    """Copy the shipped data; what exists is never overwritten."""
    from kb.corpus import ensure_corpus

    target = folder or options.settings().corpus
    copied = ensure_corpus(target)
    if copied:
        click.echo(f"{target}: angelegt mit {', '.join(copied)}")
    else:
        click.echo(f"{target}: ist schon ein Korpus, nichts geändert")


@click.command(
    "import", help="Dateien und Ordner in den Korpus aufnehmen: .md .txt .html .pdf .docx .odt .jsonl"
)
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--draft", is_flag=True, help="Als Entwurf aufnehmen, der nicht gefunden wird")
@click.option("--no-index", is_flag=True, help="Den Index danach nicht aktualisieren")
@json_option
@click.pass_obj
def import_(options: Global, paths: tuple[Path, ...], *, draft: bool, no_index: bool, as_json: bool) -> None:
    """Import what can be read, name what cannot; exit code 1 if anything was rejected."""
    from crawler.files.importer import ImportOptions, import_paths
    from kb import wiring

    settings = options.settings()
    corpus = wiring.open_corpus_for_writing(settings)
    import_options = ImportOptions(
        draft=draft,
        known_topics=frozenset(wiring.open_topics(settings)),
        news=wiring.open_source_news(settings),
        tombstones=wiring.open_tombstones(settings),
        max_text_chars=settings.max_text_chars,
        max_file_bytes=settings.max_file_bytes,
    )
    with progress_bar("Importieren") as progress:
        report = import_paths(paths, corpus, wiring.open_extractor(settings), import_options, progress)
    if as_json:
        print_json(_import_fields(report))
    else:
        click.echo(f"{report.added} neu, {report.updated} geändert, {report.unchanged} unverändert")
        for alike in report.alike:
            how = "gleicher Text" if alike.twin.is_same else "ähnlicher Text"
            percent = int(alike.twin.similarity * 100)
            click.echo(f"Hinweis: {alike.doc_id}: {how} wie {alike.twin.doc_id} ({percent} %)")
        for warned in report.warnings:
            click.echo(f"Hinweis: {warned.input}: {warned.warning}")
    for rejected in report.rejected:
        complain(f"abgelehnt: {rejected.input}: {rejected.reason}")
    if not no_index:
        update_after_change(settings)
    if report.rejected:
        sys.exit(1)


def _import_fields(report: ImportReport) -> dict[str, object]:
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "alike": [
            {"id": one.doc_id, "like": one.twin.doc_id, "similarity": round(one.twin.similarity, 3)}
            for one in report.alike
        ],
        "warnings": [{"input": one.input, "warning": one.warning} for one in report.warnings],
        "rejected": [{"input": one.input, "reason": one.reason} for one in report.rejected],
    }


@click.command(help="Ein Dokument des Korpus zeigen.")
@click.argument("doc_id", metavar="ID")
@json_option
@click.pass_obj
def show(options: Global, doc_id: str, *, as_json: bool) -> None:
    """Print the file as it is, or its fields as JSON."""
    from kb import wiring
    from kb.corpus import render_document

    stored = wiring.open_corpus(options.settings()).get(doc_id)
    if as_json:
        print_json(_show_fields(stored))
    else:
        click.echo(f"# {stored.location}")
        click.echo(render_document(stored.document), nl=False)


def _show_fields(stored: StoredDocument) -> dict[str, object]:
    from kb.shapes import document_fields

    extra = {"status": str(stored.document.status), "location": stored.location, "revision": stored.revision}
    return document_fields(stored.document) | extra


@click.command(help="Alle veröffentlichten Dokumente ausgeben.")
@click.option("--format", "format_name", default="jsonl", show_default=True, help="Ausgabeformat")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Datei statt Standardausgabe")
@click.option("--internal", is_flag=True, help="Alle Texte ganz ausgeben; nicht zur Weitergabe")
@click.pass_obj
def export(options: Global, format_name: str, output: Path | None, *, internal: bool) -> None:
    """Stream the published documents as visitors may see them; broken files are named and left out."""
    from kb import wiring
    from kb.exports import exporter
    from kb.model import Shown

    chosen = exporter(format_name)
    settings = options.settings()
    shown = Shown if internal else wiring.open_display_policy(settings).shown
    problems: list[FundstelleError] = []
    documents = _published(wiring.open_corpus(settings), shown, problems.append)
    with _opened(output) as out:
        chosen.export(documents, out, problems.append)
    for problem in problems:
        complain(f"ausgelassen: {problem}")
    if problems:
        sys.exit(1)


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Where to write: an older file stays until the new one is whole."""
    from kb.corpus.atomic import replacing

    if output is None:
        yield sys.stdout
        sys.stdout.flush()
    elif output.exists() and not output.is_file():  # a pipe
        with output.open("w", encoding="utf-8") as pipe:
            yield pipe
    else:
        with replacing(output) as file:
            text = TextIOWrapper(file, encoding="utf-8", write_through=True)
            yield text
            text.detach()


def _published(
    corpus: CorpusStore, shown: Callable[[Document], Shown], note: Callable[[FundstelleError], object]
) -> Iterator[Shown]:
    from kb.failures import contained, documents_of
    from kb.model import Status

    for stored in documents_of(corpus, note):
        if stored.document.status is Status.PUBLISHED:
            with contained(stored.location, note):
                yield shown(stored.document)
