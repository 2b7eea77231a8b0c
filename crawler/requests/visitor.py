"""What the middlewares ask of the spider whose requests they judge; Scrapy brings the two together."""

from __future__ import annotations

from typing import Protocol, cast

from scrapy.crawler import Crawler

from crawler.manners.hosts import Hosts
from crawler.sources.source import Source


class Visitor(Protocol):
    """A visit to one source that is going on."""

    @property
    def source(self) -> Source:
        """The source that is visited."""

    @property
    def hosts(self) -> Hosts:
        """How the hosts of all visits bear the run."""

    @property
    def stopped(self) -> str | None:
        """Why the visit ends before its time, in German."""

    def has_seen(self, url: str) -> bool:
        """Whether an address was found before: it has its outcome, or will have it."""

    def note(self, text: str) -> None:
        """Note for the report what befell the visit as a whole."""


def visitor(crawler: Crawler) -> Visitor:
    """The spider of a crawler, which exists before any of its middlewares."""
    return cast("Visitor", crawler.spider)
