"""The JSON shapes that other programs rely on: documents, annotations, search results."""

from __future__ import annotations

from collections.abc import Mapping

from kb.model import (
    Annotations,
    Decision,
    Decisions,
    Document,
    Event,
    Evidence,
    LikePlaces,
    Notice,
    PlaceTag,
    Reason,
    SearchHit,
    SearchResults,
    Shown,
    Status,
    Tier,
)

# Not for visitors: the earlier words of a source, the withdrawal with its name, decisions with theirs.
_INTERNAL = frozenset({"edited", "decisions", "withdrawal"})


def head_fields(document: Document) -> dict[str, object]:
    """All of a document but its text, as it stands in the head of its file; absent where unknown.

    Strings, lists and mappings of them; fields that this version does not know (``extra``) are not among them.
    """
    withdrawal = document.withdrawal
    fields: dict[str, object | None] = {
        "id": document.id,
        "title": document.title,
        "url": document.url,
        "source": document.source,
        "publisher": document.publisher,
        "licence": document.licence,
        "language": document.language,
        "other_urls": list(document.other_urls) or None,
        "authors": list(document.authors) or None,
        "published": str(document.published) if document.published else None,
        "modified": str(document.modified) if document.modified else None,
        "event": _event_fields(document.event) if document.event is not None else None,
        "fetched_at": document.fetched_at.isoformat() if document.fetched_at is not None else None,
        "source_hash": document.source_hash,
        "edited": dict(document.edited) or None,
        "status": str(document.status),
        "decisions": _decisions_fields(document.decisions) or None,
        "display": str(document.display) if document.display is not None else None,
        "withdrawal": None
        if withdrawal is None
        else _present({"at": withdrawal.at, "reason": withdrawal.reason, "by": withdrawal.by}),
    }
    return _present(fields)


