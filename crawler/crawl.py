"""What happens to one fetched page, and a whole crawl in a process of its own.

The way of a page, in the order in which it runs (``process_page``):

1. robots directives: a page that asks not to be indexed, or reserves itself against mining, is skipped
2. bytes → text and metadata (``Extractor``); what cannot be read is skipped
3. ``rel=canonical`` on the same site: the other address is read instead
4. too little main text: skipped
5. the stored document with this address is looked up, by any of its addresses
6. ``decide(new, old)``: add, update or leave alone, with a reason
7. ``CorpusStore.put``: from here on the document is truth; where an editor's decision stands against it,
   ``SourceNewsStore.note`` keeps what the source says for the editors

Scrapy is not imported here: its reactor runs once a process, so ``run_crawl`` starts one (``crawler.process``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.archive import FetchedOriginal, PageArchive
from crawler.decide import Action, Decision, decide, keep_news, merge
from crawler.policy import Directives, Place, Scope, require_contact
from crawler.process import CrawlDone, CrawlJob, Message, PageDone, crawl_process, died, received
from crawler.report import CrawlReport, PageAction, PageOutcome, ReportBuilder, SourceTotals
from crawler.sources import Source
from crawler.urls import document_id, page_key
from crawler.withdrawal import is_ours, returned
from kb.errors import (
    ConflictError,
    DocumentNotFoundError,
    FundstelleError,
    InputError,
    InvalidDocumentError,
)
from kb.model import Document, ExtractedText, RawContent, Status, names_of, normalise_line, text_hash
from kb.ports import CorpusStore, Extractor, Progress, SourceNewsStore, Tombstones, no_progress

# Below this a page is a teaser or a list of links: the shortest real text of the demonstration corpus has
# 700 characters, the longest teaser of the demonstration site 160.
MIN_TEXT_CHARS = 200
EDITED_MEANWHILE = "wurde während des Abrufs bearbeitet; der nächste Lauf holt es nach"
_DONE = {
    Action.ADD: PageAction.ADDED,
    Action.UPDATE: PageAction.UPDATED,
    Action.UNCHANGED: PageAction.UNCHANGED,
    Action.KEEP: PageAction.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """The answer to one request; ``via`` are the addresses that redirected to ``url``."""

    url: str
    body: bytes
    content_type: str | None = None
    directives: Directives = field(default_factory=Directives)
    via: tuple[str, ...] = ()


class KnownAddresses:
    """Which stored document has which address; addresses given up by their page included."""

    def __init__(self, corpus: CorpusStore) -> None:
        self._documents: dict[str, tuple[str, str]] = {}
        self._addresses: dict[str, dict[str, str]] = {}
        for ref in corpus.refs():
            try:
                self.add(corpus.load(ref).document)
            except (InvalidDocumentError, DocumentNotFoundError):
                continue  # `kb doctor` tells of broken files; a crawl neither mends nor overwrites them

    def add(self, document: Document) -> None:
        """Note all addresses of a document."""
        for url in (document.url, *document.other_urls):
            try:
                key = page_key(url or "")
            except ValueError:
                continue
            self._documents.setdefault(key, (document.id, document.source))
        if document.url and (document.status is Status.PUBLISHED or is_ours(document)):
            self._addresses.setdefault(document.source, {})[document.id] = document.url

    def of_source(self, source: str) -> list[str]:
        """The addresses of a source's documents whose pages are to be there."""
        return list(self._addresses.get(source, {}).values())

    def find(self, url: str) -> tuple[str, str] | None:
        """Id and source of the document with this address."""
        return self._documents.get(page_key(url))


@dataclass(frozen=True, slots=True)
class PageContext:
    """Everything that ``process_page`` needs besides the page; ``now`` must give an aware time.

    Without a store for ``news`` what editors' decisions stand against is only reported.
    """

    source: Source
    scope: Scope
    corpus: CorpusStore
    extractor: Extractor
    known: KnownAddresses
    news: SourceNewsStore | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC).replace(microsecond=0)
    tombstones: Tombstones | None = None
    archive: PageArchive | None = None

    def forgotten(self, url: str, doc_id: str | None = None) -> str | None:
        """Why an address, or the document that it would become, must not come back (German), or None."""
        stone = self.tombstones and self.tombstones.find(names_of(doc_id, [page_key(url)]))
        return stone.told() if stone else None


def process_page(page: FetchedPage, context: PageContext) -> PageOutcome:
    """Turn one fetched page into a document, or say why not.

    Raises:
        StorageError: the corpus cannot be written; the crawl must end.
    """
    if not page.directives.index:
        return _skipped(page.url, "die Seite bittet darum, nicht aufgenommen zu werden (noindex)")
    if page.directives.reserved is not None and not context.source.may_be_mined:
        return _skipped(page.url, page.directives.reserved)
    raw = RawContent(page.body, name=page.url, url=page.url, content_type=page.content_type)
    try:
        extracted = context.extractor.extract(raw)
    except InputError as error:
        return _skipped(page.url, error.reason)
    instead = _other_address(page, extracted, context.scope)
    if instead is not None:
        return PageOutcome(
            page.url, PageAction.SKIPPED, "nennt eine andere Adresse als die maßgebliche", instead=instead
        )
    if len(extracted.text) < MIN_TEXT_CHARS:
        return _skipped(page.url, f"weniger als {MIN_TEXT_CHARS} Zeichen Haupttext")
    return _store(page, extracted, context)


