"""What a removal request asks of a running crawl: nothing that it forbids is kept, even while being read."""

from __future__ import annotations

from contextlib import suppress

from crawler.archive.warc_file import FetchedOriginal
from crawler.page.context import FetchedPage, PageContext
from crawler.report.outcomes import PageAction, PageOutcome
from kb.errors import ConflictError, DocumentNotFoundError


def archive(page: FetchedPage, doc_id: str, context: PageContext) -> None:
    """Keep a page as it was fetched, unless it was forgotten meanwhile."""
    if context.archive is not None:
        original = FetchedOriginal(page.url, page.body, page.content_type or "")
        context.archive.keep(
            original,
            doc_id,
            context.source.id,
            context.now(),
            lambda: context.forgotten(page.url, doc_id) is not None,
        )


def unless_forgotten(outcome: PageOutcome, doc_id: str, context: PageContext) -> PageOutcome:
    """The outcome of a page; of one that somebody had deleted while it was read, whatever was written goes.

    ``doc_id`` is the document that the address had or would become, not the one that it repeats.
    """
    forgotten = context.forgotten(outcome.url, doc_id)
    if forgotten is None:
        return outcome
    if context.news is not None:
        context.news.drop(doc_id)
    with suppress(DocumentNotFoundError, ConflictError):
        context.corpus.remove(doc_id, expected=context.corpus.get(doc_id).revision)
    return PageOutcome(outcome.url, PageAction.SKIPPED, forgotten)
