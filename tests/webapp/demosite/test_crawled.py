"""The demonstration site crawled for real: what was rendered comes back, and nothing from around it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from crawler.extract import ContentExtractor, ExtractOptions
from crawler.report.outcomes import PageAction
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from crawler.sources.catalogue import load_sources
from crawler.sources.source import Source
from crawler.visit.job import CrawlJob
from kb.corpus import DirectoryCorpus
from kb.model import Document
from kb.ports import Extractor
from tests.webapp.demosite.townhall import DOCUMENTS
from webapp.demosite import serve_demo_site

pytestmark = pytest.mark.crawl

SOURCES = Path(__file__).parents[3] / "corpus" / "sources"


def _extractor(source: Source) -> Extractor:
    return ContentExtractor(ExtractOptions(selectors=source.selectors))


@dataclass
class Crawled:
    """Two crawls of the site into one corpus; documents by the path of their address."""

    first: CrawlReport
    second: CrawlReport
    files: dict[str, bytes]
    files_after: dict[str, bytes]
    documents: dict[str, Document]


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*.md"))}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("demo")
    with serve_demo_site(DOCUMENTS) as base:
        source = load_sources(SOURCES).get("demo").relocated(base)
        job = CrawlJob((source,), partial(DirectoryCorpus, folder), _extractor, allow_loopback=True)
        first = run_crawl(job)
        files = _files(folder)
        second = run_crawl(job)
    corpus = DirectoryCorpus(folder)
    documents = [corpus.load(ref).document for ref in corpus.refs()]
    by_path = {
        "/" + (document.url or "").split("/", 3)[3].removesuffix(".pdf"): document for document in documents
    }
    return Crawled(first, second, files, _files(folder), by_path)


def _path(document: Document) -> str:
    return "/" + (document.url or "").split("/", 3)[3]


def _words(text: str) -> list[str]:
    """Letters and digits only: Markdown's own marks may differ, link targets change their host."""
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.findall(r"\w+", text)


def test_every_document_is_found_once_and_nothing_else(crawled: Crawled) -> None:
    assert set(crawled.documents) == {_path(document) for document in DOCUMENTS}
    assert crawled.first.count(PageAction.ADDED) == len(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=_path)
def test_crawled_text_is_the_rendered_text(crawled: Crawled, document: Document) -> None:
    found = crawled.documents[_path(document)]
    wanted, got = _words(document.text), _words(found.text)
    if document.extra:  # nothing tells a PDF's title and byline from its text
        got = got[got.index(wanted[0]) :]
    matcher = difflib.SequenceMatcher(None, wanted, got, autojunk=False)
    differences = [(op, wanted[a:b], got[c:d]) for op, a, b, c, d in matcher.get_opcodes() if op != "equal"]
    assert matcher.ratio() >= 0.99, differences


@pytest.mark.parametrize("document", DOCUMENTS, ids=_path)
def test_title_date_and_publisher_come_back(crawled: Crawled, document: Document) -> None:
    found = crawled.documents[_path(document)]
    assert found.title == document.title
    assert found.language == "de"
    assert found.source == "demo"
    if not document.extra:
        assert document.published in (found.published, found.modified)
        assert found.publisher == document.publisher
        assert found.event == document.event


def test_nothing_around_the_text_slips_in(crawled: Crawled) -> None:
    around = (
        *(
            "Cookies",
            "akzeptieren",
            "Das könnte Sie auch interessieren",
            "Newsletter",
            "Impressum",
            "Weiterlesen",
        ),
        *(
            "Weiterlesen",
            "Mehr aus",
            "Seite drucken",
            "Startseite",
            "© 2024",
            "Bildungsportal Auenbrück",
            "Seite 1",
        ),
    )
    for path, document in crawled.documents.items():
        assert [words for words in around if words in document.text] == [], path


def test_skipped_pages_have_the_reasons_that_the_site_gives(crawled: Crawled) -> None:
    reasons = {"/" + page.url.split("/", 3)[3]: page.reason for page in crawled.first.sources[0].outcomes}
    assert reasons["/intern/dienstplan"] == "robots.txt erlaubt den Abruf nicht"
    assert "noindex" in reasons["/aktuelles/vorschau-sommerprogramm"]
    assert "excluded" in reasons["/service/kontaktformular"]
    assert "404" in reasons["/berichte/verschollener-beitrag"]
    assert "leitet auf eine andere" in reasons["/archiv/runde-1"]
    assert "allowed" in reasons["/impressum"]
    assert all(reasons.values())


def test_crawling_twice_changes_nothing(crawled: Crawled) -> None:
    assert crawled.second.count(PageAction.UNCHANGED) == len(DOCUMENTS)
    assert crawled.second.changed == 0
    assert crawled.files_after == crawled.files
    assert len(crawled.files) == len(DOCUMENTS)
