"""Signing in and out, and the way on for a form whose session has ended meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, current_app, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict

from kb.errors import RecordError, SignInBusyError, SignInRefusedError
from webapp.accounts.blueprint import blueprint, busy, too_many
from webapp.accounts.carrying import ask_to_sign_in, carried_form, form_to_keep, login_page
from webapp.accounts.guard import note_wrong_password
from webapp.accounts.known_browsers import remember_browser
from webapp.accounts.permissions import refusal
from webapp.accounts.sessions import current_account, desk_services, end_session, start_session
from webapp.site.errors import status_of
from webapp.site.targets import own_address, page_at, safe_target
from webapp.wording.formats import as_sentence


@blueprint.get("/anmelden")
def login_form() -> ResponseReturnValue:
    """The page to sign in."""
    return login_page(target=request.args.get("weiter"))


@blueprint.post("/anmelden")
def login() -> ResponseReturnValue:
    """Sign in, then go on where the visitor came from: with the form that was being filled in, if any."""
    target = _target()
    fields = carried_form(target)
    try:
        account = desk_services().accounts.sign_in(
            request.form.get("name", ""), request.form.get("passwort", "")
        )
        start_session(account)
    except RecordError as error:
        if isinstance(error, SignInRefusedError):
            note_wrong_password()
        page = login_page(
            target=target, kept=fields, problem=as_sentence(error.reason), status=status_of(error)
        )
        return busy(page) if isinstance(error, SignInBusyError) else page
    response = make_response(_resume(target, fields) if fields else redirect(target))
    remember_browser(response, account.name)
    return response


@blueprint.post("/abmelden")
def logout() -> ResponseReturnValue:
    """Sign out."""
    end_session()
    return redirect(url_for("search.index"))


def too_many_at_login(seconds: int) -> Response:
    """The login page after too many wrong passwords."""
    target = _target()
    return login_page(target=target, kept=carried_form(target), problem=too_many(seconds))


def csrf_failed(error: CSRFError) -> ResponseReturnValue:
    """A token of another session: nothing is done, and nothing that somebody signed in typed is lost."""
    if request.endpoint == "account.login":
        target = _target()
        if current_account() is not None:  # signed in by another window meanwhile
            return make_response(_resume(target, carried_form(target)), 400)
        problem = "Bitte noch einmal anmelden: Die Seite war zu lange offen, oder Cookies sind abgeschaltet."
        return login_page(target=target, problem=problem, status=400)
    if current_account() is None:
        return ask_to_sign_in()
    return make_response(_resume(own_address(), form_to_keep()), 400)


def _target() -> str:
    """Where the login form leads."""
    return safe_target(request.form.get("weiter"))


def _resume(target: str, fields: Mapping[str, str]) -> ResponseReturnValue:
    """Show the page of a form that was interrupted, filled in as it was sent; nothing is saved yet."""
    page = page_at(target)
    if page is None:
        return redirect(safe_target(None))
    endpoint, arguments = page
    g.resumed = MultiDict(fields)
    return refusal(endpoint) or make_response(current_app.view_functions[endpoint](**arguments))
