"""Browsers in which somebody has signed in before: what strangers try under a name does not hold them up.

Each has a signed cookie of its own (the device cookies that OWASP describes): a mark of the name and a
random id. It opens nothing; it only lets guesses be counted for this browser alone. Whoever copies it may
guess as often as its owner.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.accounts.cookies import host_cookie_name, is_secure_cookie

_SALT = "bekannter-browser"
_MAX_AGE_SECONDS = 180 * 24 * 3600
# A shared computer; whoever has not signed in there for longest is forgotten first.
_MAX_NAMES = 5


def known_browser(name: str) -> str | None:
    """The id under which this browser is known for an account's name, or None."""
    return dict(_kept()).get(_mark(name))


def remember_browser(response: Response, name: str) -> None:
    """Let this browser be known for a name from now on; one that is known keeps its id."""
    mark = _mark(name)
    browser = known_browser(name) or secrets.token_urlsafe(12)
    others = [one for one in _kept() if one[0] != mark]
    response.set_cookie(
        host_cookie_name("fundstelle-bekannt"),
        _serializer().dumps([[mark, browser], *others][:_MAX_NAMES]),
        max_age=_MAX_AGE_SECONDS,
        secure=is_secure_cookie(),
        httponly=True,
        samesite="Lax",
    )


def _kept() -> list[tuple[str, str]]:
    try:
        kept = _serializer().loads(
            request.cookies.get(host_cookie_name("fundstelle-bekannt"), ""), max_age=_MAX_AGE_SECONDS
        )
    except BadSignature:
        return []
    return [(mark, browser) for mark, browser in kept]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_secret(), salt=_SALT)


def _mark(name: str) -> str:
    """Names are not readable on a shared computer."""
    return hmac.new(_secret(), f"{_SALT} {name.strip().lower()}".encode(), "sha256").hexdigest()[:16]


def _secret() -> bytes:
    key = current_app.secret_key
    assert isinstance(key, bytes)
    return key
