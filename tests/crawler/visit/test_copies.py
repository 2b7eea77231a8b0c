"""Whole crawls over copies: the PDF under five addresses, and the document whose first address is gone."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.page.copies import COPY
from crawler.report.outcomes import PageAction
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from kb.corpus import DirectoryCorpus
from kb.model import Document, Status
from tests.crawler.crawls import a_job, a_source, by_path
from tests.crawler.extract.samples import pdf
from tests.crawler.loopback import Answer, Site, link_list, serve

pytestmark = pytest.mark.crawl

LINES = [
    f"{n}. Die Jugendberufsagentur begleitet Übergänge von der Schule in Ausbildung und Beruf."
    for n in range(12)
]
FIVE = [f"/download/{n}/bericht.pdf" for n in range(5)]


def _answer(lines: list[str], tag: str) -> Answer:
    body = pdf([lines], title="Bericht über Übergänge")
    return Answer(body, content_type="application/pdf", headers={"ETag": f'"{tag}"'})


def _crawl(folder: Path, site: Site) -> CrawlReport:
    return run_crawl(a_job(folder, [a_source("stadt", site.base)], state_dir=folder / "state"))


def _documents(folder: Path) -> list[Document]:
    corpus = DirectoryCorpus(folder / "corpus")
    return [corpus.load(ref).document for ref in corpus.refs()]


def test_pdf_under_five_addresses_is_one_document_that_outlives_its_first_address(tmp_path: Path) -> None:
    answers = {path: _answer(LINES, f"alt{n}") for n, path in enumerate(FIVE)}
    with serve({"/": link_list(*FIVE), **answers}) as site:
        first = _crawl(tmp_path, site)
        assert (first.count(PageAction.ADDED), first.sources[0].reasons(PageAction.SKIPPED)[COPY]) == (1, 4)
        (document,) = _documents(tmp_path)
        assert {document.url, *document.other_urls} == {site.base + path for path in FIVE}
        again = _crawl(tmp_path, site)
        assert set(FIVE) <= set(site.unchanged), "copies too are asked for on condition"
        assert again.changed == 0
        assert _documents(tmp_path) == [document]

        owner = (document.url or "").removeprefix(site.base)
        site.answers[owner] = _answer([*LINES, "Neu: Sprechzeiten am Markt."], "neu")
        assert by_path(_crawl(tmp_path, site))[owner].action is PageAction.UPDATED
        for path in FIVE:
            site.answers[path] = replace(site.answers[owner], headers={"ETag": f'"neu{path}"'})
        assert _crawl(tmp_path, site).count(PageAction.ADDED) == 0, "the copies have followed"

        site.answers[owner] = Answer(status=404)
        for _ in range(3):
            gone = _crawl(tmp_path, site)
            with sqlite3.connect(tmp_path / "state" / "sources" / "stadt.sqlite") as database:
                database.execute("UPDATE gone SET last = date(last, '-1 day')")
            database.close()
        assert "das Dokument bleibt unter einer weiteren Adresse" in by_path(gone)[owner].reason
        (living,) = _documents(tmp_path)
        assert (living.id, living.status) == (document.id, Status.PUBLISHED)
        assert living.url != document.url
        assert living.url is not None
        assert (
            by_path(_crawl(tmp_path, site))[living.url.removeprefix(site.base)].action is PageAction.UNCHANGED
        )
