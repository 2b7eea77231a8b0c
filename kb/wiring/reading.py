"""From websites and files to texts: extractors, crawls, single pages, links, duplicates."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kb.model import Failure, RawContent, Step
from kb.ports import Progress
from kb.settings import Settings
from kb.wiring.parts import make_private, open_corpus, open_failures, open_source_news, open_tombstones

if TYPE_CHECKING:
    from crawler.extract import ExtractOptions
    from crawler.extract.bounded.extractors import BoundedExtractor
    from crawler.likeness.duplicates import Group
    from crawler.report.report import CrawlReport
    from crawler.run.schedule import Scheduled
    from crawler.scouting.fetch import Fetcher
    from crawler.scouting.link_check import LinkReport
    from crawler.sources.source import Source
    from crawler.visit.job import CrawlJob


def open_extractor(settings: Settings) -> BoundedExtractor:
    """Extraction with the limits of the settings, in one process that reads file after file and may die."""
    from crawler.extract.bounded.extractors import BoundedExtractor

    return BoundedExtractor(extract_options(settings))


def extract_options(settings: Settings) -> ExtractOptions:
    """The limits of the settings, the years of dates, and the words of the corpus for hyphens."""
    from crawler.extract import ExtractOptions

    return ExtractOptions(
        max_text_chars=settings.max_text_chars,
        max_file_bytes=settings.max_file_bytes,
        words_file=str(settings.words_file.absolute()),
        years=settings.years,
    )


def open_crawl(settings: Settings, sources: Iterable[Source]) -> CrawlJob:
    """What ``crawler.page.pipeline.run_crawl`` needs; everything in it can travel to the crawling process."""
    from crawler.visit.job import CrawlJob

    make_private(settings.state_dir)
    return CrawlJob(
        sources=tuple(sources),
        open_corpus=partial(open_corpus, settings),
        make_extractor=open_extractor(settings).for_source,
        open_news=partial(open_source_news, settings),
        open_tombstones=partial(open_tombstones, settings),
        archive_dir=settings.state_dir / "archive" if settings.crawl_archive else None,
        contact=settings.contact,
        allow_loopback=settings.allow_loopback,
        delay=settings.crawl_delay,
        max_pages=settings.crawl_max_pages,
        timeout=settings.crawl_timeout,
        max_bytes=settings.max_file_bytes,
        max_total_bytes=settings.crawl_max_total_bytes,
        max_seconds=settings.crawl_max_seconds,
        log_file=settings.state_dir / "crawl.log",
        state_dir=settings.state_dir / "crawler",
    )


def note_crawl_failures(settings: Settings, report: CrawlReport) -> None:
    """Keep for ``kb doctor`` and the desk which pages made the program fail, and which sources are not as ever.

    A source of which no document could be read stays marked as it was: nothing is known of it.

    Raises:
        StorageError: they cannot be written.
    """
    from crawler.report.outcomes import PageAction

    failed = [
        Failure(page.url, Step.CRAWL, page.reason, page.doc_id or "", page.trace, one.source)
        for one in report.sources
        for page in one.outcomes
        if page.trace
    ]
    open_failures(settings).replace(Step.CRAWL, failed, [one.source for one in report.sources])
    read = (PageAction.ADDED, PageAction.UPDATED, PageAction.UNCHANGED)
    judged = [one for one in report.sources if one.totals.alarms or any(map(one.count, read))]
    marks = [
        Failure(one.source, Step.SOURCE, alarm, source=one.source)
        for one in judged
        for alarm in one.totals.alarms
    ]
    open_failures(settings).replace(Step.SOURCE, marks, [one.source for one in judged])


def open_fetcher(settings: Settings) -> Fetcher:
    """What fetches a few pages for a person, under the crawler's policy."""
    from crawler.scouting.fetch import Fetcher, FetchOptions

    return Fetcher(
        FetchOptions(
            contact=settings.contact,
            allow_loopback=settings.allow_loopback,
            timeout=settings.crawl_timeout,
            total=settings.fetch_max_seconds,
            max_bytes=settings.max_file_bytes,
            pause=settings.crawl_delay,
        )
    )


def schedule(settings: Settings, names: Sequence[str]) -> Scheduled:
    """How this installation, with these folders and settings, crawls by itself; no secrets in it."""
    from crawler.run.schedule import Scheduled

    program = Path(sys.argv[0]).resolve()
    is_module = program.name == "__main__.py" or not program.is_file()
    return Scheduled(
        command=(*((sys.executable, "-m", "kb") if is_module else (str(program),)), "crawl", *names),
        folder=Path.cwd(),
        environment={
            "KB_CORPUS": str(settings.corpus.resolve()),
            "KB_VAR": str(settings.var.resolve()),
            **({"KB_CONTACT": settings.contact} if settings.contact else {}),
        },
        user=getpass.getuser(),
    )


def check_links(settings: Settings, limit: int, progress: Progress) -> LinkReport:
    """Ask for the addresses in the corpus, and keep what was found in ``var/state/reports``.

    Raises:
        ConfigurationError: no corpus.
        StorageError: the report cannot be written.
    """
    from crawler.scouting.link_check import check_links, links_of_corpus, save_link_report

    make_private(settings.state_dir)
    links = links_of_corpus(open_corpus(settings))
    report = check_links(links, partial(open_fetcher, settings), limit, progress)
    save_link_report(settings.state_dir / "reports", report)
    return report


def find_duplicates(settings: Settings, floor: float, progress: Progress) -> tuple[Group, ...]:
    """Groups of documents of the corpus whose texts are at least ``floor`` (0 to 1) alike.

    Raises:
        ConfigurationError: no corpus.
    """
    from crawler.likeness.duplicates import find_duplicates

    return find_duplicates(open_corpus(settings), floor, progress)


def read_content(settings: Settings, name: str) -> RawContent:
    """The bytes of a file, or of a web page under the crawler's policy.

    Raises:
        FetchError: the page cannot or must not be fetched.
        InputError: the file cannot be read, or is too large.
    """
    if name.startswith(("http://", "https://")):
        return open_fetcher(settings).fetch(name)
    from crawler.files.local_files import read_file

    return RawContent(read_file(Path(name), settings.max_file_bytes), name=name)
