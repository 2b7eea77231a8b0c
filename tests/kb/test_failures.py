"""What one document makes fail: named for people, kept for the desk, and no bar to the others."""

from __future__ import annotations

import pickle
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest

from kb.corpus import DirectoryCorpus
from kb.corpus.own_files import open_own
from kb.errors import FundstelleError, InvalidDocumentError, StorageError, UnforeseenError
from kb.failure_file import MOST_KEPT, FailureFile
from kb.failures import contained, documents_of, foreseen
from kb.model import Document, Failure, Step
from tests.kb.conftest import Kb

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def raised(error: Exception) -> Exception:
    """As an exception that has passed a line of code."""
    try:
        raise error
    except Exception as passed:
        return passed


def test_an_error_of_ours_stays_what_it_is() -> None:
    error = InvalidDocumentError("der Titel fehlt", subject="a.md")
    assert foreseen(error, "b.md") is error


def test_what_nobody_foresaw_names_the_document_the_line_and_what_to_do() -> None:
    error: Exception
    try:
        Document("a", "Titel", None)  # type: ignore[arg-type]
    except Exception as passed:
        error = passed
    found = foreseen(error, "documents/a.md")
    assert isinstance(found, UnforeseenError)
    assert found.subject == "documents/a.md"
    assert "AttributeError" in found.problem
    assert "kb/model/document.py, Zeile" in found.problem
    assert found.remedy is not None
    assert "bitte melden" in found.remedy
    assert "Traceback" in found.trace
    assert "\n" not in str(found)


def test_it_says_the_same_after_a_journey_from_another_process() -> None:
    found = foreseen(raised(OverflowError("date value out of range")), "a")
    assert isinstance(found, UnforeseenError)
    copy = pickle.loads(pickle.dumps(found))
    assert (str(copy), copy.trace) == (str(found), found.trace)


def test_a_recursion_without_end_is_kept_short() -> None:
    def deeper() -> None:
        deeper()

    try:
        deeper()
    except RecursionError as error:
        found = foreseen(error, "a")
    assert isinstance(found, UnforeseenError)
    assert len(found.trace) < 5_000
    assert "RecursionError" in found.trace


@pytest.mark.parametrize("error", [ValueError("x"), MemoryError(), RecursionError(), StorageError("voll")])
def test_a_block_about_one_document_holds_up_nothing(error: Exception) -> None:
    noted: list[FundstelleError] = []
    with contained("a", noted.append):
        raise error
    assert len(noted) == 1


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_the_end_of_the_process_is_not_held_up(end: type[BaseException]) -> None:
    noted: list[FundstelleError] = []
    with pytest.raises(end), contained("a", noted.append):
        raise end
    assert noted == []


def test_all_documents_that_can_be_read_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = DirectoryCorpus(tmp_path)
    for name in "abcd":
        corpus.put(Document(name, f"Titel {name}", "Text"), expected=None)
    (tmp_path / "documents/import/b.md").write_text("kein Kopf", "utf-8")
    (tmp_path / "documents/import/c.md").unlink()
    (tmp_path / "documents/import/c.md").mkdir()  # no file, and reading it fails as it does without permission
    (tmp_path / "documents/import/c.md/x.txt").write_text("", "utf-8")
    original = DirectoryCorpus._read

    def read(self: DirectoryCorpus, path: Path) -> object:
        if path.name == "a.md":
            raise OverflowError("date value out of range")
        return original(self, path)

    monkeypatch.setattr(DirectoryCorpus, "_read", read)
    noted: list[FundstelleError] = []
    assert [stored.document.id for stored in documents_of(corpus, noted.append)] == ["d"]
    assert {error.subject for error in noted} == {"documents/import/a.md", "documents/import/b.md"}


def test_a_file_that_must_not_be_read_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = DirectoryCorpus(tmp_path)
    for name in "ab":
        corpus.put(Document(name, f"Titel {name}", "Text"), expected=None)

    def opened(path: Path, subject: str = "") -> BinaryIO:
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied", str(path))
        return open_own(path, subject)

    monkeypatch.setattr("kb.corpus.directory.open_own", opened)
    noted: list[FundstelleError] = []
    assert [stored.document.id for stored in documents_of(corpus, noted.append)] == ["b"]
    assert [type(error) for error in noted] == [StorageError]
    assert "a.md" in str(noted[0])


def failure(name: str, step: Step = Step.INDEX, *, trace: str = "", source: str = "") -> Failure:
    return Failure(f"documents/{name}.md", step, "der Titel fehlt", name, trace, source, at=NOON)


@pytest.fixture
def log(tmp_path: Path) -> FailureFile:
    return FailureFile(tmp_path / "cache/failures.json")


def test_what_failed_is_kept_until_it_succeeds(log: FailureFile) -> None:
    assert log.all() == ()
    log.settle("a")
    log.note(failure("a"))
    log.note(failure("a", trace="Traceback: ü"))
    log.note(failure("a", Step.PAGE))
    log.note(failure("b"))
    assert log.all() == (failure("a", trace="Traceback: ü"), failure("a", Step.PAGE), failure("b"))
    log.settle("a")
    assert log.all() == (failure("b"),)


def test_a_full_run_replaces_its_own_step_alone(log: FailureFile) -> None:
    log.note(failure("a"))
    log.note(failure("b", Step.CRAWL, source="hof"))
    log.note(failure("c", Step.CRAWL, source="ulm"))
    log.replace(Step.INDEX, [failure("d")])
    log.replace(Step.CRAWL, [failure("e", Step.CRAWL, source="hof")], ["hof"])
    assert sorted(one.doc_id for one in log.all()) == ["c", "d", "e"]
    log.replace(Step.INDEX, [])
    assert sorted(one.doc_id for one in log.all()) == ["c", "e"]


