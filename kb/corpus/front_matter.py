"""From the text of a document file (YAML front matter, then Markdown) to a ``Document``.

Front matter is read as strings (``plain_yaml``) and typed by the model, so that ``id: 0012``,
``title: No`` and ``12:30`` stay what an editor wrote. What ``rendering`` writes parses equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kb.corpus.fences import ENDS, FENCE, NOTHING
from kb.corpus.plain_yaml import read_yaml
from kb.errors import FundstelleError, InvalidDocumentError
from kb.model import (
    Decision,
    Decisions,
    Display,
    Document,
    Event,
    PartialDate,
    Status,
    Withdrawal,
    YearSpan,
    check_years,
    normalise_text,
)

_STRINGS = ("url", "publisher", "licence", "source_hash")
_LISTS = ("authors", "other_urls")
DATES = ("published", "modified")
# The fields of a document as they are written; any other name is kept as it is.
KNOWN = frozenset(
    {
        "id",
        "title",
        "source",
        "language",
        "event",
        "fetched_at",
        "status",
        "decisions",
        "withdrawal",
        "edited",
        "display",
        *_STRINGS,
        *_LISTS,
        *DATES,
    }
)


# 20.03.2020, 20. 3. 2020 and 03.2020
_GERMAN = re.compile(r"(?:(\d{1,2})\. ?)?(\d{1,2})\. ?(\d{4})")
# „title: …“: what a line of a head looks like, where it might be a rule in Markdown and the text below it.
_FIELD = re.compile(r"[\"']?[^\W\d_][^:#\n]{0,60}:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a head, not yet typed, and the text below it."""

    fields: Mapping[str, object]
    body: str


def has_front_matter(text: str, *, markdown: bool = True) -> bool:
    """Whether a text starts with a head: behind nothing but blank lines, and not only with a rule in Markdown.

    A head that does not end is one too, so that ``split_front_matter`` can say so. What is no ``markdown`` may
    have such lines around anything.
    """
    lines = text.lstrip(NOTHING).split("\n")
    if lines[0].rstrip() != FENCE:
        return False
    first = next((line for line in lines[1:] if line.strip()), "")
    closed = any(line.rstrip() == FENCE for line in lines[1:])
    return (markdown and closed and text.removeprefix("\ufeff").startswith(FENCE)) or _FIELD.match(
        first
    ) is not None


def split_front_matter(text: str) -> FrontMatter:
    """Head and text of a file.

    Raises:
        InvalidDocumentError: it has no head, or one that does not end, or is no YAML; names the line.
    """
    text = text.replace("\r\n", "\n")
    begun = text.lstrip(NOTHING)
    above = text[: len(text) - len(begun)].count("\n")
    lines = begun.split("\n")
    if lines[0].rstrip() != FENCE:
        raise InvalidDocumentError(
            "die Datei beginnt nicht mit einem Kopf",
            remedy="erste Zeile --- und darunter id: und title: einfügen",
        )
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ENDS:
            return FrontMatter(_fields("\n".join(lines[1:number]), above + 1), "\n".join(lines[number + 1 :]))
    raise InvalidDocumentError(
        f"der Kopf, der in Zeile {above + 1} beginnt, hat kein Ende",
        remedy="nach den Feldern eine Zeile --- einfügen",
    )


def parse_document(
    text: str, *, location: str, default_id: str | None = None, years: YearSpan | None = None
) -> Document:
    """Read a document file's text; ``default_id`` stands in where the front matter names no id.

    With ``years`` dates in other years are refused.

    Raises:
        InvalidDocumentError: names ``location``, the line or field, and what to do.
    """
    try:
        parts = split_front_matter(text)
        document = build_document(parts.fields, parts.body, default_id=default_id)
        if years is not None:
            check_years(document, years)
        return document
    except FundstelleError as error:
        raise InvalidDocumentError(error.problem, subject=location, remedy=error.remedy) from error


def _fields(head: str, above: int) -> Mapping[str, object]:
    """The fields of a head, above which so many lines of its file stand."""
    value = read_yaml(head, above=above)
    if value is not None and not isinstance(value, dict):
        raise InvalidDocumentError(
            "der Kopf ist keine Liste von Feldern", remedy="Zeilen der Form feld: Wert schreiben"
        )
    return value or {}


def build_document(fields: Mapping[str, object], body: str, *, default_id: str | None = None) -> Document:
    """A document of fields that are strings, lists and mappings; ``default_id`` where they name no id.

    Raises:
        InvalidDocumentError: names the field, and what to do.
    """
    doc_id = _string(fields, "id") or default_id
    if doc_id is None:
        raise InvalidDocumentError("das Feld id fehlt", remedy="id: mit einer eindeutigen Kennung ergänzen")
    title = _string(fields, "title")
    if title is None:
        raise InvalidDocumentError("das Feld title fehlt", remedy="title: mit dem Titel ergänzen")
    return Document(
        id=doc_id,
        title=title,
        text=normalise_text(body),
        source=_string(fields, "source") or "import",
        language=_string(fields, "language") or "de",
        event=_event(fields.get("event")),
        fetched_at=_timestamp(_string(fields, "fetched_at")),
        status=_status(_string(fields, "status")),
        decisions=_decisions(fields.get("decisions")),
        withdrawal=_withdrawal(fields.get("withdrawal")),
        edited=_edited(fields.get("edited")),
        display=_display(_string(fields, "display")),
        other_urls=_strings(fields, "other_urls"),
        authors=_strings(fields, "authors"),
        url=_string(fields, "url"),
        publisher=_string(fields, "publisher"),
        licence=_string(fields, "licence"),
        source_hash=_string(fields, "source_hash"),
        published=_date(_string(fields, "published"), "published"),
        modified=_date(_string(fields, "modified"), "modified"),
        extra={name: value for name, value in fields.items() if name not in KNOWN},
    )


