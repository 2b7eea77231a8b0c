"""What one answer means: a page, sitemap or feed that is read, one that is unchanged, or one that is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scrapy.http import Response

from crawler.addressing.links import links_in_page
from crawler.addressing.urls import page_key
from crawler.extract.input.markup import page_markup
from crawler.lists.reader import read_list
from crawler.manners.directives import Directives, read_directives
from crawler.manners.reservations import page_reservation
from crawler.manners.scope import Place
from crawler.memory.pages import GONE_DAYS, CrawlMemory, Lead
from crawler.page.context import FetchedPage, PageContext
from crawler.page.copies import NEXT_RUN, STRAY
from crawler.page.decide import FOR_REVIEW
from crawler.page.pipeline import ELSEWHERE, process_page
from crawler.page.withdrawal import hand_over, other_addresses, withdraw
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.requests.failures import MOVED
from crawler.requests.kinds import FEED, PAGE, SITEMAP
from crawler.visit.ledger import Visit
from crawler.visit.listing import read_listing
from kb.errors import FundstelleError, InputError
from kb.failures import foreseen, logged, trace_of
from kb.model import RawContent

log = logging.getLogger(__name__)

_NOT_MODIFIED = 304
_GONE = (404, 410)
HAS_DOCUMENT = frozenset([PageAction.ADDED, PageAction.UPDATED, PageAction.UNCHANGED])


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of an answer and where it leads; ``is_kept``: it may be asked for on condition next time."""

    outcome: PageOutcome
    links: tuple[str, ...] = ()
    sitemaps: tuple[Lead, ...] = ()
    is_there: bool = False
    is_kept: bool = False


