"""The own account: its password, and the browsers in which it is signed in."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import FundstelleError, SignInBusyError, SignInRefusedError
from kb.model import MIN_PASSWORD_LENGTH, SignedInSession
from webapp.accounts.blueprint import blueprint, busy, too_many
from webapp.accounts.guard import note_wrong_password
from webapp.accounts.sessions import current_session, desk_services, start_session
from webapp.site.errors import status_of
from webapp.wording.formats import as_sentence, counted


@blueprint.get("/konto")
def own() -> ResponseReturnValue:
    """The own account."""
    return _own_page()


@blueprint.post("/konto")
def change_password() -> ResponseReturnValue:
    """Set a new password; other sessions of this account end, this one goes on."""
    account, accounts = _session().account, desk_services().accounts
    try:
        accounts.sign_in(account.name, request.form.get("passwort_alt", ""))
        changed = accounts.set_password(account.name, request.form.get("passwort_neu", ""))
    except SignInBusyError as error:
        return busy(_own_page(error.reason))
    except SignInRefusedError:
        note_wrong_password()
        return make_response(_own_page("das bisherige Passwort stimmt nicht"), 400)
    except FundstelleError as error:
        return make_response(_own_page(error.reason), status_of(error))
    start_session(changed)
    flash("Das neue Passwort gilt. Andere Sitzungen sind beendet.")
    return redirect(url_for("account.own"))


@blueprint.post("/konto/sitzungen/<int:session_id>")
def end_one_session(session_id: int) -> ResponseReturnValue:
    """Sign out in another browser."""
    is_ended = desk_services().sessions.end(_session().account, session_id)
    flash("Die Sitzung ist beendet." if is_ended else "Diese Sitzung war schon zu Ende.")
    return redirect(url_for("account.own"))


@blueprint.post("/konto/sitzungen")
def end_other_sessions() -> ResponseReturnValue:
    """Sign out in all other browsers."""
    number = desk_services().sessions.end_others(_session().account, _session().id)
    flash(f"{counted(number, 'andere Sitzung ist', 'andere Sitzungen sind')} beendet.")
    return redirect(url_for("account.own"))


def too_many_at_change(seconds: int) -> Response:
    """The page after too many wrong passwords."""
    return _own_page(too_many(seconds))


def _own_page(problem: str | None = None) -> Response:
    opened = _session()
    page = render_template(
        "account/own.html",
        problem=as_sentence(problem or ""),
        min_length=MIN_PASSWORD_LENGTH,
        here=opened,
        sessions=desk_services().sessions.of_account(opened.account),
    )
    return make_response(page)


def _session() -> SignedInSession:
    opened = current_session()
    assert opened is not None, "the permission table lets nobody else in"
    return opened
