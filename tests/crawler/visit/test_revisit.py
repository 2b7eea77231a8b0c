"""The second visit: the unchanged is not sent again, the gone is withdrawn after days, the returned is back."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from crawler.memory.pages import GONE_DAYS, CrawlMemory, Lead, PageMemory
from crawler.page.decide import FOR_REVIEW
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from kb.corpus import DirectoryCorpus
from kb.model import CRAWLER, Document, Status, Withdrawal
from kb.record import FolderSourceNews
from tests.crawler.crawls import a_job, a_source, by_path
from tests.crawler.loopback import SENTENCE, Answer, Site, link_list, page, serve

DATE = "Wed, 01 Jan 2025 12:00:00 GMT"


def _tagged(answer: Answer, tag: str) -> Answer:
    return replace(answer, headers={"ETag": f'"{tag}"'})


def _site() -> dict[str, Answer]:
    sitemap = Answer(b"<urlset><url><loc>/c</loc></url></urlset>", content_type="application/xml")
    return {
        "/": _tagged(link_list("/a", "/b", "/ohne", "/noindex"), "start"),
        "/sitemap.xml": _tagged(sitemap, "karte"),
        "/a": _tagged(page("A", "A: " + SENTENCE * 5, links="<a href='/tief'>x</a>"), "a1"),
        "/b": replace(page("B", "B: " + SENTENCE * 5), headers={"Last-Modified": DATE}),
        "/c": _tagged(page("C", "C: " + SENTENCE * 5), "c1"),
        "/ohne": page("Ohne", "Ohne: " + SENTENCE * 5),
        "/tief": _tagged(page("Tief", "Tief: " + SENTENCE * 5), "t1"),
        "/noindex": replace(page("N"), headers={"ETag": '"n"', "X-Robots-Tag": "noindex"}),
    }


def _crawl(folder: Path, site: Site) -> CrawlReport:
    source = a_source("stadt", site.base, sitemaps=(f"{site.base}/sitemap.xml",))
    news = partial(FolderSourceNews, folder / "news")
    return run_crawl(a_job(folder, [source], state_dir=folder / "state", open_news=news))


def _document(folder: Path, title: str) -> Document:
    corpus = DirectoryCorpus(folder / "corpus")
    found = [corpus.load(ref).document for ref in corpus.refs()]
    return next(document for document in found if document.title == title)


@pytest.mark.crawl
def test_unchanged_pages_are_not_sent_again_and_their_links_are_still_known(tmp_path: Path) -> None:
    with serve(_site()) as site:
        first = _crawl(tmp_path, site)
        assert first.count(PageAction.ADDED) == 5
        second = _crawl(tmp_path, site)
        assert set(site.unchanged) == {"/", "/sitemap.xml", "/a", "/b", "/c", "/tief", "/noindex"}
        assert second.count(PageAction.UNCHANGED) == 5
        assert "noindex" in by_path(second)["/noindex"].reason
        assert by_path(second).keys() == by_path(first).keys()
        assert second.sources[0].totals.received == len(site.answers["/ohne"].body)
        site.answers["/tief"] = _tagged(page("Tief", "Neu! " + SENTENCE * 5), "t2")
        third = _crawl(tmp_path, site)
    assert by_path(third)["/tief"].action is PageAction.UPDATED
    assert _document(tmp_path, "Tief").text.startswith("Neu!")


@pytest.mark.crawl
def test_document_that_was_deleted_is_read_again_in_spite_of_its_validators(tmp_path: Path) -> None:
    with serve(_site()) as site:
        _crawl(tmp_path, site)
        document = _document(tmp_path, "A")
        next(path for path in (tmp_path / "corpus").rglob("*.md") if document.id in path.name).unlink()
        report = _crawl(tmp_path, site)
    assert by_path(report)["/a"].action is PageAction.ADDED
    assert "/a" not in site.unchanged


@pytest.mark.crawl
def test_validators_do_not_travel_with_a_redirect(tmp_path: Path) -> None:
    with serve(_site()) as site:
        _crawl(tmp_path, site)
        site.answers["/a"] = Answer(status=301, headers={"Location": "/neu"})
        site.answers["/neu"] = _tagged(page("A", "Umgezogen. " + SENTENCE * 5), "a1")
        report = _crawl(tmp_path, site)
    assert "/neu" not in site.unchanged, "the new address never gave us this tag"
    moved = by_path(report)["/neu"]
    assert (moved.action, moved.doc_id) == (PageAction.UPDATED, _document(tmp_path, "A").id)
    document = _document(tmp_path, "A")
    assert document.url == f"{site.base}/neu"
    assert f"{site.base}/a" in document.other_urls, "a moved page keeps its id and is found by both addresses"


def _next_day(folder: Path) -> None:
    with sqlite3.connect(folder / "state" / "sources" / "stadt.sqlite") as database:
        database.execute("UPDATE gone SET last = date(last, '-1 day'), first = date(first, '-1 day')")
    database.close()


@pytest.mark.crawl
def test_page_gone_for_days_is_withdrawn_and_comes_back(tmp_path: Path) -> None:
    with serve(_site()) as site:
        _crawl(tmp_path, site)
        kept = site.answers["/a"]
        site.answers["/a"] = Answer(status=404)
        site.answers["/"] = link_list("/b", "/ohne", "/noindex")  # nothing links to it any more
        for _ in range(3):  # three runs on one day are one day
            assert by_path(_crawl(tmp_path, site))["/a"].action is PageAction.FAILED
        _next_day(tmp_path)
        site.answers["/a"] = Answer(status=503)
        _crawl(tmp_path, site)
        site.answers["/a"] = Answer(status=410)
        assert "an 2 von 3 Tagen" in by_path(_crawl(tmp_path, site))["/a"].reason
        assert _document(tmp_path, "A").status is Status.PUBLISHED
        _next_day(tmp_path)
        gone = _crawl(tmp_path, site)
        assert gone.count(PageAction.WITHDRAWN) == 1
        assert gone.changed == 1
        document = _document(tmp_path, "A")
        assert document.status is Status.WITHDRAWN
        assert document.text.startswith("A: "), "the text stays"
        assert document.withdrawal is not None
        assert (document.withdrawal.by, "410" in document.withdrawal.reason) == (CRAWLER, True)
        assert _crawl(tmp_path, site).count(PageAction.WITHDRAWN) == 0, "once is enough"
        site.answers["/a"] = kept
        back = _crawl(tmp_path, site)
    assert by_path(back)["/a"].reason == "wieder erreichbar"
    assert _document(tmp_path, "A").status is Status.PUBLISHED


@pytest.mark.crawl
def test_page_that_leads_on_in_between_is_not_gone_for_days_in_a_row(tmp_path: Path) -> None:
    with serve(_site()) as site:
        _crawl(tmp_path, site)
        for answer in (Answer(status=404), Answer(status=301, headers={"Location": "/b"}), Answer(status=404)):
            site.answers["/a"] = answer
            report = _crawl(tmp_path, site)
            _next_day(tmp_path)
    assert "an 1 von 3 Tagen" in by_path(report)["/a"].reason


@pytest.mark.crawl
def test_what_editors_withdrew_stays_withdrawn(tmp_path: Path) -> None:
    with serve(_site()) as site:
        _crawl(tmp_path, site)
        corpus = DirectoryCorpus(tmp_path / "corpus")
        stored = corpus.get(_document(tmp_path, "A").id)
        ours = replace(
            stored.document, status=Status.WITHDRAWN, withdrawal=Withdrawal("2025-01-01", "veraltet", "berta")
        )
        corpus.put(ours, expected=stored.revision)
        first = site.answers["/a"]
        site.answers["/a"] = _tagged(page("A", "Anders. " + SENTENCE * 5), "a2")
        assert by_path(_crawl(tmp_path, site))["/a"].reason == FOR_REVIEW
        assert _document(tmp_path, "A") == ours
        store = FolderSourceNews(tmp_path / "news")
        assert [news.document.text[:7] for news in store.waiting()] == ["Anders."]

        store.drop(ours.id)
        assert by_path(_crawl(tmp_path, site))["/a"].reason == FOR_REVIEW, "asked for without conditions"
        assert len(store.waiting()) == 1
        site.answers["/a"] = first
        assert by_path(_crawl(tmp_path, site))["/a"].action is PageAction.UNCHANGED
        assert store.waiting() == []
    assert _document(tmp_path, "A") == ours


def test_absence_counts_days_not_runs_and_ends_with_a_presence() -> None:
    memory, url, monday = CrawlMemory(), "https://stadt.de/a", date(2025, 1, 6)
    days = [memory.gone(url, monday + timedelta(days=n)).days for n in (0, 0, 4, 4, 9)]
    assert days == [1, 1, 2, 2, GONE_DAYS]
    assert memory.gone(url, monday + timedelta(days=9)).is_believed
    assert memory.gone(url, monday + timedelta(days=9)).first == "2025-01-06"
    memory.is_there(url)
    assert memory.gone(url, monday + timedelta(days=20)).days == 1


@pytest.mark.parametrize("reader", ["neu", "alt"])
def test_another_reader_reads_everything_anew(tmp_path: Path, reader: str) -> None:
    url = "https://stadt.de/a"
    old = CrawlMemory(tmp_path / "m.sqlite", "alt")
    assert not old.begin()
    old.wait_for([Lead(url, "page")])
    old.keep(PageMemory('"x"', None, PageOutcome(url, PageAction.ADDED, "neu", "a"), (Lead(url, "page"),)))
    old.close()
    memory = CrawlMemory(tmp_path / "m.sqlite", reader)
    same = reader == "alt"
    assert (memory.page(url) is not None) is same
    assert memory.begin() is same
    assert memory.waiting() == ([Lead(url, "page")] if same else [])