class Readings:
    """Reads the answers of one visit, the slow parts in ``reader``, so that time-outs of requests stay true."""

    def __init__(
        self, context: PageContext, memory: CrawlMemory, visit: Visit, reader: ThreadPoolExecutor
    ) -> None:
        self._context, self._memory, self._visit, self._reader = context, memory, visit, reader

    def conditions(self, url: str) -> dict[str, str]:
        """Headers that ask for a page only if it changed.

        None where its document is not in the corpus, or where it waited for editors: they may have decided.
        """
        page = self._memory.page(url)
        if page is None or page.outcome.reason == FOR_REVIEW:
            return {}
        if page.outcome.doc_id is not None:
            known = self._context.known.find(url)
            if known is None or known[0] != page.outcome.doc_id:
                return {}
        headers = {"If-None-Match": page.etag, "If-Modified-Since": page.modified}
        return {name: value for name, value in headers.items() if value}

    async def read(self, response: Response, kind: str, depth: int) -> Reading:
        """Read an answer as what it was asked for; one that makes the program fail costs no other its turn.

        Raises:
            StorageError: the corpus or the memory cannot be written; the crawl must end.
        """
        try:
            return await self._read(response, kind, depth)
        except FundstelleError:
            raise
        except Exception as error:
            return Reading(_unforeseen(first_url(response), error))

    async def _read(self, response: Response, kind: str, depth: int) -> Reading:
        if response.status == _NOT_MODIFIED:
            return self._unchanged(response)
        if not 200 <= response.status < 300:
            return await self._bad(response)
        if kind in (SITEMAP, FEED):
            return await self._list(response, Lead(first_url(response), kind, depth))
        return await self._page(response)

    def _unchanged(self, response: Response) -> Reading:
        url = first_url(response)
        page = self._memory.page(url)
        if page is None:
            return Reading(PageOutcome(url, PageAction.FAILED, _status_reason(response)))
        outcome = page.outcome
        if outcome.action in HAS_DOCUMENT:
            outcome = replace(outcome, action=PageAction.UNCHANGED, reason="unverändert (Status 304)")
        links = tuple(lead.url for lead in page.leads if lead.kind == PAGE)
        sitemaps = tuple(lead for lead in page.leads if lead.kind != PAGE)
        if outcome.reason == ELSEWHERE:
            outcome = replace(outcome, instead=next(iter(links), None))
        return Reading(outcome, links, sitemaps, is_there=True)

    async def _bad(self, response: Response) -> Reading:
        """A failure; a page that is gone for days has its document withdrawn."""
        url, reason = first_url(response), _status_reason(response)
        known = self._context.known.find(url)
        if response.status not in _GONE or known is None or known[1] != self._context.source.id:
            return Reading(PageOutcome(url, PageAction.FAILED, reason))
        now = self._context.now()
        absence = self._memory.gone(url, now.date())
        # Whether the document is still there under another address is asked while there is time.
        others = await self._beside(other_addresses, self._context.corpus, (known[0], url))
        if not absence.is_believed:
            reason += f", an {absence.days} von {GONE_DAYS} Tagen bis zum Rückzug des Dokuments"
            return Reading(PageOutcome(url, PageAction.FAILED, reason, known[0]), others)
        since = date.fromisoformat(absence.first).strftime("%d.%m.%Y")
        reason = f"Seite nicht mehr vorhanden (Status {response.status}, zuerst am {since})"
        heir = next((other for other in others if self._may_inherit(other)), None)
        if heir is not None and await self._beside(hand_over, self._context.corpus, (known[0], url), heir):
            self._memory.forget(heir)  # as a first address it is read anew, not asked for on condition
            reason += "; das Dokument bleibt unter einer weiteren Adresse"
            return Reading(PageOutcome(url, PageAction.UPDATED, reason, known[0], heir), others)
        if await self._beside(withdraw, self._context.corpus, (known[0], url), reason, now):
            return Reading(PageOutcome(url, PageAction.WITHDRAWN, reason, known[0]))
        reason += "; das Dokument ist nicht veröffentlicht oder hat eine andere Adresse"
        return Reading(PageOutcome(url, PageAction.SKIPPED, reason, known[0]))

    def _may_inherit(self, url: str) -> bool:
        """Whether a document may live on under an address: a page of the source that is not gone itself."""
        is_document = self._context.scope.verdict(url).place is Place.DOCUMENT
        return is_document and not self._memory.is_absent(url)

    async def _list(self, response: Response, lead: Lead) -> Reading:
        found = await self._beside(read_list, response.body, response.url, header(response, "Content-Type"))
        told = read_listing(lead, found, self._context.scope)
        if told.note is not None:
            self._visit.note(told.note)
        is_list = told.outcome.action is not PageAction.FAILED
        return Reading(told.outcome, told.pages, told.sitemaps, is_there=is_list, is_kept=told.note is None)

    async def _page(self, response: Response) -> Reading:
        html = await self._beside(_markup, response)
        directives = await self._beside(_directives, response, html)
        if directives.reserved is not None and self._context.source.may_be_mined:
            self._visit.note(f"{directives.reserved}; die Quelle nennt eine Erlaubnis")
        outcome = await self._outcome(response, directives)
        links = [outcome.instead] if outcome.instead is not None else []
        if html is not None and directives.follow:
            links += await self._beside(links_in_page, html, response.url)
        is_settled = outcome.reason != STRAY and not outcome.reason.endswith(NEXT_RUN)
        is_kept = outcome.action is not PageAction.FAILED and is_settled
        return Reading(outcome, tuple(links), is_there=True, is_kept=is_kept)

    async def _outcome(self, response: Response, directives: Directives) -> PageOutcome:
        here = page_key(response.url)  # which may have led to itself, with a cookie
        via = tuple(url for url in response.meta.get("redirect_urls", ()) if page_key(url) != here)
        requested = first_url(response)
        is_elsewhere = page_key(response.url) != page_key(requested)
        if is_elsewhere and self._visit.has_seen(response.url):
            return moved(requested, response.url)
        self._visit.see(response.url)
        if self._context.scope.verdict(response.url).place is Place.LISTING:
            return PageOutcome(response.url, PageAction.SKIPPED, "Übersicht, nur als Quelle von Links gelesen")
        content_type = header(response, "Content-Type")
        page = FetchedPage(response.url, response.body, content_type, directives, via)
        try:
            outcome: PageOutcome = await self._beside(process_page, page, self._context)
        except InputError as error:
            return PageOutcome(response.url, PageAction.FAILED, error.reason)
        except FundstelleError:
            raise
        except Exception as error:
            return _unforeseen(response.url, error)
        self._memory.keep_stray(response.url, self._context.strays.get(page_key(response.url)))
        if outcome.action is PageAction.UPDATED and outcome.doc_id is not None:
            # Its further addresses are to show whether they follow: "not modified" would not tell.
            page_of = (outcome.doc_id, response.url)
            for other in await self._beside(other_addresses, self._context.corpus, page_of):
                self._memory.forget(other)
        return outcome

    async def _beside(self, work: Callable[..., Any], *args: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._reader, work, *args)


def _unforeseen(url: str, error: Exception) -> PageOutcome:
    known = foreseen(error, url)
    logged(log, known)
    return PageOutcome(url, PageAction.FAILED, known.problem, trace=trace_of(known))


def _directives(response: Response, html: str | None) -> Directives:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    robots = [value for name, value in headers if name.lower() == "x-robots-tag"]
    reservation = page_reservation(headers, html)
    directives = read_directives(robots, html)
    return replace(directives, reserved=reservation.reason if reservation is not None else None)


def _status_reason(response: Response) -> str:
    return f"der Server antwortet mit Status {response.status}"


def moved(url: str, target: str) -> PageOutcome:
    """The outcome of an address that redirects to another."""
    return PageOutcome(url, PageAction.SKIPPED, MOVED, instead=target)


def first_url(response: Response) -> str:
    """The address that was asked for, before redirects."""
    return str(response.meta.get("redirect_urls", [response.url])[0])


def header(response: Response, name: str) -> str | None:
    """The first value of a header, or None."""
    return (response.headers.get(name) or b"").decode("latin-1") or None


def _markup(response: Response) -> str | None:
    content_type = header(response, "Content-Type")
    return page_markup(RawContent(response.body, response.url, response.url, content_type))
