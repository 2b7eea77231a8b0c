"""The doors between the rooms: Protocols that wiring fills with concrete classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol, TextIO

from kb.model import (
    Annotations,
    Document,
    DocumentRef,
    ExtractedText,
    IndexEntry,
    RawContent,
    SearchQuery,
    SearchResults,
    StoredDocument,
)

# Told after each finished piece of long work: (done, total or None, what was just done).
Progress = Callable[[int, int | None, str], None]


def no_progress(done: int, total: int | None, label: str) -> None:
    """The listener that does not listen."""


class CorpusStore(Protocol):
    """The truth: documents under stable ids, replaced only by who read the latest revision."""

    def refs(self) -> Iterator[DocumentRef]:
        """Every stored document, cheap and in a stable order; broken ones are listed too.

        Raises:
            StorageError: the store cannot be read.
        """

    def load(self, ref: DocumentRef) -> StoredDocument:
        """Read one listed document as it is now.

        Raises:
            InvalidDocumentError: it cannot be understood; names the file.
            DocumentNotFoundError: it is gone since it was listed.
        """

    def get(self, doc_id: str) -> StoredDocument:
        """Read one document by id.

        Raises:
            DocumentNotFoundError: no document has this id.
            InvalidDocumentError: it cannot be understood.
        """

    def put(self, document: Document, *, expected: str | None) -> StoredDocument:
        """Write a document whole or not at all; ``expected`` is the revision that the writer read.

        ``None`` means that there must be no document of this id yet.

        Raises:
            ConflictError: the stored revision is another one; nothing was written.
            StorageError: permission, disk full; nothing was written.
        """

    def remove(self, doc_id: str, *, expected: str) -> None:
        """Delete a document.

        Raises:
            DocumentNotFoundError: no document has this id.
            ConflictError: the stored revision is another one; nothing was deleted.
        """


class Extractor(Protocol):
    """From the bytes of a file or page to its main text."""

    def extract(self, content: RawContent) -> ExtractedText:
        """Read text and metadata.

        Raises:
            UnreadableInputError: empty, binary, encrypted, broken or of an unknown type.
            InputTooLargeError: beyond a limit; names the limit.
        """


class Annotator(Protocol):
    """From a document to conclusions with evidence, editors' decisions applied."""

    @property
    def version(self) -> str:
        """Changes whenever the same document could be annotated differently."""

    def annotate(self, document: Document) -> Annotations:
        """Pure: the same document and version give the same annotations."""


class IndexWriter(Protocol):
    """Collects changes; they become visible together when the ``with`` block ends without an error."""

    def put(self, entry: IndexEntry) -> None:
        """Add an entry, or replace the one with the same id."""

    def remove(self, doc_id: str) -> None:
        """Drop an entry; unknown ids are ignored."""


class SearchBackend(Protocol):
    """An engine that holds index entries and answers searches."""

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a query over the last committed state.

        Raises:
            InvalidQueryError: the query text cannot be understood.
            IndexMissingError, IndexOutdatedError, IndexDamagedError: there is nothing to search in.
        """

    def entry(self, doc_id: str) -> IndexEntry | None:
        """The entry with this id, or None."""

    def revisions(self) -> Mapping[str, str]:
        """Document id → corpus revision of everything in the index; empty where there is no usable index."""

    def writer(self, *, rebuild: bool = False) -> AbstractContextManager[IndexWriter]:
        """Open a writer; with ``rebuild`` it starts from nothing, and the old state serves until the end.

        An error inside the block leaves the old state untouched.

        Raises:
            IndexLockedError: another process is writing and did not finish in time.
            StorageError: the index cannot be written.
        """

    def needs_rebuild(self) -> str | None:
        """Why the index must be built anew (in German, for people), or None."""


class Exporter(Protocol):
    """One export format, one file in ``kb/exports/``."""

    name: str
    description: str

    def export(self, documents: Iterable[Document], out: TextIO) -> int:
        """Write the documents; returns how many were written."""
