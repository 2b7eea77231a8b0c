"""The form of a document: what an editor typed, what is wrong with it, and the document that it makes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from kb.errors import InvalidDocumentError
from kb.model import (
    Document,
    Event,
    PartialDate,
    Status,
    YearSpan,
    normalise_line,
    normalise_text,
    text_hash,
    with_marks,
)

SOURCE = "redaktion"
FIELDS = (
    "titel",
    "text",
    "adresse",
    "herausgeber",
    "personen",
    "veroeffentlicht",
    "geaendert",
    "termin_von",
    "termin_bis",
    "lizenz",
    "sprache",
)
_DATE_FIELDS = ("veroeffentlicht", "geaendert", "termin_von", "termin_bis")
_DATE_HELP = "Bitte als JJJJ-MM-TT, JJJJ-MM, JJJJ oder TT.MM.JJJJ schreiben."
_GERMAN_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(slots=True)
class DocumentForm:
    """The fields by name as typed, and the problems by name, in German; dates must lie in ``years``."""

    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    years: YearSpan = field(default_factory=YearSpan)

    @classmethod
    def typed(cls, form: MultiDict[str, str], years: YearSpan) -> DocumentForm:
        """What came from a browser."""
        return cls({name: form.get(name, "") for name in FIELDS}, years=years)

    @classmethod
    def of(cls, document: Document) -> DocumentForm:
        """What a stored document looks like in the form."""
        event = document.event
        return cls(
            {
                "titel": document.title,
                "text": document.text,
                "adresse": document.url or "",
                "herausgeber": document.publisher or "",
                "personen": "\n".join(document.authors),
                "veroeffentlicht": _shown(document.published),
                "geaendert": _shown(document.modified),
                "termin_von": _shown(event.start) if event else "",
                "termin_bis": _shown(event.end) if event else "",
                "lizenz": document.licence or "",
                "sprache": document.language,
            }
        )

    def document(self, make_id: Callable[[str], str]) -> Document | None:
        """A new draft with the id that ``make_id`` gives for the title; None if there are problems."""
        title = normalise_line(self.values["titel"])
        return self._apply(
            lambda: Document(id=make_id(title), title=title, text="x", source=SOURCE, status=Status.DRAFT)
        )

    def changed(self, document: Document) -> Document | None:
        """A stored document with what was typed; None if there are problems.

        What differs from the source is noted, so that no crawl overwrites it; what editors wrote has no source.
        """
        made = self._apply(lambda: document)
        return made if made is None or document.source == SOURCE else with_marks(document, made)

    def _apply(self, start: Callable[[], Document]) -> Document | None:
        title, text = normalise_line(self.values["titel"]), normalise_text(self.values["text"])
        dates = {name: self._date(name) for name in _DATE_FIELDS}
        if not title:
            self.problems["titel"] = "Der Titel fehlt."
        if not text:
            self.problems["text"] = "Der Text fehlt."
        address = normalise_line(self.values["adresse"])
        if address and not re.match(r"https?://[^\s/]+", address):
            self.problems["adresse"] = "Bitte mit http:// oder https:// beginnen."
        if dates["termin_bis"] and not dates["termin_von"]:
            self.problems["termin_von"] = "Der Beginn fehlt."
        if self.problems:
            return None
        try:
            document = start()
            made = replace(
                document,
                title=title,
                text=text,
                url=address or None,
                publisher=normalise_line(self.values["herausgeber"]) or None,
                authors=tuple(filter(None, map(normalise_line, self.values["personen"].split("\n")))),
                published=dates["veroeffentlicht"],
                modified=dates["geaendert"],
                event=_event(dates["termin_von"], dates["termin_bis"], document.event),
                licence=normalise_line(self.values["lizenz"]) or None,
                language=normalise_line(self.values["sprache"]) or "de",
            )
        except InvalidDocumentError as error:
            self.problems["titel"] = error.reason
            return None
        # What an editor writes anew has no other source; what came from one keeps its hash, so that a
        # crawl sees that the text was worked on.
        return made if made.source_hash else replace(made, source_hash=text_hash(text))

    def _date(self, name: str) -> PartialDate | None:
        typed = self.values[name].strip()
        if not typed:
            return None
        german = _GERMAN_DATE.fullmatch(typed)
        if german is not None:
            typed = f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}"
        try:
            date = PartialDate.parse(typed)
        except ValueError:
            self.problems[name] = _DATE_HELP
            return None
        if not self.years.holds(date):
            self.problems[name] = f"Das Jahr muss zwischen {self.years.first} und {self.years.last} liegen."
        return date


def _event(start: PartialDate | None, end: PartialDate | None, stated: Event | None) -> Event | None:
    """What was typed; the form does not show where the source says that the event is, which stays."""
    return Event(start, end, place=stated.place if stated is not None else None) if start is not None else None


def _shown(date: PartialDate | None) -> str:
    return str(date) if date is not None else ""


def readable_id(title: str, token: str) -> str:
    """An id from a title and a token: the same token gives the same id, so that sent twice is one document."""
    plain = unicodedata.normalize("NFC", title).lower().translate(_SPELLED_OUT)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
    return f"{words or 'dokument'}-{hashlib.sha256(token.encode()).hexdigest()[:8]}"


def changed_fields(mine: DocumentForm, theirs: DocumentForm) -> Mapping[str, str]:
    """Fields in which two forms differ, with the other's value."""
    return {name: theirs.values[name] for name in FIELDS if mine.values[name] != theirs.values[name]}
