"""What the indexer concludes from a document; every conclusion carries the words that led to it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.dates import Event


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the document's text: code-point offsets, end exclusive, and the rule that hit.

    ``text`` is the span as people read it, without the signs of Markdown.

    Evidence found in the title has ``start == end == 0`` and the title's words as ``text``;
    an editor's decision has the rule ``editor`` and no words.
    """

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class TopicTag:
    """A topic of the document; ``score`` is comparable within one document only."""

    id: str
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class DocTypeTag:
    """The kind of document: one of the ids in ``DOC_TYPES``."""

    id: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceTag:
    """A municipality, district or state; ``ags`` is the official key where it is known.

    ``role`` is ``venue`` (of the event), ``practice`` (where the practice is at home), ``publisher`` (only an
    address names it) or None where the text does not say; ``parts`` are the parts of the city that it names;
    ``areas`` are its state and district by their names in the places file, where they are known.
    """

    name: str
    ags: str | None = None
    state: str | None = None
    evidence: tuple[Evidence, ...] = ()
    role: str | None = None
    parts: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SimilarPlace:
    """A district or independent city like another one; ``name`` is what the place facet calls it.

    ``score`` orders the places of one question only; ``reasons`` are for people, in German.
    """

    name: str
    ags: str | None
    state: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventTag:
    """The date of the event that the document announces or reports."""

    event: Event
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CardField:
    """One field of the practice card (an id of ``CARD_FIELDS``) in the words of the text.

    It is a draft by the machine unless the first evidence is an editor's decision.
    """

    id: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Annotations:
    """All conclusions on one document, editors' decisions already applied.

    ``doc_type`` is None where the text does not tell its kind, which is not the same as that it is of another.
    ``card`` holds the fields that were found of a practice example, drafted by the machine. ``flags`` tell what
    is odd about the text: ``ohne-umlaute``, ``sprache-en`` for a text that is not in the language it claims, or
    ``nur-anfang`` for one of which only the beginning was read, because it is longer than an annotator reads.
    """

    doc_type: DocTypeTag | None
    topics: tuple[TopicTag, ...] = ()
    places: tuple[PlaceTag, ...] = ()
    event: EventTag | None = None
    card: tuple[CardField, ...] = ()
    flags: tuple[str, ...] = ()


# A flag: what stands beyond the beginning of the text was not read.
ONLY_BEGINNING = "nur-anfang"

# Fields of the practice card with their German labels, in the order of the card.
CARD_FIELDS = {
    "ausgangslage": "Ausgangslage",
    "ziel": "Ziel",
    "zielgruppe": "Zielgruppe",
    "vorgehen": "Vorgehen",
    "beteiligte": "Beteiligte",
    "ergebnis": "Ergebnis",
    "stolpersteine": "Stolpersteine",
    "uebertragbarkeit": "Übertragbarkeit",
    "ansprechperson": "Ansprechperson",
    "laufzeit_foerderung": "Laufzeit und Förderung",
}
