"""The second main loop: bring a search index up to the corpus.

The way of a document, in the order in which it runs (``update_index``):

1. ``CorpusStore.refs``: where every document lies and what its bytes hash to
2. a revision that the index holds is unchanged, and is not even loaded
3. ``CorpusStore.load``; what cannot be read becomes a problem of the report, and the rest goes on
4. an id that came before, in the order of the store, is a problem that names both
5. only published documents go on
6. ``Annotator.annotate`` → ``to_index_entry`` → ``IndexWriter.put``
7. entries whose document was not seen in this run are removed
8. the writer commits, all or nothing
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from kb.errors import CorpusError, DocumentNotFoundError, DuplicateIdError, FundstelleError, InputError
from kb.model import DocumentRef, IndexEntry, Status, StoredDocument, to_index_entry
from kb.ports import Annotator, CorpusStore, IndexWriter, Progress, SearchBackend, no_progress


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """``rebuild`` starts from nothing; without it that happens only where the index asks for it."""

    rebuild: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A document that could not be indexed, or only in part, and why, in German."""

    location: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run did; ``seconds`` is its duration."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0


def update_index(
    corpus: CorpusStore,
    backend: SearchBackend,
    annotator: Annotator,
    *,
    options: IndexOptions | None = None,
    progress: Progress = no_progress,
) -> IndexReport:
    """Make the index hold exactly the published documents of the corpus.

    A file that cannot be read is not searched: which document it was meant to be cannot be known, and an
    older version of it would be found with a text that is no longer there.

    Raises:
        IndexLockedError: another process is writing.
        StorageError: the corpus cannot be read, or the index not written; the old index stays.
    """
    started = time.perf_counter()
    rebuild = (options or IndexOptions()).rebuild or backend.needs_rebuild() is not None
    with backend.writer(rebuild=rebuild) as writer:
        # Asked under the writer's lock: another process may have brought the index up while we waited.
        run = _Run(writer, annotator, {} if rebuild else dict(backend.revisions()))
        refs = list(corpus.refs())
        for done, ref in enumerate(refs, start=1):
            run.take(corpus, ref)
            progress(done, len(refs), ref.location)
        run.remove_unseen()
    return run.report(time.perf_counter() - started)


def update_document(corpus: CorpusStore, backend: SearchBackend, annotator: Annotator, doc_id: str) -> None:
    """Let the index follow one document that was written, withdrawn or removed; the corpus is not listed.

    Raises:
        IndexLockedError: another process is writing.
        IndexOutdatedError, IndexDamagedError: the index must be rebuilt first.
        InvalidDocumentError: the document cannot be read.
        StorageError: the index cannot be written; the old one stays.
    """
    with backend.writer() as writer:
        try:
            stored = corpus.get(doc_id)
        except DocumentNotFoundError:
            writer.remove(doc_id)
            return
        if stored.document.status is Status.PUBLISHED:
            writer.put(_entry(stored, annotator))
        else:
            writer.remove(doc_id)


@dataclass(slots=True)
class _Run:
    """The state of one run: what the index held, what was seen, what was counted."""

    writer: IndexWriter
    annotator: Annotator
    known: dict[str, str]
    seen: dict[str, str] = field(default_factory=dict)
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: list[Problem] = field(default_factory=list)
    ids: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.ids = {revision: doc_id for doc_id, revision in self.known.items()}

    def take(self, corpus: CorpusStore, ref: DocumentRef) -> None:
        """Steps 2 to 6 for one document."""
        doc_id = self.ids.get(ref.revision)
        if doc_id is not None and doc_id not in self.seen:
            self.seen[doc_id] = ref.location
            self.unchanged += 1
            return
        try:
            stored = corpus.load(ref)
        except DocumentNotFoundError:
            return  # removed since it was listed
        except (InputError, CorpusError) as error:
            reason = error.reason if error.subject == ref.location else str(error)
            self.problems.append(Problem(ref.location, reason))
            return
        self._index(stored)

    def _index(self, stored: StoredDocument) -> None:
        document = stored.document
        first = self.seen.get(document.id)
        if first is not None:
            error = DuplicateIdError(
                f"die Kennung „{document.id}“ hat schon {first}",
                remedy="einer der beiden Dateien eine andere geben",
            )
            self.problems.append(Problem(stored.location, error.reason))
            return
        if document.status is not Status.PUBLISHED:
            return
        self.seen[document.id] = stored.location
        try:
            self.writer.put(_entry(stored, self.annotator))
        except FundstelleError as error:
            if isinstance(error, CorpusError):
                raise  # the disk, not the document
            self.problems.append(Problem(stored.location, error.reason))
            return
        if document.id in self.known:
            self.updated += 1
        else:
            self.added += 1

    def remove_unseen(self) -> None:
        """Step 7."""
        for doc_id in self.known.keys() - self.seen.keys():
            self.writer.remove(doc_id)
            self.removed += 1

    def report(self, seconds: float) -> IndexReport:
        return IndexReport(
            self.added, self.updated, self.unchanged, self.removed, tuple(self.problems), seconds
        )


def _entry(stored: StoredDocument, annotator: Annotator) -> IndexEntry:
    return to_index_entry(stored.document, annotator.annotate(stored.document), stored.revision)
