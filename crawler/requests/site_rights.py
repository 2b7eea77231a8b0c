"""The files in which a website reserves its texts, fetched through Scrapy's downloader, once a day and host."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from crawler.addressing.urls import site_of
from crawler.manners.reservations import SITE_FILES, SiteReservations, joined, read_site_file
from crawler.manners.robots import MAX_ROBOTS_BYTES, RobotsRules
from crawler.memory.hosts import HostMemory, RobotsAnswer
from crawler.requests.failures import Refused, Resting, failure_reason
from crawler.requests.kinds import KIND, RIGHTS
from crawler.requests.visitor import visitor
from crawler.sources.source import Source


class SiteRights:
    """What each website of one visit reserves; what was found or could not be read is noted in its report."""

    def __init__(self, crawler: Crawler, source: Source, memory: HostMemory) -> None:
        self._crawler, self._source, self._memory = crawler, source, memory
        self._found: dict[str, asyncio.Future[SiteReservations]] = {}

    async def check(self, url: str, rules: RobotsRules) -> None:
        """Let an address pass unless its website reserves it; ``rules``, of its robots.txt, are kept here too.

        Raises:
            Refused: it is reserved, and the source names no permission; or the host is asked for nothing more.
            Resting: the host wants to be left alone for now.
        """
        reservation = (await self._of(url, rules)).of(url)
        if reservation is None:
            return
        permitted = "; die Quelle nennt eine Erlaubnis" if self._source.may_be_mined else ""
        visitor(self._crawler).note(f"{urlsplit(url).netloc}: {reservation.reason}{permitted}")
        if not self._source.may_be_mined:
            raise Refused(reservation.reason)

    async def _of(self, url: str, rules: RobotsRules) -> SiteReservations:
        site = site_of(url)
        if site not in self._found:
            self._found[site] = asyncio.ensure_future(self._read(site, rules))
        try:
            return await self._found[site]
        except (Refused, Resting):  # to be asked again when the host has rested, or in the next run
            self._found.pop(site, None)
            raise

    async def _read(self, site: str, rules: RobotsRules) -> SiteReservations:
        answers = [(path, await self._answer(site, path, rules)) for path in SITE_FILES]
        found = joined(read_site_file(path, answer.status, answer.body) for path, answer in answers)
        spider = visitor(self._crawler)
        for remark in found.remarks:
            spider.note(f"{site}: {remark}")
        return found

    async def _answer(self, site: str, path: str, rules: RobotsRules) -> RobotsAnswer:
        remembered = self._memory.file(site, path)
        if remembered is not None:
            return remembered
        refusal = rules.refusal(site + path)
        if refusal is not None:
            return RobotsAnswer(0, refusal.encode())
        answer = await self._fetch(site, path)
        self._memory.keep_file(site, path, answer)
        return answer

    async def _fetch(self, site: str, path: str) -> RobotsAnswer:
        assert self._crawler.engine is not None
        spider = visitor(self._crawler)
        request = Request(site + path, callback=NO_CALLBACK, meta={KIND: RIGHTS})
        try:
            response = await self._crawler.engine.download_async(request)
        except Resting:
            raise
        except Exception as error:
            host = urlsplit(site)
            is_over = spider.stopped is not None or spider.hosts.given_up(host.netloc) is not None
            if isinstance(error, Refused) and is_over:
                raise  # says nothing of the file
            return RobotsAnswer(0, failure_reason(error, host.hostname or "").encode())
        return RobotsAnswer(response.status, response.body[:MAX_ROBOTS_BYTES])
