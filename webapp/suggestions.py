"""What the machine proposes for a document and what editors made of it, with the words that speak for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup, escape

from kb.model import DOC_TYPES, Annotations, Decision, Decisions, Document, Event, Evidence
from kb.ports import Annotator
from webapp.present import format_event
from webapp.services import SiteServices

_KIND_LABELS = {"topic": "Thema", "doc_type": "Art", "place": "Ort", "event": "Termin"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One conclusion: ``kind`` and ``name`` say which decision it asks for, ``accept`` what accepting stores.

    ``verdict`` is ``confirmed``, ``rejected`` or empty; ``decided`` says who decided and when.
    """

    kind: str
    name: str
    accept: str
    label: str
    evidence: tuple[Evidence, ...] = ()
    verdict: str = ""
    decided: str = ""

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


def suggestions(document: Document, annotator: Annotator, services: SiteServices) -> list[Suggestion]:
    """Everything to decide on: what the machine concludes by itself, then what editors added."""
    undecided = annotator.annotate(replace(document, decisions=Decisions()))
    proposed = list(_proposed(undecided, document, services))
    known = {(one.kind, one.name) for one in proposed}
    return proposed + [one for one in _added(document, services) if (one.kind, one.name) not in known]


def _proposed(annotations: Annotations, document: Document, services: SiteServices) -> Iterator[Suggestion]:
    decisions = document.decisions
    kind = annotations.doc_type
    yield _single("doc_type", kind.id, DOC_TYPES[kind.id], kind.evidence, decisions.doc_type)
    for topic in annotations.topics:
        yield _named(
            "topic", topic.id, services.label("topic", topic.id), topic.evidence, decisions.topics.get(topic.id)
        )
    for place in annotations.places:
        yield _named("place", place.name, place.name, place.evidence, decisions.places.get(place.name))
    if annotations.event is not None:
        event = annotations.event
        yield _single(
            "event", _event_value(event.event), _event_label(event.event), event.evidence, decisions.event
        )
    elif decisions.event is not None:
        yield _single("event", decisions.event.value, "kein Termin im Text", (), decisions.event)


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
        # A sentence that speaks for the kind may hold a place: the narrower word gives the colour.
        covering.sort(key=lambda one: one.kind == "doc_type")
        if covering:
            labels = ", ".join(dict.fromkeys(f"{one.kind_label}: {one.label}" for one in covering))
            piece = Markup('<mark class="on-{}" title="{}">{}</mark>').format(covering[0].kind, labels, piece)
        parts.append(piece)
    return Markup("").join(parts)
