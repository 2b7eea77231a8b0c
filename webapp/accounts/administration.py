"""The accounts of all, for administrators."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.errors import FundstelleError
from kb.model import MIN_PASSWORD_LENGTH, Role
from webapp.accounts.blueprint import blueprint
from webapp.accounts.sessions import current_account, desk_services
from webapp.site.errors import status_of
from webapp.wording.formats import as_sentence

_ROLES = {Role.EDITOR: "Redaktion", Role.ADMIN: "Administration"}


@blueprint.get("/konten")
def accounts() -> ResponseReturnValue:
    """All accounts."""
    return _accounts_page()


@blueprint.post("/konten")
def add_account() -> ResponseReturnValue:
    """Create an account with a first password."""
    form = request.form
    try:
        added = desk_services().accounts.add(form.get("name", ""), form.get("passwort", ""), _role())
    except FundstelleError as error:
        return _accounts_page(as_sentence(error.reason), status=status_of(error))
    flash(f"Das Konto {added.name} ist angelegt.")
    return redirect(url_for("account.accounts"))


@blueprint.post("/konten/<name>")
def change_account(name: str) -> ResponseReturnValue:
    """Disable an account, enable it, or give it the other role; nobody locks themselves out."""
    own, store = current_account(), desk_services().accounts
    assert own is not None, "the permission table lets nobody else in"
    account = store.get(name)
    if account.name != name:
        abort(404)  # an account has one address
    if account.id == own.id:
        return _accounts_page("Das eigene Konto lässt sich nicht sperren und nicht umstufen.", status=400)
    if "rolle" in request.form:
        store.set_role(name, _role())
        flash(f"Das Konto {name} gehört jetzt zur {_ROLES[_role()]}.")
    else:
        active = request.form.get("aktiv") == "ja"
        store.set_active(name, active=active)
        flash(f"Das Konto {name} ist {'freigegeben' if active else 'gesperrt'}.")
    return redirect(url_for("account.accounts"))


def _role() -> Role:
    return Role.ADMIN if request.form.get("rolle") == Role.ADMIN else Role.EDITOR


def _accounts_page(problem: str | None = None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "account/accounts.html",
        accounts=desk_services().accounts.accounts(),
        problem=problem,
        min_length=MIN_PASSWORD_LENGTH,
        roles=_ROLES,
        typed=request.form.get("name", ""),
        typed_role=_role(),
    )
    return make_response(page, status)
