"""Measuring a crawl: the sites that it visits, the numbers of a small one, and its place in the page."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.crawl_results import CrawlerResult, CrawlRun, MemorySample, load_crawl, save_crawl
from benchmarks.crawl_section import HEADING, render_crawl, section_of, with_section
from benchmarks.crawl_site import answer, host_name
from benchmarks.prose import report
from tests.conftest import require

SAMPLES = tuple(MemorySample(done, 200_000_000 + done, 90_000_000) for done in range(250, 10_001, 250))
RUN = CrawlRun(
    machine="2 Kerne",
    hosts=200,
    pages=50,
    sources=10,
    mean_bytes=4_000.0,
    crawlers={
        "ours": CrawlerResult(10_000, 400.0, 250.0, 10.0, SAMPLES),
        "scrapy": CrawlerResult(10_000, 50.0, 40.0, 10.0, SAMPLES),
    },
)
PAGE = "# Benchmarks\n\n## Ziele\n\nText\n\n## Anmerkungen\n\n- eine\n"


def test_no_two_reports_are_alike_and_each_is_the_same_every_time() -> None:
    texts = [" ".join(report(number).paragraphs) for number in range(2_000)]
    assert len(set(texts)) == len(texts)
    assert texts[:50] == [" ".join(report(number).paragraphs) for number in range(50)]
    assert min(len(paragraph) for number in range(200) for paragraph in report(number).paragraphs) > 200
    assert report(7).paragraphs != report(7, seed=1).paragraphs


def test_every_page_of_every_host_is_another_and_nothing_else_is_there() -> None:
    assert len({host_name(number) for number in range(400)}) == 400
    bodies = {answer(f"/berichte/bericht-{n}.html", host, 5)[1] for host in range(4) for n in range(5)}
    assert len(bodies) == 20
    listed = answer("/", 0, 5)[1].decode()
    assert all(f"/berichte/bericht-{n}.html" in listed for n in range(5))
    for missing in (
        "/berichte/bericht-5.html",
        "/berichte/bericht-.html",
        "/rubrik/1",
        "/bericht-1.html",
        "/../x",
    ):
        assert answer(missing, 0, 5) == (404, b"")


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    save_crawl(RUN, tmp_path / "new" / "crawl.json")
    assert load_crawl(tmp_path / "new" / "crawl.json") == RUN


def test_section_tells_rates_ratios_and_memory() -> None:
    section = render_crawl(RUN)
    assert "| Fundstelle | 25,0 | – | 40,0 | – | 1,00 |" in section
    assert "| Scrapy allein | 200 | ×8,00 | 250 | ×6,25 | 1,00 |" in section
    assert "nach 2.000 Seiten | nach 5.000 Seiten | nach 10.000 Seiten" in section
    assert "| Fundstelle | 200 (90,0) | 200 (90,0) | 200 (90,0) |" in section
    assert "Fundstelle 62 %, Scrapy allein 80 %" in section
    assert "10.000 erzeugte Seiten" in section
    alone = CrawlRun("2 Kerne", 1, 50, 1, 4_000.0, {"scrapy": CrawlerResult(50, 1.0, 1.0, 0.1)})
    assert "| Scrapy allein | – | – | – |" in render_crawl(alone), "a short run has no samples"


def test_section_stands_before_the_notes_and_replaces_an_older_one() -> None:
    once = with_section(PAGE, f"{HEADING}\n\nalt\n\n### Teil\n\nalt")
    assert section_of(once) == f"{HEADING}\n\nalt\n\n### Teil\n\nalt"
    twice = with_section(once, f"{HEADING}\n\nneu")
    assert section_of(twice) == f"{HEADING}\n\nneu"
    assert "alt" not in twice
    assert twice.index("## Ziele") < twice.index(HEADING) < twice.index("## Anmerkungen")
    assert twice.replace(f"{HEADING}\n\nneu\n\n", "") == PAGE
    assert section_of(PAGE) is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.1.1 is not this machine")
@pytest.mark.parametrize("key", ["ours", "scrapy", "reading"])
def test_a_small_crawl_is_measured(key: str) -> None:
    require("bench", available=find_spec("psutil") is not None, reason="psutil is not installed")
    from benchmarks.crawl import measure

    found = measure(key, CrawlRun("", hosts=4, pages=5, sources=2, mean_bytes=0.0))
    assert found.pages == 20
    assert 0 < found.site_cpu < found.cpu < 2 * found.seconds
