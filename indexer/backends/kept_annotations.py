"""Annotations as an index keeps them beside a document: without the words that its text has anyway."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from kb.model import (
    Annotations,
    CardField,
    DocTypeTag,
    Event,
    EventTag,
    Evidence,
    PartialDate,
    PlaceTag,
    TopicTag,
)

# Evidence: start, end, rule, and the words where they do not stand there in the text (those of a title).
_Kept = list[Any]


def to_json(annotations: Annotations, text: str) -> str:
    """The annotations of a document with this text."""

    def evidence(pieces: Iterable[Evidence]) -> list[_Kept]:
        return [
            [one.start, one.end, one.rule] + ([] if text[one.start : one.end] == one.text else [one.text])
            for one in pieces
        ]

    event, kind = annotations.event, annotations.doc_type
    return json.dumps(
        [
            None if kind is None else [kind.id, evidence(kind.evidence)],
            [[tag.id, tag.score, evidence(tag.evidence)] for tag in annotations.topics],
            [
                [tag.name, tag.ags, tag.state, evidence(tag.evidence), tag.role, tag.parts, tag.areas]
                for tag in annotations.places
            ],
            None if event is None else [*_days(event.event), evidence(event.evidence)],
            [[field.id, evidence(field.evidence)] for field in annotations.card],
            annotations.flags,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_json(kept: str, text: str) -> Annotations:
    """What ``to_json`` made of the annotations of a document with this text.

    Raises:
        ValueError, TypeError: it is something else.
    """

    def evidence(pieces: Sequence[_Kept]) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(start, end, words[0] if words else text[start:end], rule)
            for start, end, rule, *words in pieces
        )

    kind, topics, places, event, card, flags = json.loads(kept)
    return Annotations(
        None if kind is None else DocTypeTag(kind[0], evidence(kind[1])),
        tuple(TopicTag(name, score, evidence(pieces)) for name, score, pieces in topics),
        tuple(
            PlaceTag(name, ags, state, evidence(pieces), role, tuple(parts), tuple(areas))
            for name, ags, state, pieces, role, parts, areas in places
        ),
        None if event is None else EventTag(_event(*event[:3]), evidence(event[3])),
        tuple(CardField(name, evidence(pieces)) for name, pieces in card),
        tuple(flags),
    )


def _days(event: Event) -> tuple[str, str | None, bool]:
    return str(event.start), str(event.end) if event.end is not None else None, event.inferred


def _event(start: str, end: str | None, inferred: bool) -> Event:
    return Event(PartialDate.parse(start), PartialDate.parse(end) if end else None, inferred)
