"""The folder of files: other hands in it, two processes, full and forbidden disks, leftovers."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, tuples

from kb.corpus import DirectoryCorpus, ensure_corpus, locations, render_document, shipped_corpus, visibility
from kb.corpus.locations import Head, Locations, read_head
from kb.corpus.visibility import CorpusVisibility
from kb.errors import (
    ConflictError,
    DocumentNotFoundError,
    FundstelleError,
    InvalidDocumentError,
    StorageError,
)
from kb.failures import documents_of
from kb.model import Document
from tests.strategies import documents


def note(doc_id: str, **fields: str) -> Document:
    return Document(**({"id": doc_id, "title": f"Notiz {doc_id}", "text": "Übergänge gestalten."} | fields))  # type: ignore[arg-type]


def write(path: Path, doc_id: str, title: str = "Von Hand") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\nid: {doc_id}\ntitle: {title}\n---\n\nText\n", "utf-8")


def test_files_that_an_editor_adds_moves_and_deletes_are_seen(tmp_path: Path) -> None:
    corpus = DirectoryCorpus(tmp_path)
    corpus.put(note("erste"), expected=None)
    write(tmp_path / "documents/hand/beliebiger Name.md", "zweite")
    assert corpus.get("zweite").location == "documents/hand/beliebiger Name.md"
    (tmp_path / "documents/hand/beliebiger Name.md").rename(tmp_path / "documents/import/umbenannt.md")
    assert corpus.get("zweite").location == "documents/import/umbenannt.md"
    stored = corpus.get("zweite")
    corpus.put(note("zweite", title="Geändert"), expected=stored.revision)
    assert "Geändert" in (tmp_path / "documents/import/umbenannt.md").read_text("utf-8")


def test_the_file_name_is_readable_and_never_leaves_the_folder(tmp_path: Path) -> None:
    corpus = DirectoryCorpus(tmp_path)
    assert (
        corpus.put(note("jahresforum-2018"), expected=None).location == "documents/import/jahresforum-2018.md"
    )
    odd = corpus.put(note("Übergänge/..x/2018"), expected=None).location
    assert odd.startswith("documents/import/")
    assert odd.count("/") == 2


def test_a_broken_file_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    corpus = DirectoryCorpus(tmp_path)
    corpus.put(note("heil"), expected=None)
    (tmp_path / "documents/import/kaputt.md").write_bytes(b"---\nid: kaputt\ntitle: \xff\n---\n")
    loaded, failed = [], []
    for ref in corpus.refs():
        try:
            loaded.append(corpus.load(ref).document.id)
        except InvalidDocumentError as error:
            failed.append(str(error))
    assert loaded == ["heil"]
    assert failed == ["documents/import/kaputt.md: Byte 22 ist kein UTF-8 – die Datei als UTF-8 speichern"]


def test_of_two_files_with_one_id_the_first_in_order_wins(tmp_path: Path) -> None:
    write(tmp_path / "documents/b/x.md", "doppelt", "Zweite")
    write(tmp_path / "documents/a/x.md", "doppelt", "Erste")
    corpus = DirectoryCorpus(tmp_path)
    assert corpus.get("doppelt").document.title == "Erste"
    stored = corpus.get("doppelt")
    corpus.remove("doppelt", expected=stored.revision)
    assert corpus.get("doppelt").document.title == "Zweite"


def test_leftovers_of_a_killed_writer_are_ignored_and_swept(tmp_path: Path) -> None:
    leftover = tmp_path / "documents/import/.tmp-1-a.md"
    write(leftover, "halb")
    corpus = DirectoryCorpus(tmp_path)
    assert list(corpus.refs()) == []
    corpus.put(note("ganz"), expected=None)
    assert not leftover.exists()


def _put_many(path: Path, first: int, shared: bool) -> None:
    corpus = DirectoryCorpus(path)
    for number in range(first, first + 40):
        corpus.put(note(f"n{number}"), expected=None)
        if shared:
            _count_up(corpus)


def _count_up(corpus: DirectoryCorpus) -> None:
    while True:
        stored = corpus.get("zaehler")
        following = note("zaehler", text=str(int(stored.document.text) + 1))
        try:
            corpus.put(following, expected=stored.revision)
        except ConflictError:
            continue
        return


def test_two_processes_lose_no_write(tmp_path: Path) -> None:
    DirectoryCorpus(tmp_path).put(note("zaehler", text="0"), expected=None)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_put_many, args=(tmp_path, first, True)) for first in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    corpus = DirectoryCorpus(tmp_path)
    assert corpus.get("zaehler").document.text == "80"
    assert len(list(corpus.refs())) == 81


def test_a_second_writer_waits_and_is_told(tmp_path: Path) -> None:
    corpus = DirectoryCorpus(tmp_path)
    with corpus._writing(), pytest.raises(StorageError, match="anderer Vorgang schreibt"):
        DirectoryCorpus(tmp_path, lock_timeout=0).put(note("wartet"), expected=None)


def test_a_folder_without_write_permission(forbidden: Path) -> None:
    with pytest.raises(StorageError, match=r"Schreib- oder Leserechte|lässt sich nur lesen"):
        DirectoryCorpus(forbidden / "corpus").put(note("a"), expected=None)


def test_a_full_disk_loses_nothing_that_is_in(small_disk: Path) -> None:
    corpus = DirectoryCorpus(small_disk)
    corpus.put(note("drin"), expected=None)
    with pytest.raises(StorageError, match="der Datenträger ist voll"):
        corpus.put(note("zu-gross", text="Übergang " * 100_000), expected=None)
    assert [corpus.load(ref).document.id for ref in corpus.refs()] == ["drin"]
    corpus.put(note("passt"), expected=None)
    assert corpus.get("passt").document.text == "Übergänge gestalten."


def test_a_file_where_the_corpus_should_be(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("keine Mappe")
    with pytest.raises(StorageError, match="ist kein Ordner"):
        DirectoryCorpus(tmp_path / "corpus").put(note("a"), expected=None)
    with pytest.raises(StorageError, match="ist kein Ordner"):
        ensure_corpus(tmp_path / "corpus")


def test_an_empty_folder_becomes_a_corpus_once(tmp_path: Path) -> None:
    target = tmp_path / "neu"
    assert "topics" in ensure_corpus(target)
    assert (target / "topics/migration.toml").read_bytes() == (
        shipped_corpus() / "topics/migration.toml"
    ).read_bytes()
    assert (target / "documents").is_dir()
    (target / "topics/migration.toml").write_text("eigene Regeln")
    assert ensure_corpus(target) == ()
    assert (target / "topics/migration.toml").read_text() == "eigene Regeln"


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    assert ensure_corpus(tmp_path) == ()
    assert [path.name for path in tmp_path.iterdir()] == ["documents"]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are older than a tick of the clock; younger ones are read each time."""
    monkeypatch.setattr(locations, "CLOCK_TICK_NS", -1)


