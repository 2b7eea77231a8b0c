"""The spider: from a source's entry points along its links, one outcome for every address."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.crawl import FetchedPage, PageContext, process_page
from crawler.failures import Refused, Resting, failure_reason
from crawler.hosts import Hosts
from crawler.links import links_in_feed, links_in_page, links_in_sitemap
from crawler.policy import Directives, Place, read_directives
from crawler.process import Message, PageDone
from crawler.report import PageAction, PageOutcome, SourceTotals
from crawler.requests import FEED, KIND, PAGE, SITEMAP
from crawler.urls import fetch_url, page_key
from kb.errors import FundstelleError

log = logging.getLogger(__name__)

_MAX_SITEMAP_DEPTH = 3
_LISTING_REASON = "Übersicht, nur als Quelle von Links gelesen"
OUT_OF_TIME = "die Laufzeit ist um (KB_CRAWL_MAX_SECONDS)"
_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class SpiderKit:
    """What a spider works with.

    ``reader`` runs the reading of pages beside the reactor, one at a time; ``deadline`` is the event loop's
    time at which the run is over.
    """

    context: PageContext
    max_pages: int
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
        self._seen: set[str] = set()
        self._waiting: dict[str, str] = {}  # what was asked for and has no outcome yet, by page_key
        self._stopped: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._requested = 0
        self._fetched = 0
        self._received = 0
        self._started = time.monotonic()
        super().__init__(self.source.id, **kwargs)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to build a spider; with its first request its time begins to run."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._opened, signals.spider_opened)
        return spider

    def _opened(self) -> None:
        loop = asyncio.get_running_loop()
        if self._kit.deadline != float("inf"):
            self._timer = loop.call_at(self._kit.deadline, self.stop, OUT_OF_TIME)

    def stop(self, reason: str) -> None:
        """End the visit in an orderly way: what is on its way is read, what waits is told with the reason."""
        if self._stopped is not None or self.crawler.engine is None:
            return
        self._stopped = reason
        # Requests that wait for their turn are refused by the middleware: they need not wait for it.
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = 0.0
        self._stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="stopped"))

    @property
    def stopped(self) -> str | None:
        """Why the visit ends before its time, in German."""
        return self._stopped

    def closed(self, _reason: str) -> None:
        """Scrapy's last call: every address that was found has its outcome, also those never asked for."""
        if self._timer is not None:
            self._timer.cancel()
        if self.fatal is None:
            for url in list(self._waiting.values()):
                self._tell(PageOutcome(url, PageAction.SKIPPED, self._stopped or "ohne Antwort geblieben"))

    async def start(self) -> AsyncIterator[Request]:
        """Sitemaps and feeds first: they name pages without a click."""
        for url in self.source.sitemaps:
            yield self._request(url, SITEMAP, depth=1)
        for url in self.source.feeds:
            yield self._request(url, FEED)
        for request in self._follow(self.source.start_urls):
            yield request

    def totals(self) -> SourceTotals:
        """The engine's counts so far."""
        seconds = time.monotonic() - self._started
        ended: tuple[str, ...] = (f"vorzeitig beendet: {self._stopped}",) if self._stopped else ()
        notes = ended + self.hosts.notes(self.source.hosts)
        return SourceTotals(self.source.id, len(self._seen), self._fetched, self._received, seconds, notes)

    def _request(self, url: str, kind: str, *, depth: int = 0) -> Request:
        callbacks = {PAGE: self._read_page, SITEMAP: self._read_sitemap, FEED: self._read_feed}
        self._seen.add(page_key(url))
        self._waiting[page_key(url)] = url
        return Request(
            fetch_url(url), callbacks[kind], errback=self._failed, meta={KIND: kind, "sitemap_depth": depth}
        )

    def _follow(self, urls: Iterable[str]) -> Iterator[Request]:
        """Requests for addresses that are new and in scope; the others get their outcome at once."""
        for url in urls:
            if url not in self.scope or page_key(url) in self._seen:
                continue
            self._seen.add(page_key(url))
            verdict = self.scope.verdict(url)
            if verdict.place is Place.OUTSIDE:
                self._tell(PageOutcome(url, PageAction.SKIPPED, verdict.reason))
            elif self._requested >= self._kit.max_pages:
                reason = f"Höchstzahl von {self._kit.max_pages} Seiten erreicht (max_pages)"
                self._tell(PageOutcome(url, PageAction.SKIPPED, reason))
            elif self._stopped is not None:
                self._tell(PageOutcome(url, PageAction.SKIPPED, self._stopped))
            else:
                self._requested += 1
                yield self._request(url, PAGE)

    async def _read_sitemap(self, response: Response) -> AsyncIterator[Request]:
        if self._is_bad(response):
            return
        try:
            links = await self._beside(links_in_sitemap, response.body, response.url)
        except ValueError as error:
            self._tell(PageOutcome(_first_url(response), PageAction.FAILED, f"Sitemap nicht lesbar ({error})"))
            return
        depth = response.meta["sitemap_depth"]
        self._tell_read(response, "Sitemap, nur als Quelle von Links gelesen")
        for url in links.sitemaps if depth < _MAX_SITEMAP_DEPTH else ():
            if url in self.scope and page_key(url) not in self._seen:
                yield self._request(url, SITEMAP, depth=depth + 1)
        for request in self._follow(links.pages):
            yield request

    async def _read_feed(self, response: Response) -> AsyncIterator[Request]:
        if self._is_bad(response):
            return
        self._tell_read(response, "Feed, nur als Quelle von Links gelesen")
        for request in self._follow(await self._beside(links_in_feed, response.body, response.url)):
            yield request

    async def _read_page(self, response: Response) -> AsyncIterator[Request]:
        if self._is_bad(response):
            return
        html = response.text if isinstance(response, TextResponse) and _is_html(response) else None
        headers = [value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")]
        directives = await self._beside(read_directives, headers, html)
        outcome = await self._outcome(response, directives)
        self._tell(outcome)
        if page_key(outcome.url) != page_key(_first_url(response)):
            self._tell(_moved(_first_url(response), response.url))
        if outcome.instead is not None:
            for request in self._follow([outcome.instead]):
                yield request
        if html is not None and directives.follow:
            for request in self._follow(await self._beside(links_in_page, html, response.url)):
                yield request

    async def _outcome(self, response: Response, directives: Directives) -> PageOutcome:
        via = tuple(response.meta.get("redirect_urls", ()))
        requested = _first_url(response)
        is_elsewhere = page_key(response.url) != page_key(requested)
        if is_elsewhere and page_key(response.url) in self._seen:
            return _moved(requested, response.url)
        self._seen.add(page_key(response.url))
        if self.scope.verdict(response.url).place is Place.LISTING:
            return PageOutcome(response.url, PageAction.SKIPPED, _LISTING_REASON)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        page = FetchedPage(response.url, response.body, content_type, directives, via)
        try:
            outcome: PageOutcome = await self._beside(process_page, page, self._kit.context)
        except FundstelleError as error:
            self._end_with(error)
        except Exception as error:
            log.exception("reading %s failed", response.url)
            reason = f"unerwarteter Fehler beim Lesen ({type(error).__name__})"
            return PageOutcome(response.url, PageAction.FAILED, reason)
        return outcome

    def _is_bad(self, response: Response) -> bool:
        """Count an answer; anything but success is told as a failure."""
        self._fetched += 1
        self._received += len(response.body)
        if 200 <= response.status < 300:
            return False
        reason = f"der Server antwortet mit Status {response.status}"
        self._tell(PageOutcome(_first_url(response), PageAction.FAILED, reason))
        return True

    def _failed(self, failure: Failure) -> None:
        if isinstance(failure.value, Resting):
            return  # its host rests; it comes again
        request: Request = failure.request  # type: ignore[attr-defined] # set by Scrapy
        url = str(request.meta.get("redirect_urls", [request.url])[0])
        error = failure.value or RuntimeError("no reason given")
        is_skip = isinstance(error, Refused) and not error.is_failure
        action = PageAction.SKIPPED if is_skip else PageAction.FAILED
        self._tell(PageOutcome(url, action, failure_reason(error, urlsplit(request.url).hostname or "")))

    def _tell_read(self, response: Response, reason: str) -> None:
        self._tell(PageOutcome(_first_url(response), PageAction.SKIPPED, reason))

    def _tell(self, outcome: PageOutcome) -> None:
        self._waiting.pop(page_key(outcome.url), None)
        try:
            self._kit.send(PageDone(self.source.id, outcome, len(self._seen)))
        except OSError as error:
            self._end_with(error)

    def _end_with(self, error: BaseException) -> NoReturn:
        """End the whole crawl: the corpus cannot be written, or nobody listens any more."""
        self.fatal = self.fatal or error
        raise CloseSpider("fatal") from error

    async def _beside(self, work: Callable[..., Any], *args: object) -> Any:
        """Run slow work in the reading thread, so that time-outs of running requests stay true."""
        return await asyncio.get_running_loop().run_in_executor(self._kit.reader, work, *args)


def _moved(url: str, target: str) -> PageOutcome:
    return PageOutcome(url, PageAction.SKIPPED, "leitet auf eine andere Adresse um", instead=target)


def _first_url(response: Response) -> str:
    """The address that was asked for, before redirects."""
    return str(response.meta.get("redirect_urls", [response.url])[0])


def _is_html(response: Response) -> bool:
    declared = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    return not declared or any(kind in declared for kind in _HTML_TYPES)
