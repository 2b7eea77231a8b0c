"""Commands that show what the program makes of a text: annotate, extract. Both print JSON Lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.global_options import Global
from kb.cli.output import complain, print_json
from kb.errors import DocumentNotFoundError, FundstelleError
from kb.failures import contained, documents_of, foreseen
from kb.model import UNDECIDED

if TYPE_CHECKING:
    from indexer.evaluation.annotations import AnnotationReport
    from kb.model import Document
    from kb.ports import CorpusStore
    from kb.settings import Settings


@click.command(help="Themen, Art, Orte und Termin mit Belegen; ohne Angabe für den ganzen Korpus.")
@click.argument("inputs", metavar="[ID…|PATH…]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Ausgabe ist immer JSON Lines")
@click.pass_obj
def annotate(options: Global, inputs: tuple[str, ...], *, as_json: bool) -> None:
    """One line a document; what cannot be read is named on standard error, and the rest goes on."""
    from kb import wiring
    from kb.shapes import annotation_fields

    del as_json  # accepted for symmetry with the other commands
    settings = options.settings()
    annotator = wiring.open_annotator(settings)
    problems: list[FundstelleError | str] = []
    for document in _documents(settings, inputs, problems):
        fields = None
        with contained(document.id, problems.append):
            fields = annotation_fields(document, annotator.annotate(document))
        if fields is not None:
            print_json(fields)
    for problem in problems:
        complain(str(problem))
    if problems:
        sys.exit(1)


def _documents(
    settings: Settings, inputs: tuple[str, ...], problems: list[FundstelleError | str]
) -> Iterator[Document]:
    from kb import wiring

    corpus = wiring.open_corpus(settings) if not inputs or settings.corpus.is_dir() else None
    if not inputs:
        assert corpus is not None
        yield from (stored.document for stored in documents_of(corpus, problems.append))
        return
    for name in inputs:
        with contained(name, problems.append):
            yield from _named(settings, corpus, name, problems)


def _named(
    settings: Settings, corpus: CorpusStore | None, name: str, problems: list[FundstelleError | str]
) -> Iterator[Document]:
    """A document of the corpus, else the file or folder of that name."""
    if not Path(name).exists():
        try:
            if corpus is not None:
                yield corpus.get(name).document
                return
        except DocumentNotFoundError:
            pass
        raise DocumentNotFoundError("weder ein Dokument des Korpus noch eine Datei", subject=name)
    from crawler.files.reader import FileReader, Rejected, read_documents
    from kb import wiring

    reader = FileReader(wiring.open_extractor(settings), settings.max_text_chars, settings.max_file_bytes)
    for read in read_documents(Path(name), reader):
        if isinstance(read, Rejected):
            problems.append(f"{read.input}: {read.reason}")
        else:
            yield read


@click.command(help="Text und Angaben von Dateien oder Adressen, wie ein Import oder Crawl sie sähe.")
@click.argument("inputs", metavar="PATH|URL…", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Ausgabe ist immer JSON Lines")
@click.pass_obj
def extract(options: Global, inputs: tuple[str, ...], *, as_json: bool) -> None:
    """One line an input; an input that cannot be read has ``error`` set; exit code 1 if there was one."""
    from kb import wiring

    del as_json
    settings = options.settings()
    extractor = wiring.open_extractor(settings)
    failed = False
    for name in inputs:
        fields: dict[str, object] = {
            "input": name,
            "title": None,
            "text": None,
            "published": None,
            "language": None,
            "warnings": [],
        }
        try:
            extracted = extractor.extract(wiring.read_content(settings, name))
        except Exception as error:
            failed = True
            print_json(fields | {"error": foreseen(error, name).reason})
            continue
        fields |= {"title": extracted.title, "text": extracted.text, "language": extracted.language}
        fields["warnings"] = list(extracted.warnings)
        published = str(extracted.published) if extracted.published is not None else None
        print_json(fields | {"published": published, "error": None})
    if failed:
        sys.exit(1)


def print_annotation_report(report: AnnotationReport, *, as_json: bool) -> None:
    """The figures of ``kb eval --annotations``, the confusion table of the kinds, and every difference."""
    fields: dict[str, object] = {
        "documents": report.documents,
        "topics_macro_f1": round(report.topics_f1, 4),
        "topics_f1": {topic: round(agreement.f1, 4) for topic, agreement in report.topics.items()},
        "kinds_accuracy": round(report.kinds_accuracy, 4),
        "places_f1": round(report.places.f1, 4),
        "events_stated": report.events_stated,
        "events_right": round(report.events_right, 4),
        "events_wrong": round(report.events_wrong, 4),
        "roles_right": round(report.roles_right, 4) if report.roles_judged else None,
        "card_precision": round(report.card_fields.precision, 4) if report.card else None,
        "card_recall": round(report.card_fields.recall, 4) if report.card else None,
    }
    confusion = {(_kind(row), _kind(column)): times for (row, column), times in report.confusion.items()}
    kinds = sorted({kind for pair in confusion for kind in pair})
    table = {row: {column: confusion.get((row, column), 0) for column in kinds} for row in kinds}
    if as_json:
        print_json(fields | {"confusion": table, "differences": list(report.differences)})
        return
    for name, value in fields.items():
        if value is not None:
            click.echo(f"{name:>16}  {value}")
    click.echo("\nArt laut Urteil (Zeile) und laut Programm (Spalte)")
    click.echo(" " * 22 + "".join(f"{kind[:13]:>15}" for kind in kinds))
    for row in kinds:
        click.echo(f"{row:<22}" + "".join(f"{table[row][column]:>15}" for column in kinds))
    for line in report.differences:
        click.echo(line, err=True)


def _kind(kind: str | None) -> str:
    return UNDECIDED if kind is None else kind
