"""The corpus as a folder of Markdown files that people, programs and git can all read and change."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import RLock

from kb.corpus.atomic import TEMPORARY_PREFIX, exclusive_lock, storage_error, sync_directory, write_atomically
from kb.corpus.front_matter import parse_document
from kb.corpus.locations import (
    Locations,
    document_files,
    file_slug,
    file_stamp,
    is_settled,
    read_head,
)
from kb.corpus.own_files import link_refused, linked_folder, open_own
from kb.corpus.rendering import render_document
from kb.errors import ConflictError, DocumentNotFoundError, InvalidDocumentError, StorageError
from kb.model import Document, DocumentRef, StoredDocument, YearSpan, check_years

_LOCK_NAME = ".lock"


class DirectoryCorpus:
    """``documents/<source>/<slug>.md`` below a folder; a ``CorpusStore``.

    Every writer takes one lock for the whole corpus, checks the revision, writes a temporary file,
    fsyncs and renames it. Readers take no lock: a file is always whole. The map from id to file is
    kept in memory and refreshed when a folder's modification time changes, so that what an editor or
    git puts there is seen. With ``years`` documents with dates in other years can be neither read nor written;
    nor can files of more than ``max_bytes``.
    """

    def __init__(
        self,
        path: Path,
        *,
        lock_timeout: float = 30.0,
        years: YearSpan | None = None,
        max_bytes: int = 50_000_000,
    ) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._years = years
        self._documents = path / "documents"
        self._lock_timeout = lock_timeout
        self._locations = Locations(self._documents)
        self._mutex = RLock()
        self._swept = False

    def refs(self) -> Iterator[DocumentRef]:
        """See ``CorpusStore.refs``; sorted by path."""
        for path in document_files(self._documents):
            ref = self._ref(path)
            if ref is not None:
                yield ref

    def changed(self, refs: Iterable[DocumentRef]) -> Iterator[DocumentRef]:
        """See ``CorpusStore.changed``: one ``stat`` for each that is as it was."""
        for ref in refs:
            path = f"{self.path}/{ref.location}"
            try:
                if ref.stamp is not None and ref.stamp == file_stamp(os.stat(path)):  # noqa: PTH116 - as in visibility
                    continue
            except OSError:
                pass
            now = self._ref(Path(path))
            if now != ref:
                yield now or replace(ref, revision="", stamp=None)

    def load(self, ref: DocumentRef) -> StoredDocument:
        """See ``CorpusStore.load``."""
        return self._read(self.path / ref.location)

    def get(self, doc_id: str) -> StoredDocument:
        """See ``CorpusStore.get``."""
        path = self._find(doc_id)
        if path is None:
            raise DocumentNotFoundError("kein Dokument mit dieser Kennung", subject=doc_id)
        try:
            return self._read(path)
        except InvalidDocumentError:
            # A broken file that names this id too, as a copy may, hides no document from those who look for it.
            for other in self._others(doc_id, path):
                with suppress(InvalidDocumentError, DocumentNotFoundError):
                    return self._read(other)
            raise

    def _located(self, doc_id: str, expected: str | None) -> tuple[Path | None, str | None]:
        """A document's file and revision: of several that name the id the one that is meant, else the first."""
        first = self._locations.find(doc_id)
        current = self._current_revision(first)
        if first is not None and expected not in (None, current):
            for other in self._locations.others(doc_id, first):
                if self._current_revision(other) == expected:
                    return other, expected
        return first, current

    def _others(self, doc_id: str, path: Path) -> list[Path]:
        with self._mutex:
            return self._locations.others(doc_id, path)

    def twins(self, *, url: str | None, text_hash: str | None) -> list[str]:
        """See ``CorpusStore.twins``."""
        with self._mutex:
            return self._locations.twins(url=url, text_hash=text_hash)

    def put(self, document: Document, *, expected: str | None) -> StoredDocument:
        """See ``CorpusStore.put``; the file stays where it is, new ones go to their source's folder."""
        if self._years is not None:
            check_years(document, self._years)
        data = render_document(document).encode()
        if len(data) > self._max_bytes:
            raise _too_large(len(data), self._max_bytes, document.id)
        with self._writing():
            path, current = self._located(document.id, expected)
            if current != expected:
                raise _conflict(document.id, current)
            if path is None:
                path = self._free_path(document)
            try:
                if path.parent.is_symlink():
                    raise link_refused(self._location(path.parent))
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, data)
            except OSError as error:
                raise storage_error(error, path) from error
            self._locations.added(document.id, path)
        return StoredDocument(document, _revision(data), self._location(path))

    def remove(self, doc_id: str, *, expected: str) -> None:
        """See ``CorpusStore.remove``."""
        with self._writing():
            path, current = self._located(doc_id, expected)
            if path is None or current is None:
                raise DocumentNotFoundError("kein Dokument mit dieser Kennung", subject=doc_id)
            if current != expected:
                raise _conflict(doc_id, current)
            try:
                path.unlink()
                sync_directory(path.parent)
            except OSError as error:
                raise storage_error(error, path) from error
            self._locations.removed(doc_id)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._mutex:
            try:
                self._documents.mkdir(parents=True, exist_ok=True)
                with exclusive_lock(self._documents / _LOCK_NAME, timeout=self._lock_timeout):
                    self._sweep()
                    yield
            except TimeoutError as error:
                raise StorageError(
                    f"ein anderer Vorgang schreibt seit {self._lock_timeout:g} Sekunden",
                    subject=str(self.path),
                    remedy="warten und wiederholen, oder KB_LOCK_TIMEOUT erhöhen",
                ) from error
            except OSError as error:
                is_linked = error.errno == errno.ELOOP  # the lock, which is opened first
                raise storage_error(error, self._documents / (_LOCK_NAME if is_linked else "")) from error

    def _sweep(self) -> None:
        """Remove temporary files of killed writers; under the lock none of them is in use."""
        if not self._swept:
            for folder in self._documents.iterdir():
                if folder.is_dir() and not folder.is_symlink():
                    for leftover in folder.glob(f"{TEMPORARY_PREFIX}*"):
                        leftover.unlink(missing_ok=True)
            self._swept = True

    def _ref(self, path: Path) -> DocumentRef | None:
        try:
            with open_own(path) as file:
                status = os.fstat(file.fileno())
                if status.st_size > self._max_bytes:  # as below
                    return DocumentRef(self._location(path), "")
                data = file.read()
        except FileNotFoundError:
            return None
        except (OSError, InvalidDocumentError):  # ``load`` says what is wrong with this one
            return DocumentRef(self._location(path), "")
        # What was written just now may be written once more in the same tick of the file system's clock.
        stamp = file_stamp(status) if is_settled(status.st_ctime_ns) else None
        return DocumentRef(self._location(path), _revision(data), stamp)

    def _find(self, doc_id: str) -> Path | None:
        with self._mutex:
            return self._locations.find(doc_id)

    def _read(self, path: Path) -> StoredDocument:
        location = self._location(path)
        try:
            linked = linked_folder(path, self._documents)
            if linked is not None:
                raise link_refused(self._location(linked))
            with open_own(path, location) as file:
                size = os.fstat(file.fileno()).st_size
                if size > self._max_bytes:
                    raise _too_large(size, self._max_bytes, location)
                data = file.read()
        except FileNotFoundError as error:
            raise DocumentNotFoundError("die Datei gibt es nicht mehr", subject=location) from error
        except OSError as error:
            raise storage_error(error, path) from error
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidDocumentError(
                f"Byte {error.start} ist kein UTF-8", subject=location, remedy="die Datei als UTF-8 speichern"
            ) from error
        document = parse_document(text, location=location, years=self._years)
        return StoredDocument(document, _revision(data), location)

    def _current_revision(self, path: Path | None) -> str | None:
        if path is None:
            return None
        try:
            with open_own(path) as file:
                return _revision(file.read())
        except FileNotFoundError:
            return None

    def _free_path(self, document: Document) -> Path:
        folder = self._documents / document.source
        path = folder / f"{file_slug(document.id)}.md"
        number = 2
        while path.exists():
            if read_head(path).id == document.id:  # written by another process in the same clock tick
                raise _conflict(document.id, self._current_revision(path))
            path = folder / f"{path.stem}-{number}.md"
            number += 1
        return path

    def _location(self, path: Path) -> str:
        return path.relative_to(self.path).as_posix()


def _revision(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _too_large(size: int, limit: int, subject: str) -> InvalidDocumentError:
    return InvalidDocumentError(
        f"die Datei hat {size} Byte, erlaubt sind {limit}",
        subject=subject,
        remedy="aufteilen oder KB_MAX_FILE_BYTES erhöhen",
    )


def _conflict(doc_id: str, current: str | None) -> ConflictError:
    problem = "es gibt das Dokument nicht mehr" if current is None else "das Dokument wurde inzwischen geändert"
    return ConflictError(problem, subject=doc_id, remedy="neu laden und die Änderung wiederholen")
