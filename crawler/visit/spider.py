"""The spider: from a source's entry points along its links, one outcome for every address."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawler.addressing.traps import shape
from crawler.addressing.urls import fetch_url, page_key
from crawler.manners.hosts import Hosts
from crawler.memory.pages import CrawlMemory, Lead, PageMemory
from crawler.page.context import PageContext
from crawler.page.copies import is_copy
from crawler.report.outcomes import PageAction, PageOutcome, SourceTotals
from crawler.requests.failures import Refused, Resting, failure_reason
from crawler.requests.kinds import INVENTED, KIND, PAGE
from crawler.visit.job import Message, PageDone
from crawler.visit.ledger import Visit, VisitLimits
from crawler.visit.reading import Reading, Readings, first_url, moved, validators
from crawler.visit.settling import HAS_DOCUMENT
from kb.errors import FundstelleError

log = logging.getLogger(__name__)

OUT_OF_TIME = "die Laufzeit ist um (KB_CRAWL_MAX_SECONDS)"
DEPTH = "fundstelle_depth"


@dataclass(frozen=True, slots=True)
class SpiderKit:
    """What a spider works with.

    ``reader`` runs the reading of pages beside the reactor, one at a time; ``deadline`` is the event loop's
    time at which the run is over.
    """

    context: PageContext
    limits: VisitLimits
    memory: CrawlMemory
    send: Callable[[Message], None]
    reader: ThreadPoolExecutor
    hosts: Hosts = field(default_factory=Hosts)
    deadline: float = float("inf")


class SourceSpider(Spider):
    """Visits one source; every distinct address on its hosts ends as exactly one outcome."""

    name = "fundstelle"

    def __init__(self, kit: SpiderKit, **kwargs: Any) -> None:
        self.source = kit.context.source
        self.scope = kit.context.scope
        self.hosts = kit.hosts
        self.fatal: BaseException | None = None
        self._kit = kit
        self._visit = Visit(self.source, kit.memory, kit.limits, self._send, kit.context.forgotten)
        self._readings = Readings(kit.context, kit.memory, self._visit, kit.reader, self._ask)
        self._alarms: tuple[str, ...] = ()
        self._timer: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._has_rechecked = False
        self._fetched = 0
        self._started = time.monotonic()
        super().__init__(self.source.id, **kwargs)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to build a spider; with its first request its time begins to run."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.opened, signals.spider_opened)
        crawler.signals.connect(spider.recheck, signals.spider_idle)
        return spider

    def opened(self) -> None:
        """Let the time of the run end the visit."""
        if self._kit.deadline != float("inf"):
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._kit.deadline, self.stop, OUT_OF_TIME)

    def recheck(self) -> None:
        """When nothing else is left: are documents gone that nothing links to, and canonical addresses any?"""
        if self.stopped is not None or self.fatal is not None:
            return
        requests = self._settled(self._unlinked) if not self._has_rechecked else []
        self._has_rechecked = True
        requests = requests or self._settled(self._for_themselves)
        assert self.crawler.engine is not None
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _unlinked(self) -> list[Lead]:
        return self._visit.follow(self._kit.context.known.of_source(self.source.id))

    def _for_themselves(self) -> list[Lead]:
        leads = self._visit.settle()
        self._kit.context.for_themselves.update(page_key(lead.url) for lead in leads)
        return leads

    @property
    def stopped(self) -> str | None:
        """Why the visit ends before its time, in German."""
        return self._visit.stopped

    def has_seen(self, url: str) -> bool:
        """Whether an address was found before: it has its outcome, or will have it."""
        return self._visit.has_seen(url)

    def stop(self, reason: str) -> None:
        """End the visit in an orderly way: what is on its way is read, what waits is told with the reason."""
        if self.stopped is not None or self.crawler.engine is None:
            return
        self._visit.stopped = reason
        # Requests that wait for their turn are refused by the middleware: they need not wait for it.
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = 0.0
        self._stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="stopped"))

    def closed(self, _reason: str) -> None:
        """Scrapy's last call: nothing more is asked for."""
        if self._timer is not None:
            self._timer.cancel()

    async def finish(self) -> None:
        """After the last answer: what waited is judged, and every address that was found gets its outcome."""
        if self.fatal is not None:
            return
        try:
            self._alarms = await self._readings.settling.end(self._kit.deadline)
            if asyncio.get_running_loop().time() >= self._kit.deadline:
                self._visit.stopped = self._visit.stopped or OUT_OF_TIME
            self._visit.end()
        except FundstelleError as error:
            self.fatal = error

    async def start(self) -> AsyncIterator[Request]:
        """The source's entry points, or what an unfinished run left."""
        try:
            leads = self._visit.begin()
            requests = [self._request(lead) for lead in leads]
            first = next((lead for lead in leads if lead.kind == PAGE), None)
            if first is not None:
                await self._readings.probes.prepare(first.url)  # before many requests stand in its way
        except FundstelleError as error:
            self._end_with(error)
        for request in requests:
            yield request

    def note(self, text: str) -> None:
        """Note for the report what befell the visit as a whole."""
        self._visit.note(text)

    def totals(self) -> SourceTotals:
        """The engine's counts so far."""
        seconds = time.monotonic() - self._started
        found, received = self._visit.found, self._visit.received
        notes = self._visit.notes + self.hosts.notes(self.source.hosts)
        return SourceTotals(self.source.id, found, self._fetched, received, seconds, notes, self._alarms)

    async def _ask(self, url: str) -> Response:
        assert self.crawler.engine is not None
        meta = {KIND: INVENTED, "dont_redirect": True}
        return await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))

    def _request(self, lead: Lead) -> Request:
        return Request(
            fetch_url(lead.url),
            self._read,
            errback=self._failed,
            headers=self._readings.conditions(lead.url),
            meta={KIND: lead.kind, DEPTH: lead.depth},
        )

    async def _read(self, response: Response) -> AsyncIterator[Request]:
        """An answer came: read it, note what became of it and where it leads."""
        self._fetched += 1
        try:
            reading = await self._readings.read(response, response.meta[KIND], response.meta[DEPTH])
        except FundstelleError as error:
            self._end_with(error)
        for request in self._settled(lambda: self._note(response, reading)):
            yield request
        await self._settle_some()
        too_much = self._visit.receive(len(response.body))
        if too_much is not None:
            self.stop(too_much)

    async def _settle_some(self) -> None:
        try:
            await self._readings.settling.let_go()
        except FundstelleError as error:
            self._end_with(error)

    def _note(self, response: Response, reading: Reading) -> list[Lead]:
        first = first_url(response)
        for outcome in (reading.outcome, moved(first, response.url)):
            is_moved = outcome is not reading.outcome and page_key(reading.outcome.url) == page_key(first)
            if not is_moved and page_key(outcome.url) not in reading.waiting:
                self._visit.tell(outcome)
        if reading.is_there and page_key(first) not in reading.waiting:
            self._kit.memory.is_there(first)
        if reading.is_kept and response.url == first:  # redirects are never asked on condition
            links = [Lead(url, PAGE) for url in reading.links if url in self.scope]
            kept = (*reading.sitemaps, *links)
            if any(validators(response)):
                self._kit.memory.keep(PageMemory(*validators(response), reading.outcome, kept))
        leads = self._visit.admit(reading.sitemaps) + self._visit.follow(reading.links)
        if response.meta[KIND] == PAGE and reading.is_there:
            leads_on = any(shape(lead.url) != shape(first) for lead in leads)
            is_worth_it = bool(reading.waiting) or _is_worth_it(reading.outcome)
            self._visit.learn(first, is_document=leads_on or is_worth_it)
        return leads

    def _settled(self, note: Callable[[], list[Lead]]) -> list[Request]:
        """Keep everything that is noted, or nothing of it; gives the requests that follow from it."""
        try:
            with self._visit.at_once():
                leads = note()
            return [self._request(lead) for lead in leads]
        except FundstelleError as error:
            self._end_with(error)

    def _failed(self, failure: Failure) -> None:
        if isinstance(failure.value, Resting):
            return  # its host rests; it comes again
        request: Request = failure.request  # type: ignore[attr-defined] # set by Scrapy
        url = str(request.meta.get("redirect_urls", [request.url])[0])
        error = failure.value or RuntimeError("no reason given")
        is_skip = isinstance(error, Refused) and not error.is_failure
        action = PageAction.SKIPPED if is_skip else PageAction.FAILED
        reason = failure_reason(error, urlsplit(request.url).hostname or "")
        instead = error.instead if isinstance(error, Refused) else None
        try:
            if isinstance(error, Refused) and error.leaves:
                self._readings.settling.watch.leaves(url)
            if instead is not None:
                if self._readings.settling.watch.redirected(url, instead):
                    return  # what that means shows when the run ends
                self._kit.memory.is_there(url)
            self._visit.tell(PageOutcome(url, action, reason, instead=instead))
        except FundstelleError as broken:
            self._end_with(broken)

    def _send(self, outcome: PageOutcome, found: int) -> None:
        try:
            self._kit.send(PageDone(self.source.id, outcome, found))
        except OSError as error:
            self._end_with(error)

    def _end_with(self, error: BaseException) -> NoReturn:
        """End the whole crawl: the corpus cannot be written, or nobody listens any more."""
        self.fatal = self.fatal or error
        raise CloseSpider("fatal") from error


def _is_worth_it(outcome: PageOutcome) -> bool:
    """Whether a document stands behind an address that no other address gives as well."""
    if is_copy(outcome):
        return False
    return outcome.action in HAS_DOCUMENT or outcome.doc_id is not None or outcome.instead is not None
