"""Frozen dataclasses that every room shares: documents, annotations, searches, extracted texts."""

from kb.model.annotations import (
    DOC_TYPES,
    Annotations,
    DocTypeTag,
    EventTag,
    Evidence,
    PlaceTag,
    TopicTag,
)
from kb.model.dates import Event, PartialDate
from kb.model.document import (
    Decision,
    Decisions,
    Document,
    DocumentRef,
    Status,
    StoredDocument,
    Verdict,
    check_id,
    normalise_line,
    normalise_text,
    parse_event,
    text_hash,
)
from kb.model.extraction import ExtractedText, RawContent
from kb.model.search import (
    FACETS,
    IndexEntry,
    SearchHit,
    SearchQuery,
    SearchResults,
    Sort,
    to_index_entry,
)

__all__ = [
    "DOC_TYPES",
    "FACETS",
    "Annotations",
    "Decision",
    "Decisions",
    "DocTypeTag",
    "Document",
    "DocumentRef",
    "Event",
    "EventTag",
    "Evidence",
    "ExtractedText",
    "IndexEntry",
    "PartialDate",
    "PlaceTag",
    "RawContent",
    "SearchHit",
    "SearchQuery",
    "SearchResults",
    "Sort",
    "Status",
    "StoredDocument",
    "TopicTag",
    "Verdict",
    "check_id",
    "normalise_line",
    "normalise_text",
    "parse_event",
    "text_hash",
    "to_index_entry",
]