@pytest.mark.usefixtures("settled")
def test_what_an_editor_does_to_a_file_is_seen_at_once(tmp_path: Path) -> None:
    corpus, watch = DirectoryCorpus(tmp_path), CorpusVisibility(tmp_path)
    path = tmp_path / corpus.put(note("a"), expected=None).location
    assert watch.hidden(["a"]) == set()
    text = path.read_text("utf-8")
    for status, is_hidden in (("withdrawn", True), ("published", False), ("draft", True), ("unsinn", True)):
        replaced = path.with_name(f"{status}.tmp")
        replaced.write_text(text.replace("status: published", f"status: {status}"), "utf-8")
        replaced.replace(path)
        assert watch.hidden(["a"]) == ({"a"} if is_hidden else set())
        assert watch.hidden(["a"]) == ({"a"} if is_hidden else set())
    path.with_name("neu.tmp").write_text("kein Kopf", "utf-8")
    path.with_name("neu.tmp").replace(path)
    assert watch.hidden(["a"]) == {"a"}
    path.with_name("neu.tmp").write_text(text, "utf-8")
    path.with_name("neu.tmp").replace(path)
    path.rename(path.with_name("verschoben.md"))
    assert watch.hidden(["a"]) == set()
    path.with_name("verschoben.md").unlink()
    assert watch.hidden(["a"]) == {"a"}


@pytest.mark.usefixtures("settled")
def test_a_document_that_is_known_costs_one_look_at_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = CorpusVisibility(tmp_path)
    write(tmp_path / "documents/hand/beliebig.md", "a")
    write(tmp_path / "documents/import/b.md", "b")
    asked: list[str] = []

    def located(doc_id: str) -> str:
        asked.append(doc_id)
        return {"a": "documents/hand/beliebig.md"}.get(doc_id, "")

    assert watch.hidden(["a", "b"], located) == set()
    assert asked == ["a", "b"]

    def forbidden(*arguments: object) -> None:
        raise AssertionError("nothing is read or searched for")

    monkeypatch.setattr(visibility, "read_head", forbidden)
    monkeypatch.setattr(Locations, "find", forbidden)
    assert watch.hidden(["a", "b"], located) == set()
    assert asked == ["a", "b"]


