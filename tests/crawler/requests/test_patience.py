"""Crawls of hosts that want to be left alone: they are, they are asked again, and nobody else waits."""

from __future__ import annotations

import time
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest

from crawler.manners.hosts import Patience
from crawler.report.outcomes import PageAction
from crawler.run.crawl import run_crawl
from tests import limits
from tests.crawler.crawls import a_job, a_source, by_path, texts
from tests.crawler.loopback import SENTENCE, Answer, Site, link_list, page, serve

pytestmark = pytest.mark.crawl


def _pages(letter: str, count: int) -> dict[str, Answer]:
    pages = {f"/{letter}{n}": page(f"{letter} {n}", f"{letter}{n}: " + SENTENCE * 5) for n in range(count)}
    return {"/": link_list(*pages), **pages}


def _times(site: Site, path: str) -> list[float]:
    return [when for asked, when in site.asked if asked == path]


def test_retry_after_is_obeyed_for_the_whole_host_and_no_other_host_waits(tmp_path: Path) -> None:
    tired = _pages("a", 8)
    tired["/a0"] = Answer(status=429, headers={"Retry-After": "2"}, then=tired["/a0"])
    is_tired = Event()

    def ask_for_rest(path: str) -> None:
        if path == "/a0":
            is_tired.set()

    def wait_for_that(path: str) -> None:
        """The other host's first page is answered then: seven are still to come."""
        if path.startswith("/b"):
            is_tired.wait(limits.SECONDS)

    with serve(tired) as first, serve(_pages("b", 8), host="127.0.0.2") as second:
        first.watch, second.watch = ask_for_rest, wait_for_that
        both = a_source("zwei", first.base, start_urls=(f"{first.base}/", f"{second.base}/"), delay=0.02)
        report = run_crawl(a_job(tmp_path, [both]))
    before, after = _times(first, "/a0")
    assert after - before >= 2.0
    assert not [path for path, when in first.asked if before < when < before + 2.0], "the host has its rest"
    assert any(before < when < after for _, when in second.asked), "the other host did not wait"
    assert report.count(PageAction.ADDED) == 16
    assert report.count(PageAction.FAILED) == 0
    assert report.sources[0].totals.notes == ()


def test_retry_after_as_a_date_is_obeyed(tmp_path: Path) -> None:
    answers = _pages("a", 2)
    # Dates have whole seconds: the rest lasts between one and two.
    until = formatdate(time.time() + 5.0, usegmt=True)
    answers["/a0"] = Answer(status=503, headers={"Retry-After": until}, then=answers["/a0"])
    with serve(answers) as site:
        job = a_job(tmp_path, [a_source("stadt", site.base)], patience=Patience(longest_rest=10))
        started = time.time()
        report = run_crawl(job)
        ended = time.time()
    assert report.count(PageAction.ADDED) == 2
    assert ended >= int(started + 4.0), "nothing is asked for before the date"
    before, after = _times(site, "/a0")
    assert after > before


def test_overloaded_host_gets_longer_and_longer_rests_and_is_given_up(tmp_path: Path) -> None:
    broken = {path: Answer(status=503) for path in _pages("a", 20)}
    broken["/"] = _pages("a", 20)["/"]
    with serve(broken) as first, serve(_pages("b", 5), host="127.0.0.2") as second:
        sources = [a_source("kaputt", first.base), a_source("heil", second.base)]
        patience = Patience(first_rest=0.05, longest_rest=3.0, give_up_after=5)
        report = run_crawl(a_job(tmp_path, sources, patience=patience))
    asked = [when for path, when in first.asked if path.startswith("/a") and path != "/ai.txt"]
    assert len(asked) == 5, "after five overloads in a row it is left alone"
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    for gap, rest in zip(gaps, [0.05, 0.1, 0.2, 0.4], strict=True):
        assert gap >= rest
    bad, good = report.sources
    assert bad.count(PageAction.FAILED) == 20, "every page has its reason"
    assert "nicht weiter abgerufen" in bad.totals.notes[0]
    assert any("Status 503" in line for line in bad.lines())
    assert good.count(PageAction.ADDED) == 5


def test_host_that_asks_for_hours_is_left_alone_at_once(tmp_path: Path) -> None:
    answers = {path: Answer(status=429, headers={"Retry-After": "7200"}) for path in _pages("a", 5)}
    answers["/"] = _pages("a", 5)["/"]
    with serve(answers) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base)]))
    assert len([path for path in site.paths if path.startswith("/a") and path != "/ai.txt"]) == 1
    assert "2 Stunden" in report.sources[0].totals.notes[0]


def test_what_fails_for_a_moment_is_asked_again(tmp_path: Path) -> None:
    answers = _pages("a", 5)
    answers["/robots.txt"] = Answer(status=503, then=Answer(b"User-agent: *\nDisallow: /a4"))
    answers["/a0"] = Answer(status=500, then=answers["/a0"])
    answers["/a1"] = Answer(manner="hang", then=answers["/a1"])
    answers["/a2"] = Answer(answers["/a2"].body, manner="cut", then=answers["/a2"])
    with serve(answers) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base)], timeout=5.0))
    assert report.count(PageAction.ADDED) == len(texts(tmp_path)) == 4
    assert report.count(PageAction.FAILED) == 0
    assert "/a4" not in site.paths, "the rules that came the second time hold"
    assert site.paths.count("/robots.txt") == 2


def test_page_that_always_fails_costs_only_itself(tmp_path: Path) -> None:
    answers = _pages("a", 12)
    answers |= {f"/a{n}": Answer(status=500) for n in range(4)}
    with serve(answers) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base)]))
    assert report.count(PageAction.ADDED) == 8
    assert report.sources[0].reasons(PageAction.FAILED) == {"der Server antwortet mit Status 500": 4}
    assert site.paths.count("/a0") == 3


def test_run_whose_time_is_up_does_not_wait_for_a_resting_host(tmp_path: Path) -> None:
    answers = _pages("a", 5) | {"/a0": Answer(status=429, headers={"Retry-After": "60"})}
    with serve(answers) as site:
        patience = Patience(longest_rest=100)
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base)], patience=patience, max_seconds=6.0))
    assert report.seconds < 60, "a minute is what the host asked for"
    visit = report.sources[0]
    assert "Laufzeit ist um" in by_path(report)["/a0"].reason
    assert len(visit.outcomes) == visit.totals.found == 6
    assert visit.totals.notes
