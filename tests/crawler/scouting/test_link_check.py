"""``kb links``: what is gone, failing, moved or not ours to judge, and where each address stands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from crawler.report.files import KEPT_REPORTS
from crawler.scouting.fetch import Fetcher, FetchOptions
from crawler.scouting.link_check import LinkReport, LinkState, check_links, links_of_corpus, save_link_report
from kb.model import Document, Status
from tests.crawler.loopback import Answer, Site, page, serve
from tests.doubles import MemoryCorpus


def _fetcher() -> Fetcher:
    return Fetcher(FetchOptions(allow_loopback=True, timeout=3.0, pause=0.0))


def _corpus(*documents: Document) -> MemoryCorpus:
    corpus = MemoryCorpus()
    for document in documents:
        corpus.put(document, expected=None)
    return corpus


def _check(site: Site, text: str, *, limit: int = 100) -> LinkReport:
    document = Document("fachtag", "Fachtag", text, url=f"{site.base}/quelle")
    return check_links(links_of_corpus(_corpus(document)), _fetcher, limit)


def test_every_address_is_judged_once_and_the_worst_come_first() -> None:
    answers = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /geheim"),
        "/da": page("Da"),
        "/neu": Answer(status=301, headers={"Location": "/da"}),
        "/kurz": Answer(status=302, headers={"Location": "/da"}),
        "/weg": Answer(status=410),
        "/kaputt": Answer(status=500),
        "/nur-menschen": Answer(status=403),
        "/haengt": Answer(manner="hang"),
    }
    names = ["da", "neu", "kurz", "weg", "kaputt", "nur-menschen", "haengt", "geheim/x", "da#unten"]
    with serve(answers) as site:
        report = _check(site, "\n\n".join(f"[{name}]({site.base}/{name})" for name in names))
        assert site.paths.count("/robots.txt") == 1
    states = {one.url.removeprefix(site.base): one.state for one in report.results}
    assert states == {
        "/weg": LinkState.GONE,
        "/quelle": LinkState.GONE,
        "/kaputt": LinkState.FAILING,
        "/haengt": LinkState.FAILING,
        "/neu": LinkState.MOVED,
        "/nur-menschen": LinkState.UNCHECKED,
        "/geheim/x": LinkState.UNCHECKED,
        "/da": LinkState.OK,
        "/kurz": LinkState.OK,
    }
    assert [one.state for one in report.results][:2] == [LinkState.GONE, LinkState.GONE]
    assert next(one.target for one in report.results if one.state is LinkState.MOVED) == f"{site.base}/da"
    assert report.is_rotten
    told = "\n".join(report.lines())
    assert "2 erreichbar, 1 umgezogen, 2 verschwunden, 2 gestört, 2 nicht prüfbar" in told
    assert "fachtag (Quelle)" in told
    assert f"für immer umgezogen → {site.base}/da" in told
    listed = report.to_json()["links"]
    assert isinstance(listed, list)
    assert len(listed) == 7, "what is fine is only counted"


def test_sources_have_their_turn_before_links() -> None:
    with serve({"/quelle": page("Quelle")}) as site:
        report = _check(site, f"[a]({site.base}/aaa)", limit=1)
    assert [one.url for one in report.results] == [f"{site.base}/quelle"]
    assert report.left_out == 1
    assert not report.is_rotten


def test_addresses_of_the_corpus() -> None:
    text = (
        "Siehe [Bericht (2019)](https://a.example/b_(2019)) und nicht [so](mailto:x@y.example) "
        "oder [hier](/intern). Noch einmal [da](https://A.example/b_(2019)?utm_source=x)."
    )
    one = Document("eins", "Eins", text, url="https://quelle.example/1")
    two = replace(one, id="zwei", url="https://a.example/b_(2019)")
    gone = replace(one, id="alt", url="https://alt.example/", status=Status.WITHDRAWN)
    draft = replace(one, id="neu", url="https://neu.example/", status=Status.DRAFT)
    links = links_of_corpus(_corpus(one, two, gone, draft))
    assert list(links) == ["https://a.example/b_(2019)", "https://quelle.example/1"]
    assert [(place.doc_id, place.is_source) for place in links["https://a.example/b_(2019)"]] == [
        ("eins", False),
        ("zwei", True),
        ("zwei", False),
    ]


def test_old_reports_go_and_those_of_crawls_stay(tmp_path: Path) -> None:
    crawl = tmp_path / "crawl-20200101T000000000000Z.json"
    crawl.write_text("{}", "utf-8")
    saved = [save_link_report(tmp_path, LinkReport((), left_out=n)) for n in range(KEPT_REPORTS + 2)]
    assert [path.exists() for path in saved[:3]] == [False, False, True]
    assert json.loads(saved[-1].read_text("utf-8"))["left_out"] == KEPT_REPORTS + 1
    assert crawl.exists()
