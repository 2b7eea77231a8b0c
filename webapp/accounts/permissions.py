"""Who may open what: one table over every route, enforced in one place before each request."""

from __future__ import annotations

from enum import IntEnum

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

from kb.model import Account, Role
from webapp.accounts.carrying import ask_to_sign_in
from webapp.accounts.sessions import current_account


class Need(IntEnum):
    """The least that a visitor must be."""

    PUBLIC = 0
    EDITOR = 1
    ADMIN = 2


# Every endpoint of the site stands here (tested); one that does not is refused to everybody.
PERMISSIONS: dict[str, Need] = {
    "static": Need.PUBLIC,
    "search.index": Need.PUBLIC,
    "search.help_page": Need.PUBLIC,
    "completion.complete": Need.PUBLIC,
    "document.show": Need.PUBLIC,
    "status.healthz": Need.PUBLIC,
    "status.robots": Need.PUBLIC,
    "account.login_form": Need.PUBLIC,
    "account.login": Need.PUBLIC,
    "account.logout": Need.EDITOR,
    "account.own": Need.EDITOR,
    "account.change_password": Need.EDITOR,
    "account.end_one_session": Need.EDITOR,
    "account.end_other_sessions": Need.EDITOR,
    "account.accounts": Need.ADMIN,
    "account.add_account": Need.ADMIN,
    "account.change_account": Need.ADMIN,
    "editor.desk": Need.EDITOR,
    "editor.new_form": Need.EDITOR,
    "editor.new": Need.EDITOR,
    "editor.upload_form": Need.EDITOR,
    "editor.upload": Need.EDITOR,
    "editor.preview": Need.EDITOR,
    "editor.review": Need.EDITOR,
    "editor.decide": Need.EDITOR,
    "editor.edit_form": Need.EDITOR,
    "editor.edit": Need.EDITOR,
    "editor.change_status": Need.EDITOR,
    "editor.versions": Need.EDITOR,
    "editor.version": Need.EDITOR,
    "editor.compare": Need.EDITOR,
    "editor.restore": Need.EDITOR,
    "editor.all_news": Need.EDITOR,
    "editor.source_news": Need.EDITOR,
    "editor.decide_on_news": Need.EDITOR,
}


def level(account: Account | None) -> Need:
    """What an account may open at most."""
    if account is None or not account.active:
        return Need.PUBLIC
    return Need.ADMIN if account.role is Role.ADMIN else Need.EDITOR


def enforce_permissions(app: Flask) -> None:
    """Check every request before anything else looks at it."""
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # 404 and 405 have their own pages
    return refusal(request.endpoint)


def refusal(endpoint: str) -> ResponseReturnValue | None:
    """The answer to somebody who may not, or None.

    Without an account: the page to sign in, which keeps what was typed. With too small a role: 403.
    """
    need = PERMISSIONS.get(endpoint)
    if need is Need.PUBLIC:
        return None
    account = current_account()
    if need is None or (account is not None and level(account) < need):
        abort(403)
    return ask_to_sign_in() if account is None else None
