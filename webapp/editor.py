"""The editors' desk: adding documents, deciding on what the machine proposes, publishing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kb.errors import ConflictError, DocumentNotFoundError, InputError
from kb.model import (
    DOC_TYPES,
    Change,
    Document,
    ExtractedText,
    RawContent,
    Status,
    Version,
    normalise_line,
    normalise_text,
    text_hash,
)
from webapp.desk import Edit, Saved, decided, decision
from webapp.editor_forms import SOURCE, DocumentForm, readable_id
from webapp.editor_labels import CHANGE_LABELS, STATUS_LABELS
from webapp.markdown import render_markdown
from webapp.services import current_services
from webapp.sessions import current_account, desk_services, resumed_form
from webapp.suggestions import marked_text, suggestions
from webapp.uploads import keep_upload, shown_name

blueprint = Blueprint("editor", __name__, url_prefix="/redaktion")

# Editors get one small script of ours; nothing inline, nothing from elsewhere.
_CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_RECENT = 30


@blueprint.after_request
def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CONTENT_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.context_processor
def _labels() -> dict[str, object]:
    return {"status_labels": STATUS_LABELS, "change_labels": CHANGE_LABELS, "doc_types": DOC_TYPES}


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    """What was worked on lately, by anybody."""
    return render_template(
        "editor/desk.html", recent=[_row(one) for one in desk_services().versions.recent(_RECENT)]
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A document in a list; ``status`` is empty where it is gone."""

    version: Version
    title: str
    status: str


def _row(version: Version) -> _Row:
    try:
        document = current_services().corpus.get(version.document_id).document
    except (DocumentNotFoundError, InputError):
        return _Row(version, version.document_id, "")
    return _Row(version, document.title, document.status)


@blueprint.get("/neu")
def new_form() -> ResponseReturnValue:
    """An empty form, or one that was interrupted."""
    kept = resumed_form()
    form = DocumentForm.typed(kept if kept is not None else MultiDict({"sprache": "de"}))
    token = (kept.get("vorgang") if kept is not None else None) or secrets.token_urlsafe(16)
    return render_template("editor/new.html", form=form, token=token, resumed=kept is not None)


@blueprint.post("/neu")
def new() -> ResponseReturnValue:
    """Keep a new document as a draft; a form sent twice makes one document."""
    token = request.form.get("vorgang", "")
    form = DocumentForm.typed(request.form)
    document = form.document(lambda title: readable_id(title, token))
    if document is None:
        return make_response(render_template("editor/new.html", form=form, token=token), 400)
    desk_services().desk.create(document, edit_by(Change.CREATED, "von Hand eingegeben"))
    return redirect(url_for("editor.review", doc_id=document.id))


@blueprint.get("/hochladen")
def upload_form() -> ResponseReturnValue:
    """The page to choose a file."""
    return render_template("editor/upload.html", resumed=resumed_form() is not None)


@blueprint.post("/hochladen")
def upload() -> ResponseReturnValue:
    """Read a file in a bounded process, keep the original, and go on to the review."""
    file = request.files.get("datei")
    if file is None or not file.filename:
        return _upload_problem("Bitte eine Datei auswählen.")
    data, name = file.stream.read(), shown_name(file.filename)
    services = desk_services()
    try:
        extracted = services.extractor.extract(RawContent(data, name, content_type=file.mimetype))
        document = _uploaded(extracted, data, name)
    except InputError as error:
        return _upload_problem(f"{name}: {error.reason}")
    services.desk.create(document, edit_by(Change.CREATED, f"hochgeladen: {name}"))
    return redirect(url_for("editor.review", doc_id=document.id))


def _uploaded(extracted: ExtractedText, data: bytes, name: str) -> Document:
    original = keep_upload(desk_services().uploads, data, name)
    return Document(
        id=readable_id(extracted.title, original.sha256),
        title=normalise_line(extracted.title),
        text=extracted.text,
        source=SOURCE,
        url=extracted.canonical_url,
        publisher=extracted.publisher,
        authors=extracted.authors,
        language=extracted.language,
        published=extracted.published,
        modified=extracted.modified,
        event=extracted.event,
        licence=extracted.licence,
        source_hash=text_hash(extracted.text),
        status=Status.DRAFT,
        extra={"original": original.as_fields()},
    )


