"""Signed-in sessions: a browser keeps a token, the record keeps what it opens, and either can end it."""

from __future__ import annotations

from flask import Flask, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect

from kb.errors import RecordError
from kb.model import Account, SignedInSession
from webapp.accounts.cookies import SessionCookies
from webapp.accounts.devices import device_name
from webapp.site.services import DeskServices, current_services

# Where Flask-Login keeps what ``SignedIn.get_id`` says.
_TOKEN = "_user_id"


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A session as Flask-Login wants it."""

    def __init__(self, token: str, opened: SignedInSession) -> None:
        self.token = token
        self.opened = opened

    def get_id(self) -> str:
        """What the browser keeps."""
        return self.token


def install_sessions(app: Flask, desk: DeskServices) -> None:
    """Give the site sessions, Flask-Login and CSRF protection on every change."""
    app.secret_key = desk.secret_key
    app.session_interface = SessionCookies()
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a token lives as long as its session
    app.config["WTF_CSRF_SSL_STRICT"] = True
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the address of a phone changes; Lax cookies and CSRF tokens do the work
    manager.user_loader(_load)
    CSRFProtect(app)
    app.context_processor(_for_templates)


def _for_templates() -> dict[str, object]:
    try:
        return {"account": current_account()}
    except RecordError:  # which the page at hand tells of
        return {"account": None}


def desk_services() -> DeskServices:
    """What editors need; only pages that exist with it ask."""
    desk = current_services().desk
    assert desk is not None
    return desk


def current_session() -> SignedInSession | None:
    """The session of this browser, or None."""
    if current_services().desk is None or not current_user.is_authenticated:
        return None
    opened: SignedInSession = current_user.opened
    return opened


def current_account() -> Account | None:
    """Who is signed in, or None."""
    opened = current_session()
    return opened.account if opened is not None else None


def start_session(account: Account) -> None:
    """Sign in, in a session of its own: nothing of an earlier one is carried over, and that one ends.

    Raises:
        RecordError: the session cannot be kept; an earlier one goes on.
    """
    earlier = current_session()
    token = desk_services().sessions.start(account, device_name(request.user_agent.string))
    opened = desk_services().sessions.find(token)
    if earlier is not None:
        desk_services().sessions.end(earlier.account, earlier.id)
    session.clear()
    if opened is not None:  # the account was disabled at this very moment
        login_user(SignedIn(token, opened))


def end_session() -> None:
    """Sign out: the token opens nothing any more, wherever a copy of it may be."""
    opened = current_session()
    if opened is not None:
        desk_services().sessions.end(opened.account, opened.id)
    logout_user()
    session.clear()


def is_of_a_session() -> bool:
    """Whether the browser has been signed in, be it that the session has ended since; only we can sign that."""
    return _TOKEN in session


def _load(token: str) -> SignedIn | None:
    opened = desk_services().sessions.find(token)
    return SignedIn(token, opened) if opened is not None else None
