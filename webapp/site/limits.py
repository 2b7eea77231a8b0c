"""How much a request may bring from anybody: bytes, fields of a form, arguments of an address."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import IO, Any
from wsgiref.types import WSGIApplication

from flask import Flask, Request, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.test import create_environ

MAX_FORM_BYTES = 1_000_000
MAX_FORM_FIELDS = 200
# Far more than the longest search has.
MAX_ARGUMENTS = 100

_LARGEST = "fundstelle.largest_body"

_Parsed = tuple[IO[bytes], MultiDict[str, Any], MultiDict[str, Any]]


class CountingParser(FormDataParser):
    """Werkzeug's parser, which counts the parts of multipart forms alone; here other fields are counted too."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> _Parsed:
        """See ``FormDataParser.parse``; fields are counted before any is taken apart.

        Raises:
            RequestEntityTooLarge: there are more than ``max_form_parts``.
        """
        if mimetype == "application/x-www-form-urlencoded":
            data = stream.read()
            if self.max_form_parts is not None and data.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = io.BytesIO(data)
        return super().parse(stream, mimetype, content_length, options)


class LimitedRequest(Request):
    """Flask's request with that parser."""

    form_data_parser_class = CountingParser


def limit_requests(app: Flask) -> None:
    """Set what holds for everybody; whoever may send more is allowed to it request by request."""
    app.request_class = LimitedRequest
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_FORM_FIELDS
    app.before_request(_count_arguments)


def set_largest_body(app: Flask, decide: Callable[[], int]) -> None:
    """Say how many bytes a server should take in; asked in a request's context, before its body is there."""
    app.extensions[_LARGEST] = decide


def largest_body(app: WSGIApplication, headers: Mapping[str, str]) -> int:
    """How many bytes a server should take in of a request with these headers (``COOKIE``, ``HOST``)."""
    decide = app.extensions.get(_LARGEST) if isinstance(app, Flask) else None
    if decide is None:
        return MAX_FORM_BYTES
    assert isinstance(app, Flask)
    shown = {name: headers[name] for name in ("COOKIE", "HOST") if name in headers}
    try:
        with app.request_context(create_environ("/", headers=shown)):
            return int(decide())
    except HTTPException:
        return MAX_FORM_BYTES


def _count_arguments() -> None:
    if request.query_string.count(b"&") >= MAX_ARGUMENTS:
        abort(414)
