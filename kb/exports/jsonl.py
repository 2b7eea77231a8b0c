"""JSON Lines: one document a line, in the shape that ``kb import`` reads back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from kb.model import Document


class JsonLines:
    """An ``Exporter``."""

    name = "jsonl"
    description = "JSON Lines, ein Dokument je Zeile; kann mit kb import wieder eingelesen werden"

    def export(self, documents: Iterable[Document], out: TextIO) -> int:
        """Write one line a document, in the given order; fields without a value are left out."""
        written = 0
        for document in documents:
            out.write(json.dumps(document_fields(document), ensure_ascii=False) + "\n")
            written += 1
        return written


def document_fields(document: Document) -> dict[str, object]:
    """A document's provenance and text as plain JSON values, for export and ``kb show --json``."""
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


exporter = JsonLines()
