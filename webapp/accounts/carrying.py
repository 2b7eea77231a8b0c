"""Forms that outlive their session: what was typed comes along to the login page, and back afterwards.

Only what our own forms have: a view names the fields that it ``keeps``, and a form that was sent without the
token of its session brings nothing along. So no page repeats whatever somebody sends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from webapp.site.targets import own_address, page_at, safe_target

_PREFIX = "weiter."
_KEPT = "kept_fields"
_View = TypeVar("_View", bound=Callable[..., Any])


def keeps(*fields: str) -> Callable[[_View], _View]:
    """Mark a view that takes a form: these of its fields are worth keeping, each once."""

    def marked(view: _View) -> _View:
        setattr(view, _KEPT, fields)
        return view

    return marked


def form_to_keep() -> dict[str, str]:
    """The known fields of the form at hand; whoever asks has seen that it is one of ours."""
    return _known(request.endpoint, request.form)


def carried_form(target: str) -> dict[str, str]:
    """The fields that the login form carried for the page at ``target``."""
    carried = {
        name.removeprefix(_PREFIX): value for name, value in request.form.items() if name.startswith(_PREFIX)
    }
    page = page_at(target, method="POST") if carried else None
    return _known(page[0], carried) if page is not None else {}


def resumed_form() -> MultiDict[str, str] | None:
    """The fields that the page at hand is to be filled in with, if it goes on after an interruption."""
    fields: MultiDict[str, str] | None = g.get("resumed")
    return fields


def ask_to_sign_in() -> ResponseReturnValue:
    """The way to the login page; a form that was sent comes along as hidden fields."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("account.login_form", weiter=own_address()))
    try:
        kept, lost_files = _form_of_ended_session(), bool(request.files)
        problem = "Die Sitzung ist zu Ende. Nach dem Anmelden sind Ihre Eingaben wieder da."
    except (CSRFError, RequestEntityTooLarge) as error:
        kept, lost_files = {}, False
        problem = "Die Sitzung ist zu Ende, und was Sie gesendet haben, ließ sich nicht aufbewahren: Es "
        if isinstance(error, CSRFError):
            problem += "gehört zu keiner Sitzung mehr. Der Knopf „Zurück“ Ihres Browsers führt zum Formular."
        else:
            problem += "ist zu groß. Bitte senden Sie es nach dem Anmelden noch einmal."
    return login_page(target=own_address(), kept=kept, problem=problem, lost_files=lost_files, status=401)


def login_page(
    *,
    target: str | None,
    kept: Mapping[str, str] | None = None,
    problem: str | None = None,
    lost_files: bool = False,
    status: int = 200,
) -> Response:
    """The login form, with what is to be gone on with."""
    page = render_template(
        "account/login.html",
        target=safe_target(target),
        hidden=[(_PREFIX + name, value) for name, value in (kept or {}).items()],
        problem=problem,
        lost_files=lost_files,
    )
    return make_response(page, status)


def _form_of_ended_session() -> dict[str, str]:
    """The form at hand, if it has the token of the session that ended.

    Raises:
        CSRFError: it has not.
        RequestEntityTooLarge: it is larger than forms of ours.
    """
    current_app.extensions["csrf"].protect()
    return form_to_keep()


def _known(endpoint: str | None, form: Mapping[str, str]) -> dict[str, str]:
    fields: tuple[str, ...] = getattr(current_app.view_functions.get(endpoint or ""), _KEPT, ())
    return {name: form[name] for name in fields if name in form}
