"""How an error becomes an answer: its HTTP status and a page that says in German what to do."""

from __future__ import annotations

from flask import Flask, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from kb import errors

# The nearest class of an error's ancestry decides; every class of the tree is covered (tested).
STATUS: dict[type[errors.FundstelleError], int] = {
    errors.FundstelleError: 500,
    errors.InputError: 400,
    errors.InputTooLargeError: 413,
    errors.ConfigurationError: 500,
    errors.CorpusError: 500,
    errors.DocumentNotFoundError: 404,
    errors.DuplicateIdError: 500,
    errors.ConflictError: 409,
    errors.StorageError: 503,
    errors.RecordError: 503,
    errors.AccountNotFoundError: 404,
    errors.AccountExistsError: 409,
    errors.SignInRefusedError: 401,
    errors.SignInBusyError: 503,
    errors.SearchIndexError: 503,
    errors.CrawlError: 502,
    errors.ServerError: 500,
}
_TEXTS = {
    400: ("Diese Anfrage war nicht zu verstehen", "Bitte prüfen Sie die Adresse oder suchen Sie neu."),
    403: ("Das dürfen nur andere", "Ihr Konto hat dafür nicht die nötige Rolle."),
    404: (
        "Diese Seite gibt es nicht",
        "Vielleicht ist die Adresse unvollständig, oder das Dokument wird hier nicht mehr gezeigt.",
    ),
    405: ("Das geht an dieser Stelle nicht", "Diese Adresse lässt sich nur ansehen, nicht verändern."),
    413: (
        "Das ist zu groß",
        "Bitte senden Sie weniger auf einmal: höchstens 200 Felder und 1 MB, nach dem Anmelden auch lange "
        "Texte und Dateien.",
    ),
    414: ("Das sind zu viele Angaben", "Die Adresse darf höchstens 100 Angaben haben. Bitte suchen Sie neu."),
    429: ("Das war zu oft", "Bitte warten Sie ein wenig, bevor Sie es noch einmal versuchen."),
    500: (
        "Da ist etwas schiefgegangen",
        "Der Fehler liegt bei uns und wurde aufgezeichnet. Bitte versuchen Sie es später noch einmal.",
    ),
    503: (
        "Die Suche ist gerade nicht bereit",
        "Bitte versuchen Sie es in einigen Minuten noch einmal.",
    ),
}
_NOTHING_KEPT = (
    "Konten und Dokumente sind gerade nicht erreichbar",
    "Nichts wurde geändert. Bitte versuchen Sie es in einigen Minuten noch einmal; die Suche geht weiter.",
)
RETRY_AFTER_SECONDS = 30
_FOR_MACHINES = {"/healthz", "/vorschlaege"}


def status_of(error: errors.FundstelleError) -> int:
    """The HTTP status that fits an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def register_error_pages(app: Flask) -> None:
    """Answer every error with a German page, or with JSON where a machine asked."""
    app.register_error_handler(errors.FundstelleError, known_error)
    app.register_error_handler(HTTPException, _http_error)


def wants_json() -> bool:
    """Whether the current address is meant for machines."""
    return request.path.rstrip("/") in _FOR_MACHINES


def error_answer(
    status: int, *, remedy: str | None = None, texts: tuple[str, str] | None = None
) -> ResponseReturnValue:
    """An error page; ``remedy`` is a line for whoever runs the site, ``texts`` are heading and text."""
    heading, text = texts or _TEXTS.get(status) or _TEXTS[400 if status < 500 else 500]
    if wants_json():
        response = jsonify(status="error", reason=remedy or heading)
    else:
        response = make_response(
            render_template("errors/error.html", status=status, heading=heading, text=text, remedy=remedy)
        )
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def known_error(error: errors.FundstelleError) -> ResponseReturnValue:
    """The page of an error that this program knows."""
    status = status_of(error)
    if status >= 500:
        current_app.logger.error("%s %s: %s", request.method, request.path, error)
    # The subject may be a path on the server or what a driver said, which is nobody's business.
    remedy = error.reason if isinstance(error, errors.SearchIndexError) else None
    if isinstance(error, errors.RecordError | errors.StorageError) and status == 503:
        return error_answer(status, remedy=error.reason, texts=_NOTHING_KEPT)
    return error_answer(status, remedy=remedy)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect
    if error.response is not None:
        return error.get_response()  # made where it was raised
    answer = make_response(error_answer(error.code))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value  # Allow of 405, among others
    return answer
