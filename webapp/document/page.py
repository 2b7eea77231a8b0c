"""The page of one document: its text, where it comes from, and what was concluded from it and why."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from kb.errors import DocumentNotFoundError, InvalidDocumentError, SearchIndexError
from kb.failures import contained, foreseen
from kb.model import SearchQuery, Status, StoredDocument, check_id, names_of
from webapp.accounts.shown import shown_here, shown_to_visitors
from webapp.document.evidence import findings
from webapp.document.practice_card import practice_card
from webapp.document.provenance import citation, provenance
from webapp.search.hits import HitView, hit_viewer, hit_views
from webapp.site.errors import error_answer
from webapp.site.failing import noting
from webapp.site.services import SiteServices, current_services
from webapp.wording.formats import web_address
from webapp.wording.markdown import render_markdown

blueprint = Blueprint("document", __name__)

_SIMILAR = 5


@blueprint.get("/dokument/<path:doc_id>")
def show(doc_id: str) -> ResponseReturnValue:
    """Show a published document, say of a withdrawn one when and why; drafts do not exist for visitors.

    Where its source allows only an excerpt, visitors get that and the way to the source; editors read all.
    """
    services = current_services()
    stored = _readable(services, doc_id)
    document = stored.document if stored is not None else None
    if document is not None and document.status is Status.WITHDRAWN and document.withdrawal is not None:
        return make_response(render_template("document/withdrawn.html", withdrawal=document.withdrawal), 410)
    if document is None and services.tombstones is not None and services.tombstones.find(names_of(doc_id)):
        return make_response(render_template("document/forgotten.html"), 410)
    if stored is None or document is None or document.status is not Status.PUBLISHED:
        abort(404)
    with contained(doc_id, noting(services, doc_id)):
        return _page(services, stored)
    return error_answer(500)


def _page(services: SiteServices, stored: StoredDocument) -> ResponseReturnValue:
    document = stored.document
    shown = shown_here(document)
    found = findings(services, stored, quotable=shown.document.text)
    original = web_address(document.url)
    return render_template(
        "document/show.html",
        document=document,
        text=render_markdown(shown.document.text, title=document.title, base_url=original),
        is_excerpt=shown.is_excerpt,
        is_hidden=shown_to_visitors(document).is_excerpt,
        original=original,
        found=found,
        card=practice_card(found.card, shown.document.text),
        provenance=provenance(services, document, found.event_date),
        citation=citation(document, found.event_date),
        similar=_similar(services, document.id),
    )


def _similar(services: SiteServices, doc_id: str) -> tuple[HitView, ...]:
    """Documents like this one; without a usable index none, since the text can be read all the same."""
    try:
        hits = services.backend.similar(doc_id, _SIMILAR)
    except SearchIndexError as error:
        current_app.logger.warning("Ähnliche Dokumente zu %s: %s", doc_id, error)
        return ()
    return hit_views(services, hits, hit_viewer(services, SearchQuery()))


def _readable(services: SiteServices, doc_id: str) -> StoredDocument | None:
    try:
        check_id(doc_id)
    except InvalidDocumentError:
        return None
    try:
        return services.corpus.get(doc_id)
    except DocumentNotFoundError:
        return None
    except Exception as error:
        # Nobody can say whether a broken file was meant to be public, so it is not.
        noting(services, doc_id)(foreseen(error, doc_id))
        return None