def test_a_million_failures_are_counted_and_some_are_kept(log: FailureFile) -> None:
    log.replace(Step.INDEX, (failure(str(number)) for number in range(MOST_KEPT + 7)))
    assert (len(log.all()), log.left_out()) == (MOST_KEPT, 7)
    log.replace(Step.INDEX, [])
    assert (log.all(), log.left_out()) == ((), 0)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"failures": [1], "left_out": 0}', b"\xff"])
def test_a_damaged_file_is_as_good_as_none(log: FailureFile, content: bytes) -> None:
    log.note(failure("a"))
    log._path.write_bytes(content)
    assert log.all() == ()
    log.note(failure("b"))
    assert log.all() == (failure("b"),)


def test_two_writers_lose_nothing(log: FailureFile) -> None:
    def note(first: int) -> None:
        for number in range(first, first + 20):
            log.note(failure(str(number)))

    writers = [threading.Thread(target=note, args=(first,)) for first in (0, 100)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert len(log.all()) == 40


def test_a_disk_that_refuses_is_told(forbidden: Path) -> None:
    with pytest.raises(StorageError, match=r"Schreib- oder Leserechte|lässt sich nur lesen"):
        FailureFile(forbidden / "cache/failures.json").note(failure("a"))


# --- through the commands ---

GOOD = "---\nid: gut\ntitle: Guter Bericht\npublished: 2020-03-20\n---\n\nGestern tagte das Quartier.\n"
TEXT = "\n\nGestern und nächsten Montag tagt das Quartier, am kommenden Freitag auch.\n"


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "9999", "0001-01"])
def test_a_date_that_nobody_means_costs_one_document_and_no_other(kb: Kb, date: str) -> None:
    kb("init")
    folder = kb.corpus / "documents/hand"
    folder.mkdir(parents=True)
    (folder / "gut.md").write_text(GOOD, "utf-8")
    (folder / "seltsam.md").write_text(f"---\nid: seltsam\ntitle: T\npublished: {date}\n---{TEXT}", "utf-8")
    result = kb("index")
    assert result.exit_code == 1
    assert "documents/hand/seltsam.md" in result.err
    assert "KB_FIRST_YEAR" in result.err
    assert "Traceback" not in result.err
    assert [hit["id"] for hit in kb("search", "--json").json["hits"]] == ["gut"]
    exported = kb("export")
    assert exported.exit_code == 1
    assert "seltsam.md" in exported.err
    assert '"gut"' in exported.out
    (checked,) = [one for one in kb("doctor", "--json").json["checks"] if "seltsam" in one["found"]]
    assert checked["level"] == "error"
    (folder / "seltsam.md").write_text(f"---\nid: seltsam\ntitle: T\npublished: 2021-02-01\n---{TEXT}", "utf-8")
    assert kb("index").exit_code == 0
    assert kb("search", "--json").json["total"] == 2


def test_years_that_hold_are_a_setting(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    kb("init")
    path = kb.corpus / "documents/hand/alt.md"
    path.parent.mkdir(parents=True)
    path.write_text(f"---\nid: alt\ntitle: T\npublished: 1493-05-01\n---{TEXT}", "utf-8")
    assert kb("index").exit_code == 1
    monkeypatch.setenv("KB_FIRST_YEAR", "1")
    monkeypatch.setenv("KB_LAST_YEAR", "9999")
    assert kb("index").exit_code == 0
    path.write_text(f"---\nid: alt\ntitle: T\npublished: 9999-12-31\nevent: 0001-01-01\n---{TEXT}", "utf-8")
    assert kb("index").exit_code == 0


def test_a_mistake_of_the_program_costs_one_document_and_no_other(
    kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexer.annotate import DocumentAnnotator

    original = DocumentAnnotator.annotate

    def annotate(self: DocumentAnnotator, document: Document) -> object:
        if "Stolperstein" in document.title:
            raise KeyError(document.title)
        return original(self, document)

    (tmp_path / "in").mkdir()
    (tmp_path / "in/gut.md").write_text(GOOD, "utf-8")
    (tmp_path / "in/schlecht.md").write_text(f"---\nid: schlecht\ntitle: Stolperstein\n---{TEXT}", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(DocumentAnnotator, "annotate", annotate)
        result = kb("import", tmp_path / "in")
        assert "documents/import/schlecht.md: unerwarteter Fehler (KeyError" in result.err
        assert "Traceback" not in result.err
        assert kb("index", "--json").json["problems"][0]["input"] == "documents/import/schlecht.md"
        assert [hit["id"] for hit in kb("search", "--json").json["hits"]] == ["gut"]
        annotated = kb("annotate")
        assert annotated.exit_code == 1
        assert '"id": "gut"' in annotated.out
        assert "schlecht" in annotated.err
        (checked,) = [one for one in kb("doctor", "--json").json["checks"] if "schlecht" in one["found"]]
        assert (checked["check"], checked["level"]) == ("Fehler", "error")
    failures = FailureFile(kb.var / "cache/failures.json").all()
    assert [(one.doc_id, one.step, one.is_unforeseen) for one in failures] == [("schlecht", Step.INDEX, True)]
    assert kb("index").exit_code == 0  # the program was mended: tried again without any other change
    assert kb("search", "--json").json["total"] == 2
    assert FailureFile(kb.var / "cache/failures.json").all() == ()


def test_doctor_survives_a_check_that_fails(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    from kb import wiring

    def broken(settings: object) -> object:
        raise ZeroDivisionError

    kb("init")
    monkeypatch.setattr(wiring, "open_failures", broken)
    result = kb("doctor")
    assert result.exit_code == 1
    assert "✗ Fehler: unerwarteter Fehler (ZeroDivisionError" in result.out
    assert "✓ Korpus" in result.out
