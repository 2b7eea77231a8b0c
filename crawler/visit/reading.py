"""What one answer means: a page, sitemap or feed that is read, one that is unchanged, or one that is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from scrapy.http import Response

from crawler.addressing.links import links_in_page
from crawler.addressing.urls import page_key
from crawler.extract.input.page_markup import page_markup
from crawler.lists.reader import read_list
from crawler.manners.directives import Directives, read_directives
from crawler.manners.reservations import page_reservation
from crawler.manners.scope import Place
from crawler.memory.pages import CrawlMemory, Lead
from crawler.page.context import FetchedPage, PageContext
from crawler.page.copies import NEXT_RUN, STRAY
from crawler.page.decide import FOR_REVIEW
from crawler.page.departures import Departure, Sign
from crawler.page.pipeline import ELSEWHERE, entry_instead, process_page
from crawler.page.watch import WAITS, Watch
from crawler.page.withdrawal import other_addresses
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.requests.failures import MOVED
from crawler.requests.kinds import FEED, PAGE, SITEMAP
from crawler.visit.absence import gone
from crawler.visit.ledger import Visit
from crawler.visit.listing import read_listing
from crawler.visit.probes import Probes
from crawler.visit.settling import HAS_DOCUMENT, Settling
from kb.errors import FundstelleError, InputError
from kb.failures import foreseen, logged, trace_of
from kb.model import RawContent

log = logging.getLogger(__name__)

_NOT_MODIFIED = 304
_GONE = (404, 410)
_REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of an answer and where it leads; ``is_kept``: it may be asked for on condition next time.

    ``waiting`` are the addresses (``page_key``) whose outcome is told when the run ends.
    """

    outcome: PageOutcome
    links: tuple[str, ...] = ()
    sitemaps: tuple[Lead, ...] = ()
    is_there: bool = False
    is_kept: bool = False
    waiting: frozenset[str] = frozenset()


class Readings:
    """Reads the answers of one visit, the slow parts in ``reader``, so that time-outs of requests stay true.

    ``ask`` requests an address aside from the visit, as it stands, without following where it leads.
    """

    def __init__(
        self,
        context: PageContext,
        memory: CrawlMemory,
        visit: Visit,
        reader: ThreadPoolExecutor,
        ask: Callable[[str], Awaitable[Response]],
    ) -> None:
        self._context, self._memory, self._visit, self._reader = context, memory, visit, reader
        self.settling = Settling(context, memory, visit, self._process, self._beside)
        self.probes = Probes(context, self.settling.watch, visit, ask, self._beside)

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
        if known is None or known[1] != self._context.source.id:
            return Reading(PageOutcome(url, PageAction.FAILED, reason))
        if response.status in _REFUSED:
            self.settling.watch.depart(Departure(url, known[0], Sign.REFUSED, reason))
            return Reading(PageOutcome(url, PageAction.SKIPPED, WAITS), waiting=frozenset([page_key(url)]))
        if response.status not in _GONE:
            return Reading(PageOutcome(url, PageAction.FAILED, reason))
        how = reason, f"Status {response.status}"
        outcome, others = await gone(self._context, self._memory, self._beside, (known[0], url), how)
        return Reading(outcome, others)

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
        outcome = await self._outcome(response, directives, html)
        links = [outcome.instead] if outcome.instead is not None else []
        is_other = self.settling.watch.is_other(response.url)
        if html is not None and directives.follow and not is_other:
            links += await self._beside(links_in_page, html, response.url)
        waiting = self._waiting(response, outcome, links)
        is_settled = outcome.reason != STRAY and not outcome.reason.endswith(NEXT_RUN)
        is_kept = outcome.action is not PageAction.FAILED and is_settled and not is_other and not waiting
        return Reading(outcome, tuple(links), is_there=not is_other, is_kept=is_kept, waiting=waiting)

    def _waiting(self, response: Response, outcome: PageOutcome, links: list[str]) -> frozenset[str]:
        """Which addresses have no outcome before the run ends: a page that waits, a document led elsewhere."""
        first = first_url(response)
        is_elsewhere = page_key(first) != page_key(response.url)
        waiting = {page_key(outcome.url)} if outcome.reason == WAITS else set()
        if waiting and not is_elsewhere:
            self.settling.expect(first, validators(response), links)
        if is_elsewhere and self.settling.watch.redirected(first, response.url):
            waiting.add(page_key(first))
        return frozenset(waiting)

    async def _outcome(self, response: Response, directives: Directives, html: str | None) -> PageOutcome:
        here = page_key(response.url)  # which may have led to itself, with a cookie
        via = tuple(url for url in response.meta.get("redirect_urls", ()) if page_key(url) != here)
        requested = first_url(response)
        is_elsewhere = page_key(response.url) != page_key(requested)
        if is_elsewhere and self._visit.has_seen(response.url):
            return moved(requested, response.url)
        self._visit.see(response.url)
        page = FetchedPage(response.url, response.body, header(response, "Content-Type"), directives, via, html)
        if self._context.scope.verdict(response.url).place is Place.LISTING:
            listing = PageOutcome(
                response.url, PageAction.SKIPPED, "Übersicht, nur als Quelle von Links gelesen"
            )
            return await self._beside(entry_instead, page, self._context, self.settling.watch) or listing
        await self.probes.prepare(response.url)
        return await self._process(page, self.settling.watch)

    async def _process(self, page: FetchedPage, watch: Watch | None = None) -> PageOutcome:
        """What becomes of a page: watched as it comes in, and believed once it has waited."""
        try:
            outcome: PageOutcome = await self._beside(process_page, page, self._context, watch)
        except InputError as error:
            return PageOutcome(page.url, PageAction.FAILED, error.reason)
        except FundstelleError:
            raise
        except Exception as error:
            return _unforeseen(page.url, error)
        self._memory.keep_stray(page.url, self._context.strays.get(page_key(page.url)))
        if outcome.action is PageAction.UPDATED and outcome.doc_id is not None:
            # Its further addresses are to show whether they follow: "not modified" would not tell.
            page_of = (outcome.doc_id, page.url)
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


def validators(response: Response) -> tuple[str | None, str | None]:
    """What lets an address be asked for on condition: its ETag and its Last-Modified."""
    return header(response, "ETag"), header(response, "Last-Modified")


def _markup(response: Response) -> str | None:
    content_type = header(response, "Content-Type")
    return page_markup(RawContent(response.body, response.url, response.url, content_type))
