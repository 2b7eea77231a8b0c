"""What happens to one fetched page, in the order in which it runs (``process_page``):

1. robots directives: a page that asks not to be indexed, or reserves itself against mining, is skipped
2. bytes → text and metadata (``Extractor``); what cannot be read is skipped
3. a page that stands in for the one that was asked for (a wall, an error page) is no document
   (``crawler.page.watch``)
4. ``rel=canonical`` on the same site: the other address is read instead
5. a text that has replaced an unlike one waits for the other pages of the run (``crawler.page.suspects``)
6. too little main text: skipped
7. the stored document with this address is looked up, by any of its addresses; a page that only repeats the
   text of a document with another address becomes one more address of it (``crawler.page.copies``)
8. ``decide(new, old)``: add, update or leave alone, with a reason
9. ``CorpusStore.put``: from here on the document is truth; where an editor's decision stands against it,
   ``SourceNewsStore.note`` keeps what the source says for the editors
"""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.addressing.urls import document_id, page_key
from crawler.manners.scope import Place, Scope
from crawler.page.context import FetchedPage, PageContext
from crawler.page.copies import EDITED_MEANWHILE, NEXT_RUN, as_copy
from crawler.page.decide import Action, Decision, decide, keep_news, merge
from crawler.page.departures import is_home
from crawler.page.removals import archive, unless_forgotten
from crawler.page.watch import Watch
from crawler.page.withdrawal import returned
from crawler.report.outcomes import PageAction, PageOutcome
from kb.errors import ConflictError, DocumentNotFoundError, InputError, InvalidDocumentError, ReadingEndedError
from kb.model import Document, ExtractedText, RawContent, StoredDocument, normalise_line, text_hash

# Below this a page is a teaser or a list of links: the shortest real text of the demonstration corpus has
# 700 characters, the longest teaser of the demonstration site 160.
MIN_TEXT_CHARS = 200
_NOINDEX = "die Seite bittet darum, nicht aufgenommen zu werden (noindex)"
TOO_SHORT = f"weniger als {MIN_TEXT_CHARS} Zeichen Haupttext"
ELSEWHERE = "nennt eine andere Adresse als die maßgebliche"
# Where a Markdown link leads: three links of a facet search have 200 characters of these and no text.
_LINK_TARGET = re.compile(r"(?<=\])\([^()\s]*\)")
_DONE = {
    Action.ADD: PageAction.ADDED,
    Action.UPDATE: PageAction.UPDATED,
    Action.UNCHANGED: PageAction.UNCHANGED,
    Action.KEEP: PageAction.SKIPPED,
}
# The document is what the page says now.
_TAKEN = (PageAction.ADDED, PageAction.UPDATED, PageAction.UNCHANGED)


def process_page(page: FetchedPage, context: PageContext, watch: Watch | None = None) -> PageOutcome:
    """Turn one fetched page into a document, or say why not.

    ``watch`` sees to it that no error page becomes or replaces a document; without it every page is believed,
    as one is that has waited. The outcome of what waits has the reason ``crawler.page.watch.WAITS``.

    Raises:
        StorageError: the corpus cannot be written; the crawl must end.
    """
    if not page.directives.index and (watch is None or not watch.knows(page)):
        return _skipped(
            page.url, _NOINDEX
        )  # error pages ask for it as well, and may stand where a document was
    if page.directives.reserved is not None and not context.source.may_be_mined:
        return _skipped(page.url, page.directives.reserved)
    raw = RawContent(page.body, name=page.url, url=page.url, content_type=page.content_type)
    try:
        extracted = context.extractor.extract(raw)
    except ReadingEndedError as error:
        return _skipped(page.url, error.problem + NEXT_RUN)
    except InputError as error:
        posing = watch.stand_in(page, "", "") if watch is not None and page.html is not None else None
        if posing is None and watch is not None:
            watch.unreadable(page.url)
        return posing or _skipped(page.url, error.reason)
    posing = watch.stand_in(page, extracted.title, extracted.text) if watch is not None else None
    if posing is not None:
        return posing
    if not page.directives.index:
        return _skipped(page.url, _NOINDEX)
    instead = _other_address(page, extracted, context.scope)
    if instead is not None and page_key(page.url) not in context.for_themselves:
        return PageOutcome(page.url, PageAction.SKIPPED, ELSEWHERE, instead=instead)
    waiting = watch.hold(page, extracted.title, extracted.text) if watch is not None else None
    if waiting is not None:
        return waiting
    if is_teaser(extracted.text):
        return _skipped(page.url, TOO_SHORT)
    outcome = _store(page, extracted, context)
    return replace(outcome, warnings=extracted.warnings) if outcome.action in _TAKEN else outcome


def entry_instead(page: FetchedPage, context: PageContext, watch: Watch) -> PageOutcome | None:
    """What became of a start page in whose place something else came; None for any other page, and mostly."""
    if page.html is None or not is_home(page.url, context.source.start_urls):
        return None
    raw = RawContent(page.body, name=page.url, url=page.url, content_type=page.content_type)
    try:
        extracted = context.extractor.extract(raw)
    except InputError:
        return watch.entry_stand_in(page, "", "")
    return watch.entry_stand_in(page, extracted.title, extracted.text)


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
