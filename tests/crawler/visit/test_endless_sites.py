"""Endless sites end by themselves, with the reason in the report; budgets hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.addressing.traps import BARREN_PAGES, QUERIES_A_PATH
from crawler.report.outcomes import PageAction
from crawler.run.crawl import run_crawl
from tests.crawler.crawls import a_job, a_source, paced
from tests.crawler.loopback import SENTENCE, link_list, page, serve

pytestmark = pytest.mark.crawl


def test_endless_site_ends_by_itself_and_says_why(tmp_path: Path) -> None:
    filters = {f"/liste?filter={n}": link_list(f"/liste?filter={n + 1}") for n in range(400)}
    deep = {"/ordner" + "/tiefer" * n: link_list("/ordner" + "/tiefer" * (n + 1)) for n in range(30)}
    months = {
        f"/kalender?jahr={year}": page(
            str(year), f"{year}: " + SENTENCE * 4, links=f"<a href='?jahr={year + 1}'>x</a>"
        )
        for year in range(2026, 2200)
    }
    start = {"/": link_list("/liste?filter=0", "/ordner", "/kalender?jahr=2026")}
    with serve(filters | deep | months | start) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base)]))
    reasons = report.sources[0].reasons(PageAction.SKIPPED)
    assert reasons[f"{BARREN_PAGES} gleichartige Adressen in Folge brachten kein Dokument"] == 1
    assert reasons["endloser Pfad: die Adresse wiederholt sich oder ist überlang"] == 1
    assert reasons["Kalenderblatt in ferner Zukunft oder Vergangenheit"] == 1
    assert len(site.paths) < BARREN_PAGES + 20
    assert QUERIES_A_PATH > BARREN_PAGES


def test_byte_budget_stops_a_source_and_says_so(tmp_path: Path) -> None:
    pages = {f"/s{n}": page(f"S {n}", f"{n}. " + SENTENCE * 300) for n in range(40)}
    with serve({"/": link_list(*pages), **pages}) as site:
        job = a_job(tmp_path, [a_source("stadt", site.base, delay=0.05)], max_total_bytes=200_000)
        with paced(site, 8) as tell:
            report = run_crawl(job, tell)
    visit = report.sources[0]
    assert "Höchstmenge von 0,2 MB" in visit.totals.notes[0]
    assert 5 <= visit.count(PageAction.ADDED) < 30
    assert len(visit.outcomes) == visit.totals.found == 41


def test_long_archive_of_declared_listings_is_read_to_its_end(tmp_path: Path) -> None:
    last = BARREN_PAGES + 20
    archive = {f"/archiv?seite={n}": link_list(f"/archiv?seite={n + 1}") for n in range(last)}
    archive[f"/archiv?seite={last}"] = link_list("/bericht")
    with serve({"/": link_list("/archiv?seite=0"), "/bericht": page("Bericht"), **archive}) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base, listings=("/archiv",))]))
    assert report.count(PageAction.ADDED) == 1
