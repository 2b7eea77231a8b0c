"""What a crawl process imports in its course, for the process that the tests' crawls fork from.

The reactor is not among it: each crawl installs its own.
"""

from __future__ import annotations

import sys
from importlib import import_module

from scrapy.settings import default_settings
from scrapy.utils.misc import load_object

for name in (
    "crawler.extract.web.html",
    "crawler.requests.patience",
    "crawler.requests.policy",
    "crawler.visit.engine",
    "tests.crawler.crawls",
):
    import_module(name)
for component in (
    *default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    *default_settings.SPIDER_MIDDLEWARES_BASE,
    default_settings.DOWNLOADER,
    default_settings.SCHEDULER,
    default_settings.STATS_CLASS,
    "scrapy.core.engine.ExecutionEngine",
    "scrapy.core.scraper.Scraper",
    "scrapy.extensions.corestats.CoreStats",
    "scrapy.extensions.throttle.AutoThrottle",
):
    load_object(component)
assert "twisted.internet.reactor" not in sys.modules
