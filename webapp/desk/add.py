"""Adding documents to the corpus: typed into a form, or uploaded as a file."""

from __future__ import annotations

import secrets

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kb.errors import InputError
from kb.model import (
    Change,
    Document,
    ExtractedText,
    RawContent,
    Status,
    normalise_line,
    normalise_text,
    text_hash,
)
from webapp.accounts.carrying import keeps, resumed_form
from webapp.accounts.sessions import desk_services
from webapp.changes.uploads import keep_upload, shown_name
from webapp.desk.blueprint import blueprint, edit_by, tell_added
from webapp.desk.forms import FIELDS, SOURCE, DocumentForm, readable_id
from webapp.wording.markdown import render_markdown


@blueprint.get("/neu")
def new_form() -> ResponseReturnValue:
    """An empty form, or one that was interrupted."""
    kept = resumed_form()
    form = DocumentForm.typed(kept if kept is not None else MultiDict({"sprache": "de"}), desk_services().years)
    token = (kept.get("vorgang") if kept is not None else None) or secrets.token_urlsafe(16)
    return render_template("editor/new.html", form=form, token=token, resumed=kept is not None)


@blueprint.post("/neu")
@keeps("vorgang", *FIELDS)
def new() -> ResponseReturnValue:
    """Keep a new document as a draft; a form sent twice makes one document."""
    token = request.form.get("vorgang", "")
    form = DocumentForm.typed(request.form, desk_services().years)
    document = form.document(lambda title: readable_id(title, token))
    if document is None:
        return make_response(render_template("editor/new.html", form=form, token=token), 400)
    saved = desk_services().desk.create(document, edit_by(Change.CREATED, "von Hand eingegeben"))
    tell_added(saved, "Dieses Dokument")
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
    saved = services.desk.create(document, edit_by(Change.CREATED, f"hochgeladen: {name}"))
    tell_added(saved, "Ein Dokument aus dieser Datei")
    for warning in extracted.warnings:
        flash(f"{name}: {warning}. Bitte vor dem Veröffentlichen ergänzen.")
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
