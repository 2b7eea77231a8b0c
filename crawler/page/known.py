"""Which documents of the corpus have which addresses and which texts, while a crawl goes on."""

from __future__ import annotations

import logging
from collections.abc import Collection
from functools import partial

from crawler.addressing.urls import page_key
from crawler.likeness.twins import Twin, Twins
from crawler.page.withdrawal import is_ours
from kb.errors import DocumentNotFoundError, InvalidDocumentError
from kb.failures import contained, documents_of, logged, passed_over
from kb.model import Document, Status
from kb.ports import CorpusStore

_log = logging.getLogger(__name__)


class KnownAddresses:
    """Which stored document has which address, and which text; addresses given up by their page included.

    Texts are known of ``sources`` alone, those that are crawled; of all where none are named.
    """

    def __init__(self, corpus: CorpusStore, sources: Collection[str] = ()) -> None:
        self._corpus = corpus
        self._sources = frozenset(sources)
        self._documents: dict[str, tuple[str, str]] = {}
        self._addresses: dict[str, dict[str, str]] = {}
        self._firsts: dict[str, str] = {}
        self._texts: dict[str, Twins] = {}
        # Of what cannot be read the index run tells; a crawl neither mends nor overwrites it.
        for stored in documents_of(corpus, passed_over):
            with contained(stored.location, partial(logged, _log)):
                self.add(stored.document)

    def add(self, document: Document) -> None:
        """Note all addresses of a document, and its text."""
        for url in (document.url, *document.other_urls):
            self.claim(url or "", document)
        self._firsts[document.id] = document.url or ""
        if not self._sources or document.source in self._sources:
            self._texts.setdefault(document.source, Twins(self._load)).add(document)
        if document.url and (document.status is Status.PUBLISHED or is_ours(document)):
            self._addresses.setdefault(document.source, {})[document.id] = document.url

    def of_source(self, source: str) -> list[str]:
        """The addresses of a source's documents whose pages are to be there."""
        return list(self._addresses.get(source, {}).values())

    def find(self, url: str) -> tuple[str, str] | None:
        """Id and source of the document with this address."""
        return self._documents.get(page_key(url))

    def is_first(self, url: str) -> bool:
        """Whether this is the first address of its document, in the very spelling that is stored."""
        known = self.find(url)
        return known is not None and self._firsts.get(known[0]) == url

    def claim(self, url: str, document: Document) -> None:
        """Note an address of a document, unless another one has it; one that is no address is passed over."""
        try:
            self._documents.setdefault(page_key(url), (document.id, document.source))
        except ValueError:
            return

    def release(self, url: str) -> None:
        """Forget an address: its page has become another document."""
        self._documents.pop(page_key(url), None)

    def twin(self, document: Document) -> Twin | None:
        """The document of the same source that has this text already."""
        texts = self._texts.get(document.source)
        return texts.same(document) if texts is not None else None

    def _load(self, doc_id: str) -> Document | None:
        try:
            return self._corpus.get(doc_id).document
        except (InvalidDocumentError, DocumentNotFoundError):
            return None
