"""Removal requests: a document and everything that was ever kept of it, gone for good and not to come back.

The order in which it runs (``forget``), so that a crash at any moment brings nothing back and a second call
finishes the first:

1. the tombstone, which no crawl and no import passes
2. the original that an editor uploaded, and what the crawler keeps: archived pages, what it remembers
3. the versions, which hold whole texts and from which a server would finish an interrupted change
4. the document, and what its source said of it since; only it says what belongs to it, so it goes this late
5. the versions once more: an editor may have saved until the document was gone
6. the index, whose files are written anew without it; a second call by an address knows no id any more and
   lets the whole index follow the corpus
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kb import wiring
from kb.corpus.atomic import storage_error
from kb.errors import (
    DocumentNotFoundError,
    IndexDamagedError,
    IndexMissingError,
    IndexOutdatedError,
    InvalidDocumentError,
)
from kb.failures import documents_of, passed_over
from kb.model import Document, Tombstone, names_of
from kb.ports import no_progress

if TYPE_CHECKING:
    from kb.ports import CorpusStore
    from kb.settings import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be forgotten: a document by its id, with all its addresses, or an address alone."""

    doc_id: str | None
    urls: tuple[str, ...] = ()
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted; ``index`` says in German what became of the index."""

    tombstone: Tombstone
    documents: int
    versions: int
    archived: int
    index: str


def find_target(settings: Settings, name: str) -> Target:
    """The document of an id or of an address; an address without a document can be forgotten too.

    Raises:
        DocumentNotFoundError: there is no document of this id, and none was forgotten.
        InvalidDocumentError: its file cannot be read, so its addresses are unknown.
    """
    corpus = wiring.open_corpus(settings)
    if _is_url(name):
        doc_id = _owner(corpus, name)
        return Target(None, (name,)) if doc_id is None else _target(corpus.get(doc_id).document, name)
    try:
        return _target(corpus.get(name).document)
    except DocumentNotFoundError:
        if wiring.open_tombstones(settings).find(names_of(name)) is None:
            raise
        return Target(name)  # an interrupted call goes on


def forget(settings: Settings, target: Target, reason: str) -> Forgotten:
    """Delete it everywhere; see the module for the order.

    ``reason`` stands in the corpus and in reports, never on a public page.

    Raises:
        ConflictError: somebody changed the document meanwhile; call again.
        StorageError, RecordError, IndexLockedError: something cannot be written; call again.
    """
    tombstones, today = wiring.open_tombstones(settings), datetime.now(UTC).date()
    is_second_call = tombstones.find(_names(target)) is not None
    stone = tombstones.add(_names(target), today, reason)
    if target.document is not None:
        _forget_upload(settings, target.document)
    archived = _forget_fetched(settings, target)
    versions = _forget_versions(settings, target.doc_id)
    documents = _forget_document(settings, target)
    versions += _forget_versions(settings, target.doc_id)
    if target.doc_id is None and is_second_call:
        wiring.update_index(settings, progress=no_progress)
    index = _forget_entry(settings, target.doc_id, is_needed=target.doc_id is not None or is_second_call)
    return Forgotten(stone, documents, versions, archived, index)


def lift(settings: Settings, name: str) -> Tombstone:
    """Allow an id or address again; what was deleted stays deleted.

    Raises:
        DocumentNotFoundError: it is not forbidden.
    """
    tombstones = wiring.open_tombstones(settings)
    stone = tombstones.find(_names(Target(None, (name,)) if _is_url(name) else Target(name)))
    if stone is None:
        raise DocumentNotFoundError("ist nicht gelöscht worden", subject=name)
    tombstones.lift(stone)
    return stone


def _is_url(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _target(document: Document, *more: str) -> Target:
    """With those of its addresses that are some: others lead nowhere, so nothing can come back from them."""
    urls = dict.fromkeys((*([document.url] if document.url else []), *document.other_urls, *more))
    return Target(document.id, tuple(url for url in urls if _is_usable(url)), document)


def _is_usable(url: str) -> bool:
    try:
        _keys([url])
    except InvalidDocumentError:
        return False
    return True


def _names(target: Target) -> list[str]:
    return names_of(target.doc_id, _keys(target.urls))


def _keys(urls: Iterable[str]) -> list[str]:
    from crawler.addressing.urls import page_key

    keys = []
    for url in urls:
        try:
            keys.append(page_key(url))
        except ValueError as error:
            raise InvalidDocumentError(f"„{url}“ ist keine Webadresse ({error})") from error
    return keys


def _owner(corpus: CorpusStore, url: str) -> str | None:
    from crawler.page.known import KnownAddresses

    _keys([url])
    found = KnownAddresses(corpus).find(url)
    return found[0] if found is not None else None


def _forget_versions(settings: Settings, doc_id: str | None) -> int:
    from kb.record import Database, SqlVersionLog

    if doc_id is None:
        return 0
    return SqlVersionLog(Database(settings.database_url, state_dir=settings.state_dir)).forget(doc_id)


def _forget_document(settings: Settings, target: Target) -> int:
    if target.doc_id is None:
        return 0
    wiring.open_source_news(settings).drop(target.doc_id)
    corpus = wiring.open_corpus(settings)
    try:
        stored = corpus.get(target.doc_id)
        corpus.remove(target.doc_id, expected=stored.revision)
    except DocumentNotFoundError:
        return 0
    return 1


def _forget_entry(settings: Settings, doc_id: str | None, *, is_needed: bool) -> str:
    if not is_needed:
        return "nichts zu tun"
    backend = wiring.open_backend(settings, wiring.open_annotator(settings))
    try:
        with backend.writer() as writer:
            if doc_id is not None:
                writer.remove(doc_id)
            writer.purge()
    except IndexMissingError:
        return "es gibt noch keinen"
    except (IndexOutdatedError, IndexDamagedError):
        wiring.update_index(settings, rebuild=True, progress=no_progress)
        with backend.writer() as writer:
            writer.purge()
        return "neu gebaut, weil er veraltet war"
    return "ohne das Dokument neu geschrieben"


def _forget_fetched(settings: Settings, target: Target) -> int:
    from crawler.archive.archive import PageArchive
    from crawler.memory.pages import CrawlMemory

    keys = _keys(target.urls)
    for file in sorted((settings.state_dir / "crawler" / "sources").glob("*.sqlite")):
        memory = CrawlMemory(file)
        memory.erase(keys, target.doc_id)
        memory.close()
    folder = settings.state_dir / "archive"
    if not folder.is_dir():
        return 0
    archive = PageArchive(folder)
    try:
        return archive.forget(target.doc_id or "", target.urls)
    finally:
        archive.close()


def _forget_upload(settings: Settings, document: Document) -> None:
    """The uploaded original, unless another document came from the same file."""
    name = _upload_of(document)
    if name is None:
        return
    corpus = wiring.open_corpus(settings)
    for stored in documents_of(corpus, passed_over):
        if stored.document.id != document.id and _upload_of(stored.document) == name:
            return
    path = settings.state_dir / "uploads" / name
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(error, path) from error


def _upload_of(document: Document) -> str | None:
    original = document.extra.get("original")
    stored = original.get("stored") if isinstance(original, dict) else None
    return stored if isinstance(stored, str) and Path(stored).name == stored else None
