"""Runs that are cut off go on where they were."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.reservations import SITE_FILES
from crawler.memory.pages import ROUND_RUNS, CrawlMemory, Lead
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from crawler.sources.source import Source
from crawler.visit.ledger import Visit, VisitLimits
from kb.errors import CrawlError
from kb.ports import Progress, no_progress
from tests.crawler.crawls import a_job, a_source, paced, texts
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
    """A run whose server answers no faster than its pages are read, however slow that is on this machine."""
    job = a_job(folder, [a_source("stadt", site.base, delay=0.03)], state_dir=folder / "state", **values)
    with paced(site, ON_ITS_WAY, progress) as tell:
        return run_crawl(job, tell)


def _assert_complete(folder: Path, report: CrawlReport) -> None:
    visit = report.sources[0]
    assert len(texts(folder)) == COUNT
    assert visit.totals.found == len(visit.outcomes) == COUNT + 1
    assert len({outcome.url for outcome in visit.outcomes}) == COUNT + 1
    assert visit.count(PageAction.FAILED) == 0


def killer(after: int) -> Progress:
    """Ends the crawl process when so many outcomes have been told."""

    def kill(done: int, _total: int | None, _label: str) -> None:
        if done == after:
            for child in multiprocessing.active_children():
                assert child.pid is not None
                os.kill(child.pid, signal.SIGKILL)

    return kill


@pytest.mark.crawl
@pytest.mark.kill
def test_kill_at_random_moments_loses_nothing_and_repeats_next_to_nothing(tmp_path: Path) -> None:
    dice = random.Random(6)
    with serve(_tree()) as site:
        for _ in range(KILLS):
            # What an earlier run had finished is told again first.
            kill = killer(len(texts(tmp_path)) + dice.randrange(1, 10))
            with pytest.raises(CrawlError, match="SIGKILL"):
                _crawl(tmp_path, site, kill)
        report = _crawl(tmp_path, site)
    _assert_complete(tmp_path, report)
    assert "setzt einen unterbrochenen Lauf fort" in report.sources[0].totals.notes[0]
    twice = sum(count - 1 for path, count in Counter(site.paths).items() if path != "/robots.txt")
    assert twice <= ON_ITS_WAY * KILLS, "only what was on its way is asked for again"


@pytest.mark.crawl
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


@pytest.mark.crawl
def test_run_that_was_stopped_by_its_time_is_finished_by_the_next(tmp_path: Path) -> None:
    with serve(_tree()) as site:
        site.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.2")
        first = _crawl(tmp_path, site, max_seconds=6.0)
        assert "Laufzeit ist um" in first.sources[0].totals.notes[0]
        visited = len(texts(tmp_path))
        assert 0 < visited < COUNT
        (tmp_path / "state" / "hosts.sqlite").unlink()
        site.answers["/robots.txt"] = Answer(status=404)
        report = _crawl(tmp_path, site)
    assert len(texts(tmp_path)) == COUNT
    visit = report.sources[0]
    assert visit.count(PageAction.ADDED) == COUNT - visited, "each run tells what it did itself"
    assert visit.totals.found == len(visit.outcomes)
    assert "setzt den letzten Lauf fort" in visit.totals.notes[0]
    again = {path: count for path, count in Counter(site.paths).items() if count > 1}
    assert set(again) <= {"/robots.txt", *SITE_FILES}


@pytest.mark.crawl
def test_budget_of_pages_is_spent_on_what_earlier_runs_left(tmp_path: Path) -> None:
    """Every page has its turn in the course of several runs, then the first ones come again."""
    notes: list[str] = []
    with serve(_tree()) as site:
        source = a_source("stadt", site.base, max_pages=25)
        while not notes or "warten" in notes[-1]:
            before = len(texts(tmp_path))
            report = run_crawl(a_job(tmp_path, [source], state_dir=tmp_path / "state"))
            visit = report.sources[0]
            notes.append(" ".join(visit.totals.notes))
            assert visit.totals.fetched <= 26
            assert visit.count(PageAction.ADDED) == len(texts(tmp_path)) - before
            assert visit.totals.found == len(visit.outcomes)
            assert visit.count(PageAction.FAILED) == 0
            assert len(notes) <= 3
        assert len(texts(tmp_path)) == COUNT
        assert max(count for path, count in Counter(site.paths).items() if path != "/robots.txt") == 1
        assert "Höchstzahl von 25 Seiten erreicht (max_pages): " in notes[0]
        assert "setzt den letzten Lauf fort, 25 Adressen sind schon besucht" in notes[1]
        after = run_crawl(a_job(tmp_path, [source], state_dir=tmp_path / "state")).sources[0]
    assert after.count(PageAction.UNCHANGED) == 24, "a new round begins with the start page"


@given(
    links=st.lists(st.lists(st.integers(0, 29), max_size=5), min_size=30, max_size=30),
    budgets=st.lists(st.integers(1, 6), min_size=40, max_size=40),
    kills=st.sets(st.integers(0, 39)),
)
def test_round_visits_every_page_once_whatever_the_budgets_and_kills(
    links: list[list[int]], budgets: list[int], kills: set[int]
) -> None:
    """A model of runs over one memory: what can be reached is asked for once, up to what a kill repeats."""
    memory = CrawlMemory()
    source = Source("stadt", "Stadt", "Stadt", start_urls=("https://stadt.de/0",))
    reachable, todo = {0}, [0]
    while todo:
        fresh = set(links[todo.pop()]) - reachable
        reachable |= fresh
        todo += fresh
    done: list[int] = []
    for number, budget in enumerate(budgets):
        visit = Visit(source, memory, VisitLimits(max_pages=budget), lambda *_: None)
        queue = visit.begin()
        asked = 0
        while queue and not (number in kills and asked == 1):
            lead = queue.pop(0)
            asked += 1
            done.append(page := int(lead.url.rsplit("/", 1)[1]))
            with visit.at_once():
                visit.tell(PageOutcome(lead.url, PageAction.ADDED, "neu"))
                queue += visit.follow(f"https://stadt.de/{target}" for target in links[page])
        assert asked <= budget
        if queue:
            continue  # killed
        visit.end()
        if not visit.notes or "warten" not in visit.notes[-1]:
            break
    assert len(done) == len(set(done))
    assert set(done) == reachable


def test_what_a_run_that_was_cut_off_told_is_told_whole_again(tmp_path: Path) -> None:
    memory = CrawlMemory(tmp_path / "m.sqlite", "leser")
    outcome = PageOutcome(
        "https://stadt.de/a", PageAction.ADDED, "neu", "a", warnings=("Seite 2 hat keinen Text",)
    )
    memory.done(outcome)
    assert list(memory.outcomes()) == [outcome]


def test_round_without_end_is_ended(tmp_path: Path) -> None:
    memory = CrawlMemory(tmp_path / "m.sqlite", "leser")
    memory.begin()
    memory.wait_for([Lead("https://stadt.de/a", "page")])
    assert [memory.pause() for _ in range(ROUND_RUNS)] == [True] * (ROUND_RUNS - 1) + [False]
    assert not memory.begin()
    assert memory.waiting() == []
