"""What becomes of a document that a source offers again: a pure decision with its reason, and the merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from kb.model import Decision as EditorsDecision
from kb.model import (
    Decisions,
    Document,
    Status,
    is_the_editors,
    marks_after,
    news,
    text_hash,
)
from kb.ports import SourceNewsStore


class Action(StrEnum):
    """What is to be done with the stored document."""

    ADD = "add"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    KEEP = "keep"  # an editor has decided and the source says something else: the document stands


@dataclass(frozen=True, slots=True)
class Decision:
    """An action and why, in German, for reports."""

    action: Action
    reason: str


FOR_REVIEW = (
    "die Redaktion hat über das Dokument entschieden und die Quelle sagt etwas Neues: zur Durchsicht vorgemerkt"
)
# Field of a document → its German name in a reason; in the order in which differences are told.
COMPARED: Mapping[str, str] = {
    "text": "Text",
    "title": "Titel",
    "url": "Adresse",
    "other_urls": "weitere Adressen",
    "publisher": "Herausgeber",
    "authors": "Autoren",
    "language": "Sprache",
    "published": "Veröffentlichungsdatum",
    "modified": "Änderungsdatum",
    "event": "Veranstaltung",
    "licence": "Lizenz",
    "status": "Status",
    "withdrawal": "Rückzug",
    "display": "Anzeige",
    "decisions": "Entscheidungen",
    "edited": "Angaben der Redaktion",
    "extra": "weitere Felder",
    "source_hash": "Stand der Quelle",
}


def decide(new: Document, old: Document | None) -> Decision:
    """Compare what the source says now with what is stored; a new ``fetched_at`` alone is no change."""
    if old is None:
        return Decision(Action.ADD, "neu")
    if any(is_the_editors(name, new, old) for name in news(new, old)):
        return Decision(Action.KEEP, FOR_REVIEW)
    merged = merge(new, old)
    changed = [name for field, name in COMPARED.items() if getattr(merged, field) != getattr(old, field)]
    if not changed:
        return Decision(Action.UNCHANGED, "unverändert")
    return Decision(Action.UPDATE, f"geändert: {', '.join(changed)}")


def keep_news(store: SourceNewsStore, new: Document, *, waits: bool) -> None:
    """Keep what the source says for the editors where it waits for them, else forget what waited before.

    Raises:
        StorageError: the store cannot be written.
    """
    if waits:
        store.note(replace(new, decisions=Decisions(), edited={}, status=Status.PUBLISHED, withdrawal=None))
    else:
        store.drop(new.id)


def merge(new: Document, old: Document) -> Document:
    """What the source says now, with everything that is the editors' (and the old id) kept.

    What an editor worded stays, and of a document that editors hold back everything; a value that the source
    does not give (any more) stays; decisions and status stay, except that a source may withdraw what was
    published.
    """
    withdrawn = old.status is Status.PUBLISHED and new.status is Status.WITHDRAWN
    said = {name: _value(name, new, old) for name in _FROM_SOURCE}
    url = said["url"]
    known = dict.fromkeys((*old.other_urls, *new.other_urls, old.url, new.url))
    return replace(
        old,  # so that whatever else editors may record on a document stays without being named here
        **said,
        other_urls=tuple(other for other in known if other and other != url),
        fetched_at=new.fetched_at or old.fetched_at,
        source_hash=_source_hash(new, old),
        status=Status.WITHDRAWN if withdrawn else old.status,
        withdrawal=new.withdrawal if withdrawn else old.withdrawal,
        display=new.display or old.display,
        decisions=_decisions(new.decisions, old.decisions),
        edited=marks_after(new, old),
        extra={**old.extra, **new.extra},
    )


_FROM_SOURCE = (
    "title",
    "text",
    "language",
    "url",
    "publisher",
    "authors",
    "published",
    "modified",
    "event",
    "licence",
)


def _value(name: str, new: Document, old: Document) -> Any:
    stored = getattr(old, name)
    return stored if is_the_editors(name, new, old) else getattr(new, name) or stored


def _source_hash(new: Document, old: Document) -> str | None:
    """A text written by hand, without a hash, gets one only together with a change of its text."""
    if old.source_hash is None and new.text == old.text:
        return None
    return new.source_hash or text_hash(new.text)


def _decisions(new: Decisions, old: Decisions) -> Decisions:
    """Decisions of both; where they differ, the later one, and one made on the site before an undated one."""
    if not new:
        return old
    return Decisions(
        topics=_later_of_each(new.topics, old.topics),
        places=_later_of_each(new.places, old.places),
        doc_type=_later(new.doc_type, old.doc_type),
        event=_later(new.event, old.event),
        card=_later_of_each(new.card, old.card),
    )


def _later_of_each(
    new: Mapping[str, EditorsDecision], old: Mapping[str, EditorsDecision]
) -> Mapping[str, EditorsDecision]:
    merged = dict(old)
    for name, decision in new.items():
        later = _later(decision, old.get(name))
        if later is not None:
            merged[name] = later
    return merged


def _later(new: EditorsDecision | None, old: EditorsDecision | None) -> EditorsDecision | None:
    if new is None or old is None:
        return new or old
    return new if (new.at or "") >= (old.at or "") else old
