"""What every SourceNewsStore must do; a second store is tested by being listed in ``STORES``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.errors import StorageError
from kb.model import Document, PartialDate, text_hash
from kb.ports import SourceNewsStore
from kb.record import FolderSourceNews

STORES: dict[str, Callable[[Path], SourceNewsStore]] = {"folder": FolderSourceNews}
MAY, JUNE = datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 6, 1, 12, tzinfo=UTC)
TEXT = "Rund 90 Koordinator*innen kamen zur Schul- und Berufswahl nach Hof."
SAID = Document(
    id="hof/über-brücken",
    title="Über Brücken: Fachtag",
    text=TEXT,
    source="hof",
    url="https://hof.example/brücken?x=1#a",
    authors=("Şeyma Öz", "Jürgen Weiß"),
    published=PartialDate(2018, 12),
    fetched_at=MAY,
    source_hash=text_hash(TEXT),
)


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SourceNewsStore:
    return STORES[request.param](tmp_path / "news")


def test_what_was_noted_waits_whole(store: SourceNewsStore) -> None:
    assert (store.get(SAID.id), store.waiting()) == (None, [])
    noted = store.note(SAID)
    assert (noted.document, noted.seen_at) == (SAID, MAY)
    assert store.get(SAID.id) == noted
    assert store.waiting() == [noted]


def test_a_source_without_a_time_was_seen_now(store: SourceNewsStore) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= store.note(replace(SAID, fetched_at=None)).seen_at <= datetime.now(UTC)


def test_the_newest_replaces_the_older_one(store: SourceNewsStore) -> None:
    store.note(SAID)
    newer = store.note(replace(SAID, text="Rund 100 kamen.", fetched_at=JUNE))
    assert store.waiting() == [newer]
    assert newer.seen_at == JUNE


def test_the_same_seen_again_stays_as_it_was_first_seen(store: SourceNewsStore) -> None:
    noted = store.note(SAID)
    assert store.note(replace(SAID, fetched_at=JUNE, url="https://hof.example/neu")) == noted
    assert store.waiting() == [noted]


def test_the_latest_comes_first(store: SourceNewsStore) -> None:
    for number, moment in enumerate([MAY, JUNE, MAY]):
        store.note(replace(SAID, id=f"hof-{number}", fetched_at=moment))
    assert [news.document.id for news in store.waiting()] == ["hof-1", "hof-0", "hof-2"]


def test_only_what_the_editor_saw_is_dropped(store: SourceNewsStore) -> None:
    seen = store.note(SAID)
    newer = store.note(replace(SAID, title="Über Brücken"))
    assert not store.drop(SAID.id, seen.digest)
    assert store.get(SAID.id) == newer
    assert store.drop(SAID.id, newer.digest)
    assert store.get(SAID.id) is None


def test_what_agrees_is_dropped_whatever_was_said(store: SourceNewsStore) -> None:
    store.note(SAID)
    assert store.drop(SAID.id)
    assert not store.drop(SAID.id)
    assert not store.drop("../../etc/passwd")


def test_many_at_once_leave_one_of_theirs(store: SourceNewsStore) -> None:
    texts = [f"Fassung {number}. " * 400 for number in range(8)]
    threads = [threading.Thread(target=store.note, args=(replace(SAID, text=text.strip()),)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (left,) = store.waiting()
    assert left.document.text in {text.strip() for text in texts}


def test_a_damaged_file_is_no_news_and_is_written_anew(tmp_path: Path) -> None:
    store = FolderSourceNews(tmp_path / "news")
    store.note(SAID)
    assert (tmp_path / "news").stat().st_mode & 0o077 == 0, "drafts are nobody else's business"
    (path,) = (tmp_path / "news").glob("*.md")
    for damage in (b"", b"---\nid: x", b"\xff\xfe"):
        path.write_bytes(damage)
        assert store.waiting() == []
        assert store.note(SAID).document == SAID
        assert len(store.waiting()) == 1


def test_who_cannot_write_is_told(tmp_path: Path) -> None:
    (tmp_path / "news").write_text("ein Ordner sollte hier sein")
    with pytest.raises(StorageError, match="ist kein Ordner"):
        FolderSourceNews(tmp_path / "news").note(SAID)
