"""Full disks, closed folders and a database that is away: a clear page, and not one word is lost."""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from crawler.extract import ContentExtractor
from kb.corpus.atomic import storage_error
from kb.errors import RecordError
from kb.model import Document, ExtractedText, RawContent, StoredDocument
from kb.record import Database
from tests import limits
from tests.doubles import MemoryCorpus
from tests.webapp.desk_site import PASSWORD, DeskSite, Visitor, form_fields
from tests.webapp.pages import faults
from tests.webapp.small_site import JAHRESFORUM, STADTTEILMUETTER

TEXT = "Stadtteilmütter*innen berichten aus dem Quartier, in vielen Sätzen."
EDIT = f"/redaktion/bearbeiten/{STADTTEILMUETTER.id}"


@pytest.fixture
def site(tmp_path: Path) -> DeskSite:
    return DeskSite(tmp_path, JAHRESFORUM, STADTTEILMUETTER)


@pytest.fixture
def editor(site: DeskSite) -> Visitor:
    return site.signed_in()


@contextmanager
def every_connection(database: Database, pragma: str) -> Iterator[None]:
    """SQLite with a limit of its own: what it says then, it says on a full or closed disk too."""

    def limited(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    event.listen(database.engine, "connect", limited)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", limited)


def full_record(site: DeskSite) -> AbstractContextManager[None]:
    with site.database.begin() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    return every_connection(site.database, f"max_page_count={pages}")


def closed_record(site: DeskSite) -> AbstractContextManager[None]:
    return every_connection(site.database, "query_only=ON")


@contextmanager
def _corpus_that_cannot_write(number: int) -> Iterator[None]:
    def put(self: MemoryCorpus, document: Document, *, expected: str | None) -> StoredDocument:
        raise storage_error(OSError(number, os.strerror(number)), Path("/srv/geheim/corpus"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryCorpus, "put", put)
        yield


def full_corpus(site: DeskSite) -> AbstractContextManager[None]:
    return _corpus_that_cannot_write(errno.ENOSPC)


def closed_corpus(site: DeskSite) -> AbstractContextManager[None]:
    return _corpus_that_cannot_write(errno.EROFS)


@contextmanager
def record_away(site: DeskSite) -> Iterator[None]:
    """A database that nobody reaches: nobody can even say who is signed in."""

    def away(self: Database, **options: object) -> None:
        raise RecordError("die Datenbank antwortet nicht wie erwartet (weg)")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "read", away)
        patch.setattr(Database, "begin", away)
        yield


TROUBLES = [
    (full_corpus, "Der Datenträger ist voll"),
    (closed_corpus, "Der Datenträger lässt sich nur lesen"),
    (full_record, "Der Datenträger der Datenbank ist voll"),
    (closed_record, "Die Datenbank lässt sich nicht beschreiben – Rechte der Datei und ihres Ordners prüfen"),
    (record_away, "Die Datenbank antwortet nicht wie erwartet"),
]
Trouble = Callable[[DeskSite], AbstractContextManager[None]]


@pytest.mark.parametrize(("trouble", "said"), TROUBLES, ids=[one.__name__ for one, _ in TROUBLES])
@pytest.mark.parametrize("path", [EDIT, "/redaktion/neu"])
def test_a_text_that_cannot_be_saved_is_kept_and_sent_again(
    site: DeskSite, editor: Visitor, path: str, trouble: Trouble, said: str
) -> None:
    sent = form_fields(editor.page(path), path) | {"titel": "Ein neuer Titel", "text": TEXT * 400}
    if path == EDIT:
        sent["notiz"] = "ergänzt"
    with trouble(site):
        answer = editor.post(path, sent)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert said in answer.text
        assert "geheim" not in answer.text
        assert faults(answer.text) == []
        kept = form_fields(BeautifulSoup(answer.data, "lxml"), path)
        assert {name: kept[name] for name in sent if name != "csrf_token"} == {
            name: value for name, value in sent.items() if name != "csrf_token"
        }
        assert editor.post(path, kept).status_code == 503, "and once more"
    assert site.versions.recent(10) == []
    assert site.corpus.get(STADTTEILMUETTER.id).document == STADTTEILMUETTER
    assert editor.post(path, kept).status_code == 302
    (saved,) = site.versions.recent(10)
    assert TEXT in saved.after


@pytest.mark.parametrize(("trouble", "said"), TROUBLES, ids=[one.__name__ for one, _ in TROUBLES])
def test_a_step_that_cannot_be_taken_says_so_and_keeps_the_reason(
    site: DeskSite, editor: Visitor, trouble: Trouble, said: str
) -> None:
    path = f"/redaktion/status/{STADTTEILMUETTER.id}"
    fields = form_fields(editor.page(f"/redaktion/pruefen/{STADTTEILMUETTER.id}"), path)
    with trouble(site):
        answer = editor.post(
            path, fields | {"schritt": "zurueckziehen", "grund": "Auf Wunsch der Stadt. " * 200}
        )
        assert answer.status_code == 503
        assert said in answer.text
        assert "Auf Wunsch der Stadt." in answer.text
    kept = form_fields(BeautifulSoup(answer.data, "lxml"), path)
    assert editor.post(path, kept).status_code == 302
    assert site.corpus.get(STADTTEILMUETTER.id).document.withdrawal is not None


def test_only_a_form_of_ours_is_kept(site: DeskSite, editor: Visitor) -> None:
    with record_away(site):
        answer = editor.post(EDIT, {"text": TEXT, "csrf_token": "falsch", "unbekannt": "Blindtext"})
    assert answer.status_code == 503
    assert TEXT not in answer.text
    with full_corpus(site):
        token = form_fields(editor.page(EDIT), EDIT)["csrf_token"]
        sent = {"titel": "T", "text": TEXT, "csrf_token": token, "unbekannt": "Blindtext"}
        answer = editor.post("/redaktion/neu", sent)
    assert TEXT in answer.text
    assert "Blindtext" not in answer.text


def test_a_document_that_is_gone_meanwhile_leaves_the_text(site: DeskSite, editor: Visitor) -> None:
    sent = form_fields(editor.page(EDIT), EDIT) | {"text": TEXT}
    site.corpus.remove(STADTTEILMUETTER.id, expected=sent["stand"])
    answer = editor.post(EDIT, sent)
    assert answer.status_code == 404
    assert "Kein Dokument mit dieser Kennung" in answer.text
    assert TEXT in answer.text


@pytest.mark.parametrize("trouble", [full_record, closed_record])
def test_pages_are_read_where_nothing_can_be_written(
    site: DeskSite, editor: Visitor, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trouble(site):
        for path in ("/redaktion/", EDIT, "/konto", "/"):
            assert editor.get(path).status_code == 200


def test_signing_in_on_a_full_disk_keeps_the_form(site: DeskSite) -> None:
    visitor = site.client()
    carried = {"weiter": "/redaktion/neu", "weiter.text": TEXT, "name": "oezlem", "passwort": PASSWORD}
    for trouble in (closed_record, record_away):
        with trouble(site):
            answer = visitor.send("/anmelden", carried)
            assert answer.status_code == 503
            assert TEXT in answer.text
            assert faults(answer.text) == []
    assert visitor.send("/anmelden", carried).status_code == 200


def test_other_pages_say_that_accounts_are_away_and_the_search_goes_on(site: DeskSite, editor: Visitor) -> None:
    with record_away(site):
        answer = editor.get("/redaktion/")
        assert answer.status_code == 503
        assert "Konten und Dokumente sind gerade nicht erreichbar" in answer.text
        assert "Für die Betreiber*innen: die Datenbank antwortet nicht wie erwartet" in answer.text
        assert faults(answer.text) == []
        assert site.client().get("/?q=Quartier").status_code == 200
        for path in ("/?q=Quartier", f"/dokument/{JAHRESFORUM.id}", "/hilfe", "/healthz"):
            assert editor.get(path).status_code == 200


def send_file(editor: Visitor, data: bytes) -> TestResponse:
    return editor.send("/redaktion/hochladen", {"datei": FileStorage(io.BytesIO(data), filename="bericht.txt")})


FILE = b"Ein Abend im Quartier\n\nIn Bremen ging es um Zuwanderung."


def test_an_upload_on_a_full_disk_leaves_nothing_behind(
    site: DeskSite, editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("kb.corpus.atomic.os.fsync", full)
        answer = send_file(editor, FILE)
    assert answer.status_code == 503
    assert "Der Datenträger ist voll" in answer.text
    assert "eine Datei wählen Sie dann bitte neu" in answer.text
    assert faults(answer.text) == []
    assert list(site.uploads.iterdir()) == []
    assert send_file(editor, FILE).status_code == 302


def test_a_form_that_cannot_be_put_aside_is_said(
    site: DeskSite, editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    page = form_fields(editor.page("/redaktion/hochladen"), "/redaktion/hochladen")
    monkeypatch.setattr("webapp.site.limits.LimitedRequest._get_file_stream", full)
    file = FileStorage(io.BytesIO(FILE), filename="bericht.txt")
    answer = editor.post("/redaktion/hochladen", page | {"datei": file})
    assert answer.status_code == 503
    assert "Der Datenträger ist voll" in answer.text


def test_two_equal_uploads_at_once_are_one_document_and_one_is_told(
    site: DeskSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=limits.SECONDS)
    extract = ContentExtractor.extract

    def together(self: ContentExtractor, content: RawContent) -> ExtractedText:
        both.wait()
        return extract(self, content)

    monkeypatch.setattr(ContentExtractor, "extract", together)
    editors = [site.signed_in("oezlem"), site.signed_in("juergen")]
    answers: list[TestResponse] = []
    threads = [threading.Thread(target=lambda one=one: answers.append(send_file(one, FILE))) for one in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.status_code for one in answers] == [302, 302]
    (target,) = {one.headers["Location"] for one in answers}
    assert len(list(site.corpus.refs())) == 3
    (stored,) = site.uploads.iterdir()
    assert stored.read_bytes() == FILE
    told = ["Ein Dokument aus dieser Datei gab es schon." in one.page(target).get_text() for one in editors]
    assert sorted(told) == [False, True]
    assert len(site.versions.recent(10)) == 1
    assert site.versions.unfinished() == []
