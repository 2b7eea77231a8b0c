"""What happens to one fetched page, and a whole crawl in a process of its own.

The way of a page, in the order in which it runs (``process_page``):

1. robots directives: a page that asks not to be indexed, or reserves itself against mining, is skipped
2. bytes → text and metadata (``Extractor``); what cannot be read is skipped
3. ``rel=canonical`` on the same site: the other address is read instead
4. too little main text: skipped
5. the stored document with this address is looked up, by any of its addresses; a page that only repeats the
   text of a document with another address becomes one more address of it (``crawler.copies``)
6. ``decide(new, old)``: add, update or leave alone, with a reason
7. ``CorpusStore.put``: from here on the document is truth; where an editor's decision stands against it,
   ``SourceNewsStore.note`` keeps what the source says for the editors

Scrapy is not imported here: its reactor runs once a process, so ``run_crawl`` starts one (``crawler.process``).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from crawler.archive import PageArchive
from crawler.copies import EDITED_MEANWHILE, NEXT_RUN, as_copy
from crawler.decide import Action, Decision, decide, keep_news, merge
from crawler.known import KnownAddresses
from crawler.policy import Directives, Place, Scope, require_contact
from crawler.process import CrawlDone, CrawlJob, Message, PageDone, crawl_process, died, received
from crawler.removals import archive, unless_forgotten
from crawler.report import CrawlReport, PageAction, PageOutcome, ReportBuilder, SourceTotals
from crawler.sources import Source
from crawler.urls import document_id, page_key
from crawler.withdrawal import returned
from kb.errors import (
    ConflictError,
    DocumentNotFoundError,
    FundstelleError,
    InputError,
    InvalidDocumentError,
    ReadingEndedError,
)
from kb.model import (
    Document,
    ExtractedText,
    RawContent,
    StoredDocument,
    names_of,
    normalise_line,
    text_hash,
)
from kb.ports import CorpusStore, Extractor, Progress, SourceNewsStore, Tombstones, no_progress

# Below this a page is a teaser or a list of links: the shortest real text of the demonstration corpus has
# 700 characters, the longest teaser of the demonstration site 160.
MIN_TEXT_CHARS = 200
# Where a Markdown link leads: three links of a facet search have 200 characters of these and no text.
_LINK_TARGET = re.compile(r"(?<=\])\([^()\s]*\)")
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


@dataclass(frozen=True, slots=True)
class PageContext:
    """Everything that ``process_page`` needs besides the page; ``now`` must give an aware time.

    Without a store for ``news`` what editors' decisions stand against is only reported. ``strays`` are further
    addresses of documents (by ``page_key``) that had another text when last read, with the hashes of that text
    and the document's then; ``process_page`` keeps them up to date.
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
    except ReadingEndedError as error:
        return _skipped(page.url, error.problem + NEXT_RUN)
    except InputError as error:
        return _skipped(page.url, error.reason)
    instead = _other_address(page, extracted, context.scope)
    if instead is not None:
        return PageOutcome(
            page.url, PageAction.SKIPPED, "nennt eine andere Adresse als die maßgebliche", instead=instead
        )
    if is_teaser(extracted.text):
        return _skipped(page.url, f"weniger als {MIN_TEXT_CHARS} Zeichen Haupttext")
    return _store(page, extracted, context)


def is_teaser(text: str) -> bool:
    """Whether a main text is too short for a document: its words count, not where its links lead."""
    return len(_LINK_TARGET.sub("", text)) < MIN_TEXT_CHARS


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
    return unless_forgotten(_looked_up(page, extracted, context), doc_id, context)


def _looked_up(page: FetchedPage, extracted: ExtractedText, context: PageContext) -> PageOutcome:
    url, doc_id = page.url, document_id(context.source.id, page.url)
    try:
        new = _document(doc_id, url, extracted, context)
        copy = as_copy(new, page.via, context)
        if copy is not None:
            return copy
        doc_id = (context.known.find(url) or (doc_id,))[0]
        new = replace(new, id=doc_id)
        old = context.corpus.get(doc_id)
    except DocumentNotFoundError:
        old = None
    except InvalidDocumentError as error:
        return PageOutcome(url, PageAction.SKIPPED, error.reason, doc_id)
    return _decided(page, new, old, context)


def _decided(page: FetchedPage, new: Document, old: StoredDocument | None, context: PageContext) -> PageOutcome:
    url, doc_id = new.url or "", new.id
    before = returned(old.document) if old is not None else None
    decision = decide(new, before)
    stands = decision.action is Action.KEEP
    if old is not None and before != old.document:
        decision = Decision(Action.UPDATE, "wieder erreichbar")
    if decision.action in (Action.ADD, Action.UPDATE):
        kept = new if before is None else before if stands else merge(new, before)
        # First: a document that nobody archived would be gone with its website.
        archive(page, doc_id, context)
        try:
            context.corpus.put(kept, expected=old.revision if old is not None else None)
        except ConflictError:
            return PageOutcome(url, PageAction.SKIPPED, EDITED_MEANWHILE)
        context.known.add(kept)
    elif context.archive is not None and not context.archive.records(doc_id):
        archive(page, doc_id, context)  # a document from before there was an archive
    if context.news is not None:
        keep_news(context.news, new, waits=stands)
    return PageOutcome(url, _DONE[decision.action], decision.reason, doc_id)


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
