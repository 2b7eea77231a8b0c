"""What a measured crawl found, in numbers, read and written as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

CRAWLERS: Mapping[str, str] = {
    "ours": "Fundstelle",
    "reading": "Scrapy mit trafilatura",
    "scrapy": "Scrapy allein",
}


@dataclass(frozen=True, slots=True)
class MemorySample:
    """Resident bytes of the process that crawls and of the one that started it, after so many pages."""

    done: int
    crawl: int
    parent: int


@dataclass(frozen=True, slots=True)
class CrawlerResult:
    """One crawler: its pages, the time from start to end, and seconds of computing, the sites' apart."""

    pages: int
    seconds: float
    cpu: float
    site_cpu: float
    samples: tuple[MemorySample, ...] = ()


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """All crawlers over the same sites; ``pages`` are those of one host, ``mean_bytes`` their mean size."""

    machine: str
    hosts: int
    pages: int
    sources: int
    mean_bytes: float
    crawlers: Mapping[str, CrawlerResult] = field(default_factory=dict)


def save_crawl(run: CrawlRun, path: Path) -> None:
    """Write the raw results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(run), ensure_ascii=False), "utf-8")


def load_crawl(path: Path) -> CrawlRun:
    """Read what ``save_crawl`` wrote."""
    fields = json.loads(path.read_text("utf-8"))
    crawlers = {
        key: CrawlerResult(**one | {"samples": tuple(MemorySample(**sample) for sample in one["samples"])})
        for key, one in fields["crawlers"].items()
    }
    return CrawlRun(**fields | {"crawlers": crawlers})
