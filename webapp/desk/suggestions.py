"""What the machine proposes for a document and what editors made of it, with the words that speak for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup, escape

from kb.model import (
    CARD_FIELDS,
    DOC_TYPES,
    UNDECIDED,
    Annotations,
    Decision,
    Decisions,
    Document,
    Event,
    Evidence,
    PlaceTag,
    TopicTag,
)
from webapp.site.services import DeskServices, SiteServices
from webapp.wording.formats import format_event

_KIND_LABELS = {"topic": "Thema", "doc_type": "Art", "place": "Ort", "event": "Termin", "card": "Karte"}
_ROLE_LABELS = {
    "venue": "Veranstaltungsort",
    "practice": "Ort der Praxis",
    "publisher": "nur in einer Anschrift",
}
# Where spans overlap, the narrower kind gives the colour.
_NARROWNESS = {"topic": 0, "place": 0, "event": 0, "doc_type": 1, "card": 2}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One conclusion: ``kind`` and ``name`` say which decision it asks for, ``accept`` what accepting stores.

    ``verdict`` is ``confirmed``, ``rejected`` or empty; ``decided`` says who decided and when; ``note`` what
    else is known: the role of a place, or that a topic was learnt.
    """

    kind: str
    name: str
    accept: str
    label: str
    evidence: tuple[Evidence, ...] = ()
    verdict: str = ""
    decided: str = ""
    note: str = ""

    @property
    def kind_label(self) -> str:
        """The German word for the kind."""
        return _KIND_LABELS[self.kind]

    @property
    def in_title(self) -> tuple[str, ...]:
        """Words of the title that speak for it."""
        return tuple(dict.fromkeys(one.text for one in self.evidence if one.end == 0 and one.text))

    @property
    def words(self) -> tuple[str, ...]:
        """Words of the text that speak for it, each once."""
        return tuple(dict.fromkeys(one.text for one in self.evidence if one.end))


def suggestions(document: Document, desk: DeskServices, services: SiteServices) -> list[Suggestion]:
    """Everything to decide on: what the machine concludes, what it learnt, what editors added, and the card."""
    undecided = desk.annotator.annotate(replace(document, decisions=Decisions()))
    proposed = list(_proposed(undecided, document, services))
    if desk.suggester is not None:
        known = [topic.id for topic in undecided.topics]
        proposed += [_learned(tag, services) for tag in desk.suggester.suggest(document, known)]
    shown = {(one.kind, one.name) for one in proposed}
    added = [one for one in _added(document, services) if (one.kind, one.name) not in shown]
    return proposed + added + list(_card(undecided, document))


def _learned(tag: TopicTag, services: SiteServices) -> Suggestion:
    note = f"aus Entscheidungen gelernt, {tag.score:.0%}".replace("%", " %")
    return Suggestion("topic", tag.id, "confirmed", services.label("topic", tag.id), tag.evidence, note=note)


def _card(annotations: Annotations, document: Document) -> Iterator[Suggestion]:
    """The fields of the practice card as the machine drafted them."""
    decisions = document.decisions.card
    for field in annotations.card:
        label = CARD_FIELDS.get(field.id, field.id)
        yield _named("card", field.id, label, field.evidence, decisions.get(field.id))


def _proposed(annotations: Annotations, document: Document, services: SiteServices) -> Iterator[Suggestion]:
    decisions = document.decisions
    kind, chosen = annotations.doc_type, decisions.doc_type
    if kind is not None:
        yield _single("doc_type", kind.id, DOC_TYPES[kind.id], kind.evidence, chosen)
    elif chosen is not None:  # nothing was concluded that it could replace
        yield _single("doc_type", chosen.value, services.label("doc_type", chosen.value), (), chosen)
    else:
        yield Suggestion("doc_type", "", "", services.label("doc_type", UNDECIDED))
    for topic in annotations.topics:
        yield _named(
            "topic", topic.id, services.label("topic", topic.id), topic.evidence, decisions.topics.get(topic.id)
        )
    for place in annotations.places:
        one = _named("place", place.name, place.name, place.evidence, decisions.places.get(place.name))
        yield replace(one, note=_place_note(place))
    if annotations.event is not None:
        event = annotations.event
        yield _single(
            "event", _event_value(event.event), _event_label(event.event), event.evidence, decisions.event
        )
    elif decisions.event is not None:
        yield _single("event", decisions.event.value, "kein Termin im Text", (), decisions.event)


def _place_note(place: PlaceTag) -> str:
    """What a place is to the document, and the parts of the city that it names."""
    role = _ROLE_LABELS.get(place.role or "", "")
    return ", ".join(part for part in (role, *place.parts) if part)


def _added(document: Document, services: SiteServices) -> Iterator[Suggestion]:
    for name, decision in document.decisions.topics.items():
        yield _named("topic", name, services.label("topic", name), (), decision)
    for name, decision in document.decisions.places.items():
        yield _named("place", name, name, (), decision)


def _named(
    kind: str, name: str, label: str, evidence: tuple[Evidence, ...], decision: Decision | None
) -> Suggestion:
    verdict = decision.value if decision is not None else ""
    return Suggestion(kind, name, "confirmed", label, evidence, verdict, _decided(decision))


def _single(
    kind: str, value: str, label: str, evidence: tuple[Evidence, ...], decision: Decision | None
) -> Suggestion:
    """A kind or an event: a document has one, and an editor's is stored by value."""
    if decision is None:
        return Suggestion(kind, "", value, label, evidence)
    if decision.value == value and value != "none":
        return Suggestion(kind, "", value, label, evidence, "confirmed", _decided(decision))
    chosen = DOC_TYPES.get(decision.value, decision.value) if kind == "doc_type" else decision.value
    instead = "kein Termin" if chosen == "none" else chosen
    return Suggestion(kind, "", value, f"{label} → {instead}", evidence, "rejected", _decided(decision))


def _decided(decision: Decision | None) -> str:
    if decision is None:
        return ""
    return ", ".join(part for part in (decision.by, (decision.at or "")[:16].replace("T", " ")) if part)


def _event_value(event: Event) -> str:
    return f"{event.start}/{event.end}" if event.end is not None else str(event.start)


def _event_label(event: Event) -> str:
    label = format_event(event)
    return f"{label} (Jahr erschlossen)" if event.inferred else label


def marked_text(text: str, found: list[Suggestion]) -> Markup:
    """The text as it is, escaped, every span of evidence marked by kind and labelled; spans may overlap."""
    spans = [
        (one.start, one.end, suggestion)
        for suggestion in found
        if suggestion.verdict != "rejected"
        for one in suggestion.evidence
        if 0 <= one.start < one.end <= len(text)
    ]
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    parts: list[Markup] = []
    for begin, stop in pairwise(edges):
        piece = escape(text[begin:stop])
        covering = [suggestion for start, end, suggestion in spans if start <= begin and stop <= end]
        # A sentence that speaks for the kind may hold a place.
        covering.sort(key=lambda one: _NARROWNESS[one.kind])
        if covering:
            labels = ", ".join(dict.fromkeys(f"{one.kind_label}: {one.label}" for one in covering))
            piece = Markup('<mark class="on-{}" title="{}">{}</mark>').format(covering[0].kind, labels, piece)
        parts.append(piece)
    return Markup("").join(parts)
