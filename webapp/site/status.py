"""What machines ask: whether the site can answer, and what they may crawl."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from kb.model import SearchQuery
from webapp.site.services import current_services

blueprint = Blueprint("status", __name__)

# Documents may be found by search engines; the endless combinations of filters are no pages.
_ROBOTS = "User-agent: *\nDisallow: /?\nDisallow: /healthz\nDisallow: /vorschlaege\n"


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Whether searches can be answered, proved by one; without a usable index the error page says 503."""
    services = current_services()
    results = services.backend.search(SearchQuery(limit=0))
    return jsonify(status="ok", documents=results.total, version=services.version)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """The rules for crawlers of others."""
    return Response(_ROBOTS, mimetype="text/plain")