def _upload_problem(problem: str) -> ResponseReturnValue:
    return make_response(render_template("editor/upload.html", problem=problem), 400)


@blueprint.post("/vorschau")
def preview() -> ResponseReturnValue:
    """The text as readers will see it; nothing is saved."""
    title = normalise_line(request.form.get("titel", ""))
    text = render_markdown(normalise_text(request.form.get("text", "")), title=title, base_url=None)
    return render_template("editor/preview.html", title=title, text=text)


@blueprint.get("/pruefen/<path:doc_id>")
def review(doc_id: str) -> ResponseReturnValue:
    """The text with every proposal and the words that speak for it, to be accepted or rejected."""
    services, stored = desk_services(), current_services().corpus.get(doc_id)
    document = stored.document
    found = suggestions(document, services, current_services())
    twins = current_services().corpus.twins(url=document.url, text_hash=document.source_hash)
    return render_template(
        "editor/review.html",
        document=document,
        revision=stored.revision,
        found=found,
        text=marked_text(document.text, found),
        twins=[twin for twin in twins if twin != document.id],
        topics={topic: current_services().label("topic", topic) for topic in services.topics},
    )


@blueprint.post("/entscheiden/<path:doc_id>")
def decide(doc_id: str) -> ResponseReturnValue:
    """Accept, reject or take back one proposal, or add what the machine did not see."""
    form = request.form
    kind, name, value = form.get("art", ""), normalise_line(form.get("name", "")), form.get("wert", "")
    editor = editor_name()
    try:
        document = current_services().corpus.get(doc_id).document
        made = decided(document, kind, name, decision(value, editor) if value else None)
        comment = f"{kind} {name}: {value or 'zurückgenommen'}"
        desk_services().desk.save(made, form.get("stand", ""), edit_by(Change.DECIDED, comment))
    except ConflictError:
        flash("Das Dokument wurde inzwischen geändert. Bitte noch einmal ansehen und entscheiden.")
    except (ValueError, InputError) as error:
        flash(f"Das ging nicht: {error}")
    return redirect(url_for("editor.review", doc_id=doc_id) + f"#{form.get('weiter', 'vorschlaege')}")


@blueprint.post("/status/<path:doc_id>")
def change_status(doc_id: str) -> ResponseReturnValue:
    """Publish, take back to draft, or withdraw with a reason."""
    form, editor, services = request.form, editor_name(), desk_services()
    expected = form.get("stand", "")
    reason = normalise_line(form.get("grund", ""))
    steps: dict[str, Callable[[], Saved]] = {
        "veroeffentlichen": lambda: services.desk.publish(doc_id, expected, editor),
        "entwurf": lambda: services.desk.unpublish(doc_id, expected, editor),
        "zurueckziehen": lambda: services.desk.withdraw(doc_id, expected, editor, reason),
    }
    step = steps.get(form.get("schritt", ""))
    if step is None or (form.get("schritt") == "zurueckziehen" and not reason):
        flash("Bitte einen Grund angeben." if step is not None else "Dieser Schritt ist unbekannt.")
        return redirect(url_for("editor.review", doc_id=doc_id))
    try:
        saved = step()
        tell(saved, f"Das Dokument ist jetzt {STATUS_LABELS[saved.stored.document.status]}.")
    except ConflictError:
        flash("Das Dokument wurde inzwischen geändert. Bitte noch einmal ansehen.")
    return redirect(url_for("editor.review", doc_id=doc_id))


def editor_name() -> str:
    """Who is at work."""
    account = current_account()
    assert account is not None, "the permission table lets nobody else in"
    return account.name


def edit_by(change: Change, comment: str = "") -> Edit:
    """A change by the editor at work."""
    return Edit(editor_name(), change, normalise_line(comment)[:500])


def tell(saved: Saved, message: str) -> None:
    """Say on the next page what was done, and if the search cannot follow yet."""
    flash(message)
    if saved.index_problem is not None:
        flash(f"Die Suche zeigt es noch nicht: {saved.index_problem}")


# These add their pages to the blueprint.
from webapp import editor_edit as _editor_edit  # noqa: E402, F401
from webapp import editor_news as _editor_news  # noqa: E402, F401
from webapp import editor_versions as _editor_versions  # noqa: E402, F401
