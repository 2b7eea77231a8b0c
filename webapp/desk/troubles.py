"""What becomes of a form that cannot be saved: a page says why, and keeps what was typed to be sent again."""

from __future__ import annotations

import errno
from pathlib import Path

from flask import current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from kb.corpus.atomic import storage_error
from kb.errors import FundstelleError
from webapp.accounts.carrying import form_to_keep
from webapp.desk.blueprint import blueprint
from webapp.site.errors import RETRY_AFTER_SECONDS, known_error, status_of
from webapp.wording.formats import as_sentence

# What people type, to be seen and copied; other fields only come along.
_SHOWN = {"titel": "Titel", "text": "Text", "notiz": "Notiz", "grund": "Grund"}
_FULL_OR_CLOSED = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EROFS])


@blueprint.errorhandler(OSError)
def no_room(error: OSError) -> ResponseReturnValue:
    """A full or read-only disk where nobody else looked, as when a large form is put aside."""
    if error.errno not in _FULL_OR_CLOSED:
        raise error
    return not_saved(storage_error(error, Path(error.filename or "")))


@blueprint.errorhandler(FundstelleError)
def not_saved(error: FundstelleError) -> ResponseReturnValue:
    """The form once more, with what stands in its way; other pages get the error's usual page."""
    if request.method != "POST":
        return known_error(error)
    status = status_of(error)
    if status >= 500:
        current_app.logger.error("%s %s: %s", request.method, request.path, error)
    kept = _typed()
    page = render_template(
        "editor/not_saved.html",
        problem=as_sentence(error.reason),
        shown={_SHOWN[name]: (name, kept[name]) for name in _SHOWN if name in kept},
        hidden={name: value for name, value in kept.items() if name not in _SHOWN},
        is_kept=bool(kept),
    )
    response = make_response(page, status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _typed() -> dict[str, str]:
    """The form at hand, if it is one of ours; the database may have failed before anybody looked."""
    try:
        if not g.get("csrf_valid", False):
            current_app.extensions["csrf"].protect()
        return form_to_keep()
    except (CSRFError, OSError):
        return {}
