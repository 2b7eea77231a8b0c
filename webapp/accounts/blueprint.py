"""What the pages about accounts share: their blueprint, and how a password that is sent may be refused."""

from __future__ import annotations

from flask import Blueprint, Response

from webapp.wording.formats import format_wait

blueprint = Blueprint("account", __name__)

_BUSY_SECONDS = 5


def too_many(seconds: int) -> str:
    """What is said after too many wrong passwords."""
    return f"Zu viele falsche Passwörter. Der nächste Versuch ist in {format_wait(seconds)} möglich."


def busy(response: Response) -> Response:
    """Too many at once: nobody's fault, and over soon."""
    response.status_code = 503
    response.headers["Retry-After"] = str(_BUSY_SECONDS)
    return response
