"""A crawl meets pages that nobody can read: each is passed over with its reason, and everything goes on."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crawler.extract.bounded.extractors import BoundedExtractor
from crawler.extract.bounded.process import ReadingLimits
from crawler.report.outcomes import PageAction
from crawler.run.crawl import run_crawl
from tests.crawler.crawls import a_job, a_source, by_path, texts
from tests.crawler.extract.bounded.endless_worker import ENDLESS, EndlessReading
from tests.crawler.loopback import Answer, link_list, page, serve

pytestmark = pytest.mark.crawl


def test_bombs_are_passed_over_and_asked_for_again(tmp_path: Path) -> None:
    """What ended from outside may go well next time; what is too large by itself stays so."""
    answers = {
        "/": link_list("/endlos", "/zellen", "/gepackt", "/bericht"),
        "/endlos": Answer(ENDLESS.data, headers={"ETag": '"1"'}),
        "/zellen": Answer(b"<main><table>" + (b"<tr>" + b"<td>x" * 100) * 5_000, headers={"ETag": '"2"'}),
        "/gepackt": Answer(gzip.compress(b" " * 60_000_000, 1), headers={"Content-Encoding": "gzip"}),
        "/bericht": page("Bericht"),
    }
    # Ten seconds for a file, not forty: enough for an honest page and what is loaded for it on a busy machine.
    read = BoundedExtractor(process=EndlessReading(ReadingLimits(seconds=10))).for_source
    with serve(answers) as site:
        job = a_job(tmp_path, [a_source("stadt", site.base)], make_extractor=read, state_dir=tmp_path / "state")
        first, second = (by_path(run_crawl(job)) for _ in range(2))
    assert first["/endlos"].action is PageAction.SKIPPED
    assert first["/endlos"].reason == "das Lesen dauerte länger als 10 Sekunden; der nächste Lauf holt es nach"
    assert "Auszeichnungen" in first["/zellen"].reason
    assert first["/gepackt"].action is PageAction.FAILED
    assert first["/bericht"].action is PageAction.ADDED
    assert second["/endlos"] == first["/endlos"]
    assert site.unchanged == ["/zellen"]
    assert len(texts(tmp_path)) == 1