def test_a_file_at_a_known_place_that_holds_another_document_is_not_believed(tmp_path: Path) -> None:
    watch = CorpusVisibility(tmp_path)
    write(tmp_path / "documents/hand/x.md", "anderes")
    write(tmp_path / "documents/import/a.md", "a")
    assert watch.hidden(["a"], lambda doc_id: "documents/hand/x.md") == set()
    assert watch.hidden(["b"], lambda doc_id: "documents/hand/x.md") == {"b"}


def test_a_change_in_the_same_tick_of_the_clock_is_noticed(tmp_path: Path) -> None:
    corpus, watch = DirectoryCorpus(tmp_path), CorpusVisibility(tmp_path)
    path = tmp_path / corpus.put(note("a"), expected=None).location
    before = path.stat()
    (ref,) = corpus.refs()
    assert watch.hidden(["a"]) == set()
    path.write_text(path.read_text("utf-8").replace("published", "withdrawn"), "utf-8")  # in place, as long
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert watch.hidden(["a"]) == {"a"}
    assert [one.location for one in corpus.changed([ref])] == [ref.location]


def test_a_file_beyond_the_limit_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path / "documents/import/a.md", "a")
    write(tmp_path / "documents/import/gross.md", "gross", title="x" * 2_000)
    corpus = DirectoryCorpus(tmp_path, max_bytes=1_000)
    noted: list[FundstelleError] = []
    assert [stored.document.id for stored in documents_of(corpus, noted.append)] == ["a"]
    assert "KB_MAX_FILE_BYTES" in str(noted[0])
    with pytest.raises(InvalidDocumentError, match="erlaubt sind 1000"):
        corpus.put(note("neu", text="x" * 2_000), expected=None)
    assert not (tmp_path / "documents/import/neu.md").exists()


@given(documents)
def test_the_head_of_a_file_says_what_the_whole_file_says(document: Document) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.md"
        path.write_text(render_document(document), "utf-8")
        head = read_head(path)
    assert head == Head(document.id, document.url, document.source_hash, str(document.status))


@given(lists(tuples(integers(0, 2), integers(0, 3)), min_size=2, max_size=12))
def test_who_writes_sees_what_others_wrote(steps: list[tuple[int, int]]) -> None:
    """Servers side by side, each writing now and then: none thinks that its own write was the only one."""
    with TemporaryDirectory() as folder:
        corpora = [DirectoryCorpus(Path(folder)) for _ in range(3)]
        known: dict[str, str] = {}
        for who, number in steps:
            doc_id = f"d{number}"
            stored = corpora[who].put(note(doc_id, text=f"{len(known)} {who}"), expected=known.get(doc_id))
            known[doc_id] = stored.revision
            for corpus in corpora:
                assert {one: corpus.get(one).revision for one in known} == known


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_folder_with_a_time_to_come_costs_no_scan_for_every_unknown_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    write(tmp_path / "documents/hand/beliebig.md", "a")
    for folder in (tmp_path / "documents", tmp_path / "documents/hand"):
        at = folder.stat().st_mtime + hours * 3600
        os.utime(folder, (at, at))
    corpus = DirectoryCorpus(tmp_path)
    scans: list[Path] = []
    original = Locations._rescan

    def counted(self: Locations) -> None:
        scans.append(self._documents)
        original(self)

    monkeypatch.setattr(Locations, "_rescan", counted)
    assert corpus.get("a").document.title == "Von Hand"
    for number in range(5):
        with pytest.raises(DocumentNotFoundError):
            corpus.get(f"unbekannt-{number}")
    assert len(scans) == 1
    write(tmp_path / "documents/hand/neu.md", "neu")  # which gives the folder a time of now
    assert corpus.get("neu").document.title == "Von Hand"


def test_a_broken_file_that_names_a_document_hides_it_from_nobody(tmp_path: Path) -> None:
    write(tmp_path / "documents/hand/b.md", "zwei", title="Die gute")
    (tmp_path / "documents/hand/a.md").write_text("---\nid: zwei\ntitle: A\ntitle: B\n---\n\nText\n", "utf-8")
    corpus = DirectoryCorpus(tmp_path)
    stored = corpus.get("zwei")
    assert stored.document.title == "Die gute"
    stored = corpus.put(replace(stored.document, title="Noch besser"), expected=stored.revision)
    assert corpus.get("zwei") == stored
    assert "title: B" in (tmp_path / "documents/hand/a.md").read_text("utf-8")
    corpus.remove("zwei", expected=stored.revision)
    assert not (tmp_path / "documents/hand/b.md").exists()
    with pytest.raises(InvalidDocumentError, match="title steht zweimal"):
        corpus.get("zwei")