def _present(fields: Mapping[str, object | None]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _event_fields(event: Event) -> dict[str, object]:
    inferred = "true" if event.inferred else None
    end = str(event.end) if event.end is not None else None
    return _present({"start": str(event.start), "end": end, "inferred": inferred, "place": event.place})


def _decisions_fields(decisions: Decisions) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name in ("topics", "places", "card"):
        chosen: Mapping[str, Decision] = getattr(decisions, name)
        if chosen:
            fields[name] = {key: _decision_fields(decision) for key, decision in chosen.items()}
    for name in ("doc_type", "event"):
        decision: Decision | None = getattr(decisions, name)
        if decision is not None:
            fields[name] = _decision_fields(decision)
    return fields


def _decision_fields(decision: Decision) -> object:
    """In short, where nothing is known but what was decided."""
    if decision.by is None and decision.at is None:
        return decision.value
    return _present({"value": decision.value, "by": decision.by, "at": decision.at})


def document_fields(document: Document) -> dict[str, object]:
    """Provenance and text, as in ``kb show --json``; absent where unknown."""
    fields: dict[str, object | None] = {
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "url": document.url,
        "other_urls": list(document.other_urls) or None,
        "source": document.source,
        "publisher": document.publisher,
        "authors": list(document.authors) or None,
        "language": document.language,
        "published": str(document.published) if document.published else None,
        "modified": str(document.modified) if document.modified else None,
        "licence": document.licence,
        "fetched_at": document.fetched_at.isoformat() if document.fetched_at else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def shown_fields(shown: Shown) -> dict[str, object]:
    """What leaves by an export: as ``head_fields``, with the text; ``excerpt`` is true of its beginning alone.

    Of what only people of the house know (who decided and when, what a source said before, fields of their own)
    there is nothing, unless ``shown`` is for them.
    """
    document = shown.document
    fields = head_fields(document)
    if shown.is_internal:
        fields |= {"extra": dict(document.extra)} if document.extra else {}
    else:
        fields = {name: value for name, value in fields.items() if name not in _INTERNAL}
        decisions = _decisions_fields(_without_names(document.decisions))
        fields |= {"decisions": decisions} if decisions else {}
    if document.status is Status.PUBLISHED:
        del fields["status"]
    return {"id": fields.pop("id"), "title": fields.pop("title"), "text": document.text, **fields} | (
        {"excerpt": True} if shown.is_excerpt else {}
    )


def _without_names(decisions: Decisions) -> Decisions:
    """What was decided, and neither by whom nor when."""

    def bare(chosen: Mapping[str, Decision]) -> dict[str, Decision]:
        return {name: Decision(decision.value) for name, decision in chosen.items()}

    kind, event = decisions.doc_type, decisions.event
    return Decisions(
        topics=bare(decisions.topics),
        places=bare(decisions.places),
        doc_type=Decision(kind.value) if kind is not None else None,
        event=Decision(event.value) if event is not None else None,
        card=bare(decisions.card),
    )


def annotation_fields(document: Document, annotations: Annotations) -> dict[str, object]:
    """``start``/``end`` are code-point offsets, end exclusive, into the text that ``kb show --json`` prints."""
    event, kind = annotations.event, annotations.doc_type
    card = {field.id: _evidence(field.evidence) for field in annotations.card}
    fields: dict[str, object] = {
        "id": document.id,
        "topics": [
            {"id": tag.id, "score": round(tag.score, 4), "evidence": _evidence(tag.evidence)}
            for tag in annotations.topics
        ],
        "doc_type": None if kind is None else {"id": kind.id, "evidence": _evidence(kind.evidence)},
        "places": [_place_fields(tag) for tag in annotations.places],
        "event": None
        if event is None
        else {
            "start": str(event.event.start),
            "end": str(event.event.end) if event.event.end is not None else None,
            "inferred": event.event.inferred,
            "evidence": _evidence(event.evidence),
        },
    }
    return (
        fields
        | ({"card": card} if card else {})
        | ({"flags": list(annotations.flags)} if annotations.flags else {})
    )


def _place_fields(tag: PlaceTag) -> dict[str, object]:
    """``role`` and ``parts`` only where the text tells them, ``areas`` where they are known."""
    fields: dict[str, object] = {
        "name": tag.name,
        "ags": tag.ags,
        "state": tag.state,
        "evidence": _evidence(tag.evidence),
    }
    lists = {name: list(found) for name, found in (("parts", tag.parts), ("areas", tag.areas)) if found}
    return fields | ({"role": tag.role} if tag.role else {}) | lists


def _evidence(evidence: tuple[Evidence, ...]) -> list[dict[str, object]]:
    return [{"start": one.start, "end": one.end, "text": one.text, "rule": one.rule} for one in evidence]


def result_fields(results: SearchResults, like: LikePlaces | None = None) -> dict[str, object]:
    """The shape of ``kb search --json``, which other programs rely on; ``like_place`` only where asked for."""
    fields: dict[str, object] = {
        "total": results.total,
        "further": results.further,
        "took_ms": round(results.took_ms, 3),
        "corrected": results.corrected,
        "notices": [_notice_fields(notice) for notice in results.notices],
        "hits": [_hit_fields(hit) for hit in results.hits],
        "facets": {facet: dict(counts) for facet, counts in results.facets.items()},
    }
    return fields | ({"like_place": _like_fields(like)} if like is not None else {})


def _notice_fields(notice: Notice) -> dict[str, object]:
    """``facet`` and ``choices`` only of a value that does not exist."""
    fields: dict[str, object] = {"kind": notice.kind.value, "subject": notice.subject}
    return fields | ({"facet": notice.facet, "choices": list(notice.choices)} if notice.facet else {})


def _like_fields(like: LikePlaces) -> dict[str, object]:
    """The place that was asked for, and those that did as well, the most alike first, each with its reasons."""
    places = [
        {"name": place.name, "score": place.score, "reasons": list(place.reasons)} for place in like.places
    ]
    return {"name": like.name, "places": places}


def _hit_fields(hit: SearchHit) -> dict[str, object]:
    """``missing``, the words that it does not hold, only of a further document."""
    entry = hit.entry
    fields: dict[str, object] = {
        "id": entry.id,
        "title": entry.title,
        "url": entry.url,
        "tier": hit.tier.value,
        "score": round(hit.score, 4),
        "date": str(entry.date) if entry.date is not None else None,
        "doc_type": entry.doc_type,
        "source": entry.source,
        "topics": list(entry.topics),
        "places": list(entry.places),
        "snippet": hit.snippet,
        "reasons": [_reason_fields(reason) for reason in hit.reasons],
    }
    return fields | ({"missing": list(hit.missing)} if hit.tier is Tier.FURTHER else {})


def _reason_fields(reason: Reason) -> dict[str, object]:
    """``corrected`` only where a correction of it was searched instead of what was typed."""
    fields: dict[str, object] = {
        "word": reason.word,
        "form": reason.form,
        "match": reason.match.value,
        "where": reason.where.value,
        "share": round(reason.share, 4),
    }
    return fields | ({"corrected": reason.corrected} if reason.corrected else {})
