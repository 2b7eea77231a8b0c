"""robots.txt in whole crawls: RFC 9309's cases, kept for a day, and a host's rest beyond one run."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from crawler.manners.hosts import Hosts, Patience, Trouble
from crawler.memory.hosts import CACHED_SECONDS, HostMemory, RobotsAnswer
from crawler.report.outcomes import PageAction
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from kb.errors import StorageError
from tests.crawler.crawls import a_job, a_source, by_path
from tests.crawler.loopback import Answer, Site, link_list, page, serve

RULES = Answer(b"User-agent: *\nDisallow: /geheim", content_type="text/plain")
PAGES = {"/": link_list("/geheim", "/offen"), "/geheim": page("Geheim"), "/offen": page("Offen")}


def _crawl(folder: Path, site: Site) -> CrawlReport:
    return run_crawl(a_job(folder, [a_source("stadt", site.base)], state_dir=folder / "state"))


def _age(folder: Path, seconds: float) -> None:
    with sqlite3.connect(folder / "state" / "hosts.sqlite") as database:
        database.execute("UPDATE robots SET at = at - ?", (seconds,))
    database.close()


@pytest.mark.crawl
def test_rules_are_asked_for_once_a_day(tmp_path: Path) -> None:
    with serve(PAGES | {"/robots.txt": RULES}) as site:
        _crawl(tmp_path, site)
        site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /")
        again = _crawl(tmp_path, site)
        assert site.paths.count("/robots.txt") == 1
        assert by_path(again)["/geheim"].reason == "robots.txt erlaubt den Abruf nicht"
        assert by_path(again)["/offen"].action is PageAction.UNCHANGED
        _age(tmp_path, CACHED_SECONDS)
        next_day = _crawl(tmp_path, site)
    assert site.paths.count("/robots.txt") == 2
    assert by_path(next_day)["/"].reason == "robots.txt erlaubt den Abruf nicht"
    assert "/geheim" not in site.paths


@pytest.mark.crawl
def test_unreachable_rules_forbid_all_and_are_not_remembered(tmp_path: Path) -> None:
    with serve(PAGES | {"/robots.txt": Answer(status=503)}) as site:
        shut = _crawl(tmp_path, site)
        assert set(site.paths) == {"/robots.txt"}
        assert shut.count(PageAction.FAILED) == 1
        site.answers["/robots.txt"] = Answer(status=403)
        opened = _crawl(tmp_path, site)
    assert opened.count(PageAction.ADDED) == 2, "4xx means that there are no rules"


@pytest.mark.crawl
@pytest.mark.parametrize(("redirects", "allowed"), [(5, False), (6, True)])
def test_rules_are_followed_over_five_redirects(tmp_path: Path, redirects: int, allowed: bool) -> None:
    chain = {
        f"/r{n}": Answer(status=301, headers={"Location": f"/r{n + 1}" if n < redirects else "/regeln"})
        for n in range(2, redirects + 1)
    }
    start = {"/robots.txt": Answer(status=301, headers={"Location": "/r2"}), "/regeln": RULES}
    with serve(PAGES | chain | start) as site:
        _crawl(tmp_path, site)
    assert ("/geheim" in site.paths) is allowed
    assert "/offen" in site.paths


@pytest.mark.crawl
def test_rules_beyond_500_kibibytes_are_not_read(tmp_path: Path) -> None:
    filler = b"# " + b"x" * 1_022 + b"\n"
    body = b"User-agent: *\nDisallow: /geheim\n" + filler * 600 + b"Disallow: /offen\n"
    with serve(PAGES | {"/robots.txt": Answer(body, content_type="text/plain")}) as site:
        _crawl(tmp_path, site)
    assert "/offen" in site.paths
    assert "/geheim" not in site.paths


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


def test_memory_keeps_rules_for_a_day_and_no_longer(tmp_path: Path) -> None:
    clock = Clock()
    memory = HostMemory(tmp_path / "hosts.sqlite", clock)
    for status, kept in ((200, True), (404, True), (429, False), (500, False)):
        memory.keep_robots(f"https://s{status}.de", RobotsAnswer(status, b"x"))
        assert (memory.robots(f"https://s{status}.de") is not None) is kept
    memory.close()
    clock.time += CACHED_SECONDS - 1
    again = HostMemory(tmp_path / "hosts.sqlite", clock)
    assert again.robots("https://s200.de") == RobotsAnswer(200, b"x")
    clock.time += 1
    assert again.robots("https://s200.de") is None
    clock.time = 0.0  # the clock of the machine was set back: what comes from the future proves nothing
    assert again.robots("https://s404.de") is None


def test_host_that_asked_one_run_for_hours_is_left_alone_by_the_next(tmp_path: Path) -> None:
    clock = Clock()
    first = Hosts(Patience(longest_rest=60), HostMemory(tmp_path / "h.sqlite", clock))
    first.trouble("stadt.de", Trouble.OVERLOAD, "Status 429", wanted=7_200)
    first.memory.close()
    clock.time += 60
    second = Hosts(Patience(longest_rest=60), HostMemory(tmp_path / "h.sqlite", clock))
    assert "noch 119 Minuten" in (second.given_up("stadt.de") or "")
    assert second.given_up("land.de") is None
    second.memory.close()
    clock.time += 7_120
    third = Hosts(Patience(longest_rest=60), HostMemory(tmp_path / "h.sqlite", clock))
    assert third.given_up("stadt.de") is None
    assert 0 < third.seconds_to_rest("stadt.de") <= 20


@pytest.mark.crawl
def test_broken_memory_names_its_file_and_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "hosts.sqlite").write_bytes(b"kein SQLite" * 100)
    with serve(PAGES) as site, pytest.raises(StorageError, match=r"hosts\.sqlite.*löschen"):
        _crawl(tmp_path, site)