def _string(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise InvalidDocumentError(f"das Feld {name} darf nur einen Wert haben")
    return value or None


def _strings(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = fields.get(name, [])
    # Several in one string are parted by semicolons, since a name may have a comma.
    values = [item.strip() for item in value.split(";")] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise InvalidDocumentError(f"das Feld {name} muss eine Liste von Wörtern sein")
    return tuple(item for item in values if item)


def _date(value: str | None, name: str) -> PartialDate | None:
    if value is None:
        return None
    german = _GERMAN.fullmatch(value.strip())
    try:
        if german is not None:
            return PartialDate(int(german[3]), int(german[2]), int(german[1]) if german[1] else None)
        return PartialDate.parse(value)
    except ValueError as error:
        raise InvalidDocumentError(
            f"das Feld {name} ist kein Datum: „{value}“", remedy="JJJJ-MM-TT, JJJJ-MM oder JJJJ schreiben"
        ) from error


def _event(value: object) -> Event | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        start, _, end = value.partition("/")
        value = {"start": start, "end": end}
    if not isinstance(value, dict) or not set(value) <= {"start", "end", "inferred", "place"}:
        raise InvalidDocumentError("das Feld event hat andere Teile als start, end, inferred und place")
    start_date = _date(_string(value, "start"), "event.start")
    if start_date is None:
        raise InvalidDocumentError("im Feld event fehlt start")
    return Event(
        start_date,
        _date(_string(value, "end"), "event.end"),
        inferred=value.get("inferred") == "true",
        place=_string(value, "place") or None,
    )


def _timestamp(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidDocumentError(f"das Feld fetched_at ist kein Zeitpunkt: „{value}“") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _status(value: str | None) -> Status:
    if value is None:
        return Status.PUBLISHED
    try:
        return Status(value)
    except ValueError as error:
        raise InvalidDocumentError(
            f"status „{value}“ ist unbekannt", remedy=f"erlaubt sind {', '.join(Status)}"
        ) from error


def _display(value: str | None) -> Display | None:
    if value is not None and value not in tuple(Display):
        raise InvalidDocumentError(
            f"display „{value}“ ist unbekannt", remedy=f"erlaubt sind {' und '.join(Display)}"
        )
    return Display(value) if value is not None else None


def _withdrawal(value: object) -> Withdrawal | None:
    if value is None or value == "":
        return None
    if not isinstance(value, dict) or not {"at", "reason"} <= set(value) <= {"at", "reason", "by"}:
        raise InvalidDocumentError("das Feld withdrawal hat andere Teile als at, reason und by")
    return Withdrawal(_string(value, "at") or "", _string(value, "reason") or "", _string(value, "by"))


def _edited(value: object) -> Mapping[str, str]:
    if value is None or value == "":
        return {}
    if not isinstance(value, dict) or not all(isinstance(said, str) for said in value.values()):
        raise InvalidDocumentError("das Feld edited muss Zeilen wie title: Titel der Quelle enthalten")
    return value


def _decisions(value: object) -> Decisions:
    if value is None or value == "":
        return Decisions()
    if not isinstance(value, dict) or not set(value) <= {"topics", "places", "doc_type", "event", "card"}:
        raise InvalidDocumentError(
            "das Feld decisions hat andere Teile als topics, places, doc_type, event und card"
        )
    return Decisions(
        topics=_decision_map(value.get("topics"), "topics"),
        places=_decision_map(value.get("places"), "places"),
        doc_type=_decision(value["doc_type"], "doc_type") if "doc_type" in value else None,
        event=_decision(value["event"], "event") if "event" in value else None,
        card=_decision_map(value.get("card"), "card"),
    )


def _decision_map(value: object, name: str) -> Mapping[str, Decision]:
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise InvalidDocumentError(f"decisions.{name} muss Zeilen wie migration: confirmed enthalten")
    return {key: _decision(item, f"{name}.{key}") for key, item in value.items()}


def _decision(value: object, name: str) -> Decision:
    if isinstance(value, str):
        return Decision(value)
    if not isinstance(value, dict) or "value" not in value or not set(value) <= {"value", "by", "at"}:
        raise InvalidDocumentError(f"decisions.{name} hat andere Teile als value, by und at")
    decided = _string(value, "value")
    return Decision(decided or "", _string(value, "by"), _string(value, "at"))
