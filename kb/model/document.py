"""What a document of the corpus is, and what editors have decided about it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kb.errors import InvalidDocumentError
from kb.model.dates import Event, PartialDate, YearSpan

MAX_ID_LENGTH = 200
MAX_NAME_LENGTH = 200
_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
# C0 and C1 controls except tab, line feed and NEL; lone surrogates; byte order mark; noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class Status(StrEnum):
    """Only ``published`` documents are ever found, listed, counted or exported without a login."""

    DRAFT = "draft"
    PENDING = "pending"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Display(StrEnum):
    """How much of a text visitors see; editors see all."""

    EXCERPT = "excerpt"
    FULL = "full"


class Verdict(StrEnum):
    """An editor's word on one proposed topic or place."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an editor decided, who, and when (ISO 8601); it always wins over a machine's conclusion."""

    value: str
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions on one document.

    topics: topic id → verdict; places: place name → verdict; doc_type: the id of a document type;
    event: ``START`` or ``START/END`` in ISO 8601, or ``none``; card: field of the practice card → verdict on
    what the machine drafted for it.
    """

    topics: Mapping[str, Decision] = field(default_factory=dict)
    places: Mapping[str, Decision] = field(default_factory=dict)
    doc_type: Decision | None = None
    event: Decision | None = None
    card: Mapping[str, Decision] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, decisions in (("topics", self.topics), ("places", self.places), ("card", self.card)):
            for name, decision in decisions.items():
                if not is_name(name):
                    raise InvalidDocumentError(
                        f"Entscheidung {kind}: „{name[:60]}“ ist kein Name",
                        remedy=f"1 bis {MAX_NAME_LENGTH} sichtbare Zeichen in einer Zeile",
                    )
                if decision.value not in tuple(Verdict):
                    raise InvalidDocumentError(
                        f"Entscheidung {kind}/{name}: „{decision.value}“ ist weder confirmed noch rejected"
                    )
        if self.doc_type is not None and not is_name(self.doc_type.value):
            raise InvalidDocumentError(f"Entscheidung doc_type: „{self.doc_type.value[:60]}“ ist keine Art")
        if self.event is not None:
            parse_event(self.event.value)

    def __bool__(self) -> bool:
        return bool(self.topics or self.places or self.doc_type or self.event or self.card)


def is_name(text: str) -> bool:
    """Whether something may be the name of a place, topic or the like: one line that can be read."""
    is_line = "\n" not in text and not _UNPRINTABLE.search(text)
    return bool(text.strip()) and len(text) <= MAX_NAME_LENGTH and is_line


def parse_event(value: str) -> Event | None:
    """Read an event decision: ``none``, ``START`` or ``START/END``.

    Raises:
        InvalidDocumentError: for anything else.
    """
    if value == "none":
        return None
    start, _, end = value.partition("/")
    try:
        return Event(PartialDate.parse(start), PartialDate.parse(end) if end else None)
    except ValueError as error:
        raise InvalidDocumentError(f"Veranstaltung „{value}“ ist kein Datum ({error})") from error


