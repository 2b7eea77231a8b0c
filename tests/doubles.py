"""Fakes that behave: a corpus in memory that keeps every promise of ``CorpusStore``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from threading import RLock

from kb.corpus import render_document
from kb.errors import ConflictError, DocumentNotFoundError
from kb.model import Document, DocumentRef, Status, StoredDocument, check_id


class MemoryCorpus:
    """A ``CorpusStore`` in a dict; revisions are hashes of what a file would hold."""

    def __init__(self) -> None:
        self._documents: dict[str, StoredDocument] = {}
        self._mutex = RLock()

    def refs(self) -> Iterator[DocumentRef]:
        with self._mutex:
            stored = sorted(self._documents.values(), key=lambda one: one.location)
        return iter([DocumentRef(one.location, one.revision) for one in stored])

    def load(self, ref: DocumentRef) -> StoredDocument:
        with self._mutex:
            for stored in self._documents.values():
                if stored.location == ref.location:
                    return stored
        raise DocumentNotFoundError("die Datei gibt es nicht mehr", subject=ref.location)

    def get(self, doc_id: str) -> StoredDocument:
        check_id(doc_id)
        with self._mutex:
            if doc_id not in self._documents:
                raise DocumentNotFoundError("kein Dokument mit dieser Kennung", subject=doc_id)
            return self._documents[doc_id]

    def changed(self, refs: Iterable[DocumentRef]) -> Iterator[DocumentRef]:
        now = {ref.location: ref for ref in self.refs()}
        return (
            now.get(ref.location, DocumentRef(ref.location, "")) for ref in refs if now.get(ref.location) != ref
        )

    def hidden(self, ids: Iterable[str], located: Callable[[str], str] = lambda doc_id: "") -> set[str]:
        with self._mutex:
            public = {
                doc_id
                for doc_id, stored in self._documents.items()
                if stored.document.status is Status.PUBLISHED
            }
        return set(ids) - public

    def twins(self, *, url: str | None, text_hash: str | None) -> list[str]:
        with self._mutex:
            documents = [stored.document for stored in self._documents.values()]
        return sorted(
            one.id
            for one in documents
            if (url and one.url == url) or (text_hash and one.source_hash == text_hash)
        )

    def put(self, document: Document, *, expected: str | None) -> StoredDocument:
        with self._mutex:
            self._check(document.id, expected)
            revision = hashlib.sha256(render_document(document).encode()).hexdigest()
            stored = StoredDocument(document, revision, f"documents/{document.source}/{document.id}.md")
            self._documents[document.id] = stored
            return stored

    def remove(self, doc_id: str, *, expected: str) -> None:
        with self._mutex:
            self.get(doc_id)
            self._check(doc_id, expected)
            del self._documents[doc_id]

    def _check(self, doc_id: str, expected: str | None) -> None:
        current = self._documents.get(doc_id)
        if (current.revision if current is not None else None) != expected:
            problem = "das Dokument wurde inzwischen geändert" if current else "es gibt das Dokument nicht mehr"
            raise ConflictError(problem, subject=doc_id, remedy="neu laden und die Änderung wiederholen")
