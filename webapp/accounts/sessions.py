"""Signed-in sessions: cookies that only a signed-in browser gets, and that end."""

from __future__ import annotations

import time

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect

from kb.errors import AccountNotFoundError
from kb.model import Account
from webapp.accounts.cookies import SessionCookies
from webapp.site.services import DeskServices, current_services

# A session ends after an hour without a request, and after a working day in any case.
IDLE_SECONDS = 60 * 60
ABSOLUTE_SECONDS = 12 * 60 * 60
# Not every request rewrites the cookie.
_SEEN_STEP_SECONDS = 60


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """An account as Flask-Login wants it."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        """Name and generation: a new password or a disabled account ends every session."""
        return f"{self.account.generation}:{self.account.name}"


def install_sessions(app: Flask, desk: DeskServices) -> None:
    """Give the site sessions, Flask-Login and CSRF protection on every change."""
    app.secret_key = desk.secret_key
    app.session_interface = SessionCookies()
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a token lives as long as its session
    app.config["WTF_CSRF_SSL_STRICT"] = True
    manager = LoginManager(app)
    manager.session_protection = None  # the address of a phone changes; Lax cookies and CSRF tokens do the work
    manager.user_loader(_load)
    CSRFProtect(app)
    app.context_processor(lambda: {"account": current_account()})


def desk_services() -> DeskServices:
    """What editors need; only pages that exist with it ask."""
    desk = current_services().desk
    assert desk is not None
    return desk


def current_account() -> Account | None:
    """Who is signed in, or None."""
    if current_services().desk is None or not current_user.is_authenticated:
        return None
    account: Account = current_user.account
    return account


def start_session(account: Account) -> None:
    """Sign in, in a session of its own: nothing of an earlier one is carried over."""
    session.clear()
    session["since"] = session["seen"] = _now()
    login_user(SignedIn(account))


def end_session() -> None:
    """Sign out."""
    logout_user()
    session.clear()


def _load(session_id: str) -> SignedIn | None:
    generation, _, name = session_id.partition(":")
    now = _now()
    if now - session.get("seen", 0) > IDLE_SECONDS or now - session.get("since", 0) > ABSOLUTE_SECONDS:
        return None
    try:
        account = desk_services().accounts.get(name)
    except AccountNotFoundError:
        return None
    if not account.active or str(account.generation) != generation:
        return None
    if now - session["seen"] > _SEEN_STEP_SECONDS:
        session["seen"] = now
    return SignedIn(account)


def is_of_a_session() -> bool:
    """Whether the browser has been signed in, be it that the session has ended since; only we can sign that."""
    return "_user_id" in session


def _now() -> int:
    """Seconds; a function of its own, so that tests can move the clock."""
    return int(time.time())
