"""Under which names this site may be asked for: what it says of its own address, it says of these alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Response

_PORT = re.compile(r":[0-9]{1,5}\Z")
_REFUSAL = (
    "Unter diesem Namen gibt es hier keine Website.\n\n"
    "Für die Betreiber*innen: KB_PUBLIC_URL und KB_HOSTS nennen die Namen, unter denen Fundstelle antwortet.\n"
)


class KnownHosts:
    """An application that answers to known names; others get a plain page that says why."""

    def __init__(self, app: WSGIApplication, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(map(_as_sent, hosts))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or refuse."""
        if _PORT.sub("", environ.get("HTTP_HOST", "")).lower() in self._hosts:
            return self._app(environ, start_response)
        refusal = Response(_REFUSAL, 400, {"X-Content-Type-Options": "nosniff"}, mimetype="text/plain")
        return refusal(environ, start_response)


def _as_sent(name: str) -> str:
    """A name as browsers send it: umlauts in the letters of the DNS."""
    try:
        return name.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return name.lower()
