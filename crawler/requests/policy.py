"""The policy inside Scrapy's downloader: scope of redirects, robots.txt, reservations, before every request.

Robots.txt is fetched through the same downloader as every page (same slot, same address guard), once a day and
host. Why Scrapy's own middleware is not used stands in ``crawler.manners.robots``.
"""

from __future__ import annotations

import asyncio
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from crawler.addressing.urls import page_key, site_of
from crawler.manners.robots import MAX_ROBOTS_BYTES, RobotsRules, read_robots
from crawler.manners.scope import Place, Scope
from crawler.memory.hosts import HostMemory, RobotsAnswer
from crawler.requests.failures import MOVED, Refused, Resting, failure_reason
from crawler.requests.kinds import KIND, PAGE, RIGHTS, ROBOTS
from crawler.requests.redirects import may_ask_again
from crawler.requests.site_rights import SiteRights
from crawler.requests.visitor import visitor
from crawler.sources.source import Source

ROBOTS_PRIORITY = 1_000


class PolicyMiddleware:
    """Asks the source, its scope, the host's robots.txt and its reservations whether a request may leave."""

    def __init__(self, crawler: Crawler, source: Source, memory: HostMemory) -> None:
        self._crawler = crawler
        self._source = source
        self._scope = Scope(source)
        self._memory = memory
        self._rights = SiteRights(crawler, source, memory)
        self._rules: dict[str, asyncio.Future[RobotsRules]] = {}
        self._targets: dict[str, str] = {}  # key of a redirect's target → the address that leads to it first

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to build a component."""
        spider = visitor(crawler)
        return cls(crawler, spider.source, spider.hosts.memory)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or refuse it with a reason.

        Raises:
            Refused: out of scope after a redirect, not allowed by robots.txt, or reserved.
        """
        if urlsplit(request.url).scheme not in ("http", "https"):
            raise Refused("weder http noch https")
        if self._source.reservation is not None:
            raise Refused(self._source.reservation)
        if request.meta.get("redirect_urls"):
            self._check_redirect(request)
        if request.meta.get(KIND) in (ROBOTS, RIGHTS):
            return
        rules = await self._rules_for(request)
        refusal = rules.refusal(request.url)
        if refusal is not None:
            raise Refused(refusal, is_failure=rules.unreachable is not None)
        self._apply_delay(request, rules)
        await self._rights.check(request.url, rules)

    def _check_redirect(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        # The validators belong to the first address: another one would answer for a page that we never read.
        for name in ("If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)
        if request.meta.get(KIND) != PAGE:
            # RFC 9309 lets robots.txt redirect to another host; sitemaps and feeds stay on the source's hosts.
            if request.meta.get(KIND) != ROBOTS and request.url not in self._scope:
                raise Refused(f"leitet auf einen anderen Server um ({host})")
            return
        verdict = self._scope.verdict(request.url)
        if verdict.place is Place.OUTSIDE:
            raise Refused(f"leitet aus der Quelle hinaus um ({host}: {verdict.reason})", leaves=True)
        before = request.meta["redirect_urls"]
        if request.url in before and not may_ask_again(request, request.url, before):
            raise Refused("leitet im Kreis um", is_failure=True)
        # A hundred old addresses may lead to one new page: it is asked for once.
        key = page_key(request.url)
        if key in {page_key(url) for url in before}:
            return
        spider = visitor(self._crawler)
        if spider.has_seen(request.url) or self._targets.setdefault(key, before[0]) != before[0]:
            raise Refused(MOVED, instead=request.url)

    async def _rules_for(self, request: Request) -> RobotsRules:
        site = site_of(request.url)
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._fetch_rules(site))
        try:
            return await self._rules[site]
        except Resting:  # to be asked again when the host has rested
            self._rules.pop(site, None)
            raise

    async def _fetch_rules(self, site: str) -> RobotsRules:
        request = Request(
            f"{site}/robots.txt", priority=ROBOTS_PRIORITY, callback=NO_CALLBACK, meta={KIND: ROBOTS}
        )
        assert self._crawler.engine is not None
        remembered = self._memory.robots(site)
        if remembered is not None:
            return read_robots(remembered.status, remembered.body)
        try:
            response = await self._crawler.engine.download_async(request)
        except Resting:
            raise
        except Refused as error:
            return RobotsRules(unreachable=f"robots.txt nicht abrufbar ({error.reason}), daher kein Abruf")
        except IgnoreRequest:
            return RobotsRules()  # more redirects than allowed: RFC 9309, 2.3.1.2 reads that as "no rules"
        except Exception as error:
            reason = failure_reason(error, urlsplit(site).hostname or "")
            return RobotsRules(unreachable=f"robots.txt nicht abrufbar ({reason}), daher kein Abruf")
        answer = RobotsAnswer(response.status, response.body[:MAX_ROBOTS_BYTES])
        self._memory.keep_robots(site, answer)
        return read_robots(answer.status, answer.body)

    def _apply_delay(self, request: Request, rules: RobotsRules) -> None:
        """Make the host's slot as slow as it asks for, and keep AutoThrottle from making it faster."""
        wanted = rules.crawl_delay
        configured = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        if wanted is None or wanted <= configured:
            return
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        host = urlsplit(request.url).hostname or ""
        request.meta["autothrottle_dont_adjust_delay"] = True
        downloader.per_slot_settings.setdefault(host, {"concurrency": 1, "delay": wanted, "jitter": 0.0})
        if host in downloader.slots:
            downloader.slots[host].delay = wanted
