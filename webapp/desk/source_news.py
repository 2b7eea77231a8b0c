"""What sources say anew of documents on which editors decided: seen beside ours, taken over or not. Part of
the editors' blueprint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import ConflictError, DocumentNotFoundError
from kb.failures import contained, passed_over
from kb.model import NEWS_FIELDS, Document, SourceNews, news, stated
from webapp.accounts.carrying import keeps
from webapp.accounts.sessions import desk_services
from webapp.changes.desk import Saved
from webapp.desk.blueprint import blueprint, editor_name, tell
from webapp.desk.difference import Line, differences
from webapp.site.services import current_services

_ON_START_PAGE = 5
_FIELD_LABELS = {
    "text": "Text",
    "title": "Titel",
    "publisher": "Herausgeber",
    "authors": "Autor*innen",
    "language": "Sprache",
    "published": "Veröffentlicht",
    "event": "Veranstaltung",
    "licence": "Lizenz",
}


@dataclass(frozen=True, slots=True)
class WaitingNews:
    """One row: a document, what its source says, and the names of what is new in it."""

    document: Document
    said: SourceNews
    differs: tuple[str, ...]


def waiting_news() -> list[WaitingNews]:
    """Everything that waits for an editor, the latest first.

    Where a document is gone, or says by now what the source says, nothing waits any more.
    """
    found = []
    for said in desk_services().news.waiting():
        with contained(said.document.id, passed_over):
            row = _waiting(said)
            if row is not None:
                found.append(row)
            else:
                desk_services().news.drop(said.document.id, said.digest)
    return found


def _waiting(said: SourceNews) -> WaitingNews | None:
    try:
        document = current_services().corpus.get(said.document.id).document
    except DocumentNotFoundError:
        return None
    differs = news(said.document, document)
    return WaitingNews(document, said, tuple(_FIELD_LABELS[name] for name in differs)) if differs else None


def news_of(document: Document) -> SourceNews | None:
    """What waits for a decision on a document."""
    said = desk_services().news.get(document.id)
    return said if said is not None and news(said.document, document) else None


@blueprint.app_context_processor  # a form that is gone on with is shown by the login
def _for_templates() -> dict[str, object]:
    return {"waiting_news": waiting_news, "news_of": news_of, "news_on_start_page": _ON_START_PAGE}


@blueprint.get("/neues")
def all_news() -> ResponseReturnValue:
    """Every document whose source says something new."""
    return render_template("editor/all_news.html")


@blueprint.get("/neues/<path:doc_id>")
def source_news(doc_id: str) -> ResponseReturnValue:
    """Ours and the source's side by side, with what can be done."""
    stored = current_services().corpus.get(doc_id)
    said = news_of(stored.document)
    if said is None:
        flash("Quelle und Dokument stimmen überein, oder es ist schon entschieden.")
        return redirect(url_for("editor.review", doc_id=doc_id))
    return render_template(
        "editor/source_news.html",
        document=stored.document,
        revision=stored.revision,
        said=said,
        lines=differences(stored.document.text, said.document.text),
        is_same_text=stored.document.text == said.document.text,
        details=_details(stored.document, said.document),
    )


def _details(ours: Document, theirs: Document) -> dict[str, Line]:
    """Details in which both differ, by German name; what the source does not tell is no difference."""
    pairs = {name: (stated(ours, name), stated(theirs, name)) for name in NEWS_FIELDS}
    return {
        _FIELD_LABELS[name]: differences(mine, said)[0]
        for name, (mine, said) in pairs.items()
        if said and said != mine
    }


@blueprint.post("/neues/<path:doc_id>")
@keeps("stand", "gesehen", "schritt")
def decide_on_news(doc_id: str) -> ResponseReturnValue:
    """Take over what the source says, or keep ours until the source changes once more."""
    form, services, editor = request.form, desk_services(), editor_name()
    said, expected = services.news.get(doc_id), form.get("stand", "")
    if said is None or said.digest != form.get("gesehen"):
        flash("Die Quelle sagt inzwischen etwas anderes. Bitte noch einmal ansehen.")
        return redirect(url_for("editor.source_news", doc_id=doc_id))
    steps: dict[str, tuple[Callable[[], Saved], str]] = {
        "uebernehmen": (
            lambda: services.desk.take_over(said, expected, editor),
            "Die Fassung der Quelle ist übernommen.",
        ),
        "behalten": (
            lambda: services.desk.keep(said, expected, editor),
            "Unsere Fassung bleibt, bis die Quelle sich wieder ändert.",
        ),
    }
    if form.get("schritt") not in steps:
        flash("Dieser Schritt ist unbekannt.")
        return redirect(url_for("editor.source_news", doc_id=doc_id))
    step, message = steps[form["schritt"]]
    try:
        tell(step(), message)
    except ConflictError:
        flash("Das Dokument wurde inzwischen geändert. Bitte noch einmal ansehen.")
        return redirect(url_for("editor.source_news", doc_id=doc_id))
    return redirect(url_for("editor.review", doc_id=doc_id))
