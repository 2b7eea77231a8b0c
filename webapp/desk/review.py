"""Deciding on a document: what the machine proposes, and whether readers see it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import ConflictError, InputError
from kb.failures import contained
from kb.model import MAX_NAME_LENGTH, Change, is_name, normalise_line
from webapp.accounts.carrying import keeps
from webapp.accounts.sessions import desk_services
from webapp.changes.desk import Saved, decided, decision
from webapp.desk.blueprint import blueprint, edit_by, editor_name, tell
from webapp.desk.failing import failures_of
from webapp.desk.labels import STATUS_LABELS
from webapp.desk.suggestions import Suggestion, marked_text, suggestions
from webapp.site.failing import noting
from webapp.site.services import current_services
from webapp.site.targets import safe_target

# What is decided on by its name.
_BY_NAME = ("topic", "place", "card")


@blueprint.get("/pruefen/<path:doc_id>")
def review(doc_id: str) -> ResponseReturnValue:
    """The text with every proposal and the words that speak for it, to be accepted or rejected."""
    services, stored = desk_services(), current_services().corpus.get(doc_id)
    document = stored.document
    found: list[Suggestion] = []
    # The text can be read, changed and withdrawn without any suggestion.
    with contained(doc_id, noting(current_services(), doc_id)):
        found = suggestions(document, services, current_services())
    twins = current_services().corpus.twins(url=document.url, text_hash=document.source_hash)
    return render_template(
        "editor/review.html",
        document=document,
        revision=stored.revision,
        found=found,
        text=marked_text(document.text, found),
        twins=[twin for twin in twins if twin != document.id],
        failing=failures_of(doc_id),
        topics={topic: current_services().label("topic", topic) for topic in services.topics},
    )


@blueprint.post("/entscheiden/<path:doc_id>")
@keeps("stand", "art", "name", "wert", "weiter")
def decide(doc_id: str) -> ResponseReturnValue:
    """Accept, reject or take back one proposal, or add what the machine did not see."""
    form = request.form
    kind, name, value = form.get("art", ""), normalise_line(form.get("name", "")), form.get("wert", "")
    editor = editor_name()
    try:
        if kind in _BY_NAME and not is_name(name):
            raise ValueError(f"Ein Name hat 1 bis {MAX_NAME_LENGTH} Zeichen.")
        document = current_services().corpus.get(doc_id).document
        made = decided(document, kind, name, decision(value, editor) if value else None)
        comment = f"{kind} {name}: {value or 'zurückgenommen'}"
        desk_services().desk.save(made, form.get("stand", ""), edit_by(Change.DECIDED, comment))
    except ConflictError:
        flash("Das Dokument wurde inzwischen geändert. Bitte noch einmal ansehen und entscheiden.")
    except (ValueError, InputError) as error:
        flash(f"Das ging nicht: {error}")
    review_page = url_for("editor.review", doc_id=doc_id)
    return redirect(safe_target(f"{review_page}#{form.get('weiter', 'vorschlaege')}"))


@blueprint.post("/status/<path:doc_id>")
@keeps("stand", "schritt", "grund")
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
