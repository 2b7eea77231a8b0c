"""What tests of whole crawls share: a job over loopback sources, and ways to look at its report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Condition

from crawler.extract import ContentExtractor
from crawler.manners.hosts import Patience
from crawler.report.outcomes import PageOutcome
from crawler.report.report import CrawlReport
from crawler.sources.source import Source
from crawler.visit.job import CrawlJob
from kb.corpus import DirectoryCorpus
from kb.ports import Extractor, Progress, no_progress
from tests import limits
from tests.crawler.loopback import Site

# The patience of a test: everything as in earnest, only sooner.
QUICK = Patience(first_rest=0.05, longest_rest=3.0)


def make_extractor(_source: Source) -> Extractor:
    return ContentExtractor()


def a_source(name: str, base: str, **values: object) -> Source:
    fields: dict[str, object] = {"start_urls": (f"{base}/",), "delay": 0.0, **values}
    return Source(name, name.title(), name.title(), **fields)  # type: ignore[arg-type]


def a_job(folder: Path, sources: Iterable[Source], **values: object) -> CrawlJob:
    fields: dict[str, object] = {
        "make_extractor": make_extractor,
        "allow_loopback": True,
        "patience": QUICK,
        "log_file": folder / "crawl.log",
        **values,
    }
    (folder / "corpus").mkdir(exist_ok=True)
    open_corpus = partial(DirectoryCorpus, folder / "corpus")
    return CrawlJob(tuple(sources), open_corpus, **fields)  # type: ignore[arg-type]


@contextmanager
def paced(site: Site, on_its_way: int, progress: Progress = no_progress) -> Iterator[Progress]:
    """A site that answers no faster than its pages are read, however slow that is on this machine.

    So many requests, those for rules among them, may be answered and have no outcome yet. Gives what the crawl
    is to tell its progress to, which passes it on.
    """
    pace = Condition()
    asked = told = 0

    def watch(_path: str) -> None:
        nonlocal asked
        with pace:
            asked += 1
            pace.wait_for(lambda: asked - told < on_its_way, limits.SECONDS)

    def tell(done: int, total: int | None, label: str) -> None:
        nonlocal told
        with pace:
            told = done
            pace.notify_all()
        progress(done, total, label)

    site.watch = watch
    try:
        yield tell
    finally:
        with pace:
            told = asked
            pace.notify_all()


def by_path(report: CrawlReport, number: int = 0) -> dict[str, PageOutcome]:
    return {"/" + page.url.split("/", 3)[3]: page for page in report.sources[number].outcomes}


def texts(folder: Path) -> list[str]:
    corpus = DirectoryCorpus(folder / "corpus")
    return [corpus.load(ref).document.text for ref in corpus.refs()]
