from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.report import CrawlReport, PageAction, PageOutcome, SourceReport, SourceTotals
from crawler.report_files import KEPT_REPORTS, crawl_lines, keep_report, latest_report
from kb.errors import ConfigurationError

REPORT = CrawlReport(
    (
        SourceReport(
            SourceTotals("stadt", found=3, fetched=5, received=1_500_000, seconds=2.25),
            (
                PageOutcome("https://stadt.de/a", PageAction.ADDED, "neu", "stadt-a"),
                PageOutcome("https://stadt.de/b", PageAction.SKIPPED, "robots.txt erlaubt den Abruf nicht"),
                PageOutcome("https://amt.stadt.de/c", PageAction.FAILED, "Zeitgrenze überschritten"),
            ),
        ),
    ),
    seconds=3.0,
)


def test_the_latest_report_is_told_to_people(tmp_path: Path) -> None:
    keep_report(tmp_path, "crawl", CrawlReport().to_json())
    keep_report(tmp_path, "crawl", REPORT.to_json())
    keep_report(tmp_path, "links", {"ok": 1})
    told = "\n".join(crawl_lines(latest_report(tmp_path, "crawl")))
    assert "stadt: 3 Adressen gefunden, 5 Abrufe, 1,5 MB" in told
    assert "1 neu" in told
    assert "übergangen, 1-mal: robots.txt erlaubt den Abruf nicht" in told
    assert "Fehler bei amt.stadt.de: 1" in told


def test_a_report_cut_off_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    keep_report(tmp_path, "crawl", REPORT.to_json())
    (tmp_path / "crawl-99991231T000000000000Z.json").write_text('{"at": "2', "utf-8")
    assert latest_report(tmp_path, "crawl")["seconds"] == 3.0


def test_old_reports_go_and_those_of_another_kind_stay(tmp_path: Path) -> None:
    other = keep_report(tmp_path, "links", {"ok": 1})
    first = keep_report(tmp_path, "crawl", {"number": 0})
    for number in range(1, KEPT_REPORTS + 1):
        last = keep_report(tmp_path, "crawl", {"number": number})
    assert len(list(tmp_path.glob("crawl-*.json"))) == KEPT_REPORTS
    assert not first.exists()
    assert other.exists()
    assert json.loads(last.read_text("utf-8"))["number"] == KEPT_REPORTS


def test_without_a_report_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="kb crawl"):
        latest_report(tmp_path, "crawl")
