"""Sites that misbehave on purpose: every page is in the corpus once or has its reason, today and later."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crawler.addressing.urls import document_id, page_key
from crawler.memory.pages import GONE_DAYS
from crawler.page.watch import ONE_TEXT
from crawler.report.outcomes import PageAction
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from crawler.sources.source import Source
from kb.corpus import DirectoryCorpus
from kb.model import Document, Status
from tests.crawler.crawls import a_job, a_source, by_path
from tests.crawler.kills import crawl_with_kills
from tests.crawler.loopback import Answer, Site, page, serve
from tests.crawler.unruly_site import (
    COMMENTED_OUT,
    COUNT,
    MAX_BYTES,
    PDF_COPIES,
    PDF_NUMBER,
    UnrulySite,
    article,
    city,
    closed,
    endless,
    mark,
    one_text,
    page_path,
    report_page,
    validators,
    wobbly,
)

pytestmark = pytest.mark.crawl

MOVED, CHANGED, VANISHED = range(11, 21), range(31, 41), range(51, 56)
# One text in place of several; and pages that are gone without saying so by their status.
SWAPPED, REFUSED, LED_HOME, SOFT = range(61, 66), range(71, 74), range(75, 77), range(81, 84)
GONE = (*VANISHED, *REFUSED, *LED_HOME, *SOFT)
# Three tries for each of the pages that never come whole, and no third for those that come the second time.
TRIES = 3
KILLS = 5


@dataclass(frozen=True)
class Town:
    """Servers that run, what they are up to, and the folder of the crawls."""

    plans: Mapping[str, UnrulySite]
    sites: Mapping[str, Site]
    folder: Path

    def crawl(self, *names: str) -> Crawled:
        """One run over some of the sources; gives all that there is to know afterwards."""
        for name in names:
            self.sites[name].asked.clear()
            self.sites[name].unchanged.clear()
        job = a_job(
            self.folder,
            [self._source(name) for name in names],
            state_dir=self.folder / "state",
            max_bytes=MAX_BYTES,
            timeout=5.0,  # long enough for any honest page on a busy machine
        )
        report = run_crawl(job)
        asked = {name: tuple(self.sites[name].paths) for name in names}
        corpus = DirectoryCorpus(self.folder / "corpus")
        documents = tuple(corpus.load(ref).document for ref in corpus.refs())
        return Crawled(report, asked, tuple(self.sites["stadt"].unchanged), documents)

    def _source(self, name: str) -> Source:
        base = self.sites[name].base
        sitemaps = (f"{base}/sitemap.xml",) if name == "stadt" else ()
        return a_source(name, base, listings=("/liste/",), sitemaps=sitemaps)


@dataclass(frozen=True)
class Crawled:
    """A run: its report, the paths each site was asked for, those answered with 304, and then the corpus."""

    report: CrawlReport
    asked: Mapping[str, tuple[str, ...]]
    unchanged: tuple[str, ...]
    documents: tuple[Document, ...]

    def holding(self, number: int) -> list[Document]:
        """The documents with the text of this report."""
        return [document for document in self.documents if mark(number) in document.text]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    plans = {"stadt": city(), "wackel": wobbly(), "zu": closed(), "falle": endless()}
    with ExitStack() as stack:
        sites = {}
        for name, plan in plans.items():
            sites[name] = stack.enter_context(serve(plan.answers))
            sites[name].beyond = plan.beyond
        yield Town(plans, sites, tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def first(town: Town) -> Crawled:
    return town.crawl(*town.plans)


@pytest.fixture(scope="module")
def second(town: Town, first: Crawled) -> Crawled:
    assert first.documents
    return town.crawl("stadt")


@pytest.fixture(scope="module")
def years_later(town: Town, second: Crawled) -> tuple[Crawled, ...]:
    """Pages have moved, changed and vanished; crawls at once, and when that is believed."""
    assert second.documents
    answers = town.sites["stadt"].answers
    for n in MOVED:
        answers[f"/umgezogen/{n}"] = answers[page_path(n)]
        answers[page_path(n)] = Answer(status=301, headers={"Location": f"/umgezogen/{n}"})
    for n in CHANGED:
        answers[page_path(n)] = replace(report_page(n + 5_000), headers=validators(n, 2))
    for n in VANISHED:
        answers[page_path(n)] = Answer(status=404)
    for n in SWAPPED:
        answers[page_path(n)] = one_text(n)
    for n in REFUSED:
        answers[page_path(n)] = Answer(status=403)
    for n in LED_HOME:
        answers[page_path(n)] = Answer(status=302, headers={"Location": "/"})
    for n in SOFT:
        answers[page_path(n)] = page("Seite nicht gefunden", "Bitte prüfen Sie die Adresse. " * 9)
    soon = town.crawl("stadt")
    _days_pass(town.folder)
    return soon, town.crawl("stadt")


def _days_pass(folder: Path) -> None:
    """As if crawls had gone on until yesterday, a day short of believing that the vanished are gone."""
    with closing(sqlite3.connect(folder / "state" / "sources" / "stadt.sqlite")) as database, database:
        database.execute(
            "UPDATE gone SET days = ?, last = date(last, '-1 day'), first = date(first, ?)",
            (GONE_DAYS - 1, f"-{GONE_DAYS} days"),
        )


def test_every_address_ends_as_it_should(town: Town, first: Crawled) -> None:
    wrong = []
    for number, plan in enumerate(town.plans.values()):
        outcomes = by_path(first.report, number)
        for path, fate in plan.fates.items():
            outcome = outcomes.get(path)
            if outcome is None or not fate.fits(outcome.action, outcome.reason):
                wrong.append((path, outcome))
    assert wrong == []
    assert all(outcome.reason for source in first.report.sources for outcome in source.outcomes)
    assert all(len({o.url for o in source.outcomes}) == len(source.outcomes) for source in first.report.sources)


def test_every_page_is_in_the_corpus_once(town: Town, first: Crawled) -> None:
    numbers = [number for plan in town.plans.values() for number in plan.reports.values()]
    assert len(numbers) > 500
    assert [number for number in numbers if len(first.holding(number)) != 1] == []
    half, pdf = first.holding(71_001), first.holding(PDF_NUMBER)
    assert len(first.documents) == len(numbers) + len(half) + len(pdf)
    # Texts arrive whole and with their umlauts, whatever the header said of their charset.
    for number in (*range(COUNT), *town.plans["stadt"].reports.values()):
        last = article(number).paragraphs[-1]
        if number != 40_001:  # a PDF: its lines are broken elsewhere
            assert last in first.holding(number)[0].text


def test_the_same_pdf_at_five_addresses_is_known_by_all_of_them(town: Town, first: Crawled) -> None:
    copies = first.holding(PDF_NUMBER)
    base = town.sites["stadt"].base
    known = {page_key(url) for one in copies for url in (one.url or "", *one.other_urls)}
    assert known == {page_key(base + path) for path in PDF_COPIES}
    assert len(copies) == 1


def test_names_from_the_web_stay_inside_the_corpus(town: Town, first: Crawled) -> None:
    root = town.folder / "corpus" / "documents"
    files = [path for path in town.folder.rglob("*") if path.suffix == ".md"]
    assert len(files) == len(first.documents)
    assert {path.parent for path in files} == {root / name for name in ("stadt", "wackel", "falle")}
    assert all(path.name.isascii() and len(path.name) < 130 for path in files)


def test_a_crawl_asks_for_nothing_twice_and_for_nothing_that_is_closed(town: Town, first: Crawled) -> None:
    asked = Counter(first.asked["stadt"])
    # Links of a circle that no page names; how they hang together shows only on the way.
    del asked["/glied/x"], asked["/glied/y"]
    assert {path: count for path, count in asked.items() if count > 1} == {}
    assert "/intern/a" not in asked
    assert COMMENTED_OUT not in asked
    assert set(first.asked["zu"]) == {"/robots.txt"}
    assert max(Counter(first.asked["wackel"]).values()) <= TRIES
    assert len(first.asked["falle"]) < 450, "a calendar, filters and paths without end have been left"


def test_second_run_fetches_nothing_that_need_not_be(town: Town, first: Crawled, second: Crawled) -> None:
    site = town.plans["stadt"]
    validated = {path for path, answer in site.answers.items() if {"ETag", "Last-Modified"} & {*answer.headers}}
    assert len(validated) > COUNT / 2
    assert validated == set(second.unchanged), "nothing that is unchanged was sent again"
    assert "/robots.txt" not in second.asked["stadt"], "its rules hold for a day"
    asked = Counter(second.asked["stadt"])
    del asked["/glied/x"], asked["/glied/y"]
    assert max(asked.values()) == 1
    stadt = [document for document in first.documents if document.source == "stadt"]
    assert second.report.count(PageAction.UNCHANGED) == len(stadt)
    assert second.report.changed == 0
    assert second.documents == first.documents


def test_moved_changed_and_vanished_pages_lose_nothing(
    town: Town, first: Crawled, years_later: tuple[Crawled, ...]
) -> None:
    before, last = years_later[0], years_later[-1]
    base = town.sites["stadt"].base
    ids = {document.id for document in first.documents}
    assert ids <= {document.id for document in last.documents}, "nothing is ever deleted"
    for n in MOVED:
        published = [one for one in last.holding(n) if one.status is Status.PUBLISHED]
        known = {page_key(url) for one in published for url in (one.url or "", *one.other_urls)}
        assert page_key(f"{base}/umgezogen/{n}") in known
        assert [one.id for one in published] == [one.id for one in first.holding(n)]
    for n in CHANGED:
        assert [one.id for one in before.holding(n + 5_000)] == [first.holding(n)[0].id]
        assert last.holding(n) == []
        assert by_path(before.report)[page_path(n)].action is PageAction.UPDATED
    for n in GONE:
        states = [run.holding(n)[0].status for run in years_later]
        assert states == [Status.PUBLISHED, Status.WITHDRAWN]
    assert last.report.count(PageAction.WITHDRAWN) == len(GONE)
    assert {by_path(run.report)[page_path(n)].reason for run in years_later for n in SWAPPED} == {ONE_TEXT}
    alarms = " ".join(last.report.sources[0].totals.alarms)
    assert f"„Kobold“, {len(SWAPPED)} Adressen" in alarms
    untouched = set(range(COUNT)) - {*MOVED, *CHANGED, *GONE}
    assert all(last.holding(n) == first.holding(n) for n in untouched)


def _copies_apart(base: str, document: Document) -> str | None:
    """The addresses of the file that has several: which of them is met first is chance, and gives the id."""
    paths = {(url or "").removeprefix(base) for url in (document.url, *document.other_urls)}
    return " ".join(sorted(paths)) if paths & set(PDF_COPIES) else None


@pytest.mark.kill
def test_kills_at_random_moments_lose_nothing(tmp_path: Path, first: Crawled, town: Town) -> None:
    plan = city()
    with serve(plan.answers) as site:
        crawled = crawl_with_kills(tmp_path, site, kills=KILLS, seed=6)
        old = town.sites["stadt"].base
        undisturbed = {
            (_copies_apart(old, one) or document_id("stadt", (one.url or "").replace(old, site.base)), one.text)
            for one in first.documents
            if one.source == "stadt"
        }
    assert crawled.asked_again == [], "what was finished before a kill is not asked for again"
    assert crawled.lost == [], "what was in the corpus stays there"
    base = site.base
    assert {(_copies_apart(base, one) or one.id, one.text) for one in crawled.documents} == undisturbed
    assert crawled.told == {outcome.url.removeprefix(old) for outcome in first.report.sources[0].outcomes}
