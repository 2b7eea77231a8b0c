"""A page that repeats a document's text is one more address of it, and the first address owns the text.

The rules, in their order:

1. A page that the document's own address redirects to takes the document along, if its text is still similar.
2. A new page whose text a document of the same source has becomes a further address of that document; where the
   crawler had withdrawn it, the document comes back under the new address.
3. A further address with the document's text changes nothing, so title and text never go to and fro.
4. A further address with another text is left alone for one run (it may only be ahead of, or behind, the first
   address); if it is still another one then, it is a page of its own from there on.

Texts of another source are never joined: who says a thing, under which licence and until when, is part of a
document. ``kb duplicates`` lists such pairs for editors.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.addressing.urls import page_key
from crawler.likeness.twins import Twin, compare
from crawler.page.context import PageContext
from crawler.page.stored import put_unless_changed, stored_document
from crawler.page.withdrawal import is_ours
from crawler.report.outcomes import PageAction, PageOutcome
from kb.model import Document, StoredDocument, text_hash

COPY = "gleicher Text wie unter einer anderen Adresse, dort als weitere Adresse vermerkt"
NEAR_COPY = "fast gleicher Text wie unter einer anderen Adresse, dort als weitere Adresse vermerkt"
UNNOTED_COPY = "gleicher Text wie unter einer anderen Adresse, die schon viele weitere Adressen hat"
STRAY = (
    "weitere Adresse eines Dokuments, zurzeit mit anderem Text; bleibt es dabei, wird sie ein eigenes Dokument"
)
BACK = "wieder erreichbar, unter anderer Adresse"
# How the reason of a skip ends that another run may not meet: the page is then asked for without conditions.
NEXT_RUN = "; der nächste Lauf holt es nach"
EDITED_MEANWHILE = f"wurde während des Abrufs bearbeitet{NEXT_RUN}"
_COPIES = frozenset([COPY, NEAR_COPY, UNNOTED_COPY])
# A page under session ids or combined filters has addresses without end; nobody reads so many.
MAX_OTHER_URLS = 50
# A moved page may have been worked on; the notice that a page is gone has nothing of it.
_MOVED_SIMILARITY = 0.5


def is_copy(outcome: PageOutcome) -> bool:
    """Whether an address only repeated a text that is known under another one."""
    return outcome.reason in _COPIES


def as_copy(new: Document, via: tuple[str, ...], context: PageContext) -> PageOutcome | None:
    """What became of a page that belongs to a document with another address; None: it speaks for itself.

    ``new`` has the page's address and text; ``via`` are the addresses that redirected to it.

    Raises:
        StorageError: the corpus cannot be written.
    """
    url = new.url or ""
    known = context.known.find(url)
    if known is None:
        return _moved(new, via, context) or _joined(new, context)
    stored = None if context.known.is_first(url) else stored_document(context.corpus, known[0])
    if stored is None or _owns(stored.document, url):
        return None
    if any(_owns(stored.document, earlier) for earlier in via):
        return None  # its own address leads here: the document moves along
    return _further_address(new, stored, context)


def _further_address(new: Document, stored: StoredDocument, context: PageContext) -> PageOutcome | None:
    """A known further address: the same text as ever, or a text of its own."""
    url, document = new.url or "", stored.document
    twin = compare(new, document)
    if is_ours(document):
        return None  # the page of the first address is gone, this one is there
    if twin.is_same:
        context.strays.pop(page_key(url), None)
        return _told(url, twin, document)
    own_then, _, first_then = context.strays.get(page_key(url), "").partition(" ")
    context.strays[page_key(url)] = f"{new.source_hash} {document.source_hash}"
    in_step = own_then == document.source_hash or first_then == new.source_hash
    # What the source said of an edited text is not known well enough to tell a copy from a page of its own.
    is_edited = text_hash(document.text) != document.source_hash
    if not own_then or in_step or is_edited:
        return PageOutcome(url, PageAction.SKIPPED, STRAY, document.id, document.url)
    others = tuple(other for other in document.other_urls if page_key(other) != page_key(url))
    if not _put(replace(document, other_urls=others), stored, context):
        return PageOutcome(url, PageAction.SKIPPED, EDITED_MEANWHILE)
    context.strays.pop(page_key(url), None)
    context.known.release(url)
    return _joined(new, context)


def _moved(new: Document, via: tuple[str, ...], context: PageContext) -> PageOutcome | None:
    """Rule 1 for an address that nobody knows: it is made one of the document's, and the page speaks for it."""
    for earlier in via:
        known = context.known.find(earlier)
        if known is None or known[1] != context.source.id:
            continue
        stored = stored_document(context.corpus, known[0])
        if stored is None or not _owns(stored.document, earlier):
            continue
        if compare(new, stored.document).similarity >= _MOVED_SIMILARITY:
            context.known.claim(new.url or "", stored.document)
            break
    return None


def _joined(new: Document, context: PageContext) -> PageOutcome | None:
    """Rule 2."""
    url = new.url or ""
    if context.known.find(url) is not None:
        return None
    twin = context.known.twin(new)
    stored = stored_document(context.corpus, twin.doc_id) if twin is not None else None
    if twin is None or stored is None:
        return None
    document = stored.document
    if is_ours(document):
        context.known.claim(url, document)
        return None
    if len(document.other_urls) >= MAX_OTHER_URLS:
        return PageOutcome(url, PageAction.SKIPPED, UNNOTED_COPY, document.id, document.url)
    addresses = (document.url, *document.other_urls, url) if document.url else (url, *document.other_urls)
    if not _put(replace(document, url=addresses[0], other_urls=addresses[1:]), stored, context):
        return PageOutcome(url, PageAction.SKIPPED, EDITED_MEANWHILE)
    return _told(url, twin, document)


def _told(url: str, twin: Twin, document: Document) -> PageOutcome:
    reason = COPY if twin.similarity == 1 else NEAR_COPY
    return PageOutcome(url, PageAction.SKIPPED, reason, document.id, document.url)


def _owns(document: Document, url: str) -> bool:
    """Whether this is the first address of a document, in whatever spelling."""
    try:
        return document.url is None or page_key(document.url) == page_key(url)
    except ValueError:  # written by hand
        return False


def _put(document: Document, stored: StoredDocument, context: PageContext) -> bool:
    """Write a document's addresses; False if somebody else wrote meanwhile."""
    done = put_unless_changed(context.corpus, document, stored)
    if done:
        context.known.add(document)
    return done
