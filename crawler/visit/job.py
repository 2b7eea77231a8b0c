"""What a crawl process is told, and what it tells: messages, so everything in them can be pickled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crawler.manners.hosts import Patience
from crawler.report.outcomes import PageOutcome, SourceTotals
from crawler.sources.source import Source
from kb.errors import FundstelleError
from kb.ports import CorpusStore, Extractor, SourceNewsStore, Tombstones


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One crawl, as it is sent to the process that runs it; so everything in it can be pickled.

    ``delay`` (seconds between two requests to a host) and ``max_pages`` hold where the source names none.
    ``timeout`` is seconds a request, ``max_bytes`` the largest body, ``max_seconds`` the time of the whole run,
    ``max_total_bytes`` all bodies of a source.
    ``patience`` says how troubled hosts are dealt with. What is to be remembered from run to run lies in
    ``state_dir``; without one nothing is. What
    was fetched is archived in ``archive_dir``, if there is one. What the engine logs goes to ``log_file``, or
    nowhere.
    """

    sources: tuple[Source, ...]
    open_corpus: Callable[[], CorpusStore]
    make_extractor: Callable[[Source], Extractor]
    open_news: Callable[[], SourceNewsStore] | None = None
    open_tombstones: Callable[[], Tombstones] | None = None
    archive_dir: Path | None = None
    contact: str = ""
    allow_loopback: bool = False
    delay: float = 1.0
    max_pages: int = 2_000
    timeout: float = 30.0
    max_bytes: int = 50_000_000
    max_total_bytes: int = 2_000_000_000
    max_seconds: float = 6 * 3600.0
    patience: Patience = field(default_factory=Patience)
    log_file: Path | None = None
    state_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class PageDone:
    """From the crawl process: an address has its outcome; ``found`` addresses are known so far."""

    source: str
    outcome: PageOutcome
    found: int


@dataclass(frozen=True, slots=True)
class CrawlDone:
    """From the crawl process: the last message; ``error`` ended the crawl early."""

    error: FundstelleError | None = None


Message = PageDone | SourceTotals | CrawlDone
