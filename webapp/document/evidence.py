"""The words that led to a conclusion, quoted with a little of what stands around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.errors import SearchIndexError
from kb.failures import contained
from kb.model import (
    ONLY_BEGINNING,
    Annotations,
    CardField,
    Document,
    Event,
    Evidence,
    PlaceTag,
    SearchQuery,
    StoredDocument,
)
from kb.running_text import running_text
from webapp.search.hits import search_url
from webapp.site.failing import noting
from webapp.site.services import SiteServices
from webapp.wording.formats import format_event

_CONTEXT_CHARS = 45
_MAX_QUOTES = 6
# The longest span that counts as words and not as a passage: „Kommunales Bildungsmanagement in der Region“.
_MAX_WORDS_CHARS = 60
EDITOR_RULE = "editor"


@dataclass(frozen=True, slots=True)
class Quote:
    """Marked words between the words before and after; ``note`` says where else they stand or who decided."""

    before: str
    marked: str
    after: str
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One conclusion: what, where a click on it leads, and why."""

    label: str
    url: str | None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All conclusions on one document as its page shows them."""

    kind: Finding | None
    topics: tuple[Finding, ...] = ()
    places: tuple[Finding, ...] = ()
    event: Finding | None = None
    event_date: Event | None = None
    card: tuple[CardField, ...] = ()
    # Whether the text is longer than is read of it.
    only_beginning: bool = False

    @property
    def groups(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        """The conclusions that carry evidence, under the question that the evidence answers."""
        asked = (
            ("Warum diese Themen?" if len(self.topics) > 1 else "Warum dieses Thema?", self.topics),
            ("Warum diese Art?", (self.kind,) if self.kind else ()),
            ("Warum diese Orte?" if len(self.places) > 1 else "Warum dieser Ort?", self.places),
            ("Warum dieses Datum?", (self.event,) if self.event else ()),
        )
        with_quotes = ((question, tuple(one for one in found if one.quotes)) for question, found in asked)
        return tuple((question, found) for question, found in with_quotes if found)


def findings(services: SiteServices, stored: StoredDocument, *, quotable: str | None = None) -> Findings:
    """What is concluded about a document, as the index has it: nothing is concluded when a page is shown.

    The words that led to it are quoted where the index knows this very revision: of an older one they may
    have been taken out of the text. ``quotable`` is the beginning of the text that may be quoted, where not
    all of it may be shown; the words that led to a conclusion are named beyond it too, without what stands
    around them.
    """
    document = stored.document
    quotable = document.text if quotable is None else quotable
    try:
        entry = services.backend.entry(document.id)
    except SearchIndexError:
        entry = None  # the document itself can be read without an index
    if entry is None:
        return Findings(None, event_date=document.event)
    if entry.annotations is not None and entry.revision == stored.revision:
        with contained(document.id, noting(services, document.id)):
            return _explained(services, document, entry.annotations, quotable)
    return Findings(
        kind=_finding(services, "doc_type", entry.doc_type) if entry.doc_type is not None else None,
        topics=tuple(_finding(services, "topic", topic) for topic in entry.topics),
        places=tuple(_finding(services, "place", place) for place in entry.places),
        event_date=document.event,
    )


def _explained(services: SiteServices, document: Document, found: Annotations, quotable: str) -> Findings:
    def finding(facet: str, value: str, evidence: Sequence[Evidence]) -> Finding:
        return _finding(services, facet, value, _quotes(quotable, evidence))

    event, kind = None, found.doc_type
    if found.event is not None:
        label = format_event(found.event.event)
        event = Finding(label, None, _quotes(quotable, found.event.evidence))
    return Findings(
        kind=finding("doc_type", kind.id, kind.evidence) if kind is not None else None,
        topics=tuple(finding("topic", tag.id, tag.evidence) for tag in found.topics),
        places=tuple(finding("place", tag.name, tag.evidence) for tag in _by_name(found.places)),
        event=event,
        event_date=found.event.event if found.event is not None else document.event,
        card=tuple(replace(one, evidence=quotable_evidence(one.evidence, quotable)) for one in found.card),
        only_beginning=ONLY_BEGINNING in found.flags,
    )


def _by_name(places: Sequence[PlaceTag]) -> Sequence[PlaceTag]:
    """The first tag of each name: the place facet counts names, so a page lists each name once."""
    return list({tag.name: tag for tag in reversed(places)}.values())[::-1]


def _finding(services: SiteServices, facet: str, value: str, quotes: tuple[Quote, ...] = ()) -> Finding:
    url = search_url(SearchQuery(filters={facet: (value,)}))
    return Finding(services.label(facet, value), url, quotes)


def _quotes(text: str, evidence: Sequence[Evidence]) -> tuple[Quote, ...]:
    quotes = (_quote(text, piece) for piece in quotable_evidence(evidence, text))
    return tuple(dict.fromkeys(quotes))[:_MAX_QUOTES]


def quotable_evidence(evidence: Iterable[Evidence], text: str) -> tuple[Evidence, ...]:
    """Evidence that may be shown where only ``text``, the beginning, may: beyond it words, no sentences."""
    return tuple(piece for piece in evidence if piece.end <= len(text) or len(piece.text) <= _MAX_WORDS_CHARS)


def _quote(text: str, piece: Evidence) -> Quote:
    if piece.rule == EDITOR_RULE:
        return Quote("", piece.text, "", "von der Redaktion entschieden")
    if piece.start == piece.end == 0:
        return Quote("", piece.text, "", "im Titel")
    if running_text(text[piece.start : piece.end]) != piece.text:
        return Quote("", piece.text, "", "")  # offsets into another text: better no context than a wrong one
    before = text[: piece.start].rpartition("\n")[2]
    after = text[piece.end :].partition("\n")[0]
    return Quote(_tail(running_text(before)), piece.text, _head(running_text(after)), "")


def _tail(text: str) -> str:
    """The last words, cut between two of them."""
    if len(text) <= _CONTEXT_CHARS:
        return text
    return "… " + text[-_CONTEXT_CHARS:].partition(" ")[2]


def _head(text: str) -> str:
    if len(text) <= _CONTEXT_CHARS:
        return text
    return text[:_CONTEXT_CHARS].rpartition(" ")[0] + " …"
