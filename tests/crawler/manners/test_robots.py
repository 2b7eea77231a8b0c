"""What robots.txt allows, as RFC 9309 reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.robots import FORBIDDEN, MAX_CRAWL_DELAY, read_robots

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


@pytest.mark.parametrize(
    "name",
    [
        "Fundstelle",
        "FUNDSTELLE",
        "fundstelle/0.1.0",
        "Fundstelle/9",
        "Fundstelle-1.0",
        "Fundstelle 0.1",
        "Fundstelle/*",
        "*fundstelle*",
        "Mozilla/5.0 (compatible; Fundstelle/0.1.0; +https://stadt.de)",
        "Andere, Fundstelle",
    ],
)
def test_a_group_that_names_us_binds_us(name: str) -> None:
    rules = read_robots(200, f"User-agent: *\nDisallow:\n\nUser-agent: {name}\nDisallow: /".encode())
    assert rules.refusal("https://stadt.de/a") is not None
    open_to_us = read_robots(200, f"User-Agent: {name}\nAllow: /\n\nuser-agent: *\nDisallow: /".encode())
    assert open_to_us.refusal("https://stadt.de/a") is None


@pytest.mark.parametrize(
    "name",
    ["fund", "Fundstellen", "Fundstelle-Bilder", "Fundstelle_Nachrichten", "MeineFundstelle", "andere", ""],
)
def test_a_group_for_another_robot_is_none_of_ours(name: str) -> None:
    rules = read_robots(200, f"User-agent: {name}\nDisallow: /\n\nUser-agent: *\nDisallow: /intern".encode())
    assert rules.refusal("https://stadt.de/a") is None
    assert rules.refusal("https://stadt.de/intern/a") is not None


@pytest.mark.parametrize(
    ("rule", "refused", "free"),
    [
        ("intern/", "/intern/a", "/a/intern/"),
        ("./intern/", "/intern/a", "/a"),
        ("https://stadt.de/intern/", "/intern/a", "/a"),
        ("http://alt.stadt.de/", None, "/a"),
        ("?druck=1", "/a?druck=1", "/a"),
        (".xls$", "/b/a.xls", "/a.xlsx"),
        ("*/intern/", "/b/intern/", "/a"),
        ("übergänge", "/%C3%BCberg%C3%A4nge/a", "/a"),
        ("", None, "/a"),
    ],
)
def test_rules_without_a_slash_hold(rule: str, refused: str | None, free: str) -> None:
    for charset in ("utf-8", "cp1252", "utf-16"):
        rules = read_robots(200, f"User-agent: *\r\nDisallow:{rule} # Regel".encode(charset))
        assert rules.refusal(f"https://stadt.de{free}") is None
        assert refused is None or rules.refusal(f"https://stadt.de{refused}") is not None


def test_rules_before_any_group_are_for_all() -> None:
    rules = read_robots(200, b"Disallow: /intern\nCrawl-delay: 2\n\nUser-agent: andere\nDisallow: /")
    assert rules.refusal("https://stadt.de/intern") is not None
    assert rules.refusal("https://stadt.de/a") is None
    assert rules.crawl_delay == 2.0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("2 Sekunden", 2.0),
        ("10s", 10.0),
        ("0,5 # halb", 0.5),
        ("500 ms", 0.5),
        ("1 min", 60.0),
        ("1 Stunde", MAX_CRAWL_DELAY),
        (",5", 0.5),
        ("bald", None),
        ("-1", None),
        ("", None),
    ],
)
def test_pauses_as_people_write_them(said: str, seconds: float | None) -> None:
    assert read_robots(200, f"User-agent: *\nCrawl-delay: {said}".encode()).crawl_delay == seconds


@given(st.binary(max_size=300))
def test_any_bytes_are_rules_or_none(body: bytes) -> None:
    rules = read_robots(200, b"User-agent: fundstelle/1\n" + body)
    assert rules.refusal("https://stadt.de/a") in (None, FORBIDDEN)
    assert rules.crawl_delay is None or 0 <= rules.crawl_delay <= MAX_CRAWL_DELAY
