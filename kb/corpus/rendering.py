"""From a ``Document`` to the text of its file; ``front_matter`` reads it back equal."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from kb.corpus.front_matter import DATES, FENCE
from kb.corpus.plain_yaml import read_yaml
from kb.model import Decision, Decisions, Document, Event, PartialDate, Withdrawal

try:
    from yaml import CSafeDumper as _Dumper
except ImportError:  # PyYAML built without libyaml: same results, slower
    from yaml import SafeDumper as _Dumper  # type: ignore[assignment]

# Shorter heads are within every limit of reading.
_LONG_HEAD = 10_000


class _PlainDumper(_Dumper):
    """Writes everything out: what is the same object twice is no alias for anybody who reads the file."""

    def ignore_aliases(self, data: object) -> bool:
        """Always."""
        return True


def render_document(document: Document) -> str:
    """The text of a document's file; fields without a value are left out, unknown ones are kept.

    Raises:
        InvalidDocumentError: its head would be longer than anybody may write one.
    """
    fields: dict[str, object] = {"id": document.id, "title": document.title}
    fields |= {name: getattr(document, name) for name in ("url", "source", "publisher", "licence", "language")}
    fields["other_urls"] = list(document.other_urls)
    fields["authors"] = list(document.authors)
    fields |= {name: _render_date(getattr(document, name)) for name in DATES}
    fields["event"] = _render_event(document.event)
    fields["fetched_at"] = document.fetched_at.isoformat() if document.fetched_at is not None else None
    fields["source_hash"] = document.source_hash
    fields["edited"] = dict(document.edited)
    fields["status"] = str(document.status)
    fields["decisions"] = _render_decisions(document.decisions)
    fields["display"] = str(document.display) if document.display is not None else None
    fields["withdrawal"] = _render_withdrawal(document.withdrawal)
    present = {name: value for name, value in fields.items() if value is not None and value not in ([], {})}
    present |= document.extra
    head = yaml.dump(present, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=1_000_000)
    if len(head) > _LONG_HEAD:
        read_yaml(head)  # what could not be read back is not written
    return f"{FENCE}\n{head}{FENCE}\n\n{document.text}\n"


def _render_date(value: PartialDate | None) -> str | None:
    return str(value) if value is not None else None


def _render_event(event: Event | None) -> object:
    if event is None:
        return None
    fields = {"start": str(event.start)}
    if event.end is not None:
        fields["end"] = str(event.end)
    if event.inferred:
        fields["inferred"] = "true"
    if event.place is not None:
        fields["place"] = event.place
    return fields


def _render_withdrawal(withdrawal: Withdrawal | None) -> object:
    if withdrawal is None:
        return None
    fields = {"at": withdrawal.at, "reason": withdrawal.reason, "by": withdrawal.by}
    return {name: value for name, value in fields.items() if value is not None}


def _render_decisions(decisions: Decisions) -> dict[str, object]:
    rendered: dict[str, object] = {}
    for name in ("topics", "places", "card"):
        chosen: Mapping[str, Decision] = getattr(decisions, name)
        if chosen:
            rendered[name] = {key: _render_decision(decision) for key, decision in chosen.items()}
    for name in ("doc_type", "event"):
        decision: Decision | None = getattr(decisions, name)
        if decision is not None:
            rendered[name] = _render_decision(decision)
    return rendered


def _render_decision(decision: Decision) -> object:
    if decision.by is None and decision.at is None:
        return decision.value
    fields = {"value": decision.value, "by": decision.by, "at": decision.at}
    return {name: value for name, value in fields.items() if value is not None}
