"""Where a visitor is sent: always to this site, whatever an address or a form asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

# What may stand in an address as it is (RFC 3986); everything else, backslashes and what cannot be seen among
# it, is percent-encoded, so that every reader of the address reads the same.
_AS_IT_IS = "/?#[]@!$&'()*+,;=:%-._~"


def safe_target(target: str | None) -> str:
    """The address of a page of this site, as it is sent to a browser; anything else becomes the desk's.

    Judged is what is given back: a path from the root of this site, which names no scheme and no host, and at
    which there is a page.
    """
    address = quote(target or "", safe=_AS_IT_IS)
    if address.startswith("/") and not address.startswith("//") and page_at(address) is not None:
        return address
    return url_for("editor.desk")


def own_address() -> str:
    """The address of the request at hand, whole: to come back to."""
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")


def page_at(target: str, *, method: str = "GET") -> tuple[str, Mapping[str, Any]] | None:
    """The endpoint and its arguments that answer at a safe target, or None."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        endpoint, arguments = adapter.match(unquote(urlsplit(target).path), method=method)
    except (HTTPException, RequestRedirect, ValueError):
        return None
    return str(endpoint), arguments
