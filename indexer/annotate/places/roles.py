"""What a place is to a document: the venue of its event, the home of its practice, its publisher's address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.annotate.places.meaning import ADDRESS
from indexer.annotate.text.reading import Reading
from kb.model import EventTag, Evidence, PlaceTag
from kb.model.kinds import ANNOUNCEMENT, EXAMPLE, REPORT

VENUE, PRACTICE, PUBLISHER = "venue", "practice", "publisher"
_STATE_DIGITS = 2
_DISTRICT = re.compile("[Kk]reis|^(?:Region|StädteRegion|Regionalverband) ")
_ABOUT_EVENTS = (REPORT, ANNOUNCEMENT)


def with_roles(
    tags: tuple[PlaceTag, ...], reading: Reading, doc_type: str | None, event: EventTag | None
) -> tuple[PlaceTag, ...]:
    """Tell the venue of the event, the home of the practice and the publisher's address apart.

    An event is in a municipality: the one named beside its date, or the only one, or the one in the title; a
    district is its venue only where no municipality is named. Beside a venue, a district is where the work is
    done that the text tells of, and so is any other place in a report.
    """
    if doc_type not in _ABOUT_EVENTS:
        other = PRACTICE if doc_type == EXAMPLE else None
        return tuple(replace(tag, role=PUBLISHER if _is_address(tag) else other) for tag in tags)
    own = [tag for tag in tags if not _is_address(tag) and not _is_state(tag)]
    venues = _venues(own, reading, event)
    told = [tag for tag in own if doc_type == REPORT or _DISTRICT.search(tag.name)] if venues else []
    roles = {id(tag): PRACTICE for tag in told} | {id(tag): VENUE for tag in venues}
    return tuple(replace(tag, role=PUBLISHER if _is_address(tag) else roles.get(id(tag))) for tag in tags)


def _venues(own: Sequence[PlaceTag], reading: Reading, event: EventTag | None) -> Sequence[PlaceTag]:
    """Where the event was, as far as the source states it as data, or the text says."""
    stated = [tag for tag in own if tag.role == VENUE]
    if stated:
        return stated
    dated = [tag for tag in own if event is not None and _is_beside_date(tag, event, reading)]
    towns = [tag for tag in own if not _DISTRICT.search(tag.name)]
    titled = [tag for tag in towns if any(item.end == 0 for item in tag.evidence)]
    for found in ([tag for tag in dated if not _DISTRICT.search(tag.name)], towns, titled):
        if found and (len(found) == 1 or found[0] in dated):
            return found
    return dated or (own if len(own) == 1 else [])


def _is_address(tag: PlaceTag) -> bool:
    return bool(tag.evidence) and all(item.rule == ADDRESS for item in tag.evidence)


def _is_state(tag: PlaceTag) -> bool:
    return tag.ags is not None and len(tag.ags) == _STATE_DIGITS


def _is_beside_date(tag: PlaceTag, event: EventTag, reading: Reading) -> bool:
    """In the sentence of the event's date, or with it in the title."""
    return any(
        item.end == mention.end == 0 or (bool(item.end and mention.end) and _near(item, mention, reading))
        for item in event.evidence
        for mention in tag.evidence
    )


def _near(one: Evidence, other: Evidence, reading: Reading) -> bool:
    span = reading.tokens_at(one.start, one.end)
    if span is None:
        return False
    sentence = reading.sentence(span.start)
    return reading.body.starts[sentence.start] <= other.start < reading.body.end(sentence.end - 1)
