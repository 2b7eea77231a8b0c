"""Documents as JSON Lines: read one line at a time, so that a file may be larger than memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.extract.input.charset import decode
from crawler.extract.input.limits import text_too_long
from crawler.extract.lines.language import guess_language
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.extract.lines.titles import derive_heading
from crawler.files.foreign_fields import Understood, plain, understand
from crawler.files.local_files import unreadable
from kb.corpus import build_document
from kb.corpus.front_matter import KNOWN
from kb.errors import InputTooLargeError, InvalidDocumentError
from kb.model import Document

# The most bytes that JSON needs for one character: two \uXXXX escapes; and room for the other fields.
_BYTES_PER_CHAR = 12
_OTHER_FIELDS_BYTES = 1_000_000
_SKIP_BYTES = 1_000_000
# Fields that are strings where they are there, in lines of any program.
_STRINGS = frozenset({"title", "text", "url", "publisher", "licence"})
_OURS = KNOWN | {"text", "extra"}
_OWN_SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
# What ``kb show --json`` and ``kb export`` say about a document of a certain corpus.
_ABOUT_US = frozenset({"location", "revision", "excerpt"})
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """The document of a line, and what else the line says; ``ours``: it is from an export of this program."""

    document: Document
    fields: Understood
    ours: bool


def parse_line(line: NumberedLine, *, name: str, max_text_chars: int) -> Parsed:
    """The document of one line; ``name`` (``FILE:LINE``) stands in errors.

    A line that names its ``source`` is from an export of ours: all of it is taken as it stands. Of others the
    fields are taken that mean something to us, whatever they are called.

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
    fields = _object(_characters(line.data, name), name)
    if fields.get("excerpt") is True:
        raise InvalidDocumentError(
            "die Zeile enthält nur einen Auszug des Textes",
            subject=name,
            remedy="den Export mit „kb export --internal“ wiederholen",
        )
    for key in _STRINGS:
        _string(fields, key, name)
    doc_id = _id(fields, name)
    ours = bool(_OWN_SOURCE.fullmatch(str(fields.get("source") or "")))
    understood = understand(_plain_fields(fields), _OURS if ours else _STRINGS | {"id", "published"})
    found = dict(understood.fields)
    text, title = str(found.pop("text", "")), str(found.pop("title", ""))
    if not ours:
        text, title = tidy_text(text), tidy_line(title)
    if not any(map(str.isalnum, text)):
        raise InvalidDocumentError("der Text fehlt oder ist leer", subject=name, remedy=_SHAPE)
    if len(text) > max_text_chars:
        raise text_too_long(len(text), max_text_chars, name)
    extra = found.pop("extra", {})
    head = {
        **(extra if isinstance(extra, dict) else {}),
        **found,
        "id": doc_id,
        "title": title if title.strip() else derive_heading(text).title,
        "language": found.get("language") or guess_language(text),
    }
    return Parsed(build_document(head, text), understood, ours)


def _plain_fields(fields: dict[str, object]) -> dict[str, object]:
    """The fields that say something, as strings, lists and mappings, without what ``kb show`` adds."""
    return {key: plain(value) for key, value in fields.items() if value is not None and key not in _ABOUT_US}


def _characters(data: bytes, name: str) -> str:
    """JSON is UTF-8, whatever rare letters are in it; only where it is not, its encoding is guessed."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(data, name=name)


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
