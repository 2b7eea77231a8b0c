"""Documents of the corpus that somebody else may touch while the crawler looks at them."""

from __future__ import annotations

from kb.errors import ConflictError, DocumentNotFoundError, InvalidDocumentError
from kb.model import Document, StoredDocument
from kb.ports import CorpusStore


def stored_document(corpus: CorpusStore, doc_id: str) -> StoredDocument | None:
    """The document as it stands, None where it is gone or cannot be understood."""
    try:
        return corpus.get(doc_id)
    except (DocumentNotFoundError, InvalidDocumentError):
        return None


def put_unless_changed(corpus: CorpusStore, document: Document, stored: StoredDocument) -> bool:
    """Write a document in place of what was read; False if somebody else wrote meanwhile.

    Raises:
        StorageError: the corpus cannot be written.
    """
    try:
        corpus.put(document, expected=stored.revision)
    except ConflictError:
        return False
    return True
