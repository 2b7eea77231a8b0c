"""Documents whose pages are gone: out of the search with date and reason, never deleted, and brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.urls import page_key
from kb.errors import ConflictError, DocumentNotFoundError, InvalidDocumentError
from kb.model import CRAWLER, Document, Status, Withdrawal
from kb.ports import CorpusStore


def withdraw(corpus: CorpusStore, page: tuple[str, str], reason: str, now: datetime) -> bool:
    """Withdraw the document (id, address of the page that is gone) and say whether that was done.

    It is not where the document is not published, has moved to another address, or an editor was faster.

    Raises:
        StorageError: the corpus cannot be written.
    """
    doc_id, url = page
    try:
        stored = corpus.get(doc_id)
    except (DocumentNotFoundError, InvalidDocumentError):
        return False
    is_elsewhere = page_key(stored.document.url or url) != page_key(url)
    if stored.document.status is not Status.PUBLISHED or is_elsewhere:
        return False
    gone = replace(
        stored.document,
        status=Status.WITHDRAWN,
        withdrawal=Withdrawal(at=now.isoformat(), reason=reason, by=CRAWLER),
    )
    try:
        corpus.put(gone, expected=stored.revision)
    except ConflictError:
        return False
    return True


def is_ours(document: Document) -> bool:
    """Whether the crawler withdrew this document."""
    withdrawal = document.withdrawal
    return document.status is Status.WITHDRAWN and withdrawal is not None and withdrawal.is_offline


def returned(document: Document) -> Document:
    """A document whose page is there again, published as before; any other as it is."""
    return replace(document, status=Status.PUBLISHED, withdrawal=None) if is_ours(document) else document
