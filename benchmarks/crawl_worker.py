"""One crawl in a process of its own: ours as ``kb crawl`` runs it, or a Scrapy spider without any policy.

``python -m benchmarks.crawl_worker WHO PORT HOSTS SOURCES FOLDER`` prints a JSON line every so many pages and a
last one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.crawl_site import host_name

if TYPE_CHECKING:
    from crawler.sources.source import Source
    from kb.ports import Extractor

# So many pages between two lines, and so between two looks at the memory.
EVERY = 250


def crawl_ours(port: int, hosts: int, sources: int, folder: Path) -> int:
    """Everything as in earnest but for the pause between two requests; gives the number of documents."""
    from crawler.report.outcomes import PageAction
    from crawler.run.crawl import run_crawl
    from crawler.sources.source import Source
    from crawler.visit.job import CrawlJob
    from kb.corpus import DirectoryCorpus

    def source(number: int) -> Source:
        starts = tuple(f"http://{host_name(host)}:{port}/" for host in range(number, hosts, sources))
        return Source(f"quelle-{number}", "Quelle", "Quelle", start_urls=starts)

    (folder / "corpus").mkdir(parents=True)
    job = CrawlJob(
        tuple(source(number) for number in range(sources)),
        partial(DirectoryCorpus, folder / "corpus"),
        _make_extractor,
        allow_loopback=True,
        delay=0.0,
        max_pages=1_000_000,
        state_dir=folder / "state",
        log_file=folder / "crawl.log",
    )
    report = run_crawl(job, lambda done, _total, _label: _tell(done))
    return report.count(PageAction.ADDED)


def _make_extractor(_source: Source) -> Extractor:
    from crawler.extract import ContentExtractor

    return ContentExtractor()


def crawl_plain(
    port: int, hosts: int, _sources: int, _folder: Path, read: Callable[[str], object] | None = None
) -> int:
    """A spider that follows links and keeps nothing; one request at a time per host, as ours."""
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.http import Response, TextResponse

    pages = 0

    class Plain(scrapy.Spider):
        name = "plain"
        start_urls = [f"http://{host_name(number)}:{port}/" for number in range(hosts)]  # noqa: RUF012

        def parse(self, response: Response, /, *_: Any, **__: Any) -> Iterator[scrapy.Request]:
            nonlocal pages
            assert isinstance(response, TextResponse)
            if response.url.endswith("/"):
                yield from response.follow_all(css="li a", callback=self.parse)
                return
            pages += 1
            if read is not None:
                read(response.text)
            _tell(pages)

    process = CrawlerProcess(
        {
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "CONCURRENT_REQUESTS": 16,
            "DOWNLOAD_DELAY": 0,
        }
    )
    process.crawl(Plain)
    process.start()
    return pages


def crawl_reading(port: int, hosts: int, sources: int, folder: Path) -> int:
    """The same spider with trafilatura, as most would write it; still no policy, no corpus."""
    import trafilatura

    return crawl_plain(port, hosts, sources, folder, trafilatura.extract)


def _tell(done: int) -> None:
    if done % EVERY == 0:
        print(json.dumps({"done": done}), flush=True)


_CRAWLS: dict[str, Callable[[int, int, int, Path], int]] = {
    "ours": crawl_ours,
    "scrapy": crawl_plain,
    "reading": crawl_reading,
}

if __name__ == "__main__":
    who, *numbers, where = sys.argv[1:]
    port, hosts, sources = map(int, numbers)
    count = _CRAWLS[who](port, hosts, sources, Path(where))
    print(json.dumps({"pages": count}), flush=True)
