"""What robots.txt allows, as RFC 9309 reads it."""

from __future__ import annotations

import pytest

from crawler.manners.robots import MAX_CRAWL_DELAY, read_robots

RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /intern/
Disallow: /*.zip$
Allow: /intern/offen/
Crawl-delay: 3

User-agent: fundstelle
Disallow: /nur-fuer-andere
"""


def test_own_group_replaces_the_one_for_all() -> None:
    rules = read_robots(200, RULES)
    assert rules.refusal("https://stadt.de/nur-fuer-andere/a") == "robots.txt erlaubt den Abruf nicht"
    assert rules.refusal("https://stadt.de/intern/a") is None
    assert rules.crawl_delay is None


def test_rules_for_all_hold_with_their_exceptions() -> None:
    rules = read_robots(200, RULES.partition(b"User-agent: fundstelle")[0])
    assert rules.refusal("https://stadt.de/intern/a") is not None
    assert rules.refusal("https://stadt.de/intern/offen/a") is None
    assert rules.refusal("https://stadt.de/archiv.zip") is not None
    assert rules.refusal("https://stadt.de/") is None
    assert rules.crawl_delay == 3.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 301])
def test_missing_robots_txt_allows_everything(status: int) -> None:
    rules = read_robots(status, b"User-agent: *\nDisallow: /")
    assert rules.refusal("https://stadt.de/a") is None


@pytest.mark.parametrize("status", [500, 502, 503, 599, 429])
def test_unreachable_robots_txt_forbids_everything_whatever_its_body_says(status: int) -> None:
    rules = read_robots(status, b"User-agent: *\nAllow: /")
    assert str(status) in (rules.refusal("https://stadt.de/a") or "")


def test_excessive_crawl_delay_is_capped_and_nonsense_ignored() -> None:
    assert read_robots(200, b"User-agent: *\nCrawl-delay: 86400").crawl_delay == MAX_CRAWL_DELAY
    assert read_robots(200, b"User-agent: *\nCrawl-delay: bald").crawl_delay is None
    assert read_robots(200, b"\xff\xfe\x00<html>").refusal("https://stadt.de/") is None
