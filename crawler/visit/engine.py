"""Scrapy's engine in this process: reactor, address guard, settings, and the sources of a job side by side."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor

from crawler.archive.archive import PageArchive
from crawler.manners.hosts import Hosts
from crawler.manners.identity import user_agent
from crawler.manners.networks import AddressPolicy
from crawler.manners.scope import Scope
from crawler.memory.hosts import HostMemory
from crawler.memory.pages import CrawlMemory
from crawler.page.context import PageContext
from crawler.page.known import KnownAddresses
from crawler.processes.run_lock import RunLocks, TakenError
from crawler.report.outcomes import SourceTotals
from crawler.requests.resolver import install_guard
from crawler.sources.source import Source
from crawler.visit.job import CrawlJob, Message
from crawler.visit.ledger import VisitLimits
from crawler.visit.spider import OUT_OF_TIME, SourceSpider, SpiderKit
from kb import __version__
from kb.errors import CrawlError
from kb.private import private_file

log = logging.getLogger(__name__)

_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
_PARALLEL_SOURCES = 4
# Raised when more is read of the same bytes, or they lead elsewhere: "not modified" then says too little.
_READING_VERSION = 2
_MAX_REDIRECTS = 5
OTHER_RUN = "ein anderer Crawl ist gerade bei dieser Quelle oder ihrem Server"


def crawl_sources(job: CrawlJob, send: Callable[[Message], None]) -> None:
    """Visit all sources of a job in this process; once only, since the reactor cannot start twice.

    Raises:
        FundstelleError: the corpus cannot be opened, read or written.
        OSError: nobody receives what is sent.
    """
    install_reactor(_REACTOR)
    install_guard(AddressPolicy(allow_loopback=job.allow_loopback, allow_public=bool(job.contact.strip())))
    from twisted.internet import reactor

    running: Any = reactor
    problems: list[BaseException] = []

    async def run_then_stop() -> None:
        try:
            await _crawl_all(job, send)
        except BaseException as error:
            problems.append(error)
        finally:
            running.stop()

    running.callWhenRunning(lambda: tasks.append(asyncio.ensure_future(run_then_stop())))
    tasks: list[asyncio.Future[None]] = []  # the loop keeps only weak references
    running.run(installSignalHandlers=False)
    if problems:
        raise problems[0]


async def _crawl_all(job: CrawlJob, send: Callable[[Message], None]) -> None:
    corpus = job.open_corpus()
    known = KnownAddresses(corpus, [source.id for source in job.sources])
    news = job.open_news() if job.open_news is not None else None
    tombstones = job.open_tombstones() if job.open_tombstones is not None else None
    archive = PageArchive(job.archive_dir) if job.archive_dir is not None else None
    state = job.state_dir
    troubles = Hosts(job.patience, HostMemory(state / "hosts.sqlite" if state is not None else None))
    slots = asyncio.Semaphore(_PARALLEL_SOURCES)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + job.max_seconds
    locks = RunLocks(state)
    busy: list[str] = []
    # Two sources on one host take turns, or the host would get two requests at once.
    hosts = {host: asyncio.Lock() for source in job.sources for host in source.hosts}
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read") as reader:

        async def take_turns(source: Source) -> None:
            async with AsyncExitStack() as turn:
                await turn.enter_async_context(locks.source(source.id))
                for host in sorted(source.hosts):
                    await turn.enter_async_context(hosts[host])
                left = max(0.0, deadline - loop.time())
                has_waited = await turn.enter_async_context(locks.hosts(source.hosts, left))
                await turn.enter_async_context(slots)
                # Whoever was at these hosts has added documents that this process does not know.
                current = KnownAddresses(corpus, [source.id]) if has_waited else known
                memory = _open_memory(job, source)
                reader_of = job.make_extractor(source)
                context = PageContext(
                    source,
                    Scope(source),
                    corpus,
                    reader_of,
                    current,
                    news,
                    strays=memory.strays(),
                    tombstones=tombstones,
                    archive=archive,
                )
                limits = VisitLimits(source.max_pages or job.max_pages, job.max_total_bytes)
                kit = SpiderKit(context, limits, memory, send, reader, troubles, deadline)
                await _visit(kit, _settings(job, source))
                memory.close()

        async def visit(source: Source) -> None:
            try:
                await take_turns(source)
            except TakenError as error:
                busy.append(f"{source.id} ({error.holder})")
                send(SourceTotals(source.id, notes=(f"nicht besucht: {OTHER_RUN} ({error.holder})",)))

        await asyncio.gather(*(visit(source) for source in job.sources))
    if len(busy) == len(job.sources):
        raise CrawlError(
            OTHER_RUN,
            subject=", ".join(sorted(busy)),
            remedy="sein Ende abwarten",
        )


def _open_memory(job: CrawlJob, source: Source) -> CrawlMemory:
    """The memory of a source; another version, or another description of the source, reads everything anew."""
    reader = hashlib.sha256(f"{__version__} {_READING_VERSION} {source!r}".encode()).hexdigest()[:16]
    folder = job.state_dir
    return CrawlMemory(folder / "sources" / f"{source.id}.sqlite" if folder is not None else None, reader)


async def _visit(kit: SpiderKit, settings: Settings) -> None:
    if asyncio.get_running_loop().time() >= kit.deadline:
        kit.send(SourceTotals(kit.context.source.id, notes=(f"nicht besucht: {OUT_OF_TIME}",)))
        return
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(SourceSpider)
    await runner.crawl(crawler, kit=kit)
    spider = crawler.spider
    assert isinstance(spider, SourceSpider)
    await spider.finish()
    if spider.fatal is not None:
        raise spider.fatal
    kit.send(spider.totals())


def _settings(job: CrawlJob, source: Source) -> Settings:
    delay = source.delay if source.delay is not None else job.delay
    return Settings(
        {
            "USER_AGENT": user_agent(job.contact),
            "DEFAULT_REQUEST_HEADERS": {
                "Accept": "text/html, application/pdf, */*;q=0.5",
                "Accept-Language": "de, en;q=0.5",
            },
            # The policy is ours: see crawler.manners.robots and crawler.requests.policy.
            "ROBOTSTXT_OBEY": False,
            "DOWNLOADER_MIDDLEWARES": {
                "crawler.requests.patience.PatienceMiddleware": 50,
                "crawler.requests.policy.PolicyMiddleware": 100,
                # In Scrapy's place for it: behind the unpacking of bodies.
                "crawler.requests.redirects.RefreshMiddleware": 580,
                "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
                "crawler.requests.redirects.ChainCookies": 650,
            },
            "HTTPERROR_ALLOW_ALL": True,
            # The spider compares addresses by its own rules, see crawler.addressing.urls.
            "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
            # Polite: one request at a time per host, never faster than the delay, slower when the host is slow.
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": delay,
            "DOWNLOAD_DELAY_JITTER": 0.0,
            "AUTOTHROTTLE_ENABLED": True,
            "AUTOTHROTTLE_START_DELAY": delay,
            # Retries know Retry-After and rest: see crawler.requests.patience.
            "RETRY_ENABLED": False,
            # What is answered and waits to be read is lost by a kill, and held in memory.
            "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 500_000,
            # Bounded.
            "DOWNLOAD_TIMEOUT": job.timeout,
            "DOWNLOAD_MAXSIZE": job.max_bytes,
            "DOWNLOAD_WARNSIZE": 0,
            "REDIRECT_MAX_TIMES": _MAX_REDIRECTS,
            # Only http and https, straight to the address that the guard has seen, certificates verified.
            "DOWNLOAD_HANDLERS": {
                **dict.fromkeys(("http", "https"), "crawler.requests.patience.PatientHandler"),
                **dict.fromkeys(("data", "file", "ftp", "s3")),
            },
            "HTTPPROXY_ENABLED": False,
            "DOWNLOAD_VERIFY_CERTIFICATES": True,
            # Nothing that a crawl in a child process does not need: what is not named here is not imported,
            # which takes half a second off every crawl, and what a later Scrapy adds does not come by itself.
            "EXTENSIONS_BASE": {
                "scrapy.extensions.corestats.CoreStats": 0,
                "scrapy.extensions.throttle.AutoThrottle": 0,
            },
            "COOKIES_ENABLED": False,
            "METAREFRESH_ENABLED": True,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "MEMUSAGE_ENABLED": False,
            "LOGSTATS_INTERVAL": 0,
            "STATS_DUMP": False,
            "LOG_ENABLED": False,
        }
    )


def quiet_process(log_file: Path | None) -> logging.Logger:
    """Send everything that libraries log or print in this process to a file, or nowhere."""
    path = private_file(log_file) if log_file is not None else os.devnull
    target = os.open(path, os.O_WRONLY | os.O_APPEND)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
    logging.basicConfig(
        level=logging.INFO if log_file else logging.CRITICAL,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )
    return log