# Who withdrew what its source does not offer any more; only that may the crawler bring back.
CRAWLER = "Crawler"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When (ISO 8601), why and by whom a document was taken out of the search; its page says so."""

    at: str
    reason: str
    by: str | None = None

    @property
    def is_offline(self) -> bool:
        """Whether the page is gone from its website, rather than taken out by a person."""
        return self.by == CRAWLER


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its provenance, as the source gave it and editors decided.

    Holds no conclusion of a machine.

    ``text`` is Markdown with ``\\n`` line ends and no blank first or last line. ``event`` is set only
    when the *source* states it as data. ``source_hash`` is the hash of the text as last fetched or
    imported (see ``text_hash``): where it differs from the text's, an editor has worked on the text.
    ``edited`` has the other fields that an editor worded, with what the source had said there (see
    ``kb.model.source_news``). ``withdrawal`` is kept only while the status is ``withdrawn``. ``display`` is
    what editors said of this one document, whatever holds for its source; None: nothing. ``extra`` keeps
    front-matter fields that this version does not know.

    Raises:
        InvalidDocumentError: when a field has a value that cannot be stored or addressed.
    """

    id: str
    title: str
    text: str
    source: str = "import"
    url: str | None = None
    other_urls: tuple[str, ...] = ()
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    language: str = "de"
    published: PartialDate | None = None
    modified: PartialDate | None = None
    event: Event | None = None
    licence: str | None = None
    fetched_at: datetime | None = None
    source_hash: str | None = None
    status: Status = Status.PUBLISHED
    decisions: Decisions = field(default_factory=Decisions)
    withdrawal: Withdrawal | None = None
    edited: Mapping[str, str] = field(default_factory=dict)
    display: Display | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("url", "publisher", "licence", "source_hash"):
            if getattr(self, name) == "":
                object.__setattr__(self, name, None)
        for value in (
            self.url,
            self.publisher,
            self.licence,
            self.source_hash,
            *self.other_urls,
            *self.authors,
            self.event.place if self.event is not None else None,
        ):
            if value is not None and (not value.strip() or "\n" in value or _UNPRINTABLE.search(value)):
                raise InvalidDocumentError(f"„{value[:60]}“ ist leer, mehrzeilig oder enthält Steuerzeichen")
        check_id(self.id)
        if not self.title.strip() or "\n" in self.title or _UNPRINTABLE.search(self.title):
            raise InvalidDocumentError(
                "der Titel fehlt oder hat mehrere Zeilen", remedy="title: in einer Zeile angeben"
            )
        if not _SOURCE_NAME.fullmatch(self.source):
            raise InvalidDocumentError(
                f"Quelle „{self.source}“ ist kein gültiger Name",
                remedy="Kleinbuchstaben, Ziffern, Punkt, - und _ verwenden",
            )
        if not _LANGUAGE_TAG.fullmatch(self.language):
            raise InvalidDocumentError(f"Sprache „{self.language}“ ist kein Kürzel wie de oder en")
        if self.fetched_at is not None and self.fetched_at.tzinfo is None:
            raise InvalidDocumentError(
                "fetched_at hat keine Zeitzone", remedy="zum Beispiel 2024-05-01T10:00:00+00:00"
            )
        if self.text != normalise_text(self.text):
            raise InvalidDocumentError("der Text enthält Steuerzeichen oder Leerzeilen am Rand")


def check_years(document: Document, years: YearSpan) -> None:
    """Refuse dates that nobody can have meant.

    Raises:
        InvalidDocumentError: names the field, the date and the setting.
    """
    for name, date in _stated_dates(document):
        if not years.holds(date):
            raise InvalidDocumentError(
                f"das Feld {name} liegt mit {date} außerhalb der Jahre {years}",
                remedy="das Datum berichtigen oder löschen; gilt es wirklich: KB_FIRST_YEAR, KB_LAST_YEAR",
            )


def _stated_dates(document: Document) -> Iterator[tuple[str, PartialDate]]:
    """Name of the field and date, of all that a document states."""
    decided = document.decisions.event
    events = {"event": document.event, "decisions.event": parse_event(decided.value) if decided else None}
    stated = {"published": document.published, "modified": document.modified}
    for name, event in events.items():
        stated |= {name: event.start, f"{name}.end": event.end} if event is not None else {}
    if document.fetched_at is not None:
        stated["fetched_at"] = PartialDate(document.fetched_at.year)
    return ((name, date) for name, date in stated.items() if date is not None)


def check_id(doc_id: str) -> None:
    """Refuse ids that could not be a URL path or would be changed by one.

    Raises:
        InvalidDocumentError: names the id and the rule.
    """
    segments = doc_id.split("/")
    if (
        not doc_id
        or len(doc_id) > MAX_ID_LENGTH
        or doc_id != doc_id.strip()
        or any(segment in ("", ".", "..") for segment in segments)
        or "\\" in doc_id
        or any(not character.isprintable() for character in doc_id)
    ):
        raise InvalidDocumentError(
            f"Kennung „{doc_id[:60]!r}“ ist nicht verwendbar",
            remedy=f"1 bis {MAX_ID_LENGTH} sichtbare Zeichen, ohne \\ und ohne Pfadteile wie . oder ..",
        )


def normalise_text(text: str) -> str:
    """The stored form of a text: ``\\n`` line ends, no control characters, no blank lines at the edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x85", "\n")
    text = _UNPRINTABLE.sub("", text)
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    while len(lines) > first and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines[first:])


def text_hash(text: str) -> str:
    """SHA-256 of a normalised text, as kept in ``Document.source_hash``."""
    return hashlib.sha256(text.encode()).hexdigest()


def normalise_line(text: str) -> str:
    """A title, name or label as one line: white space folded, control characters dropped."""
    return " ".join(normalise_text(text).split())


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """Where a stored document lies and what its bytes hash to; cheap to list by the ten thousand.

    ``stamp`` is the store's own: by it a change is noticed without hashing anything.
    """

    location: str
    revision: str
    stamp: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with the revision that a writer must name to replace it."""

    document: Document
    revision: str
    location: str
