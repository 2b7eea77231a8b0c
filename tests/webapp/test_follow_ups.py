"""A change that the index cannot follow at once waits its turn; no visitor sees what is withdrawn meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kb.errors import IndexLockedError
from kb.model import SearchQuery, Status, VersionProgress
from kb.ports import no_progress
from kb.settings import Settings, load_settings
from kb.wiring import open_backend, open_corpus, open_corpus_for_writing, update_index
from tests import limits
from tests.webapp.desk_site import DeskSite, form_fields
from tests.webapp.pages import soup, texts
from tests.webapp.small_site import JAHRESFORUM, STADTTEILMUETTER
from webapp.changes.follow_ups import FollowUps


@pytest.fixture
def site(tmp_path: Path) -> DeskSite:
    return DeskSite(tmp_path, JAHRESFORUM, STADTTEILMUETTER)


def test_what_is_withdrawn_while_another_process_writes_is_hidden_at_once_and_followed_later(
    site: DeskSite,
) -> None:
    editor, visitor = site.signed_in(), site.app.test_client()
    form = form_fields(editor.page(f"/redaktion/pruefen/{JAHRESFORUM.id}"), "/redaktion/status/")
    with site.backend.writer():
        fields = {**form, "schritt": "zurueckziehen", "grund": "auf Wunsch"}
        assert editor.send(f"/redaktion/status/{JAHRESFORUM.id}", fields).status_code == 302
        said = " ".join(texts(editor.page(f"/redaktion/pruefen/{JAHRESFORUM.id}"), ".notice, .flash, main"))
        assert "sobald er fertig ist, folgt die Suche von selbst" in said
        assert site.desk.follow_ups.is_waiting
        assert site.backend.entry(JAHRESFORUM.id) is not None  # the index holds it still
        assert JAHRESFORUM.title not in texts(soup(visitor, "/?q=Berufswahl"), "main h2 a")
        assert [one.progress for one in site.versions.unfinished()] == [VersionProgress.WRITTEN]
    assert site.desk.follow_ups.join(limits.SECONDS)
    assert site.backend.entry(JAHRESFORUM.id) is None
    assert site.versions.unfinished() == []


def test_changes_wait_in_their_order_and_a_start_waits_for_none(site: DeskSite) -> None:
    with site.backend.writer():
        for document in (JAHRESFORUM, STADTTEILMUETTER):
            stored = site.corpus.get(document.id)
            site.desk.withdraw(document.id, stored.revision, "oezlem", "auf Wunsch")
    site.desk.follow_ups.join(limits.SECONDS)
    for document in (JAHRESFORUM, STADTTEILMUETTER):
        version = site.versions.versions(document.id)[0]
        site.versions.advance(version.id, VersionProgress.WRITTEN)
        stored = site.corpus.get(document.id)
    with site.backend.writer():
        assert site.desk.recover() == 2
        assert site.desk.follow_ups.is_waiting
        assert site.versions.unfinished() != []
    site.app.test_client().get("/robots.txt")  # the first request sets to work what the start could not do
    assert site.desk.follow_ups.join(limits.SECONDS)
    assert site.versions.unfinished() == []


def test_what_fails_for_good_holds_up_no_other() -> None:
    done: list[int] = []

    def follow(document_id: str) -> None:
        if document_id == "schlecht":
            raise ZeroDivisionError

    waiting = FollowUps(follow, done.append, pause=0.0)
    for number, name in enumerate(["a", "schlecht", "b"]):
        waiting.add(number, name)
    waiting.start()
    assert waiting.join(limits.SECONDS)
    assert done == [0, 2]


def test_a_locked_index_is_tried_again_until_it_is_free() -> None:
    tries: list[str] = []

    def follow(document_id: str) -> None:
        tries.append(document_id)
        if len(tries) < 4:
            raise IndexLockedError("ein anderer Vorgang schreibt den Index")

    waiting = FollowUps(follow, lambda number: None, pause=0.0)
    waiting.add(1, "a")
    waiting.start()
    assert waiting.join(limits.SECONDS)
    assert tries == ["a"] * 4


# --- between processes ---


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(corpus=tmp_path / "corpus", var=tmp_path / "var", lock_timeout=0.05)
    corpus = open_corpus_for_writing(settings)
    corpus.put(JAHRESFORUM, expected=None)
    update_index(settings, progress=no_progress)
    return settings


def indexed(settings: Settings) -> set[str]:
    return {hit.entry.id for hit in open_backend(settings).search(SearchQuery()).hits}


def test_who_could_not_wait_leaves_word_and_who_writes_looks_again(settings: Settings) -> None:
    """A crawl ends while the index is built: what it brought is in the index all the same."""
    listed, left = threading.Event(), threading.Event()

    def progress(done: int, total: int | None, label: str) -> None:
        listed.set()
        assert left.wait(limits.SECONDS)

    builder = threading.Thread(
        target=update_index, args=(settings,), kwargs={"rebuild": True, "progress": progress}
    )
    builder.start()
    assert listed.wait(limits.SECONDS)
    open_corpus(settings).put(STADTTEILMUETTER, expected=None)
    with pytest.raises(IndexLockedError):
        update_index(settings, progress=no_progress)
    left.set()
    builder.join(limits.SECONDS)
    assert indexed(settings) == {JAHRESFORUM.id, STADTTEILMUETTER.id}
    assert not list(settings.index_dir.glob("AGAIN"))


def test_word_that_nobody_took_is_taken_by_the_next(settings: Settings) -> None:
    backend = open_backend(settings)
    backend.ask_again()
    assert backend.is_free()
    report = update_index(settings, progress=no_progress)
    assert (report.unchanged, list(settings.index_dir.glob("AGAIN"))) == (1, [])


def test_a_file_changed_by_hand_is_out_of_every_answer_at_once(settings: Settings) -> None:
    backend = open_backend(settings)
    assert backend.search(SearchQuery("Berufswahl")).total == 1
    (path,) = settings.corpus.glob("documents/*/*.md")
    path.write_text(path.read_text("utf-8").replace("status: published", "status: draft"), "utf-8")
    for searching in (backend, open_backend(settings)):
        assert searching.search(SearchQuery("Berufswahl")).total == 0
        assert [one for one in searching.suggest("Jahresforum") if one.kind == "title"] == []
    assert open_corpus(settings).get(JAHRESFORUM.id).document.status is Status.DRAFT
