"""What becomes of a document that a source offers again: a pure decision with its reason, and the merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kb.model import Decision as EditorsDecision
from kb.model import Decisions, Document, Status, text_hash


class Action(StrEnum):
    """What is to be done with the stored document."""

    ADD = "add"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    KEEP = "keep"  # source and editor both changed the text: the editor's stands


@dataclass(frozen=True, slots=True)
class Decision:
    """An action and why, in German, for reports."""

    action: Action
    reason: str


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
    "extra": "weitere Felder",
    "source_hash": "Stand der Quelle",
}


def decide(new: Document, old: Document | None) -> Decision:
    """Compare what the source says now with what is stored; a new ``fetched_at`` alone is no change."""
    if old is None:
        return Decision(Action.ADD, "neu")
    if _is_edited(new, old) and new.text != old.text and _source_changed(new, old):
        return Decision(
            Action.KEEP,
            "der Text wurde in der Redaktion bearbeitet und die Quelle hat sich geändert; "
            "die Fassung der Redaktion bleibt",
        )
    merged = merge(new, old)
    changed = [name for field, name in COMPARED.items() if getattr(merged, field) != getattr(old, field)]
    if not changed:
        return Decision(Action.UNCHANGED, "unverändert")
    return Decision(Action.UPDATE, f"geändert: {', '.join(changed)}")


def merge(new: Document, old: Document) -> Document:
    """What the source says now, with everything that is the editors' (and the old id) kept.

    Title and text stay an editor's where the text was edited; a value that the source does not give
    (any more) stays; decisions and status stay, except that a source may withdraw what was published.
    """
    edited = _is_edited(new, old)
    withdrawn = old.status is Status.PUBLISHED and new.status is Status.WITHDRAWN
    url = new.url or old.url
    known_urls = dict.fromkeys((*old.other_urls, *new.other_urls, *([old.url] if old.url else [])))
    return replace(
        old,  # so that whatever else editors may record on a document stays without being named here
        title=old.title if edited else new.title,
        text=old.text if edited else new.text,
        language=new.language,
        url=url,
        other_urls=tuple(known for known in known_urls if known != url),
        publisher=new.publisher or old.publisher,
        authors=new.authors or old.authors,
        published=new.published or old.published,
        modified=new.modified or old.modified,
        event=new.event or old.event,
        licence=new.licence or old.licence,
        fetched_at=new.fetched_at or old.fetched_at,
        source_hash=_source_hash(new, old),
        status=Status.WITHDRAWN if withdrawn else old.status,
        withdrawal=new.withdrawal if withdrawn else old.withdrawal,
        display=new.display or old.display,
        decisions=_decisions(new.decisions, old.decisions),
        extra={**old.extra, **new.extra},
    )


def _is_edited(new: Document, old: Document) -> bool:
    if old.source_hash is None:
        return old.text != new.text
    return text_hash(old.text) != old.source_hash


def _source_text_hash(new: Document) -> str:
    return new.source_hash or text_hash(new.text)


def _source_changed(new: Document, old: Document) -> bool:
    """Also where ``new`` is itself an edited version (a file from another corpus): two editors, two texts."""
    source_hash = _source_text_hash(new)
    return source_hash != old.source_hash or source_hash != text_hash(new.text)


def _source_hash(new: Document, old: Document) -> str | None:
    """A text written by hand, without a hash, gets one only together with a change of its text."""
    if old.source_hash is None and new.text == old.text:
        return None
    return _source_text_hash(new)


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
