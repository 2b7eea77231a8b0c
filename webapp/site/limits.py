"""How much a request may bring from anybody: bytes, fields of a form, arguments of an address."""

from __future__ import annotations

import io
from typing import IO, Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MAX_FORM_BYTES = 1_000_000
MAX_FORM_FIELDS = 200
# Far more than the longest search has.
MAX_ARGUMENTS = 100

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


def _count_arguments() -> None:
    if request.query_string.count(b"&") >= MAX_ARGUMENTS:
        abort(414)
