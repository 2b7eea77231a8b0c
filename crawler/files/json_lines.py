"""Documents as JSON Lines: read one line at a time, so that a file may be larger than memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.extract.input.charset import decode
from crawler.extract.input.limits import text_too_long
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.language import guess_language
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.extract.lines.titles import derive_heading
from crawler.files.local_files import unreadable
from kb.errors import InputTooLargeError, InvalidDocumentError
from kb.model import Document, PartialDate

# The most bytes that JSON needs for one character: two \uXXXX escapes; and room for the other fields.
_BYTES_PER_CHAR = 12
_OTHER_FIELDS_BYTES = 1_000_000
_SKIP_BYTES = 1_000_000
_SHAPE = 'jede Zeile als {"id": …, "title": …, "text": …} schreiben'


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line with its number from 1; ``data`` is None where it was longer than allowed."""

    number: int
    data: bytes | None


def numbered_lines(path: Path, max_text_chars: int) -> Iterator[NumberedLine]:
    """The lines that are not blank; one that is too long is passed over without being kept.

    Raises:
        UnreadableInputError: the file cannot be read.
    """
    longest = _BYTES_PER_CHAR * max_text_chars + _OTHER_FIELDS_BYTES
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(longest + 1):
                number += 1
                whole = len(line) <= longest
                while not whole and line and not line.endswith(b"\n"):
                    line = file.readline(_SKIP_BYTES)
                if not whole:
                    yield NumberedLine(number, None)
                elif line.strip():
                    yield NumberedLine(number, line)
    except (OSError, ValueError) as error:
        raise unreadable(error, path) from error


def parse_line(line: NumberedLine, *, name: str, max_text_chars: int) -> Document:
    """The document of one line; ``name`` (``FILE:LINE``) stands in errors. Unknown fields are ignored.

    Raises:
        InvalidDocumentError: no JSON, a missing field, or one of the wrong type; or an excerpt, which must not
            take the place of the whole text.
        InputTooLargeError: the text is beyond the limit.
        UnreadableInputError: binary data.
    """
    if line.data is None:
        raise InputTooLargeError(
            f"die Zeile ist viel länger als {max_text_chars} Zeichen",
            subject=name,
            remedy="aufteilen oder KB_MAX_TEXT_CHARS erhöhen",
        )
    fields = _object(decode(line.data, name=name), name)
    if fields.get("excerpt") is True:
        raise InvalidDocumentError(
            "die Zeile enthält nur einen Auszug des Textes",
            subject=name,
            remedy="den Export mit „kb export --internal“ wiederholen",
        )
    text = tidy_text(_string(fields, "text", name) or "")
    if not any(map(str.isalnum, text)):
        raise InvalidDocumentError("der Text fehlt oder ist leer", subject=name, remedy=_SHAPE)
    if len(text) > max_text_chars:
        raise text_too_long(len(text), max_text_chars, name)
    title = tidy_line(_string(fields, "title", name) or "") or derive_heading(text).title
    publisher, licence = (tidy_line(_string(fields, key, name) or "") for key in ("publisher", "licence"))
    return Document(
        id=_id(fields, name),
        title=title,
        text=text,
        url=(_string(fields, "url", name) or "").strip() or None,
        publisher=publisher or None,
        licence=licence or None,
        language=guess_language(text),
        published=_date(_string(fields, "published", name), name),
    )


def _object(text: str, name: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" (Zeichen {error.colno}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidDocumentError(
            f"die Zeile ist kein gültiges JSON{place}", subject=name, remedy=_SHAPE
        ) from error
    if not isinstance(value, dict):
        raise InvalidDocumentError("die Zeile ist kein JSON-Objekt", subject=name, remedy=_SHAPE)
    return value


def _string(fields: dict[str, object], key: str, name: str) -> str | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidDocumentError(
            f"das Feld {key} ist keine Zeichenkette", subject=name, remedy=f'"{key}": "…" schreiben'
        )
    return value


def _id(fields: dict[str, object], name: str) -> str:
    value = fields.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    doc_id = _string(fields, "id", name)
    if not doc_id:
        raise InvalidDocumentError("das Feld id fehlt", subject=name, remedy=_SHAPE)
    return doc_id


def _date(value: str | None, name: str) -> PartialDate | None:
    if value is None or not value.strip():
        return None
    try:
        return PartialDate.parse(value)
    except ValueError:
        date = read_date(value)
    if date is None:
        raise InvalidDocumentError(
            f"published „{value}“ ist kein Datum",
            subject=name,
            remedy="JJJJ-MM-TT, JJJJ-MM oder JJJJ schreiben",
        )
    return date
