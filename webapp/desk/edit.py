"""The form of a stored document: its text and details changed by hand. Part of the editors' blueprint."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kb.errors import ConflictError
from kb.model import Change, Document, SourceNews, StoredDocument, normalise_text, taken_over
from webapp.accounts.carrying import keeps, resumed_form
from webapp.accounts.sessions import desk_services
from webapp.changes.desk import Edit
from webapp.desk.blueprint import blueprint, edit_by, tell
from webapp.desk.difference import differences
from webapp.desk.forms import FIELDS, DocumentForm, changed_fields
from webapp.site.services import current_services


@blueprint.get("/bearbeiten/<path:doc_id>")
def edit_form(doc_id: str) -> ResponseReturnValue:
    """The form of a stored document, with the source's news where asked for, or one that was interrupted."""
    stored, kept = current_services().corpus.get(doc_id), resumed_form()
    if kept is not None:
        form = DocumentForm.typed(kept, desk_services().years)
        return _edit_page(stored.document, form, kept.get("stand", ""), kept=kept)
    seen = _seen_news(doc_id)
    start = stored.document
    if seen is not None and request.args.get("von") == "quelle":
        start = taken_over(start, seen.document)
    return _edit_page(stored.document, DocumentForm.of(start), stored.revision)


@blueprint.post("/bearbeiten/<path:doc_id>")
@keeps("stand", "gesehen", "notiz", *FIELDS)
def edit(doc_id: str) -> ResponseReturnValue:
    """Save text and details; somebody else's faster change is shown beside one's own."""
    stored, expected = current_services().corpus.get(doc_id), request.form.get("stand", "")
    form = DocumentForm.typed(request.form, desk_services().years)
    document = form.changed(stored.document)
    if document is None:
        return make_response(_edit_page(stored.document, form, expected), 400)
    try:
        saved = desk_services().desk.save(document, expected, _noted(), _seen_news(doc_id))
    except ConflictError:
        return _conflict_page(current_services().corpus.get(doc_id), form)
    tell(saved, "Gespeichert.")
    return redirect(url_for("editor.review", doc_id=doc_id))


def _noted() -> Edit:
    return edit_by(Change.EDITED, request.form.get("notiz", ""))


def _seen_news(doc_id: str) -> SourceNews | None:
    """The source's news that the editor works from, if it is still the newest."""
    seen = request.values.get("gesehen", "")
    news = desk_services().news.get(doc_id) if seen else None
    return news if news is not None and news.digest == seen else None


def _edit_page(
    document: Document, form: DocumentForm, revision: str, *, kept: MultiDict[str, str] | None = None
) -> str:
    return render_template(
        "editor/edit.html",
        document=document,
        form=form,
        revision=revision,
        resumed=kept is not None,
        note=(kept if kept is not None else request.form).get("notiz", ""),
        seen=(kept if kept is not None else request.values).get("gesehen", ""),
    )


def _conflict_page(stored: StoredDocument, mine: DocumentForm) -> ResponseReturnValue:
    theirs = DocumentForm.of(stored.document)
    page = render_template(
        "editor/conflict.html",
        document=stored.document,
        revision=stored.revision,
        form=mine,
        theirs=theirs,
        changed=changed_fields(mine, theirs),
        lines=differences(theirs.values["text"], normalise_text(mine.values["text"])),
        versions=desk_services().versions.versions(stored.document.id)[:1],
        seen=request.values.get("gesehen", ""),
    )
    return make_response(page, 409)
