"""A fetched page, and everything that is needed besides it to make a document of it: data, passed along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.addressing.urls import page_key
from crawler.archive.archive import PageArchive
from crawler.manners.directives import Directives
from crawler.manners.scope import Scope
from crawler.page.known import KnownAddresses
from crawler.sources.source import Source
from kb.model import names_of
from kb.ports import CorpusStore, Extractor, SourceNewsStore, Tombstones


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """The answer to one request; ``via`` are the addresses that redirected to ``url``.

    ``html`` is the decoded body where it is a web page and somebody has decoded it already.
    """

    url: str
    body: bytes
    content_type: str | None = None
    directives: Directives = field(default_factory=Directives)
    via: tuple[str, ...] = ()
    html: str | None = None


@dataclass(frozen=True, slots=True)
class PageContext:
    """Everything that ``process_page`` needs besides the page; ``now`` must give an aware time.

    Without a store for ``news`` what editors' decisions stand against is only reported. ``strays`` are further
    addresses of documents (by ``page_key``) that had another text when last read, with the hashes of that text
    and the document's then; ``process_page`` keeps them up to date. Pages that are ``for_themselves`` (by
    ``page_key``) are read whatever other address they name as the one that counts.
    """

    source: Source
    scope: Scope
    corpus: CorpusStore
    extractor: Extractor
    known: KnownAddresses
    news: SourceNewsStore | None = None
    strays: dict[str, str] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC).replace(microsecond=0)
    tombstones: Tombstones | None = None
    archive: PageArchive | None = None
    for_themselves: set[str] = field(default_factory=set)

    def forgotten(self, url: str, doc_id: str | None = None) -> str | None:
        """Why an address, or the document that it would become, must not come back (German), or None."""
        stone = self.tombstones and self.tombstones.find(names_of(doc_id, [page_key(url)]))
        return stone.told() if stone else None
