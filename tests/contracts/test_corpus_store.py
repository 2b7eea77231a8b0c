"""What every CorpusStore must do; a second store is tested by being listed in ``STORES``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from kb.corpus import DirectoryCorpus
from kb.corpus.visibility import CorpusVisibility
from kb.errors import ConflictError, DocumentNotFoundError, InvalidDocumentError
from kb.model import Decision, Decisions, Document, Event, PartialDate, Status
from kb.ports import CorpusStore, Visibility
from tests.doubles import MemoryCorpus

STORES: dict[str, Callable[[Path], CorpusStore]] = {
    "directory": lambda path: DirectoryCorpus(path),
    "memory": lambda path: MemoryCorpus(),
}


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> CorpusStore:
    return STORES[request.param](tmp_path / "corpus")


def report(doc_id: str = "ueber-bruecken", **fields: object) -> Document:
    values: dict[str, object] = {
        "id": doc_id,
        "title": "Über Brücken: Fachtag der Jugendberufsagentur",
        "text": "Rund 80 Koordinator*innen kamen.\n\n## Schul- und Berufswahl\n\nSie sprachen über KAoA.",
        "source": "hof",
    }
    return Document(**(values | fields))  # type: ignore[arg-type]


def test_what_is_put_is_read_back_equal(store: CorpusStore) -> None:
    document = report(
        url="https://hof.example/brücken?x=1#a",
        other_urls=("https://hof.example/b",),
        publisher="Stadt Hof: Bildungsbüro",
        authors=("Şeyma Öz", "Jürgen Weiß"),
        published=PartialDate(2018, 12),
        event=Event(PartialDate(2018, 11, 29), PartialDate(2018, 11, 30)),
        status=Status.DRAFT,
        decisions=Decisions(topics={"uebergaenge": Decision("confirmed", "öz", "2019-01-02T10:00:00+00:00")}),
        extra={"format": "pdf", "liste": ["a", "No"]},
    )
    stored = store.put(document, expected=None)
    assert store.get(document.id) == stored
    assert stored.document == document


def test_putting_the_same_twice_leaves_the_revision(store: CorpusStore) -> None:
    first = store.put(report(), expected=None)
    assert store.put(report(), expected=first.revision).revision == first.revision


def test_a_new_document_must_not_exist_yet(store: CorpusStore) -> None:
    store.put(report(), expected=None)
    with pytest.raises(ConflictError, match="ueber-bruecken"):
        store.put(report(title="Anderer Titel"), expected=None)
    assert store.get("ueber-bruecken").document.title.startswith("Über Brücken")


def test_a_writer_that_read_an_old_version_is_told(store: CorpusStore) -> None:
    first = store.put(report(), expected=None)
    second = store.put(report(title="Zweite Fassung"), expected=first.revision)
    with pytest.raises(ConflictError, match="inzwischen geändert"):
        store.put(report(title="Dritte Fassung"), expected=first.revision)
    assert store.get("ueber-bruecken") == second


def test_a_writer_of_a_removed_document_is_told(store: CorpusStore) -> None:
    stored = store.put(report(), expected=None)
    store.remove(stored.document.id, expected=stored.revision)
    with pytest.raises(ConflictError, match="nicht mehr"):
        store.put(report(title="Zu spät"), expected=stored.revision)
    with pytest.raises(DocumentNotFoundError):
        store.get(stored.document.id)


def test_removing_needs_the_latest_revision(store: CorpusStore) -> None:
    first = store.put(report(), expected=None)
    store.put(report(title="Neu"), expected=first.revision)
    with pytest.raises(ConflictError):
        store.remove("ueber-bruecken", expected=first.revision)
    assert store.get("ueber-bruecken").document.title == "Neu"


def test_unknown_ids_are_not_found(store: CorpusStore) -> None:
    with pytest.raises(DocumentNotFoundError, match="gibts-nicht"):
        store.get("gibts-nicht")
    with pytest.raises(DocumentNotFoundError):
        store.remove("gibts-nicht", expected="0")


@pytest.mark.parametrize("doc_id", ["../../etc/passwd", "", "a\x00b", "x" * 201, "a/./b", "a\\b", " a"])
def test_hostile_ids_are_refused(store: CorpusStore, doc_id: str) -> None:
    with pytest.raises(InvalidDocumentError):
        store.get(doc_id)


def test_ids_that_differ_only_in_case_or_marks_stay_apart(store: CorpusStore) -> None:
    ids = ["Übergang", "übergang", "uebergang", "UEBERGANG", "über/gang", "über gang", "a" * 150, "a" * 151]
    for doc_id in ids:
        store.put(report(doc_id, title=f"Titel {doc_id}"), expected=None)
    assert sorted(store.load(ref).document.id for ref in store.refs()) == sorted(ids)
    for doc_id in ids:
        assert store.get(doc_id).document.title == f"Titel {doc_id}"


def test_refs_are_stable_and_follow_changes(store: CorpusStore) -> None:
    stored = [store.put(report(f"d{number}"), expected=None) for number in range(5)]
    before = list(store.refs())
    assert before == list(store.refs())
    assert {ref.revision for ref in before} == {one.revision for one in stored}
    store.put(replace(stored[2].document, title="Geändert"), expected=stored[2].revision)
    store.remove("d4", expected=stored[4].revision)
    after = {store.load(ref).document.title for ref in store.refs()}
    assert after == {"Geändert", stored[0].document.title}
    assert len(list(store.refs())) == 4


def test_twins_have_the_same_address_or_the_same_text(store: CorpusStore) -> None:
    url = "https://hof.example/bericht: eins"
    store.put(report("a", url=url, source_hash="1234", status=Status.DRAFT), expected=None)
    store.put(report("b", url="https://hof.example/anderes", source_hash="0012"), expected=None)
    store.put(report("c", title="url: " + url), expected=None)
    assert store.twins(url=url, text_hash="0012") == ["a", "b"]
    assert store.twins(url=None, text_hash="1234") == ["a"]
    assert store.twins(url=None, text_hash=None) == []
    assert store.twins(url="https://hof.example/neu", text_hash="9") == []


def test_a_ref_to_a_removed_document_is_not_found(store: CorpusStore) -> None:
    stored = store.put(report(), expected=None)
    (ref,) = store.refs()
    store.remove("ueber-bruecken", expected=stored.revision)
    with pytest.raises(DocumentNotFoundError):
        store.load(ref)


def test_what_changed_since_it_was_listed_is_told(store: CorpusStore) -> None:
    stored = [store.put(report(f"d{number}"), expected=None) for number in range(4)]
    refs = list(store.refs())
    assert list(store.changed(refs)) == []
    store.put(replace(stored[1].document, status=Status.WITHDRAWN), expected=stored[1].revision)
    store.remove("d3", expected=stored[3].revision)
    store.put(report("neu"), expected=None)
    changed = list(store.changed(refs))
    assert [ref.location for ref in changed] == [refs[1].location, refs[3].location]
    assert store.load(changed[0]).document.status is Status.WITHDRAWN
    with pytest.raises(DocumentNotFoundError):
        store.load(changed[1])
    assert list(store.changed(changed[:1])) == []


def test_only_what_is_published_and_there_is_not_hidden(store: CorpusStore) -> None:
    watch: Visibility = CorpusVisibility(store.path) if isinstance(store, DirectoryCorpus) else cast(Any, store)
    for status in Status:
        store.put(report(str(status), status=status), expected=None)
    ids = [*map(str, Status), "nirgends"]
    assert watch.hidden(ids) == set(ids) - {"published"}
    stored = store.get("published")
    withdrawn = store.put(replace(stored.document, status=Status.WITHDRAWN), expected=stored.revision)
    assert watch.hidden(ids) == set(ids)
    store.put(stored.document, expected=withdrawn.revision)
    assert watch.hidden(["published"]) == set()
    store.remove("published", expected=store.get("published").revision)
    assert watch.hidden(["published"]) == {"published"}