def _other_address(page: FetchedPage, extracted: ExtractedText, scope: Scope) -> str | None:
    """The canonical address where it is another document page of this source and did not lead here itself."""
    canonical = extracted.canonical_url
    if canonical is None or scope.verdict(canonical).place is not Place.DOCUMENT:
        return None
    led_here = {page_key(url) for url in (page.url, *page.via)}
    return None if page_key(canonical) in led_here else canonical


def _store(page: FetchedPage, extracted: ExtractedText, context: PageContext) -> PageOutcome:
    url = page.url
    known = context.known.find(url)
    doc_id, owner = known or (document_id(context.source.id, url), context.source.id)
    if owner != context.source.id:
        return PageOutcome(url, PageAction.SKIPPED, f"steht schon im Korpus (Quelle {owner})", doc_id)
    forgotten = context.forgotten(url, doc_id)
    if forgotten is not None:
        return _skipped(url, forgotten)
    try:
        new = _document(doc_id, url, extracted, context)
        old = context.corpus.get(doc_id)
    except DocumentNotFoundError:
        old = None
    except InvalidDocumentError as error:
        return PageOutcome(url, PageAction.SKIPPED, error.reason, doc_id)
    before = returned(old.document) if old is not None else None
    decision = decide(new, before)
    stands = decision.action is Action.KEEP
    if old is not None and before != old.document:
        decision = Decision(Action.UPDATE, "wieder erreichbar")
    if decision.action in (Action.ADD, Action.UPDATE):
        kept = new if before is None else before if stands else merge(new, before)
        _archive(page, doc_id, context)
        try:
            context.corpus.put(kept, expected=old.revision if old is not None else None)
        except ConflictError:
            return PageOutcome(url, PageAction.SKIPPED, EDITED_MEANWHILE)
        context.known.add(kept)
    if context.news is not None:
        keep_news(context.news, new, waits=stands)
    return PageOutcome(url, _DONE[decision.action], decision.reason, doc_id)


def _archive(page: FetchedPage, doc_id: str, context: PageContext) -> None:
    """Before the document is written: one that nobody archived would be gone with its website."""
    if context.archive is not None:
        original = FetchedOriginal(page.url, page.body, page.content_type or "")
        context.archive.keep(original, doc_id, context.source.id, context.now())


def _document(doc_id: str, url: str, extracted: ExtractedText, context: PageContext) -> Document:
    source = context.source
    return Document(
        id=doc_id,
        title=normalise_line(extracted.title),
        text=extracted.text,
        source=source.id,
        url=url,
        publisher=extracted.publisher or source.publisher,
        authors=extracted.authors,
        language=extracted.language,
        published=extracted.published,
        modified=extracted.modified,
        event=extracted.event,
        licence=extracted.licence or source.licence,
        fetched_at=context.now(),
        source_hash=text_hash(extracted.text),
    )


def _skipped(url: str, reason: str) -> PageOutcome:
    return PageOutcome(url, PageAction.SKIPPED, reason)


def run_crawl(job: CrawlJob, progress: Progress = no_progress) -> CrawlReport:
    """Visit the sources of a job in a process of its own, and report on every address.

    ``progress`` is told (addresses done, addresses found, address). An interrupt (Ctrl-C) ends the process and
    is raised again; whatever was read until then is in the corpus.

    Raises:
        ConfigurationError: no contact is set for a source beyond this machine.
        CrawlError: the crawl process died or failed; names its log.
        StorageError: the corpus cannot be read or written.
    """
    require_contact(job.sources, job.contact)
    started = time.monotonic()
    builder = ReportBuilder([source.id for source in job.sources])
    with crawl_process(job) as (process, messages):
        try:
            finished = _gather(received(messages, job), builder, progress)
        except TimeoutError:
            process.kill()
            builder.note("nach Ablauf der Laufzeit reagierte der Crawl-Prozess nicht mehr und wurde beendet")
            finished = True
    if not finished:
        raise died(process, builder.pages, job.log_file)
    return builder.report(seconds=time.monotonic() - started)


def _gather(messages: Iterable[Message], builder: ReportBuilder, progress: Progress) -> bool:
    """Put everything that the crawl process says into the report; whether it came to its end."""
    found: dict[str, int] = {}
    for message in messages:
        match message:
            case PageDone():
                builder.add(message.source, message.outcome)
                found[message.source] = message.found
                progress(builder.pages, sum(found.values()), message.outcome.url)
            case SourceTotals():
                builder.finish(message)
            case CrawlDone(error=None):
                return True
            case CrawlDone(error=FundstelleError() as error):
                raise error
    return False
