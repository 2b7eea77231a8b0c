"""Editors' decisions over the machine's conclusions: they always win, and say so in their evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from kb.model import (
    DOC_TYPES,
    Annotations,
    CardField,
    Decision,
    Decisions,
    DocTypeTag,
    EventTag,
    Evidence,
    PlaceTag,
    TopicTag,
    Verdict,
    parse_event,
)

EDITOR = Evidence(0, 0, "", "editor")
# A topic that only an editor saw stands at the threshold.
EDITOR_SCORE = 1.0


def apply_decisions(
    found: Annotations, decisions: Decisions, *, topics: Collection[str], known_places: Mapping[str, PlaceTag]
) -> Annotations:
    """Confirmed adds or marks (fields of the card: marks), rejected removes; kind and event are replaced.

    ``topics`` are the ids that exist: a decision on a topic that was removed is kept in the document
    but has no effect. ``known_places`` gives AGS and state of a place confirmed by its name.
    """
    if not decisions:
        return found
    return replace(
        found,
        doc_type=_doc_type(found.doc_type, decisions.doc_type),
        topics=_topics(found.topics, decisions.topics, topics),
        places=_places(found.places, decisions.places, known_places),
        event=_event(found.event, decisions.event),
        card=_card(found.card, decisions.card),
    )


def _topics(
    tags: Iterable[TopicTag], decisions: Mapping[str, Decision], known: Collection[str]
) -> tuple[TopicTag, ...]:
    kept = [tag for tag in tags if not _is(decisions.get(tag.id), Verdict.REJECTED)]
    result = [
        TopicTag(tag.id, max(tag.score, EDITOR_SCORE), (EDITOR, *tag.evidence)) if tag.id in decisions else tag
        for tag in kept
    ]
    missing = [
        topic
        for topic, decision in decisions.items()
        if _is(decision, Verdict.CONFIRMED) and topic in known and all(tag.id != topic for tag in kept)
    ]
    return (*result, *(TopicTag(topic, EDITOR_SCORE, (EDITOR,)) for topic in sorted(missing)))


def _places(
    tags: Iterable[PlaceTag], decisions: Mapping[str, Decision], known: Mapping[str, PlaceTag]
) -> tuple[PlaceTag, ...]:
    kept = [tag for tag in tags if not _is(decisions.get(tag.name), Verdict.REJECTED)]
    result = [replace(tag, evidence=(EDITOR, *tag.evidence)) if tag.name in decisions else tag for tag in kept]
    for name, decision in decisions.items():
        if _is(decision, Verdict.CONFIRMED) and all(tag.name != name for tag in kept):
            row = known.get(name, PlaceTag(name))
            result.append(PlaceTag(name, row.ags, row.state, (EDITOR,), areas=row.areas))
    return tuple(result)


def _doc_type(tag: DocTypeTag | None, decision: Decision | None) -> DocTypeTag | None:
    if decision is None or decision.value not in DOC_TYPES:
        return tag
    evidence = tag.evidence if tag is not None and decision.value == tag.id else ()
    return DocTypeTag(decision.value, (EDITOR, *evidence))


def _event(tag: EventTag | None, decision: Decision | None) -> EventTag | None:
    if decision is None:
        return tag
    event = parse_event(decision.value)
    return EventTag(event, (EDITOR,)) if event else None


def _card(fields: Iterable[CardField], decisions: Mapping[str, Decision]) -> tuple[CardField, ...]:
    """Rejected fields go, confirmed ones are marked; what is no longer drafted cannot be confirmed."""
    return tuple(
        CardField(field.id, (EDITOR, *field.evidence)) if field.id in decisions else field
        for field in fields
        if not _is(decisions.get(field.id), Verdict.REJECTED)
    )


def _is(decision: Decision | None, verdict: Verdict) -> bool:
    return decision is not None and decision.value == verdict
