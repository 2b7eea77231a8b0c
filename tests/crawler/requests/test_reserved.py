"""Reservations against text and data mining in whole crawls: respected, reported, and asked for once a day."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from crawler.memory.hosts import CACHED_SECONDS
from crawler.report.outcomes import PageAction
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from crawler.sources.source import Mining
from tests.crawler.crawls import a_job, a_source, by_path, texts
from tests.crawler.loopback import Answer, Site, link_list, page, serve

pytestmark = pytest.mark.crawl

TDMREP, AI = "/.well-known/tdmrep.json", "/ai.txt"
RESERVED = Answer(
    b'[{"location": "/geheim", "tdm-reservation": 1, "tdm-policy": "https://stadt.example/tdm"}]',
    content_type="application/json",
)
PAGES = {"/": link_list("/geheim", "/offen"), "/geheim": page("Geheim"), "/offen": page("Offen")}


def _crawl(folder: Path, site: Site, **values: object) -> CrawlReport:
    return run_crawl(a_job(folder, [a_source("stadt", site.base, **values)], state_dir=folder / "state"))


def _notes(report: CrawlReport) -> str:
    return "\n".join(report.sources[0].totals.notes)


@pytest.mark.parametrize(
    ("answers", "place"),
    [
        ({TDMREP: RESERVED}, TDMREP),
        ({AI: Answer(b"User-Agent: *\nDisallow: /geheim", content_type="text/plain")}, AI),
        ({"/geheim": Answer(page("Geheim").body, headers={"TDM-Reservation": "1"})}, "tdm-reservation"),
        ({"/geheim": Answer(page("Geheim").body, headers={"X-Robots-Tag": "noai"})}, "noai"),
        ({"/geheim": page("Geheim", head="<meta name=tdm-reservation content=1>")}, "tdm-reservation"),
        ({"/geheim": page("Geheim", head="<meta name=robots content=noai>")}, "noai"),
    ],
)
def test_a_reserved_page_is_not_taken_and_the_report_says_where_that_stands(
    tmp_path: Path, answers: dict[str, Answer], place: str
) -> None:
    with serve(PAGES | answers) as site:
        report = _crawl(tmp_path, site)
    outcome = by_path(report)["/geheim"]
    assert outcome.action is PageAction.SKIPPED
    assert "Vorbehalt gegen Text- und Data-Mining" in outcome.reason
    assert place in outcome.reason
    assert by_path(report)["/offen"].action is PageAction.ADDED
    assert not any("Geheim" in text for text in texts(tmp_path))
    if place in (TDMREP, AI):
        assert "/geheim" not in site.paths, "what is reserved beforehand is not even asked for"
        assert place in _notes(report)


@pytest.mark.parametrize("values", [{"permission": "Brief vom 1. März 2026"}, {"tdm": Mining.PERMITTED}])
def test_a_permission_in_the_source_lifts_every_reservation_and_they_are_told_all_the_same(
    tmp_path: Path, values: dict[str, object]
) -> None:
    also = {"/offen": page("Offen", head="<meta name=tdm-reservation content=1>")}
    with serve(PAGES | also | {TDMREP: RESERVED}) as site:
        report = _crawl(tmp_path, site, **values)
    assert report.count(PageAction.ADDED) == 2
    assert f"({TDMREP}, Richtlinie: https://stadt.example/tdm); die Quelle nennt eine Erlaubnis" in _notes(
        report
    )
    assert '(<meta name="tdm-reservation">); die Quelle nennt eine Erlaubnis' in _notes(report)


def test_terms_that_reserve_keep_the_crawler_away_altogether(tmp_path: Path) -> None:
    with serve(PAGES) as site:
        report = _crawl(tmp_path, site, tdm=Mining.RESERVED, terms="https://stadt.example/agb")
        assert site.paths == []
    outcome = by_path(report)["/"]
    assert outcome.action is PageAction.SKIPPED
    assert "https://stadt.example/agb" in outcome.reason


def test_the_files_are_asked_for_once_a_day(tmp_path: Path) -> None:
    with serve(PAGES | {TDMREP: RESERVED}) as site:
        _crawl(tmp_path, site)
        site.answers[TDMREP] = Answer(status=404)
        again = _crawl(tmp_path, site)
        assert (site.paths.count(TDMREP), site.paths.count(AI)) == (1, 1)
        assert "Vorbehalt" in by_path(again)["/geheim"].reason
        with sqlite3.connect(tmp_path / "state" / "hosts.sqlite") as database:
            database.execute("UPDATE files SET at = at - ?", (CACHED_SECONDS,))
        database.close()
        next_day = _crawl(tmp_path, site)
        assert (site.paths.count(TDMREP), site.paths.count(AI)) == (2, 2)
    assert by_path(next_day)["/geheim"].action is PageAction.ADDED


@pytest.mark.parametrize("trouble", [Answer(status=500), Answer(status=503), Answer(b"[", manner="cut")])
def test_trouble_with_an_optional_file_means_none_is_noted_and_not_asked_again(
    tmp_path: Path, trouble: Answer
) -> None:
    with serve(PAGES | {TDMREP: trouble, AI: trouble}) as site:
        first = _crawl(tmp_path, site)
        second = _crawl(tmp_path, site)
        assert (site.paths.count(TDMREP), site.paths.count(AI)) == (1, 1)
    assert first.count(PageAction.ADDED) == 2
    for report in (first, second):
        assert f"{TDMREP} nicht abrufbar" in _notes(report)
        assert "gilt als nicht vorhanden" in _notes(report)


def test_missing_files_and_error_pages_say_nothing(tmp_path: Path) -> None:
    with serve(PAGES | {AI: page("Seite nicht gefunden")}) as site:
        report = _crawl(tmp_path, site)
    assert report.count(PageAction.ADDED) == 2
    assert _notes(report) == ""


def test_files_that_robots_txt_forbids_are_not_asked_for(tmp_path: Path) -> None:
    rules = Answer(b"User-agent: *\nDisallow: /.well-known/\nDisallow: /ai.txt", content_type="text/plain")
    with serve(PAGES | {"/robots.txt": rules, TDMREP: RESERVED}) as site:
        report = _crawl(tmp_path, site)
        assert not {TDMREP, AI} & set(site.paths)
    assert "robots.txt erlaubt den Abruf nicht" in _notes(report)


def test_a_document_whose_page_is_reserved_later_stays_as_it_was(tmp_path: Path) -> None:
    with serve(PAGES) as site:
        _crawl(tmp_path, site)
        site.answers["/geheim"] = page("Geheim, neu", head="<meta name=robots content=noai>")
        report = _crawl(tmp_path, site)
    assert "noai" in by_path(report)["/geheim"].reason
    assert len(texts(tmp_path)) == 2
