"""Runs that are cut off go on where they were; two at once are not possible."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from crawler.crawl import run_crawl
from crawler.report import CrawlReport, PageAction
from crawler.reservations import SITE_FILES
from kb.corpus.atomic import exclusive_lock
from kb.errors import CrawlError
from kb.ports import Progress, no_progress
from tests.crawler.crawls import a_job, a_source, texts
from tests.crawler.loopback import SENTENCE, Answer, Site, link_list, page, serve

COUNT = 60
KILLS = 5
# Answers that wait to be read when a run is cut off, on a site with hardly a pause between two requests.
ON_ITS_WAY = 10


def _tree() -> dict[str, Answer]:
    """Every page leads to two others, so that what is lost of the frontier is lost for good."""
    pages = {
        f"/s/{n}": page(
            f"Seite {n}",
            f"Nummer {n}. " + SENTENCE * 4,
            links=f"<a href='/s/{2 * n}'>x</a><a href='/s/{2 * n + 1}'>y</a>" if 2 * n + 1 <= COUNT else "",
        )
        for n in range(1, COUNT + 1)
    }
    return {"/": link_list("/s/1", f"/s/{COUNT}"), "/robots.txt": Answer(status=404), **pages}


def _crawl(folder: Path, site: Site, progress: Progress = no_progress, **values: object) -> CrawlReport:
    job = a_job(folder, [a_source("stadt", site.base, delay=0.03)], state_dir=folder / "state", **values)
    return run_crawl(job, progress)


def _assert_complete(folder: Path, report: CrawlReport) -> None:
    visit = report.sources[0]
    assert len(texts(folder)) == COUNT
    assert visit.totals.found == len(visit.outcomes) == COUNT + 1
    assert len({outcome.url for outcome in visit.outcomes}) == COUNT + 1
    assert visit.count(PageAction.FAILED) == 0


def _killer(after: int) -> Progress:
    """Ends the crawl process when so many outcomes have been told."""

    def kill(done: int, _total: int | None, _label: str) -> None:
        if done == after:
            for child in multiprocessing.active_children():
                assert child.pid is not None
                os.kill(child.pid, signal.SIGKILL)

    return kill


def test_kill_at_random_moments_loses_nothing_and_repeats_next_to_nothing(tmp_path: Path) -> None:
    dice = random.Random(6)
    with serve(_tree()) as site:
        for _ in range(KILLS):
            # What an earlier run had finished is told again first.
            kill = _killer(len(texts(tmp_path)) + dice.randrange(1, 10))
            with pytest.raises(CrawlError, match="SIGKILL"):
                _crawl(tmp_path, site, kill)
        report = _crawl(tmp_path, site)
    _assert_complete(tmp_path, report)
    assert "setzt einen unterbrochenen Lauf fort" in report.sources[0].totals.notes[0]
    twice = sum(count - 1 for path, count in Counter(site.paths).items() if path != "/robots.txt")
    assert twice <= ON_ITS_WAY * KILLS, "only what was on its way is asked for again"


def test_interrupted_run_goes_on(tmp_path: Path) -> None:
    def interrupt(done: int, _total: int | None, _label: str) -> None:
        if done == 15:
            raise KeyboardInterrupt

    with serve(_tree()) as site:
        with pytest.raises(KeyboardInterrupt):
            _crawl(tmp_path, site, interrupt)
        before = len(texts(tmp_path))
        assert 10 <= before < COUNT
        report = _crawl(tmp_path, site)
        _assert_complete(tmp_path, report)
        assert len(site.paths) <= COUNT + 3 + ON_ITS_WAY
        third = _crawl(tmp_path, site)
    assert third.count(PageAction.UNCHANGED) == COUNT
    assert third.sources[0].totals.notes == (), "a run that came to its end is not gone on with"


def test_run_that_was_stopped_by_its_time_is_finished_by_the_next(tmp_path: Path) -> None:
    with serve(_tree()) as site:
        site.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.2")
        first = _crawl(tmp_path, site, max_seconds=1.5)
        assert "Laufzeit ist um" in first.sources[0].totals.notes[0]
        assert 0 < len(texts(tmp_path)) < COUNT
        (tmp_path / "state" / "hosts.sqlite").unlink()
        site.answers["/robots.txt"] = Answer(status=404)
        report = _crawl(tmp_path, site)
    _assert_complete(tmp_path, report)
    again = {path: count for path, count in Counter(site.paths).items() if count > 1}
    assert set(again) <= {"/robots.txt", *SITE_FILES}


def test_second_crawl_is_told_that_one_is_running(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with serve(_tree()) as site:
        with (
            exclusive_lock(tmp_path / "state" / "lock", timeout=1.0),
            pytest.raises(CrawlError, match="ein anderer Crawl läuft"),
        ):
            _crawl(tmp_path, site)
        assert site.connections == 0
        assert _crawl(tmp_path, site).count(PageAction.ADDED) == COUNT
