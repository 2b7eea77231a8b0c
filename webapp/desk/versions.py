"""Every version of a document: seen, compared, restored. Part of the editors' blueprint."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import ConflictError
from webapp.accounts.carrying import keeps
from webapp.accounts.sessions import desk_services
from webapp.desk.blueprint import blueprint, editor_name, tell
from webapp.desk.difference import differences
from webapp.site.services import current_services


@blueprint.get("/fassungen/<path:doc_id>")
def versions(doc_id: str) -> ResponseReturnValue:
    """Every version of a document: who, when, what."""
    stored = current_services().corpus.get(doc_id)
    return render_template(
        "editor/versions.html",
        document=stored.document,
        revision=stored.revision,
        versions=desk_services().versions.versions(doc_id),
    )


@blueprint.get("/fassung/<int:number>/<path:doc_id>")
def version(number: int, doc_id: str) -> ResponseReturnValue:
    """One version, whole."""
    stored = current_services().corpus.get(doc_id)
    shown = desk_services().versions.version(doc_id, number)
    return render_template(
        "editor/version.html", document=stored.document, revision=stored.revision, shown=shown
    )


@blueprint.get("/vergleich/<path:doc_id>")
def compare(doc_id: str) -> ResponseReturnValue:
    """Two versions side by side; 0 is what the first change found."""
    log = desk_services().versions
    first, second = (request.args.get(name, 0, type=int) for name in ("von", "bis"))
    texts = [
        log.version(doc_id, number).after if number else log.version(doc_id, 1).before or ""
        for number in (first, second)
    ]
    return render_template(
        "editor/compare.html",
        document=current_services().corpus.get(doc_id).document,
        first=first,
        second=second,
        lines=differences(*texts),
    )


@blueprint.post("/wiederherstellen/<int:number>/<path:doc_id>")
@keeps("stand", "welche")
def restore(number: int, doc_id: str) -> ResponseReturnValue:
    """Make an earlier version the current one; the one in between is kept too."""
    services = desk_services()
    earlier = services.versions.version(doc_id, number)
    if request.form.get("welche") == "vorher" and earlier.before is not None:
        earlier = replace(earlier, after=earlier.before)
    try:
        tell(services.desk.restore(earlier, request.form.get("stand", ""), editor_name()), "Wiederhergestellt.")
    except ConflictError:
        flash("Das Dokument wurde inzwischen geändert. Bitte noch einmal ansehen.")
        return redirect(url_for("editor.versions", doc_id=doc_id))
    return redirect(url_for("editor.review", doc_id=doc_id))