# --- links and what else is no file ---


def test_links_are_named_and_followed_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "woanders"
    write(outside / "geheim.md", "geheim")
    write(outside / "mehr/tief.md", "tief")
    documents = tmp_path / "corpus/documents"
    write(documents / "hand/a.md", "a")
    (documents / "hand/datei.md").symlink_to(outside / "geheim.md")
    (documents / "hand/leer.md").symlink_to(outside / "gibt-es-nicht.md")
    (documents / "hand/ordner").symlink_to(outside)
    (documents / "quelle").symlink_to(outside / "mehr")
    (documents / "kreis.md").symlink_to(documents / "kreis.md")
    corpus, watch = DirectoryCorpus(tmp_path / "corpus"), CorpusVisibility(tmp_path / "corpus")
    refs = {ref.location: ref for ref in corpus.refs()}
    assert corpus.load(refs.pop("documents/hand/a.md")).document.id == "a"
    for ref in refs.values():
        with pytest.raises(InvalidDocumentError, match="symbolischer Link") as refused:
            corpus.load(ref)
        assert refused.value.subject == ref.location
    assert list(refs) == [
        "documents/kreis.md",
        "documents/quelle",
        "documents/hand/datei.md",
        "documents/hand/leer.md",
        "documents/hand/ordner",
    ]
    for doc_id in ("geheim", "tief"):
        with pytest.raises(DocumentNotFoundError):
            corpus.get(doc_id)
    assert watch.hidden(["a", "geheim", "tief"]) == {"geheim", "tief"}
    assert watch.hidden(["tief"], lambda doc_id: "documents/quelle/tief.md") == {"tief"}
    assert watch.hidden(["geheim"], lambda doc_id: "documents/hand/datei.md") == {"geheim"}


def test_a_file_whose_folder_became_a_link_is_not_read(tmp_path: Path) -> None:
    corpus = DirectoryCorpus(tmp_path / "corpus")
    location = corpus.put(note("a"), expected=None).location
    (ref,) = corpus.refs()
    folder = (tmp_path / "corpus" / location).parent
    folder.rename(tmp_path / "woanders")
    folder.symlink_to(tmp_path / "woanders")
    with pytest.raises(InvalidDocumentError, match="symbolischer Link"):
        corpus.load(ref)
    with pytest.raises(DocumentNotFoundError):
        corpus.get("a")


def test_nothing_is_written_or_removed_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "woanders"
    outside.mkdir()
    (outside / ".tmp-1-a.md").write_text("nicht unsere", "utf-8")
    documents = tmp_path / "corpus/documents"
    documents.mkdir(parents=True)
    (documents / note("a").source).symlink_to(outside)
    with pytest.raises(InvalidDocumentError, match="symbolischer Link"):
        DirectoryCorpus(tmp_path / "corpus").put(note("a"), expected=None)
    assert [path.name for path in outside.iterdir()] == [".tmp-1-a.md"]


def test_the_lock_is_no_link_either(tmp_path: Path) -> None:
    documents = tmp_path / "corpus/documents"
    documents.mkdir(parents=True)
    (documents / ".lock").symlink_to(tmp_path / "woanders")
    with pytest.raises(StorageError, match="symbolischer Link"):
        DirectoryCorpus(tmp_path / "corpus").put(note("a"), expected=None)
    assert not (tmp_path / "woanders").exists()


def test_the_folder_of_documents_may_be_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "platte").mkdir()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/documents").symlink_to(tmp_path / "platte")
    corpus = DirectoryCorpus(tmp_path / "corpus")
    corpus.put(note("a"), expected=None)
    assert corpus.get("a").document.id == "a"
    assert CorpusVisibility(tmp_path / "corpus").hidden(["a"]) == set()
    assert len(list(corpus.refs())) == 1


def test_a_pipe_is_named_and_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "documents/hand"
    write(folder / "a.md", "a")
    os.mkfifo(folder / "rohr.md")
    corpus = DirectoryCorpus(tmp_path)
    (_, pipe) = corpus.refs()
    with pytest.raises(InvalidDocumentError, match="keine gewöhnliche Datei"):
        corpus.load(pipe)
    assert corpus.get("a").document.id == "a"
