"""How much of a document the one who asks may see: every page, API, feed or download takes texts from here."""

from __future__ import annotations

from kb.errors import RecordError
from kb.model import Document, Shown
from webapp.accounts.sessions import current_account
from webapp.site.services import current_services


def shown_to_visitors(document: Document) -> Shown:
    """The document as anybody may see it: for everything that is cached, copied or sent on."""
    return current_services().display.shown(document)


def shown_here(document: Document) -> Shown:
    """The document as the one who sent this request may see it: whole for editors.

    Where nobody can say who asks, it is a visitor.
    """
    try:
        is_editor = current_account() is not None
    except RecordError:
        is_editor = False
    return Shown(document) if is_editor else shown_to_visitors(document)
