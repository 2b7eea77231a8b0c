"""All pages about accounts, joined into one application."""

from __future__ import annotations

from flask import Flask, request
from flask_wtf.csrf import CSRFError

# Imported for the views that they add.
from webapp.accounts import administration as administration
from webapp.accounts.blueprint import blueprint
from webapp.accounts.guard import limit_guesses
from webapp.accounts.own import too_many_at_change
from webapp.accounts.sessions import current_account
from webapp.accounts.signing_in import csrf_failed, too_many_at_login
from webapp.site.services import DeskServices


def install_accounts(app: Flask, desk: DeskServices) -> None:
    """Add the pages, the way on for forms whose session has ended, and limits on guessing passwords."""
    app.register_blueprint(blueprint)
    app.register_error_handler(CSRFError, csrf_failed)
    limit_guesses(
        app,
        desk.counters,
        guessed_name=_guessed_name,
        refusals={"account.login": too_many_at_login, "account.change_password": too_many_at_change},
    )


def _guessed_name() -> str:
    """The name whose password is being sent."""
    account = current_account() if request.endpoint != "account.login" else None
    return account.name if account is not None else request.form.get("name", "")
