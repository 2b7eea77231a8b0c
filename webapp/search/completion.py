"""Completions of what is being typed, for the script beside the search field."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from kb.model import SearchQuery, Suggestion
from webapp.search.forms import read_text
from webapp.search.hits import search_url
from webapp.site.services import current_services

blueprint = Blueprint("completion", __name__)

# Rows that fit below the field on a phone, its keyboard open.
_ROWS = 8
# Whoever typed that much knows what they are looking for; the longest titles are shorter.
_MAX_CHARS = 200
# Going back a letter asks nobody. Short, since a withdrawn document's title must not linger.
_CACHE_SECONDS = 60
_KINDS = {"title": "Dokument", "topic": "Thema", "place": "Ort"}


@blueprint.get("/vorschlaege")
def complete() -> ResponseReturnValue:
    """Completions of ``q``, best first, as JSON; none for what is empty or too long.

    Raises:
        SearchIndexError: there is nothing to complete from; answered as JSON with 503.
    """
    text = read_text(request.args)
    found = current_services().backend.suggest(text, _ROWS) if 0 < len(text) <= _MAX_CHARS else ()
    response = jsonify(suggestions=[_fields(one) for one in found])
    response.headers["Cache-Control"] = f"private, max-age={_CACHE_SECONDS}"
    return response


def _fields(suggestion: Suggestion) -> dict[str, str | None]:
    """``label`` names the kind to people; ``url`` is where the suggestion leads by itself."""
    return {
        "text": suggestion.text,
        "kind": suggestion.kind,
        "label": _KINDS.get(suggestion.kind, ""),
        "id": suggestion.id,
        "url": _address(suggestion),
    }


def _address(suggestion: Suggestion) -> str:
    """A document's page, all documents of a topic or place, or the search for a word."""
    if suggestion.id is None:
        return search_url(SearchQuery(suggestion.text))
    if suggestion.kind == "title":
        return url_for("document.show", doc_id=suggestion.id)
    return search_url(SearchQuery(filters={suggestion.kind: (suggestion.id,)}))
