"""Documents whose pages are gone: out of the search with date and reason, never deleted, and brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.addressing.urls import page_key
from crawler.page.stored import put_unless_changed, stored_document
from kb.model import CRAWLER, Document, Status, Withdrawal
from kb.ports import CorpusStore


def withdraw(corpus: CorpusStore, page: tuple[str, str], reason: str, now: datetime) -> bool:
    """Withdraw the document (id, address of the page that is gone) and say whether that was done.

    It is not where the document is not published, has moved to another address, or an editor was faster.

    Raises:
        StorageError: the corpus cannot be written.
    """
    doc_id, url = page
    stored = stored_document(corpus, doc_id)
    if stored is None:
        return False
    is_elsewhere = page_key(stored.document.url or url) != page_key(url)
    if stored.document.status is not Status.PUBLISHED or is_elsewhere:
        return False
    gone = replace(
        stored.document,
        status=Status.WITHDRAWN,
        withdrawal=Withdrawal(at=now.isoformat(), reason=reason, by=CRAWLER),
    )
    return put_unless_changed(corpus, gone, stored)


def other_addresses(corpus: CorpusStore, page: tuple[str, str]) -> tuple[str, ...]:
    """The further addresses of the document (id, its first address); none where its first is another one."""
    stored = stored_document(corpus, page[0])
    if stored is None:
        return ()
    document = stored.document
    return document.other_urls if page_key(document.url or page[1]) == page_key(page[1]) else ()


def hand_over(corpus: CorpusStore, page: tuple[str, str], heir: str) -> bool:
    """Let a further address speak for the document (id, first address, which is gone); whether that was done.

    It is not where the document is not published, or an editor was faster.

    Raises:
        StorageError: the corpus cannot be written.
    """
    doc_id, url = page
    stored = stored_document(corpus, doc_id)
    if stored is None:
        return False
    document = stored.document
    if document.status is not Status.PUBLISHED or heir not in document.other_urls:
        return False
    others = tuple(other for other in document.other_urls if other != heir)
    return put_unless_changed(corpus, replace(document, url=heir, other_urls=(*others, url)), stored)


def is_ours(document: Document) -> bool:
    """Whether the crawler withdrew this document."""
    withdrawal = document.withdrawal
    return document.status is Status.WITHDRAWN and withdrawal is not None and withdrawal.is_offline


def returned(document: Document) -> Document:
    """A document whose page is there again, published as before; any other as it is."""
    return replace(document, status=Status.PUBLISHED, withdrawal=None) if is_ours(document) else document
