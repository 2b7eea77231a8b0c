"""What happens to one fetched page: kept, updated, left alone or dropped, always with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import PageArchive
from crawler.manners.directives import Directives
from crawler.manners.scope import Scope
from crawler.page.context import FetchedPage, PageContext
from crawler.page.decide import FOR_REVIEW
from crawler.page.known import KnownAddresses
from crawler.page.pipeline import is_teaser, process_page
from crawler.page.withdrawal import withdraw
from crawler.report.outcomes import PageAction
from crawler.sources.source import Source
from kb.corpus import TombstoneFile
from kb.errors import UnreadableInputError
from kb.model import Document, ExtractedText, RawContent, Status, StoredDocument, Withdrawal
from kb.ports import CorpusStore
from kb.record import FolderSourceNews
from tests.crawler.loopback import SENTENCE
from tests.doubles import MemoryCorpus

SOURCE = Source("stadt", "Stadt", "Stadt", start_urls=("https://stadt.de/",), publisher="Stadt Auenbrück")
URL = "https://stadt.de/berichte/Übergänge.html"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


class LineExtractor:
    """First line title, second line canonical address or nothing, the rest text."""

    def extract(self, content: RawContent) -> ExtractedText:
        if not content.data:
            raise UnreadableInputError("die Datei ist leer", subject=content.name)
        title, canonical, *text = content.data.decode().split("\n")
        return ExtractedText(title, "\n".join(text), canonical_url=canonical or None)


def _context(corpus: CorpusStore, source: Source = SOURCE) -> PageContext:
    return PageContext(source, Scope(source), corpus, LineExtractor(), KnownAddresses(corpus), now=lambda: NOON)


def _fetched(
    text: str = SENTENCE * 5, *, title: str = "Fachtag", canonical: str = "", url: str = URL
) -> FetchedPage:
    return FetchedPage(url, f"{title}\n{canonical}\n{text.strip()}".encode())


def test_new_page_becomes_a_document_with_its_provenance() -> None:
    corpus = MemoryCorpus()
    outcome = process_page(_fetched(), _context(corpus))
    assert outcome.action is PageAction.ADDED
    assert outcome.doc_id is not None
    assert outcome.doc_id.startswith("stadt-uebergaenge-")
    document = corpus.get(outcome.doc_id).document
    assert (document.title, document.url, document.source) == ("Fachtag", URL, "stadt")
    assert document.publisher == "Stadt Auenbrück"
    assert document.fetched_at == NOON
    assert document.source_hash is not None


def test_same_page_again_writes_nothing() -> None:
    corpus = MemoryCorpus()
    first = process_page(_fetched(), _context(corpus))
    before = corpus.get(first.doc_id or "")
    later = replace(_context(corpus), now=lambda: datetime(2025, 1, 1, tzinfo=UTC))
    again = process_page(_fetched(), later)
    assert again.action is PageAction.UNCHANGED
    assert corpus.get(first.doc_id or "") == before


def test_what_of_a_page_is_missing_is_told_with_its_outcome() -> None:
    class HalfExtractor(LineExtractor):
        def extract(self, content: RawContent) -> ExtractedText:
            return replace(super().extract(content), warnings=("Seite 2 hat keinen Text",))

    corpus = MemoryCorpus()
    context = replace(_context(corpus), extractor=HalfExtractor())
    assert process_page(_fetched(), context).warnings == ("Seite 2 hat keinen Text",)
    assert process_page(_fetched(), context).warnings == ("Seite 2 hat keinen Text",)
    assert process_page(_fetched("Zu kurz."), context).warnings == ()


def test_changed_page_updates_its_document() -> None:
    corpus = MemoryCorpus()
    first = process_page(_fetched(), _context(corpus))
    again = process_page(_fetched("Neu: " + SENTENCE * 6), _context(corpus))
    assert (again.action, again.doc_id) == (PageAction.UPDATED, first.doc_id)
    assert corpus.get(first.doc_id or "").document.text.startswith("Neu: ")


def test_text_edited_by_the_editors_is_never_overwritten() -> None:
    corpus = MemoryCorpus()
    context = _context(corpus)
    first = process_page(_fetched(), context)
    stored = corpus.get(first.doc_id or "")
    edited = replace(stored.document, text="Von der Redaktion gekürzt.")
    corpus.put(edited, expected=stored.revision)
    outcome = process_page(_fetched("Anders. " + SENTENCE * 5), context)
    assert outcome.action is PageAction.SKIPPED
    assert "Redaktion" in outcome.reason
    assert corpus.get(first.doc_id or "").document == edited


@pytest.fixture
def news(tmp_path: Path) -> FolderSourceNews:
    return FolderSourceNews(tmp_path / "news")


def _decided(corpus: MemoryCorpus, doc_id: str, **changes: Any) -> StoredDocument:
    """What an editor makes of a document."""
    stored = corpus.get(doc_id)
    return corpus.put(replace(stored.document, **changes), expected=stored.revision)


WITHDRAWN = Withdrawal("2024-05-02", "auf Wunsch der Stadt", "oezlem")
HELD: dict[str, dict[str, Any]] = {
    "edited": {"text": "Von der Redaktion gekürzt."},
    "title worded": {"title": "Fachtag in Hof", "edited": {"title": "Fachtag"}},
    "withdrawn": {"status": Status.WITHDRAWN, "withdrawal": WITHDRAWN},
    "draft": {"status": Status.DRAFT},
}


@pytest.mark.parametrize("changes", HELD.values(), ids=HELD)
def test_what_the_source_says_against_an_editor_is_kept_for_review(
    changes: dict[str, Any], news: FolderSourceNews
) -> None:
    corpus = MemoryCorpus()
    context = replace(_context(corpus), news=news)
    doc_id = process_page(_fetched(), context).doc_id or ""
    before = _decided(corpus, doc_id, **changes)
    assert process_page(_fetched(), context).action is PageAction.UNCHANGED
    assert news.waiting() == [], "the source says what it said when the editor decided"

    outcome = process_page(_fetched("Anders. " + SENTENCE * 5, title="Der Fachtag"), context)
    assert (outcome.action, outcome.reason, outcome.doc_id) == (PageAction.SKIPPED, FOR_REVIEW, doc_id)
    assert corpus.get(doc_id) == before
    (waiting,) = news.waiting()
    said = waiting.document
    assert (said.id, said.title, said.url, waiting.seen_at) == (doc_id, "Der Fachtag", URL, NOON)
    assert said.text.startswith("Anders. ")

    process_page(_fetched("Noch anders. " + SENTENCE * 5, title="Der Fachtag"), context)
    (newest,) = news.waiting()
    assert newest.document.text.startswith("Noch anders. ")

    process_page(_fetched(), context)
    assert news.waiting() == [], "source and document agree again"
    assert corpus.get(doc_id) == before


def test_an_edited_document_whose_page_returns_is_published_as_the_editors_left_it(
    news: FolderSourceNews,
) -> None:
    corpus = MemoryCorpus()
    context = replace(_context(corpus), news=news)
    doc_id = process_page(_fetched(), context).doc_id or ""
    _decided(corpus, doc_id, text="Von der Redaktion gekürzt.")
    assert withdraw(corpus, (doc_id, URL), "Seite nicht mehr vorhanden", NOON)
    outcome = process_page(_fetched("Anders. " + SENTENCE * 5), context)
    assert (outcome.action, outcome.reason) == (PageAction.UPDATED, "wieder erreichbar")
    document = corpus.get(doc_id).document
    assert (document.text, document.status) == ("Von der Redaktion gekürzt.", Status.PUBLISHED)
    assert len(news.waiting()) == 1


def test_document_is_found_by_any_of_its_addresses_and_keeps_its_id() -> None:
    corpus = MemoryCorpus()
    old = Document("hand-1", "Fachtag", SENTENCE, source="stadt", url="https://stadt.de/alt", other_urls=(URL,))
    corpus.put(old, expected=None)
    outcome = process_page(_fetched(url="http://stadt.de/berichte/%C3%9Cberg%C3%A4nge.html/"), _context(corpus))
    assert outcome.doc_id == "hand-1"
    assert len(list(corpus.refs())) == 1


def test_address_of_another_source_is_left_to_it() -> None:
    corpus = MemoryCorpus()
    corpus.put(Document("land-1", "Fachtag", SENTENCE, source="land", url=URL), expected=None)
    outcome = process_page(_fetched(), _context(corpus))
    assert (outcome.action, outcome.doc_id) == (PageAction.SKIPPED, "land-1")
    assert "Quelle land" in outcome.reason


@pytest.mark.parametrize(
    ("fetched", "words"),
    [
        (replace(_fetched(), directives=Directives(index=False)), "noindex"),
        (_fetched("Kurz."), "weniger als 200 Zeichen"),
        (FetchedPage(URL, b""), "leer"),
        (_fetched(title=" "), "Titel"),
    ],
)
def test_dropped_pages_have_a_reason(fetched: FetchedPage, words: str) -> None:
    corpus = MemoryCorpus()
    outcome = process_page(fetched, _context(corpus))
    assert outcome.action is PageAction.SKIPPED
    assert words in outcome.reason
    assert list(corpus.refs()) == []


def test_other_canonical_address_is_read_instead() -> None:
    outcome = process_page(_fetched(canonical="https://stadt.de/berichte/fassung"), _context(MemoryCorpus()))
    assert (outcome.action, outcome.instead) == (PageAction.SKIPPED, "https://stadt.de/berichte/fassung")


@pytest.mark.parametrize(
    "canonical",
    [
        "https://boese.example/berichte/x",  # another host
        "https://stadt.de/",  # a start page, as broken templates write it everywhere
        "http://stadt.de/berichte/%C3%9Cberg%C3%A4nge.html?utm_source=x#a",  # this page in another spelling
        "https://stadt.de/kurz/7",  # the address that redirected here
        "javascript:void(0)",
    ],
)
def test_canonical_address_that_leads_nowhere_new_is_ignored(canonical: str) -> None:
    fetched = replace(_fetched(canonical=canonical), via=("https://stadt.de/kurz/7",))
    outcome = process_page(fetched, _context(MemoryCorpus()))
    assert outcome.action is PageAction.ADDED


class EditedMeanwhile(MemoryCorpus):
    """Between reading and writing, an editor saves."""

    def get(self, doc_id: str) -> StoredDocument:
        stored = super().get(doc_id)
        super().put(replace(stored.document, title="Von Hand"), expected=stored.revision)
        return stored


def test_editor_who_saves_at_the_same_moment_wins() -> None:
    corpus = EditedMeanwhile()
    context = _context(corpus)
    first = process_page(_fetched(), context)
    outcome = process_page(_fetched("Neu. " + SENTENCE * 5), context)
    assert outcome.action is PageAction.SKIPPED
    assert "bearbeitet" in outcome.reason
    assert MemoryCorpus.get(corpus, first.doc_id or "").document.title == "Von Hand"


def test_addresses_of_links_are_no_text() -> None:
    links = "".join(f"[x](https://stadt.de/suche?ort=musterstadt&jahr={year})" for year in range(2015, 2025))
    assert len(links) > 300
    assert is_teaser(links)
    assert not is_teaser(links + SENTENCE * 3)
    assert not is_teaser("Der Übergang (von der Schule in den Beruf) gelingt. " * 4), "brackets are text"


def test_a_document_from_before_the_archive_is_archived_at_its_next_visit(tmp_path: Path) -> None:
    corpus = MemoryCorpus()
    doc_id = process_page(_fetched(), _context(corpus)).doc_id or ""
    archive = PageArchive(tmp_path)
    for _ in range(2):
        outcome = process_page(_fetched(), replace(_context(corpus), archive=archive))
        assert outcome.action is PageAction.UNCHANGED
    (record,) = archive.records(doc_id)
    assert archive.read(record).body == _fetched().body


@pytest.mark.parametrize("moment", ["archived", "written", "noted"])
def test_what_is_forgotten_while_it_is_being_read_does_not_come_back(tmp_path: Path, moment: str) -> None:
    """The removal runs in another process, between any two steps of the crawl."""
    corpus, tombstones = MemoryCorpus(), TombstoneFile(tmp_path)
    archive, news = PageArchive(tmp_path / "archive"), FolderSourceNews(tmp_path / "news")
    doc_id = process_page(_fetched(), _context(corpus)).doc_id or ""

    def removal(now: str) -> None:
        if now == moment and not tombstones.all():
            tombstones.add([f"id:{doc_id}"], NOON.date(), "")
            archive.forget(doc_id, [URL])
            news.drop(doc_id)
            corpus.remove(doc_id, expected=corpus.get(doc_id).revision)

    class Watched(MemoryCorpus):
        def get(self, doc_id: str) -> StoredDocument:
            removal("archived")
            return corpus.get(doc_id)

        def put(self, document: Document, *, expected: str | None) -> StoredDocument:
            removal("written")
            stored = corpus.put(document, expected=expected)
            removal("noted")
            return stored

        def remove(self, doc_id: str, *, expected: str) -> None:
            corpus.remove(doc_id, expected=expected)

    context = replace(_context(corpus), corpus=Watched(), tombstones=tombstones, archive=archive, news=news)
    outcome = process_page(_fetched("Neu: " + SENTENCE * 6), context)
    assert (outcome.action, "auf Wunsch gelöscht" in outcome.reason) == (PageAction.SKIPPED, True)
    assert (list(corpus.refs()), archive.records(doc_id), news.get(doc_id)) == ([], [], None)
