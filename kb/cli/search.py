"""Commands around the index: index, search, eval."""

from __future__ import annotations

import re
import sys
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.global_options import Global
from kb.cli.indexing import complain_about, describe, run_index
from kb.cli.output import complain, json_option, print_json

if TYPE_CHECKING:
    from kb.errors import FundstelleError
    from kb.model import LikePlaces, Reason, SearchQuery, SearchResults
    from kb.settings import Settings


@click.command(help="Den Suchindex auf den Stand des Korpus bringen (nur was sich geändert hat).")
@click.option("--rebuild", is_flag=True, help="Von Grund auf neu bauen")
@json_option
@click.pass_obj
def index(options: Global, *, rebuild: bool, as_json: bool) -> None:
    """Update the index; exit code 1 if a document could not be indexed."""
    report = run_index(options.settings(), rebuild=rebuild)
    if as_json:
        print_json(
            {
                "added": report.added,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "removed": report.removed,
                "problems": [{"input": one.location, "reason": one.reason} for one in report.problems],
                "seconds": round(report.seconds, 3),
            }
            | ({"partly": list(report.partly)} if report.partly else {})
        )
    else:
        click.echo(describe(report))
    complain_about(report)
    if report.problems:
        sys.exit(1)


@click.command(help="Suchen; ohne Wörter alle Dokumente.")
@click.argument("words", metavar="QUERY", nargs=-1)
@click.option("--topic", multiple=True, help="Nur dieses Thema (mehrfach: eines davon)")
@click.option("--doc-type", multiple=True, help="Nur diese Art, zum Beispiel veranstaltungsbericht")
@click.option("--place", multiple=True, help="Nur dieser Ort")
@click.option("--year", multiple=True, help="Nur dieses Jahr")
@click.option("--source", multiple=True, help="Nur diese Quelle")
@click.option(
    "--like-place", metavar="NAME", default="", help="Auch Orte wie dieser, zum Beispiel „Kreis Unna“"
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "date", "place"]),
    default="relevance",
    show_default=True,
    help="place: die ähnlichsten Orte zuerst, mit --like-place",
)
@click.option("--limit", type=click.IntRange(0, 10_000), default=10, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True)
@click.option("--no-correct", is_flag=True, help="Genau so suchen, unbekannte Wörter nicht korrigieren")
@click.option("--why", is_flag=True, help="Zu jedem Dokument sagen, warum es gezeigt wird")
@json_option
@click.pass_obj
def search(options: Global, /, *, as_json: bool, why: bool, **asked: Any) -> None:
    """Ask the index and print hits, and below them further documents."""
    from kb import wiring
    from kb.model import Sort
    from kb.shapes import result_fields

    query, settings = _query(**asked), options.settings()
    like = _like_places(settings, query.like_place)
    results = wiring.search_once(settings, like.widened(query) if like is not None else query)
    if as_json:
        print_json(result_fields(results, like))
    else:
        _print_answer(query, results)
        _print_hits(results, query.offset, like, why=why)
        if query.sort is Sort.DATE and results.further:
            _print_heading(results)
            click.echo(
                f"Nach Datum sortiert stehen hier nur Treffer: --sort relevance --offset {results.total}"
            )


def _like_places(settings: Settings, name: str) -> LikePlaces | None:
    if not name:
        return None
    from kb import wiring
    from webapp.search.like_places import like_places

    like = like_places(wiring.open_similar_places(settings), name)
    if like is None:
        raise click.UsageError(
            f"„{name}“ ist nicht bekannt, nicht eindeutig oder ohne Einwohnerzahl "
            "(Namen wie in places.tsv, zum Beispiel „Kreis Unna“)"
        )
    return like


def _query(
    words: tuple[str, ...],
    *,
    sort: str,
    limit: int,
    offset: int,
    no_correct: bool,
    like_place: str,
    **filters: tuple[str, ...],
) -> SearchQuery:
    from kb.model import SearchQuery, Sort

    return SearchQuery(
        text=" ".join(words),
        filters={facet: values for facet, values in filters.items() if values},
        sort=Sort(sort),
        limit=limit,
        offset=offset,
        correct=not no_correct,
        like_place=like_place,
    )


