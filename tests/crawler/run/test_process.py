"""A crawl process ends with its parent and with its time, and says so."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import threading
from pathlib import Path

import pytest

from crawler.report.outcomes import PageAction
from crawler.run.crawl import run_crawl
from crawler.sources.source import Source
from crawler.visit.job import CrawlJob
from kb.model import ExtractedText, RawContent
from kb.ports import Extractor
from tests import limits
from tests.crawler.crawls import a_job, a_source
from tests.crawler.loopback import SENTENCE, Answer, link_list, page, serve

pytestmark = pytest.mark.crawl


def _endless(delay: str = "") -> dict[str, Answer]:
    chain = {
        f"/seite/{n}": page(f"Seite {n}", f"{n}. " + SENTENCE * 4, links=f"<a href='/seite/{n + 1}'>x</a>")
        for n in range(1, 400)
    }
    return {"/": link_list("/seite/1"), "/robots.txt": Answer(delay.encode()), **chain}


def _crawl_and_tell(crawl: CrawlJob, told: Path) -> None:
    """Stands in for ``kb crawl``: writes down the number of its crawl process."""

    def tell(_done: int, _total: int | None, _label: str) -> None:
        pids = [str(child.pid) for child in multiprocessing.active_children()]
        told.with_suffix(".part").write_text(pids[0], encoding="utf-8")
        told.with_suffix(".part").rename(told)

    run_crawl(crawl, tell)


@pytest.mark.kill
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux to wait for a process of another")
def test_crawl_process_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    answers = {"/": link_list("/kurz", "/hang"), "/kurz": page("Kurz"), "/hang": Answer(manner="hang")}
    told = tmp_path / "pid"
    with serve(answers) as site:
        crawl = a_job(tmp_path, [a_source("stadt", site.base)], timeout=limits.SECONDS)
        parent = multiprocessing.get_context("spawn").Process(target=_crawl_and_tell, args=(crawl, told))
        parent.start()
        hung = threading.Event()
        while "/hang" not in site.paths or not told.exists():
            assert parent.is_alive()
            hung.wait(0.02)
        child = os.pidfd_open(int(told.read_text(encoding="utf-8")))
        try:
            assert parent.pid is not None
            os.kill(parent.pid, signal.SIGKILL)
            parent.join(limits.SECONDS)
            ended, _, _ = select.select([child], [], [], limits.SECONDS)
        finally:
            os.close(child)
    assert ended, "the crawl process went on without its parent"


def test_run_ends_with_its_time_and_every_address_has_its_outcome(tmp_path: Path) -> None:
    # Some ten requests in its time, on a machine that has other things to do some five.
    slow = _endless("User-agent: *\nCrawl-delay: 0.5")
    slow["/"] = link_list("/seite/1", *(f"/seite/{n}" for n in range(200, 260)))
    with serve(slow) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base)], max_seconds=6.0))
    visit = report.sources[0]
    assert report.seconds < limits.SECONDS, "the next of four hundred pages is not waited for"
    ended = "vorzeitig beendet: die Laufzeit ist um (KB_CRAWL_MAX_SECONDS); der nächste Lauf macht dort weiter"
    assert visit.totals.notes == (ended,)
    assert any("Laufzeit ist um" in line for line in report.lines())
    assert visit.count(PageAction.ADDED) >= 2, "what was read before is in"
    assert visit.reasons(PageAction.SKIPPED)["die Laufzeit ist um (KB_CRAWL_MAX_SECONDS)"] >= 20
    assert visit.count(PageAction.FAILED) == 0
    assert visit.totals.found == len(visit.outcomes) == len({outcome.url for outcome in visit.outcomes})


def test_source_that_waited_for_its_turn_too_long_says_so(tmp_path: Path) -> None:
    with serve(_endless("User-agent: *\nCrawl-delay: 0.2")) as site:
        sources = [a_source("erst", site.base), a_source("dann", site.base)]
        report = run_crawl(a_job(tmp_path, sources, max_seconds=1.5))
    first, second = sorted(report.sources, key=lambda visit: len(visit.outcomes), reverse=True)
    assert first.totals.notes[0].startswith("vorzeitig beendet: die Laufzeit ist um")
    assert second.totals.notes[0].startswith("nicht besucht: die Laufzeit ist um")
    assert second.outcomes == ()


class Stuck:
    """Never comes back from the second page behind the start page, which is looked at as well."""

    def __init__(self) -> None:
        self._pages = 0

    def extract(self, content: RawContent) -> ExtractedText:
        self._pages += 1
        if self._pages == 3:
            threading.Event().wait()
        return ExtractedText("Titel", SENTENCE * 5)


def _stuck(_source: Source) -> Extractor:
    return Stuck()


@pytest.mark.kill
def test_process_that_hangs_beyond_its_time_is_killed_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.run.process._SECONDS_TO_STOP", 0.5)
    with serve(_endless()) as site:
        crawl = a_job(
            tmp_path, [a_source("stadt", site.base)], make_extractor=_stuck, max_seconds=8.0, timeout=1.0
        )
        report = run_crawl(crawl)
    assert report.count(PageAction.ADDED) == 1
    assert "reagierte der Crawl-Prozess nicht mehr" in report.lines()[-1]
    assert multiprocessing.active_children() == []
