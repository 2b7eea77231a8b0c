"""The second main loop: the index follows the corpus, and what goes wrong with one document stays there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.backends.memory import MemoryBackend
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer, Token
from indexer.updating import annotating
from indexer.updating.update import IndexOptions, IndexReport, update_document, update_index
from kb.corpus import DirectoryCorpus
from kb.errors import (
    DocumentNotFoundError,
    IndexOutdatedError,
    InputTooLargeError,
    InvalidDocumentError,
    StorageError,
)
from kb.model import (
    UNDECIDED,
    Annotations,
    Decision,
    Decisions,
    DocTypeTag,
    Document,
    DocumentRef,
    PartialDate,
    SearchQuery,
    Status,
    TopicTag,
)
from kb.ports import SearchBackend
from tests.doubles import MemoryCorpus

ANALYZER = GermanAnalyzer()


class KeywordAnnotator:
    """An annotator with one rule; it counts its work and refuses what it is told to."""

    version = "1"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def annotate(self, document: Document) -> Annotations:
        self.seen.append(document.id)
        if "UNMÖGLICH" in document.text:
            raise InputTooLargeError("der Text ist zu lang")
        if "STOLPERSTEIN" in document.text:
            raise OverflowError("date value out of range")
        topics = (TopicTag("quartier", 1.0),) if "Quartier" in document.text else ()
        return Annotations(DocTypeTag("praxisbeispiel"), topics)


@pytest.fixture
def corpus() -> MemoryCorpus:
    return MemoryCorpus()


@pytest.fixture
def files(tmp_path: Path) -> DirectoryCorpus:
    return DirectoryCorpus(tmp_path / "corpus")


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend(ANALYZER, lock_timeout=0.05)


@pytest.fixture
def annotator() -> KeywordAnnotator:
    return KeywordAnnotator()


def document(doc_id: str, text: str = "Das Quartier feiert.", **fields: object) -> Document:
    return Document(doc_id, f"Titel {doc_id}", text, **fields)  # type: ignore[arg-type]


def put(corpus: MemoryCorpus | DirectoryCorpus, *documents: Document) -> None:
    for one in documents:
        try:
            expected = corpus.get(one.id).revision
        except DocumentNotFoundError:
            expected = None
        corpus.put(one, expected=expected)


def counts(report: IndexReport) -> tuple[int, ...]:
    return (report.added, report.updated, report.unchanged, report.removed)


def found(backend: SearchBackend, text: str = "") -> set[str]:
    return {hit.entry.id for hit in backend.search(SearchQuery(text, limit=100)).hits}


def test_the_first_run_builds_and_a_second_opens_no_document(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a", published=PartialDate(2018)), document("b", "Übergänge"))
    assert counts(update_index(corpus, backend, annotator)) == (2, 0, 0, 0)
    assert found(backend, "uebergang") == {"b"}
    assert backend.search(SearchQuery()).facets["topic"] == {"quartier": 1, UNDECIDED: 1}
    annotator.seen.clear()
    assert counts(update_index(corpus, backend, annotator)) == (0, 0, 2, 0)
    assert annotator.seen == []


def test_changed_documents_alone_are_indexed_again(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a"), document("b"), document("c"))
    update_index(corpus, backend, annotator)
    annotator.seen.clear()
    put(corpus, document("b", "Die Nachbarschaft"), document("d"))
    corpus.remove("c", expected=corpus.get("c").revision)
    assert counts(update_index(corpus, backend, annotator)) == (1, 1, 1, 1)
    assert annotator.seen == ["b", "d"]
    assert found(backend, "Nachbarschaft") == {"b"}
    assert found(backend) == {"a", "b", "d"}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PENDING, Status.WITHDRAWN])
def test_only_published_documents_are_indexed(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator, status: Status
) -> None:
    put(corpus, document("a"), document("b", status=status))
    assert counts(update_index(corpus, backend, annotator)) == (1, 0, 0, 0)
    put(corpus, document("a", status=status))
    assert counts(update_index(corpus, backend, annotator)) == (0, 0, 0, 1)
    assert found(backend) == set()


def test_a_rebuild_takes_everything_anew(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a"), document("b"))
    update_index(corpus, backend, annotator)
    report = update_index(corpus, backend, annotator, options=IndexOptions(rebuild=True))
    assert counts(report) == (2, 0, 0, 0)
    assert report.seconds > 0


def test_other_annotation_rules_and_damage_rebuild_by_themselves(
    tmp_path: Path, corpus: MemoryCorpus, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a"), document("b"))
    first = WhooshBackend(tmp_path, ANALYZER, annotations_version="1")
    assert counts(update_index(corpus, first, annotator)) == (2, 0, 0, 0)
    assert counts(update_index(corpus, first, annotator)) == (0, 0, 2, 0)
    second = WhooshBackend(tmp_path, ANALYZER, annotations_version="2")
    assert counts(update_index(corpus, second, annotator)) == (2, 0, 0, 0)
    (tmp_path / "CURRENT").write_text("nirgends")
    third = WhooshBackend(tmp_path, ANALYZER, annotations_version="2")
    assert counts(update_index(corpus, third, annotator)) == (2, 0, 0, 0)
    assert found(third) == {"a", "b"}


def test_of_two_runs_at_once_the_second_waits_and_finds_nothing_to_do(
    tmp_path: Path, corpus: MemoryCorpus
) -> None:
    """Whether to rebuild is decided under the lock: both saw that there is no index."""
    put(corpus, *(document(f"d{number}") for number in range(30)))
    reports: list[IndexReport] = []

    def run() -> None:
        backend = WhooshBackend(tmp_path, ANALYZER, annotations_version="1")
        reports.append(update_index(corpus, backend, KeywordAnnotator()))

    fill = WhooshBackend(tmp_path, ANALYZER, annotations_version="0")
    update_index(corpus, fill, KeywordAnnotator())
    runs = [threading.Thread(target=run) for _ in range(3)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert sorted(counts(report) for report in reports) == [(0, 0, 30, 0), (0, 0, 30, 0), (30, 0, 0, 0)]


def test_a_server_with_older_rules_does_not_bring_them_back(
    tmp_path: Path, corpus: MemoryCorpus, annotator: KeywordAnnotator
) -> None:
    server = WhooshBackend(tmp_path, ANALYZER, annotations_version="1")
    put(corpus, document("a"))
    update_index(corpus, server, annotator)
    update_index(corpus, WhooshBackend(tmp_path, ANALYZER, annotations_version="2"), annotator)
    put(corpus, document("b"))
    with pytest.raises(IndexOutdatedError):
        update_document(corpus, server, annotator, "b")
    assert found(server) == {"a"}
    assert WhooshBackend(tmp_path, ANALYZER, annotations_version="2").needs_rebuild() is None


def test_progress_is_told_for_every_document(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a"), document("b"))
    told: list[tuple[int, int | None, str]] = []
    update_index(corpus, backend, annotator, progress=lambda *step: told.append(step))
    assert told == [(1, 2, "documents/import/a.md"), (2, 2, "documents/import/b.md")]


# --- what goes wrong ---


def test_a_broken_file_is_named_its_entry_goes_and_the_rest_goes_on(
    files: DirectoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    """The index says what the corpus says now: nobody knows which document a broken file was meant to be."""
    put(files, document("a"), document("b"), document("c"))
    update_index(files, backend, annotator)
    path = files.path / "documents/import/b.md"
    healthy = path.read_text("utf-8")
    path.write_text("---\nid: b\ntitle: [kaputt\n---\nText", "utf-8")
    report = update_index(files, backend, annotator)
    assert counts(report) == (0, 0, 2, 1)
    (problem,) = report.problems
    assert problem.location == "documents/import/b.md"
    assert "YAML" in problem.reason
    assert not problem.indexed
    assert found(backend) == {"a", "c"}
    path.write_text(healthy, "utf-8")
    assert counts(update_index(files, backend, annotator)) == (1, 0, 2, 0)


@pytest.mark.parametrize("copied_first", [True, False])
@pytest.mark.parametrize("changed", [True, False])
def test_of_two_files_with_one_id_the_first_counts_and_both_are_named(
    files: DirectoryCorpus,
    backend: MemoryBackend,
    annotator: KeywordAnnotator,
    *,
    copied_first: bool,
    changed: bool,
) -> None:
    put(files, document("mitte"))
    original = files.path / "documents/import/mitte.md"
    if not copied_first:
        update_index(files, backend, annotator)
    copy = original.with_name("anfang.md")
    copy.write_text(original.read_text("utf-8") + ("\nKopie" if changed else ""), "utf-8")
    for _ in range(2):
        report = update_index(files, backend, annotator)
        (problem,) = report.problems
        assert problem.location == "documents/import/mitte.md"
        assert "documents/import/anfang.md" in problem.reason
        assert found(backend) == {"mitte"}
        assert found(backend, "Kopie") == ({"mitte"} if changed else set())


def test_a_draft_holds_its_id_against_later_files(
    files: DirectoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(files, document("mitte"))
    update_index(files, backend, annotator)
    original = files.path / "documents/import/mitte.md"
    text = original.read_text("utf-8").replace("status: published", "status: draft")
    assert "draft" in text
    original.with_name("anfang.md").write_text(text, "utf-8")
    report = update_index(files, backend, annotator)
    assert len(report.problems) == 1
    assert found(backend) == set()


def test_a_document_that_cannot_be_annotated_is_a_problem(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a", "UNMÖGLICH"), document("b"))
    report = update_index(corpus, backend, annotator)
    assert [problem.reason for problem in report.problems] == ["der Text ist zu lang"]
    assert found(backend) == {"b"}


STUMBLING = "Ein STOLPERSTEIN im Quartier."


def test_a_mistake_of_the_annotators_costs_one_document(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a"), document("b"), document("c"))
    update_index(corpus, backend, annotator)
    put(corpus, document("b", STUMBLING))
    report = update_index(corpus, backend, annotator)
    assert counts(report) == (0, 0, 2, 1)
    (problem,) = report.problems
    assert (problem.location, problem.doc_id) == ("documents/import/b.md", "b")
    assert "OverflowError" in problem.reason
    assert "date value out of range" in problem.trace
    assert found(backend) == {"a", "c"}
    assert len(update_index(corpus, backend, annotator).problems) == 1  # tried again, and named again
    put(corpus, document("b"))
    assert counts(update_index(corpus, backend, annotator)) == (1, 0, 2, 0)


def test_so_does_a_mistake_in_another_process(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotating, "_FEW_BATCHES", 0)
    monkeypatch.setattr(annotating, "processors", lambda: 2)
    put(
        corpus, *(document(f"d{number:02}", STUMBLING if number in (3, 20) else "Text") for number in range(40))
    )
    report = update_index(corpus, backend, annotator, options=IndexOptions(annotator=KeywordAnnotator))
    assert annotator.seen == []  # the work was done elsewhere
    assert counts(report) == (38, 0, 0, 0)
    assert [problem.doc_id for problem in report.problems] == ["d03", "d20"]
    assert all("OverflowError" in problem.trace for problem in report.problems)
    assert len(found(backend)) == 38


def test_a_mistake_while_words_are_counted_hides_no_document(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    def note(seen: Document) -> None:
        if seen.id == "a":
            raise ZeroDivisionError

    put(corpus, document("a"), document("b"))
    (problem,) = update_index(corpus, backend, annotator, options=IndexOptions(note=note)).problems
    assert (problem.doc_id, problem.indexed) == ("a", True)
    assert found(backend) == {"a", "b"}


class FragileAnalyzer(GermanAnalyzer):
    """Cannot take one word; documents that hold it cannot be searched."""

    def analyze(self, text: str) -> list[Token]:
        if "Stolperfalle" in text:
            raise IndexError("string index out of range")
        return super().analyze(text)


@pytest.mark.parametrize("engine", ["memory", "whoosh"])
def test_a_mistake_of_the_engine_costs_one_document(
    tmp_path: Path, corpus: MemoryCorpus, annotator: KeywordAnnotator, engine: str
) -> None:
    fragile: SearchBackend = (
        MemoryBackend(FragileAnalyzer()) if engine == "memory" else WhooshBackend(tmp_path, FragileAnalyzer())
    )
    names = [f"d{number:03}" for number in range(150)]
    put(corpus, *(document(name, "Das Quartier feiert ein Fest.") for name in names))
    assert counts(update_index(corpus, fragile, annotator)) == (150, 0, 0, 0)
    put(corpus, document("d100", "Eine Stolperfalle."), document("neu", "Eine Stolperfalle."))
    put(corpus, document("d101", "Die Nachbarschaft feiert."))
    report = update_index(corpus, fragile, annotator)
    assert counts(report) == (0, 1, 148, 1)
    assert sorted(problem.doc_id for problem in report.problems) == ["d100", "neu"]
    assert {problem.location for problem in report.problems} == {
        "documents/import/d100.md",
        "documents/import/neu.md",
    }
    assert all("IndexError" in problem.trace for problem in report.problems)
    assert found(fragile, "Nachbarschaft") == {"d101"}
    assert fragile.search(SearchQuery("Quartier", limit=0)).total == 148
    assert fragile.entry("d100") is None
    put(corpus, document("d100", "Wieder heil."))
    assert counts(update_document(corpus, fragile, annotator, "d100")) == (1, 0, 0, 0)
    assert found(fragile, "heil") == {"d100"}


def test_an_index_of_nothing_but_refused_documents(tmp_path: Path, annotator: KeywordAnnotator) -> None:
    corpus, backend = MemoryCorpus(), WhooshBackend(tmp_path, FragileAnalyzer())
    put(corpus, document("a", "Eine Stolperfalle."), document("b", "Noch eine Stolperfalle."))
    report = update_index(corpus, backend, annotator)
    assert (counts(report), len(report.problems)) == ((0, 0, 0, 0), 2)
    assert found(backend) == set()
    put(corpus, document("b", "Wieder heil."))
    assert counts(update_index(corpus, backend, annotator)) == (1, 0, 0, 0)


def test_decisions_on_unknown_topics_are_named_and_the_document_is_found(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    decided = Decisions(topics={"quatier": Decision("confirmed"), "quartier": Decision("confirmed")})
    put(corpus, document("a", decisions=decided))
    options = IndexOptions(known_topics=frozenset({"quartier"}))
    (problem,) = update_index(corpus, backend, annotator, options=options).problems
    assert "„quatier“" in problem.reason
    assert problem.indexed
    assert found(backend) == {"a"}


class VanishingCorpus(MemoryCorpus):
    """Lists a document that is gone when it is loaded."""

    def refs(self) -> Iterator[DocumentRef]:
        return iter([*super().refs(), DocumentRef("documents/import/weg.md", "0")])


def test_a_document_removed_meanwhile_is_no_problem(
    backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    corpus = VanishingCorpus()
    put(corpus, document("a"))
    report = update_index(corpus, backend, annotator)
    assert (counts(report), report.problems) == ((1, 0, 0, 0), ())


class UnreadableCorpus(MemoryCorpus):
    """The folder cannot be listed."""

    def refs(self) -> Iterator[DocumentRef]:
        raise StorageError("keine Leserechte", subject="corpus")


def test_a_corpus_that_cannot_be_read_leaves_the_index(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a"))
    update_index(corpus, backend, annotator)
    with pytest.raises(StorageError):
        update_index(UnreadableCorpus(), backend, annotator)
    assert found(backend) == {"a"}


# --- one document ---


class UnlistedCorpus(MemoryCorpus):
    """Counts how often it is listed."""

    listed = 0

    def refs(self) -> Iterator[DocumentRef]:
        self.listed += 1
        return super().refs()


def test_one_document_is_followed_without_listing_the_corpus(
    backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    corpus = UnlistedCorpus()
    put(corpus, document("a"))
    update_index(corpus, backend, annotator)
    corpus.listed = 0
    put(corpus, document("b", "Nachbarschaft"))
    assert counts(update_document(corpus, backend, annotator, "b")) == (1, 0, 0, 0)
    put(corpus, document("b", "Übergänge"))
    assert counts(update_document(corpus, backend, annotator, "b")) == (0, 1, 0, 0)
    assert counts(update_document(corpus, backend, annotator, "b")) == (0, 0, 1, 0)
    assert found(backend, "Uebergang") == {"b"}
    put(corpus, replace(corpus.get("b").document, status=Status.WITHDRAWN))
    assert counts(update_document(corpus, backend, annotator, "b")) == (0, 0, 0, 1)
    corpus.remove("a", expected=corpus.get("a").revision)
    assert counts(update_document(corpus, backend, annotator, "a")) == (0, 0, 0, 1)
    assert counts(update_document(corpus, backend, annotator, "nirgends")) == (0, 0, 0, 0)
    assert corpus.listed == 0
    assert found(backend) == set()


def test_one_document_without_an_index_builds_all_of_it(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(corpus, document("a"), document("b"))
    assert counts(update_document(corpus, backend, annotator, "a")) == (2, 0, 0, 0)
    assert found(backend) == {"a", "b"}


def test_one_broken_document_is_told_and_changes_nothing(
    files: DirectoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    put(files, document("a"))
    update_index(files, backend, annotator)
    (files.path / "documents/import/a.md").write_text("---\nid: a\n---\nohne Titel", "utf-8")
    with pytest.raises(InvalidDocumentError, match="title"):
        update_document(files, backend, annotator, "a")
    assert found(backend) == {"a"}


def test_one_document_that_makes_the_annotators_fail_is_told_and_no_longer_found(
    corpus: MemoryCorpus, backend: MemoryBackend, annotator: KeywordAnnotator
) -> None:
    """Its old text is not there any more, so nobody must find it by that."""
    put(corpus, document("a"), document("b"))
    update_index(corpus, backend, annotator)
    put(corpus, document("a", STUMBLING))
    report = update_document(corpus, backend, annotator, "a")
    assert counts(report) == (0, 0, 0, 1)
    assert [(one.doc_id, one.location) for one in report.problems] == [("a", "documents/import/a.md")]
    assert found(backend) == {"b"}


# --- what happens while an index is built ---


class MeddlingAnnotator(KeywordAnnotator):
    """While it looks at one document, somebody does something to others."""

    def __init__(self, moment: str, meddle: Callable[[], None]) -> None:
        super().__init__()
        self.moment, self.meddle = moment, meddle

    def annotate(self, document: Document) -> Annotations:
        if document.id == self.moment:
            self.moment = ""
            self.meddle()
        return super().annotate(document)


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MemoryCorpus | DirectoryCorpus:
    return MemoryCorpus() if request.param == "memory" else DirectoryCorpus(tmp_path / "corpus")


@pytest.mark.parametrize("rebuild", [True, False])
def test_what_is_withdrawn_while_others_are_indexed_is_not_published(
    store: MemoryCorpus | DirectoryCorpus, backend: MemoryBackend, *, rebuild: bool
) -> None:
    put(store, *(document(name) for name in "abcde"))
    if not rebuild:
        update_index(store, backend, KeywordAnnotator())
        put(store, document("d", "Das Quartier feiert wieder."))

    def meddle() -> None:
        put(store, document("a", status=Status.WITHDRAWN), document("b", "Die Nachbarschaft."))
        store.remove("c", expected=store.get("c").revision)
        put(store, document("e", STUMBLING))

    update_index(store, backend, MeddlingAnnotator("d", meddle), options=IndexOptions(rebuild=rebuild))
    assert found(backend) == {"b", "d"}
    assert found(backend, "Nachbarschaft") == {"b"}
    report = update_index(store, backend, KeywordAnnotator())
    assert (counts(report), [one.doc_id for one in report.problems]) == ((0, 0, 2, 0), ["e"])


class SlowBackend(MemoryBackend):
    """While it commits, somebody does something to the corpus."""

    meddle: Callable[[], None] | None = None

    @contextmanager
    def writer(self, *, rebuild: bool = False, renew: bool = False) -> Iterator[Any]:
        with super().writer(rebuild=rebuild, renew=renew) as writer:
            yield writer
            if self.meddle is not None:
                meddle, self.meddle = self.meddle, None
                meddle()


def test_what_is_withdrawn_while_the_index_is_committed_is_followed_at_once(
    store: MemoryCorpus | DirectoryCorpus,
) -> None:
    put(store, document("a"), document("b"), document("c"))
    backend = SlowBackend(ANALYZER)

    def meddle() -> None:
        put(store, document("a", status=Status.DRAFT))
        put(store, document("b", "Die Nachbarschaft."))

    backend.meddle = meddle
    update_index(store, backend, KeywordAnnotator())
    assert found(backend) == {"b", "c"}
    assert found(backend, "Nachbarschaft") == {"b"}