def _print_answer(query: SearchQuery, results: SearchResults) -> None:
    """How many hits and further documents, and what was done to the query."""
    from webapp.wording.explanations import notice_texts
    from webapp.wording.formats import counted

    found = counted(results.total, "Treffer", "Treffer")
    if results.further:
        found += ", " + counted(results.further, "weiteres Dokument", "weitere Dokumente")
    took = f"{results.took_ms:.1f}".replace(".", ",")
    click.echo(f"{found} ({took} ms)")
    if results.corrected is not None:
        click.echo(
            f"Ergebnisse für „{results.corrected}“ – stattdessen nach „{query.text}“ suchen: mit --no-correct"
        )
    for notice in notice_texts(results):
        click.echo(notice)


def _print_heading(results: SearchResults, *, continued: bool = False) -> None:
    from webapp.wording.explanations import FURTHER_HEADING

    count = f"({results.further}{', Fortsetzung' if continued else ''})"
    click.echo(f"\n{click.style(FURTHER_HEADING, bold=True)} {count}")


def _print_hits(results: SearchResults, offset: int, like: LikePlaces | None, *, why: bool) -> None:
    from kb.model import Tier
    from webapp.wording.explanations import missing_text

    tier = Tier.HIT
    for number, hit in enumerate(results.hits, start=offset + 1):
        if hit.tier is not tier:
            _print_heading(results, continued=offset > results.total)
            tier = hit.tier
        entry = hit.entry
        about = [
            str(entry.date) if entry.date else "",
            entry.doc_type or "",
            ", ".join(entry.topics),
            ", ".join(entry.places),
        ]
        click.echo(f"\n{number}. {click.style(entry.title, bold=True)}  [{entry.id}]")
        click.echo("   " + " · ".join(part for part in about if part))
        if like is not None:
            _print_likeness(like, entry.facet_values("place"))
        if missing := missing_text(hit):
            click.echo("   " + missing)
        click.echo("   " + _for_terminal(hit.snippet))
        if why:
            _print_reasons(hit.reasons)


def _print_likeness(like: LikePlaces, places: tuple[str, ...]) -> None:
    from webapp.search.like_places import likeness_text

    if likeness := likeness_text(like, places):
        click.echo("   " + likeness)


def _print_reasons(reasons: tuple[Reason, ...]) -> None:
    from webapp.wording.explanations import explain

    for one in explain(reasons):
        click.echo(f"   ↳ {one.place}: {click.style(one.form, bold=True)} {one.because}")


def _for_terminal(snippet: str) -> str:
    """The HTML of a snippet as text; marks become bold."""
    marked = re.sub(r"<mark>([^<]*)</mark>", lambda match: click.style(match[1], bold=True), snippet)
    return unescape(" ".join(marked.split()))


@click.command(
    "eval",
    help="nDCG, MRR und Recall an DIR (docs.jsonl, queries.jsonl, qrels.tsv) messen; "
    "mit --annotations Themen, Art, Orte und Termine an docs.jsonl und labels.jsonl.",
)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--annotations", metavar="DIR", type=click.Path(path_type=Path), help="Die Annotationen messen")
@click.option("--queries", type=click.Path(path_type=Path), help="Andere Datei mit Anfragen")
@click.option("--k", type=click.IntRange(1, 1000), default=10, show_default=True)
@json_option
@click.pass_obj
def evaluate(
    options: Global,
    folder: Path | None,
    annotations: Path | None,
    queries: Path | None,
    *,
    k: int,
    as_json: bool,
) -> None:
    """Build a temporary index of the folder's documents and run its queries, or annotate them."""
    from kb import wiring

    if annotations is not None:
        from kb.cli.annotate import print_annotation_report

        judged = wiring.evaluate_annotations(options.settings(), annotations)
        print_annotation_report(judged, as_json=as_json)
        _end_with(judged.failures)
        return
    if folder is None:
        raise click.UsageError("DIR fehlt (oder --annotations DIR)")
    report = wiring.evaluate(options.settings(), folder, queries, k)
    fields: dict[str, object] = {
        "queries": report.queries,
        f"ndcg@{k}": round(report.ndcg, 4),
        f"mrr@{k}": round(report.mrr, 4),
        f"recall@{k}": round(report.recall, 4),
        "p50_ms": round(report.p50_ms, 3),
        "p95_ms": round(report.p95_ms, 3),
    }
    if as_json:
        print_json(fields)
    else:
        for name, value in fields.items():
            click.echo(f"{name:>10}  {value}")
    _end_with(report.failures)


def _end_with(failures: tuple[FundstelleError, ...]) -> None:
    """Name the documents that could not be judged; exit code 1 if there are any."""
    for failure in failures:
        complain(f"nicht gemessen: {failure}")
    if failures:
        sys.exit(1)
