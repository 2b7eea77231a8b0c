"""How much a request may bring: little from anybody, long texts and files from those who may write them."""

from __future__ import annotations

from enum import IntEnum

from flask import Flask, request

from webapp.accounts.sessions import current_account, is_of_a_session
from webapp.site.limits import MAX_FORM_BYTES, set_largest_body
from webapp.site.services import DeskServices


class Brings(IntEnum):
    """What comes with a form."""

    LITTLE = 0
    TEXT = 1
    FILE = 2


# All other endpoints take little. The login form carries the text of a form whose session has ended.
SIZES: dict[str, Brings] = {
    "account.login": Brings.TEXT,
    "editor.new": Brings.TEXT,
    "editor.edit": Brings.TEXT,
    "editor.preview": Brings.TEXT,
    "editor.upload": Brings.FILE,
}


def allow_sizes(app: Flask, desk: DeskServices) -> None:
    """Raise the limit of a request where endpoint and visitor are right, before anything reads it."""

    def allow() -> None:
        brings = SIZES.get(request.endpoint or "", Brings.LITTLE)
        if brings is Brings.TEXT and is_of_a_session():
            request.max_content_length = max(MAX_FORM_BYTES, desk.max_text_bytes)
            request.max_form_memory_size = request.max_content_length
        elif brings is Brings.FILE and current_account() is not None:
            request.max_content_length = desk.max_upload_bytes + MAX_FORM_BYTES

    def largest() -> int:
        """A server takes in a whole form before anybody is asked who sends it: by the cookie alone."""
        most = max(desk.max_text_bytes, desk.max_upload_bytes + MAX_FORM_BYTES)
        return most if is_of_a_session() else MAX_FORM_BYTES

    app.before_request(allow)
    set_largest_body(app, largest)
