"""A page that is gone: counted by days, and after some of them its document is withdrawn or handed over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from crawler.manners.scope import Place
from crawler.memory.pages import GONE_DAYS, CrawlMemory
from crawler.page.context import PageContext
from crawler.page.withdrawal import hand_over, other_addresses, withdraw
from crawler.report.outcomes import PageAction, PageOutcome

# Runs slow work beside the reactor.
Beside = Callable[..., Awaitable[Any]]


async def gone(
    context: PageContext, memory: CrawlMemory, beside: Beside, page: tuple[str, str], told: tuple[str, str]
) -> tuple[PageOutcome, tuple[str, ...]]:
    """What becomes of a document (id, address of its page) that is gone today, and its further addresses.

    ``told`` is how the page is gone: for the report, and for the reason of a withdrawal.
    """
    (doc_id, url), (reason, how) = page, told
    now = context.now()
    absence = memory.gone(url, now.date())
    # Whether the document is still there under another address is asked while there is time.
    others: tuple[str, ...] = await beside(other_addresses, context.corpus, page)
    if not absence.is_believed:
        reason += f", an {absence.days} von {GONE_DAYS} Tagen bis zum Rückzug des Dokuments"
        return PageOutcome(url, PageAction.FAILED, reason, doc_id), others
    since = date.fromisoformat(absence.first).strftime("%d.%m.%Y")
    reason = f"Seite nicht mehr vorhanden ({how}, zuerst am {since})"
    heir = next((other for other in others if _may_inherit(other, context, memory)), None)
    if heir is not None and await beside(hand_over, context.corpus, page, heir):
        memory.forget(heir)  # as a first address it is read anew, not asked for on condition
        reason += "; das Dokument bleibt unter einer weiteren Adresse"
        return PageOutcome(url, PageAction.UPDATED, reason, doc_id, heir), others
    if await beside(withdraw, context.corpus, page, reason, now):
        return PageOutcome(url, PageAction.WITHDRAWN, reason, doc_id), ()
    reason += "; das Dokument ist nicht veröffentlicht oder hat eine andere Adresse"
    return PageOutcome(url, PageAction.SKIPPED, reason, doc_id), ()


def _may_inherit(url: str, context: PageContext, memory: CrawlMemory) -> bool:
    """Whether a document may live on under an address: a page of the source that is not gone itself."""
    return context.scope.verdict(url).place is Place.DOCUMENT and not memory.is_absent(url)
