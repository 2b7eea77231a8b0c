"""What all pages of the editors' desk share: their blueprint, who is at work, and what is said of a change."""

from __future__ import annotations

from flask import Blueprint, flash

from kb.model import DOC_TYPES, Change, normalise_line
from webapp.accounts.sessions import current_account
from webapp.changes.desk import Edit, Saved
from webapp.desk.labels import CHANGE_LABELS, STATUS_LABELS

blueprint = Blueprint("editor", __name__, url_prefix="/redaktion")


@blueprint.app_context_processor  # a form that is gone on with is shown by the login
def _labels() -> dict[str, object]:
    return {"status_labels": STATUS_LABELS, "change_labels": CHANGE_LABELS, "doc_types": DOC_TYPES}


def editor_name() -> str:
    """Who is at work."""
    account = current_account()
    assert account is not None, "the permission table lets nobody else in"
    return account.name


def edit_by(change: Change, comment: str = "") -> Edit:
    """A change by the editor at work."""
    return Edit(editor_name(), change, normalise_line(comment)[:500])


def tell_added(saved: Saved, what: str) -> None:
    """Say on the next page where somebody was faster: that document is the one that counts."""
    if saved.was_there:
        flash(f"{what} gab es schon. Es ist bei dem einen Dokument geblieben.")


def tell(saved: Saved, message: str) -> None:
    """Say on the next page what was done, and if the search cannot follow yet."""
    flash(message)
    if saved.index_problem is not None:
        flash(f"Die Suche zeigt es noch nicht: {saved.index_problem}")
