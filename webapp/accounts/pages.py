"""Signing in and out, the own password, and the accounts of all for administrators."""

from __future__ import annotations

from collections.abc import Mapping

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict

from kb.errors import FundstelleError, SignInBusyError, SignInRefusedError
from kb.model import MIN_PASSWORD_LENGTH, Role
from webapp.accounts.carrying import ask_to_sign_in, carried_form, form_to_keep, login_page
from webapp.accounts.guard import limit_guesses, note_wrong_password
from webapp.accounts.known_browsers import remember_browser
from webapp.accounts.permissions import refusal
from webapp.accounts.sessions import (
    current_account,
    desk_services,
    end_session,
    start_session,
)
from webapp.site.services import DeskServices
from webapp.site.targets import own_address, page_at, safe_target
from webapp.wording.formats import as_sentence, format_wait

blueprint = Blueprint("account", __name__)

_BUSY_SECONDS = 5


def install_accounts(app: Flask, desk: DeskServices) -> None:
    """Add the pages, the way on for forms whose session has ended, and limits on guessing passwords."""
    app.register_blueprint(blueprint)
    app.register_error_handler(CSRFError, _csrf_failed)
    limit_guesses(
        app,
        desk.counters,
        guessed_name=_guessed_name,
        refusals={"account.login": _too_many_at_login, "account.change_password": _too_many_at_change},
    )


@blueprint.get("/anmelden")
def login_form() -> ResponseReturnValue:
    """The page to sign in."""
    return login_page(target=request.args.get("weiter"))


@blueprint.post("/anmelden")
def login() -> ResponseReturnValue:
    """Sign in, then go on where the visitor came from: with the form that was being filled in, if any."""
    target = safe_target(request.form.get("weiter"))
    fields = carried_form(target)
    try:
        account = desk_services().accounts.sign_in(
            request.form.get("name", ""), request.form.get("passwort", "")
        )
    except SignInRefusedError as error:
        note_wrong_password()
        return login_page(target=target, kept=fields, problem=as_sentence(error.reason), status=401)
    except SignInBusyError as error:
        return _busy(login_page(target=target, kept=fields, problem=as_sentence(error.reason)))
    start_session(account)
    response = make_response(_resume(target, fields) if fields else redirect(target))
    remember_browser(response, account.name)
    return response


@blueprint.post("/abmelden")
def logout() -> ResponseReturnValue:
    """Sign out."""
    end_session()
    return redirect(url_for("search.index"))


@blueprint.get("/konto")
def own() -> ResponseReturnValue:
    """The own account."""
    return _own_page()


@blueprint.post("/konto")
def change_password() -> ResponseReturnValue:
    """Set a new password; other sessions of this account end, this one goes on."""
    account, accounts = current_account(), desk_services().accounts
    assert account is not None
    try:
        accounts.sign_in(account.name, request.form.get("passwort_alt", ""))
        changed = accounts.set_password(account.name, request.form.get("passwort_neu", ""))
    except SignInBusyError as error:
        return _busy(_own_page(error.reason))
    except SignInRefusedError:
        note_wrong_password()
        return make_response(_own_page("das bisherige Passwort stimmt nicht"), 400)
    except FundstelleError as error:
        return make_response(_own_page(error.reason), 400)
    start_session(changed)
    flash("Das neue Passwort gilt. Andere Sitzungen sind beendet.")
    return redirect(url_for("account.own"))


def _own_page(problem: str | None = None) -> Response:
    page = render_template(
        "account/own.html", problem=as_sentence(problem or ""), min_length=MIN_PASSWORD_LENGTH
    )
    return make_response(page)


def _guessed_name() -> str:
    """The name whose password is being sent."""
    account = current_account()
    return (
        request.form.get("name", "") if request.endpoint == "account.login" or account is None else account.name
    )


def _too_many_at_login(seconds: int) -> Response:
    target = safe_target(request.form.get("weiter"))
    return login_page(target=target, kept=carried_form(target), problem=_too_many(seconds))


def _too_many_at_change(seconds: int) -> Response:
    return _own_page(_too_many(seconds))


def _too_many(seconds: int) -> str:
    return f"Zu viele falsche Passwörter. Der nächste Versuch ist in {format_wait(seconds)} möglich."


def _busy(response: Response) -> Response:
    """Too many at once: nobody's fault, and over soon."""
    response.status_code = 503
    response.headers["Retry-After"] = str(_BUSY_SECONDS)
    return response


@blueprint.get("/konten")
def accounts() -> ResponseReturnValue:
    """All accounts."""
    return _accounts_page()


@blueprint.post("/konten")
def add_account() -> ResponseReturnValue:
    """Create an account with a first password."""
    form = request.form
    try:
        role = Role.ADMIN if form.get("rolle") == Role.ADMIN else Role.EDITOR
        added = desk_services().accounts.add(form.get("name", ""), form.get("passwort", ""), role)
    except FundstelleError as error:
        return _accounts_page(str(error), status=400)
    flash(f"Das Konto {added.name} ist angelegt.")
    return redirect(url_for("account.accounts"))


@blueprint.post("/konten/<name>")
def change_account(name: str) -> ResponseReturnValue:
    """Disable or enable an account; nobody locks themselves out."""
    account = current_account()
    assert account is not None
    active = request.form.get("aktiv") == "ja"
    if name == account.name and not active:
        return _accounts_page("Das eigene Konto lässt sich nicht sperren.", status=400)
    desk_services().accounts.set_active(name, active=active)
    flash(f"Das Konto {name} ist {'freigegeben' if active else 'gesperrt'}.")
    return redirect(url_for("account.accounts"))


def _accounts_page(problem: str | None = None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "account/accounts.html",
        accounts=desk_services().accounts.accounts(),
        problem=problem,
        min_length=MIN_PASSWORD_LENGTH,
    )
    return make_response(page, status)


def _csrf_failed(error: CSRFError) -> ResponseReturnValue:
    """A token of another session: nothing is done, nothing typed is lost."""
    if request.endpoint == "account.login":
        target = safe_target(request.form.get("weiter"))
        if current_account() is not None:  # signed in by another window meanwhile
            return make_response(_resume(target, carried_form(target)), 400)
        problem = "Bitte noch einmal anmelden: Die Seite war zu lange offen, oder Cookies sind abgeschaltet."
        return login_page(target=target, problem=problem, status=400)
    if current_account() is None:
        return ask_to_sign_in()
    return make_response(_resume(own_address(), form_to_keep()), 400)


def _resume(target: str, fields: Mapping[str, str]) -> ResponseReturnValue:
    """Show the page of a form that was interrupted, filled in as it was sent; nothing is saved yet."""
    page = page_at(target)
    if page is None:
        return redirect(safe_target(None))
    endpoint, arguments = page
    g.resumed = MultiDict(fields)
    return refusal(endpoint) or make_response(current_app.view_functions[endpoint](**arguments))
