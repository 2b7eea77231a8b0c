"""Whole crawls of loopback servers that behave badly; each test starts processes of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from crawler.extract import ContentExtractor
from crawler.report.outcomes import PageAction, SourceTotals
from crawler.report.report import CrawlReport, SourceReport
from crawler.run.crawl import run_crawl
from crawler.sources.source import Source
from kb.corpus import DirectoryCorpus
from kb.errors import ConfigurationError, CrawlError, StorageError
from kb.model import Document, ExtractedText, RawContent, Step, StoredDocument
from kb.ports import CorpusStore, Extractor
from kb.settings import load_settings
from kb.wiring import note_crawl_failures, open_failures
from tests.crawler.crawls import QUICK, a_job, a_source, by_path, texts
from tests.crawler.loopback import SENTENCE, Answer, Site, link_list, page, serve
from tests.doubles import MemoryCorpus


def _bad_site(elsewhere: str) -> dict[str, Answer]:
    """Every page here is wrong in its own way, apart from /gut."""
    latin = page("Umlaute", "Für die Gemeinde Grünstadt: äöüß. " * 10).body.decode().encode("latin-1")
    redirect = partial(Answer, status=302)
    names = ["gut", "weg", "fehler", "ueberlast", "cut", "hang", "kreis", "hinaus", "riesig", "latin", "leer"]
    return {
        "/": link_list(*(f"/{name}" for name in names), "/kopf", "/typ", "/neu", elsewhere + "/fremd"),
        "/robots.txt": Answer(status=404, body=b"User-agent: *\nDisallow: /"),
        "/gut": page("Gut"),
        "/fehler": Answer(status=500),
        "/ueberlast": Answer(status=503),
        "/cut": replace(page("Abgeschnitten"), manner="cut"),
        "/hang": Answer(manner="hang"),
        "/kreis": redirect(headers={"Location": "/kreis2"}),
        "/kreis2": redirect(headers={"Location": "/kreis"}),
        "/hinaus": redirect(headers={"Location": elsewhere + "/ziel"}),
        "/neu": redirect(status=301, headers={"Location": "/umgezogen"}),
        "/umgezogen": page("Umgezogen"),
        "/riesig": page("Riesig", "x" * 300_000),
        "/latin": Answer(latin, content_type="text/html; charset=utf-8"),
        "/leer": Answer(b""),
        "/kopf": replace(page("Kopf"), headers={"X-Robots-Tag": "noindex"}),
        "/typ": Answer(b"\x00\x01\x02\x03" * 200, content_type="text/html"),
    }


# Long enough for any honest page on a busy machine; what is silent is asked twice.
PATIENT: dict[str, object] = {"timeout": 5.0, "patience": replace(QUICK, tries=2)}


@pytest.mark.crawl
def test_a_site_that_misbehaves_gives_every_page_its_outcome(tmp_path: Path) -> None:
    with serve({"/ziel": page("Ziel")}) as other, serve(_bad_site(other.base)) as site:
        report = run_crawl(a_job(tmp_path, [a_source("boese", site.base)], **PATIENT, max_bytes=100_000))
    outcomes = by_path(report)
    added = {path for path, outcome in outcomes.items() if outcome.action is PageAction.ADDED}
    assert added == {"/gut", "/umgezogen", "/latin"}
    expected = {
        "/weg": "Status 404",
        "/fehler": "Status 500",
        "/ueberlast": "Status 503",
        "/cut": "unvollständig",
        "/hang": "Zeitgrenze",
        "/kreis": "im Kreis",
        "/hinaus": "aus der Quelle hinaus",
        "/riesig": "größer als erlaubt",
        "/leer": "leer",
        "/kopf": "noindex",
    }
    for path, words in expected.items():
        assert words in outcomes[path].reason, path
        assert outcomes[path].action in (PageAction.SKIPPED, PageAction.FAILED)
    assert outcomes["/typ"].action is PageAction.SKIPPED
    assert outcomes["/neu"].reason == "leitet auf eine andere Adresse um"
    assert outcomes["/neu"].instead == f"{site.base}/umgezogen"
    assert report.sources[0].totals.found == len(report.sources[0].outcomes), "every address has one outcome"
    assert other.connections == 0, "a redirect out of the source is not followed"
    assert any("Grünstadt" in text for text in texts(tmp_path)), "a wrong charset header is seen through"
    assert site.agents == {"Fundstelle/0.1.0"}


@pytest.mark.crawl
def test_failing_pages_never_remove_documents(tmp_path: Path) -> None:
    answers = {"/": link_list("/a", "/b"), "/a": page("Eins"), "/b": page("Zwei", "Anders. " + SENTENCE * 5)}
    with serve(answers) as site:
        job = a_job(tmp_path, [a_source("stadt", site.base)])
        assert run_crawl(job).count(PageAction.ADDED) == 2
        before = {path: path.read_bytes() for path in (tmp_path / "corpus").rglob("*.md")}
        site.answers["/a"] = Answer(status=404)
        site.answers["/b"] = Answer(status=500)
        assert run_crawl(job).count(PageAction.FAILED) == 2
    assert {path: path.read_bytes() for path in (tmp_path / "corpus").rglob("*.md")} == before


def _calendar() -> dict[str, Answer]:
    """Each month links to the next one and to itself under other names."""
    return {
        "/": link_list("/kalender?monat=1"),
        **{
            f"/kalender?monat={month}": page(
                f"Monat {month}",
                f"Nummer {month}. " + SENTENCE * 4,
                links=f"<a href='?monat={month + 1}'>weiter</a><a href='?monat={month}&utm_source=x'>hier</a>",
            )
            for month in range(1, 60)
        },
    }


def _many_rules() -> dict[str, Answer]:
    index = b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap><sitemap><loc>/weg.xml</loc></sitemap>"
    xml = partial(Answer, content_type="application/xml")
    return {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /geheim\nCrawl-delay: 0.3", content_type="text/plain"),
        "/": link_list("/geheim/a", "/folge-nicht", "/kopie", "/bild.jpg"),
        "/sitemap.xml": xml(index),
        "/s1.xml": Answer(
            b"<urlset><url><loc>/aus-der-sitemap</loc></url></urlset>", content_type="application/xml"
        ),
        "/feed": Answer(
            b"<rss><item><link>/aus-dem-feed</link></item></rss>", content_type="application/rss+xml"
        ),
        "/aus-der-sitemap": page("Sitemap"),
        "/aus-dem-feed": page("Feed"),
        "/geheim/a": page("Geheim"),
        "/folge-nicht": page(
            "Ohne Folge", links="<a href='/nie'>x</a>", head="<meta name=robots content=nofollow>"
        ),
        "/nie": page("Nie"),
        "/kopie": page("Kopie", head="<link rel=canonical href='/original'>"),
        "/original": page("Original"),
    }


def _assert_pauses(site: Site, seconds: float) -> None:
    times = [when for path, when in site.asked if path != "/robots.txt"]
    assert len(times) >= 4
    # The first page may follow robots.txt's answer before its delay is known to the slot.
    # On a busy machine one answer may be noted late, which shortens the next pause: the mean tells.
    assert (times[-1] - times[1]) / (len(times) - 2) >= seconds * 0.8


@pytest.mark.crawl
def test_rules_limits_and_unreachable_robots(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shut = {
        "/robots.txt": Answer(b"User-agent: *\nAllow: /", status=503),
        "/": link_list("/a"),
        "/a": page("A"),
    }
    mute = {"/robots.txt": Answer(manner="hang"), "/": link_list("/a"), "/a": page("A")}
    told: list[tuple[int, int | None]] = []
    with (
        serve(_calendar()) as endless,
        serve(shut) as closed,
        serve(mute) as silent,
        serve(_many_rules()) as strict,
    ):
        entries = {"sitemaps": (f"{strict.base}/sitemap.xml",), "feeds": (f"{strict.base}/feed",)}
        sources = [
            a_source("endlos", endless.base, max_pages=6),
            a_source("zu", closed.base),
            a_source("stumm", silent.base),
            a_source("streng", strict.base, **entries),
        ]
        report = run_crawl(
            a_job(tmp_path, sources, **PATIENT), lambda done, total, _label: told.append((done, total))
        )
    calendar = report.sources[0]
    assert calendar.count(PageAction.ADDED) == 5, "the start page is one of the six"
    assert len(endless.paths) == 10, "six pages, robots.txt, two files of reservations and an invented address"
    assert "Höchstzahl von 6 Seiten erreicht (max_pages)" in calendar.reasons(PageAction.SKIPPED)

    for site, number in ((closed, 1), (silent, 2)):
        assert set(site.paths) == {"/robots.txt"}, "nothing else is asked for"
        assert [page.action for page in report.sources[number].outcomes] == [PageAction.FAILED]
        assert "robots.txt" in report.sources[number].outcomes[0].reason

    found = by_path(report, 3)
    added = {path for path, page in found.items() if page.action is PageAction.ADDED}
    assert added == {"/aus-der-sitemap", "/aus-dem-feed", "/folge-nicht", "/original"}
    assert found["/geheim/a"].reason == "robots.txt erlaubt den Abruf nicht"
    assert found["/kopie"].reason == "nennt eine andere Adresse als die maßgebliche"
    assert ".jpg" in found["/bild.jpg"].reason
    assert found["/weg.xml"].action is PageAction.FAILED
    assert not {"/geheim/a", "/nie", "/bild.jpg"} & set(strict.paths)
    assert len(strict.paths) == len(set(strict.paths)), "nothing is fetched twice"
    _assert_pauses(strict, 0.3)

    every_address = sum(len(source.outcomes) for source in report.sources)
    assert told[-1] == (every_address, every_address)
    output = capfd.readouterr()
    assert output.out == output.err == "", "nothing of the engine reaches the terminal"


@pytest.mark.crawl
def test_loopback_receives_no_connection_unless_allowed(tmp_path: Path) -> None:
    with serve({"/": link_list("/a"), "/a": page("A")}) as site:
        port = site.base.rpartition(":")[2]
        names = ["127.0.0.1", "localhost", "2130706433", "127.1", "[::ffff:127.0.0.1]"]
        sources = [a_source(f"s{number}", f"http://{name}:{port}") for number, name in enumerate(names)]
        report = run_crawl(a_job(tmp_path, sources, allow_loopback=False, contact="bildung@stadt.de"))
        assert site.connections == 0
    for source in report.sources:
        assert [outcome.action for outcome in source.outcomes] == [PageAction.FAILED], source.source
    assert "KB_ALLOW_LOOPBACK" in report.sources[0].outcomes[0].reason
    assert "KB_ALLOW_LOOPBACK" in report.sources[1].outcomes[0].reason


def test_strangers_without_contact_are_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="KB_CONTACT"):
        run_crawl(a_job(tmp_path, [a_source("stadt", "https://stadt.de")]))
    assert not (tmp_path / "crawl.log").exists()


def _children() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid is not None]


@pytest.mark.crawl
@pytest.mark.kill
def test_killed_process_is_reported_and_leaves_a_whole_corpus(tmp_path: Path) -> None:
    def kill(done: int, _total: int | None, _label: str) -> None:
        if done == 4:
            for pid in _children():
                os.kill(pid, signal.SIGKILL)

    with serve(_calendar()) as site:
        job = a_job(tmp_path, [a_source("stadt", site.base, max_pages=30)])
        with pytest.raises(CrawlError) as raised:
            run_crawl(job, kill)
        assert "SIGKILL" in str(raised.value)
        assert "kb crawl" in str(raised.value)
        assert len(texts(tmp_path)) >= 3
        report = run_crawl(job)
    assert report.count(PageAction.ADDED) + report.count(PageAction.UNCHANGED) == 29
    assert len(texts(tmp_path)) == 29


@pytest.mark.crawl
def test_interrupt_ends_the_process_and_is_passed_on(tmp_path: Path) -> None:
    def interrupt(_done: int, _total: int | None, _label: str) -> None:
        raise KeyboardInterrupt

    with serve(
        {**_calendar(), "/": link_list("/kalender?monat=1", "/hang"), "/hang": Answer(manner="hang")}
    ) as site:
        with pytest.raises(KeyboardInterrupt):
            run_crawl(a_job(tmp_path, [a_source("stadt", site.base)]), interrupt)
        assert _children() == []


def _full_disk() -> CorpusStore:
    return FullDisk()


class FullDisk(MemoryCorpus):
    """A corpus that can be read and not written."""

    def put(self, document: Document, *, expected: str | None) -> StoredDocument:
        raise StorageError("kein Platz auf dem Datenträger", subject=document.id, remedy="Platz schaffen")


@pytest.mark.crawl
def test_full_disk_ends_the_crawl_with_its_own_error(tmp_path: Path) -> None:
    with serve(_calendar()) as site:
        job = replace(a_job(tmp_path, [a_source("stadt", site.base)]), open_corpus=_full_disk)
        with pytest.raises(StorageError, match="Platz schaffen"):
            run_crawl(job)
        assert len(site.paths) < 10, "it does not go on fetching what it cannot keep"


@pytest.mark.crawl
def test_pages_that_lead_to_one_address_cost_it_one_request(tmp_path: Path) -> None:
    def to(target: str) -> Answer:
        return Answer(status=301, headers={"Location": target})

    old = [f"/alt/{n}" for n in range(12)]
    answers = {path: to("/zwischen") for path in old}
    answers |= {"/": link_list(*old, "/a", "/b"), "/zwischen": to("/neu"), "/neu": page("Neu")}
    answers |= {"/a": to("/b"), "/b": to("/a")}
    with serve(answers) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base)]))
    outcomes = by_path(report)
    assert site.paths.count("/neu") == site.paths.count("/zwischen") == 1
    assert outcomes["/neu"].action is PageAction.ADDED
    assert {outcomes[path].reason for path in old} == {"leitet auf eine andere Adresse um"}
    assert all(outcomes[path].instead for path in old)
    assert outcomes["/a"].instead == f"{site.base}/b"
    assert site.paths.count("/a") == 1


class StumblingExtractor(ContentExtractor):
    """Makes a mistake with some pages that no line of the program foresaw."""

    def extract(self, content: RawContent) -> ExtractedText:
        if content.name.endswith("/stolpert"):
            raise KeyError(content.name)
        return super().extract(content)


def stumbling_extractor(_source: Source) -> Extractor:
    return StumblingExtractor()


@pytest.mark.crawl
def test_a_mistake_of_the_program_costs_one_page(tmp_path: Path) -> None:
    dated = (
        '<meta name="date" content="9999-12-31"><meta property="article:modified_time" content="0001-01-01">'
    )
    answers = {
        "/": link_list("/a", "/stolpert", "/z"),
        "/a": page("Eins"),
        "/stolpert": page("Zwei"),
        "/z": page("Drei", head=dated),
    }
    broken = tmp_path / "corpus/documents/hand/seltsam.md"
    broken.parent.mkdir(parents=True)
    head = "id: seltsam\ntitle: T\nurl: http://127.0.0.1/x\npublished: 9999-12-31\n"
    broken.write_text(f"---\n{head}---\n\nGestern", "utf-8")
    with serve(answers) as site:
        job = a_job(tmp_path, [a_source("stadt", site.base)], make_extractor=stumbling_extractor)
        report = run_crawl(job)
    outcomes = by_path(report)
    assert outcomes["/stolpert"].action is PageAction.FAILED
    assert "unerwarteter Fehler (KeyError" in outcomes["/stolpert"].reason
    assert "Traceback" in outcomes["/stolpert"].trace
    assert "KeyError" in (tmp_path / "crawl.log").read_text("utf-8")
    assert {path for path, one in outcomes.items() if one.action is PageAction.ADDED} == {"/a", "/z"}
    added = DirectoryCorpus(tmp_path / "corpus").get(outcomes["/z"].doc_id or "").document
    assert (added.published, added.modified) == (None, None)
    settings = load_settings(corpus=tmp_path / "corpus", var=tmp_path / "var")
    note_crawl_failures(settings, report)
    (failure,) = open_failures(settings).all()
    assert (failure.document, failure.source, failure.step) == (f"{site.base}/stolpert", "stadt", Step.CRAWL)
    note_crawl_failures(settings, CrawlReport((SourceReport(SourceTotals("stadt")),)))
    assert open_failures(settings).all() == ()
