"""The report counts every address once and tells it in German."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.report.files import KEPT_REPORTS, latest_report, save_report
from crawler.report.outcomes import PageAction, PageOutcome, SourceTotals
from crawler.report.report import CrawlReport, ReportBuilder
from kb.errors import ConfigurationError

SCAN = "Seite 2 hat keinen Text, sie ist vermutlich ein Scan oder ein Bild"


def _report() -> CrawlReport:
    builder = ReportBuilder(["stadt", "kreis"])
    builder.add("stadt", PageOutcome("https://stadt.de/b", PageAction.SKIPPED, "noindex"))
    builder.add(
        "stadt", PageOutcome("https://stadt.de/a", PageAction.ADDED, "neu", "stadt-a", warnings=(SCAN,))
    )
    builder.add("stadt", PageOutcome("https://stadt.de/d", PageAction.SKIPPED, "Übersicht"))
    builder.add("stadt", PageOutcome("https://stadt.de/c", PageAction.SKIPPED, "Übersicht"))
    builder.add("stadt", PageOutcome("https://stadt.de/e", PageAction.FAILED, "Status 500"))
    alarms = ("eine Zustimmungswand steht vor den Seiten",)
    builder.finish(SourceTotals("stadt", 5, 4, 12_345_678, 2.34, alarms=alarms))
    assert builder.pages == 5
    return builder.report(seconds=3.0)


def test_counts_and_reasons() -> None:
    report = _report()
    stadt, kreis = report.sources
    assert report.count(PageAction.SKIPPED) == 3
    assert report.changed == 1
    assert list(stadt.reasons(PageAction.SKIPPED).items()) == [("Übersicht", 2), ("noindex", 1)]
    assert [outcome.url[-1] for outcome in stadt.outcomes] == list("abcde")
    assert kreis.totals == SourceTotals("kreis")


def test_json_holds_every_page() -> None:
    data = json.loads(json.dumps(_report().to_json()))
    assert data["added"] == 1
    stadt = data["sources"][0]
    assert stadt["bytes"] == 12_345_678
    assert stadt["reasons"]["skipped"] == {"Übersicht": 2, "noindex": 1}
    assert stadt["pages"][0] == {
        "url": "https://stadt.de/a",
        "action": "added",
        "reason": "neu",
        "id": "stadt-a",
        "instead": None,
        "warnings": [SCAN],
    }
    assert len(stadt["pages"]) == 5


def test_lines_are_german() -> None:
    lines = _report().lines()
    assert lines[0] == "stadt: 5 Adressen gefunden, 4 Abrufe, 12,3 MB, 2,3 s"
    assert lines[1] == "  1 neu, 0 geändert, 0 unverändert, 0 zurückgezogen, 3 übergangen, 1 fehlgeschlagen"
    assert lines[2] == "  Achtung: eine Zustimmungswand steht vor den Seiten"
    assert lines[3] == f"  Hinweis: https://stadt.de/a: {SCAN}"
    assert lines[4] == "  übergangen, 2-mal: Übersicht"
    assert "  Fehler, 1-mal: Status 500" in lines
    assert any(line.startswith("kreis: 0 Adressen") for line in lines)


def test_saved_report_comes_back_as_it_was(tmp_path: Path) -> None:
    report = _report()
    save_report(tmp_path / "reports", report)
    _, again = latest_report(tmp_path / "reports")
    assert again.lines() == report.lines()
    assert again.to_json() == report.to_json()


def test_a_report_of_an_earlier_version_has_no_warnings(tmp_path: Path) -> None:
    path = save_report(tmp_path, _report())
    data = json.loads(path.read_text("utf-8"))
    for page in data["sources"][0]["pages"]:
        del page["warnings"]
    path.write_text(json.dumps(data), "utf-8")
    _, again = latest_report(tmp_path)
    assert again.count(PageAction.ADDED) == 1
    assert SCAN not in "".join(again.lines())


def test_report_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    path = save_report(tmp_path, _report())
    old = json.loads(path.read_bytes())
    for source in old["sources"]:
        del source["alarms"]
    path.write_text(json.dumps(old), "utf-8")
    assert latest_report(tmp_path)[1].sources[0].totals.alarms == ()


def test_only_the_newest_reports_are_kept(tmp_path: Path) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for hour in range(KEPT_REPORTS + 5):
        save_report(tmp_path, CrawlReport(seconds=hour), start + timedelta(hours=hour))
    assert len(list(tmp_path.iterdir())) == KEPT_REPORTS
    finished, last = latest_report(tmp_path)
    assert (finished, last.seconds) == ("2025-01-03T16:00:00+00:00", KEPT_REPORTS + 4)


def test_missing_or_broken_report_has_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="kb crawl"):
        latest_report(tmp_path / "nie")
    (tmp_path / "crawl-1.json").write_text('{"sources": 3}', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="löschen"):
        latest_report(tmp_path)
