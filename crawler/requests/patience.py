"""Patience with hosts inside Scrapy: troubled ones rest and are asked again, the others go on meanwhile.

A request to a resting host leaves the downloader at once (``Resting``) and is handed to the engine again when
the rest is over: it occupies no slot, and no other host waits for it. Requests that already stand in the host's
slot are caught by the handler, right before they would leave. Scrapy's own retry middleware knows neither
``Retry-After`` nor rest: it asks again at once.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawler.manners.hosts import retry_after, trouble_of_status
from crawler.requests.failures import Refused, Resting, failure_reason, trouble_of_error
from crawler.requests.kinds import ASIDE, INVENTED, KIND, RIGHTS
from crawler.requests.visitor import visitor


class PatientHandler(HTTP11DownloadHandler):
    """Scrapy's handler, asked at the last moment whether the request may still leave.

    It also notes how the host bears it: when a middleware sees an answer, the slot has let the next request go.
    """

    async def download_request(self, request: Request) -> Response:
        """Send the request, unless its host rests or the run has ended since it was put into the slot.

        Raises:
            Refused, Resting: see ``check_host``; else as Scrapy's handler.
        """
        check_host(self._crawler, request)
        hosts = visitor(self._crawler).hosts
        host, name = urlsplit(request.url).netloc, urlsplit(request.url).hostname or ""
        try:
            response = await super().download_request(request)
        except Exception as error:
            trouble = trouble_of_error(error, name)
            if trouble is not None:
                hosts.trouble(host, trouble, failure_reason(error, name))
            raise
        trouble = trouble_of_status(response.status)
        if trouble is None:
            hosts.success(host)
        else:
            header = (response.headers.get("Retry-After") or b"").decode("latin-1")
            wanted = retry_after(header, time.time())
            hosts.trouble(host, trouble, f"Status {response.status}", wanted=wanted)
        return response


def check_host(crawler: Crawler, request: Request) -> None:
    """Let a request pass if the run goes on and its host is well.

    Raises:
        Refused: the run has ended, or the host was given up.
        Resting: the host wants to be left alone for now.
    """
    spider = visitor(crawler)
    host = urlsplit(request.url).netloc
    if spider.stopped is not None:
        raise Refused(spider.stopped)
    given_up = spider.hosts.given_up(host)
    if given_up is not None:
        raise Refused(given_up, is_failure=True)
    if spider.hosts.seconds_to_rest(host) > 0:
        raise Resting(host)


class PatienceMiddleware:
    """Outermost of the middlewares: sees what goes wrong, parks requests and brings them back."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hosts = visitor(crawler).hosts
        self._tries: Counter[str] = Counter()
        self._parked: dict[str, list[Request]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to build a component."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_idle, signals.spider_idle)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    def spider_idle(self) -> None:
        """Keep the spider open as long as requests wait for their host's rest to end."""
        if self._parked:
            raise DontCloseSpider

    def spider_closed(self) -> None:
        """Drop what is parked; the spider tells of it."""
        for timer in self._timers.values():
            timer.cancel()
        self._parked.clear()

    def process_request(self, request: Request) -> None:
        """Judge the host before the request takes a place in its slot."""
        check_host(self._crawler, request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Let an answer pass, or try again later.

        Raises:
            Resting: the host is overloaded; the request is parked.
        """
        if trouble_of_status(response.status) is not None and self._is_worth_another_try(request):
            self._park(request.replace(priority=request.priority - 1))
            raise Resting(urlsplit(request.url).netloc)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Park what met a resting host or failed in a way that may pass; leave the rest to the spider.

        Raises:
            Resting: the request is parked.
        """
        if isinstance(exception, Resting):
            self._park(request)
            return
        trouble = trouble_of_error(exception, urlsplit(request.url).hostname or "")
        if trouble is not None and self._is_worth_another_try(request):
            self._park(request.replace(priority=request.priority - 1))
            raise Resting(urlsplit(request.url).netloc) from exception

    def _is_worth_another_try(self, request: Request) -> bool:
        if request.meta.get(KIND) in (RIGHTS, INVENTED):
            return False  # optional; it is asked for once a day, or once a run
        self._tries[request.url] += 1
        if self._hosts.given_up(urlsplit(request.url).netloc) is not None:
            return False
        return self._tries[request.url] < self._hosts.patience.tries

    def _park(self, request: Request) -> None:
        """Keep a request until its host has rested; who needs a file of rules asks for it again."""
        if request.meta.get(KIND) in ASIDE:
            return
        host = urlsplit(request.url).netloc
        self._parked.setdefault(host, []).append(request)
        if host not in self._timers:
            self._wait(host)

    def _wait(self, host: str) -> None:
        seconds = self._hosts.seconds_to_rest(host)
        self._timers[host] = asyncio.get_running_loop().call_later(seconds, self._resume, host)

    def _resume(self, host: str) -> None:
        del self._timers[host]
        if self._hosts.seconds_to_rest(host) > 0 and self._hosts.given_up(host) is None:
            self._wait(host)  # it got into trouble again meanwhile
            return
        engine = self._crawler.engine
        assert engine is not None
        for request in self._parked.pop(host, []):
            engine.crawl(request)
