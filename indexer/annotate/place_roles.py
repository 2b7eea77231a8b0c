"""What a place is to a document: the venue of its event, the home of its practice, its publisher's address."""

from __future__ import annotations

from dataclasses import replace

from indexer.annotate.place_meaning import ADDRESS
from indexer.annotate.reading import Reading
from kb.model import EventTag, Evidence, PlaceTag

VENUE, PRACTICE, PUBLISHER = "venue", "practice", "publisher"
_STATE_DIGITS = 2
_ABOUT_EVENTS = ("veranstaltungsbericht", "ankuendigung")


def with_roles(
    tags: tuple[PlaceTag, ...], reading: Reading, doc_type: str, event: EventTag | None
) -> tuple[PlaceTag, ...]:
    """Tell the venue of the event, the home of the practice and the publisher's address apart.

    Where a text about an event, dated or not, names one municipality or district only, the event was there.
    """
    told = tuple(replace(tag, role=_role(tag, reading, doc_type, event)) for tag in tags)
    own = [tag for tag in told if tag.role != PUBLISHER and not _is_state(tag)]
    if doc_type not in _ABOUT_EVENTS or len(own) != 1:
        return told
    return tuple(replace(tag, role=VENUE) if tag is own[0] else tag for tag in told)


def _is_state(tag: PlaceTag) -> bool:
    return tag.ags is not None and len(tag.ags) == _STATE_DIGITS


def _role(tag: PlaceTag, reading: Reading, doc_type: str, event: EventTag | None) -> str | None:
    if tag.evidence and all(item.rule == ADDRESS for item in tag.evidence):
        return PUBLISHER
    if doc_type == "praxisbeispiel":
        return PRACTICE
    if event is None or doc_type not in _ABOUT_EVENTS:
        return None
    for item in event.evidence:
        for mention in tag.evidence:
            if item.end == mention.end == 0 or (item.end and mention.end and _near(item, mention, reading)):
                return VENUE
    return None


def _near(one: Evidence, other: Evidence, reading: Reading) -> bool:
    span = reading.tokens_at(one.start, one.end)
    if span is None:
        return False
    sentence = reading.sentence(span.start)
    start, last = reading.body[sentence.start].idx, reading.body[sentence.end - 1]
    return start <= other.start < last.idx + len(last)
