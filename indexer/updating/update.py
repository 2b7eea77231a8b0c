"""The second main loop: bring a search index up to the corpus.

The way of a document, in the order in which it runs (``update_index``):

1. ``CorpusStore.refs``: where every document lies and what its bytes hash to
2. a revision that the index holds is unchanged, and is not even loaded
3. ``CorpusStore.load``; what cannot be read becomes a problem of the report, and the rest goes on
4. an id that came before, in the order of the store, published or not, is a problem that names both
5. only published documents go on
6. ``Annotator.annotate`` → ``to_index_entry`` → ``IndexWriter.put``
7. entries whose document was not seen in this run are removed
8. the writer commits, all or nothing
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from indexer.updating.annotating import Annotating, Entry
from kb.errors import (
    CorpusError,
    DocumentNotFoundError,
    DuplicateIdError,
    FundstelleError,
    IndexDamagedError,
    IndexMissingError,
    IndexOutdatedError,
    InputError,
)
from kb.model import (
    ONLY_BEGINNING,
    Document,
    DocumentRef,
    IndexEntry,
    Status,
    StoredDocument,
    to_index_entry,
)
from kb.ports import Annotator, CorpusStore, IndexWriter, Progress, SearchBackend, no_progress


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """``rebuild`` starts from nothing; without it that happens only where the index asks for it.

    With ``known_topics`` (ids), decisions on any other topic are reported; the document is indexed.
    ``note`` is told every document that is put into the index. ``annotator`` opens the annotator once more:
    with it, many documents are annotated on all cores.
    """

    rebuild: bool = False
    known_topics: frozenset[str] | None = None
    note: Callable[[Document], None] | None = None
    annotator: Callable[[], Annotator] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a document, in German; ``indexed`` tells whether it is found all the same.

    Reported for documents that were read in this run: unchanged ones are not opened again.
    """

    location: str
    reason: str
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run did; ``seconds`` is its duration.

    ``partly`` are the locations of documents that are longer than is read of them for topics, kind, places and
    dates; they are found by all their words.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    partly: tuple[str, ...] = ()


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
    options = options or IndexOptions()
    with ExitStack() as stack:
        rebuild = options.rebuild
        try:
            writer = stack.enter_context(backend.writer(rebuild=rebuild))
        except (IndexOutdatedError, IndexDamagedError):
            rebuild = True
            writer = stack.enter_context(backend.writer(rebuild=True))
        # Asked under the writer's lock: another process may have brought the index up while we waited.
        known = {} if rebuild else dict(backend.revisions())
        annotating = Annotating(annotator, options.annotator)
        stack.callback(annotating.close)
        run = _Run(writer, annotating, known, options)
        refs = list(corpus.refs())
        for done, ref in enumerate(refs, start=1):
            run.take(corpus, ref)
            progress(done, len(refs), ref.location)
        run.finish()
    return run.report(time.perf_counter() - started)


def update_document(
    corpus: CorpusStore, backend: SearchBackend, annotator: Annotator, doc_id: str
) -> IndexReport:
    """Let the index follow one document that was written, withdrawn or removed; the corpus is not listed.

    Where there is no usable index, all of it is built: one document alone would pass for the whole.

    Raises:
        IndexLockedError: another process is writing.
        IndexOutdatedError: the index was built by other rules than this annotator's. A server that runs
            longer than the rules lasted must not bring theirs back: open both anew and update the index.
        InvalidDocumentError: the document cannot be read; the index is as it was.
        StorageError: the index cannot be written; the old one stays.
    """
    try:
        return _follow(corpus, backend, annotator, doc_id)
    except (IndexMissingError, IndexDamagedError):
        return update_index(corpus, backend, annotator)


def _follow(corpus: CorpusStore, backend: SearchBackend, annotator: Annotator, doc_id: str) -> IndexReport:
    started = time.perf_counter()
    added = updated = unchanged = removed = 0
    with backend.writer() as writer:
        # Both read under the lock: of two updates at once the later one has the later document.
        previous = backend.entry(doc_id)
        stored = _published(corpus, doc_id)
        if stored is None:
            writer.remove(doc_id)
            removed = int(previous is not None)
        elif previous is not None and previous.revision == stored.revision:
            unchanged = 1
        else:
            writer.put(_entry(stored, annotator))
            added, updated = int(previous is None), int(previous is not None)
    return IndexReport(added, updated, unchanged, removed, seconds=time.perf_counter() - started)


def _published(corpus: CorpusStore, doc_id: str) -> StoredDocument | None:
    try:
        stored = corpus.get(doc_id)
    except DocumentNotFoundError:
        return None
    return stored if stored.document.status is Status.PUBLISHED else None


@dataclass(slots=True)
class _Run:
    """The state of one run: what the index held, what was seen, what was counted.

    ``claimed`` maps each id to the first file that has it, published or not; ``kept`` are the ids
    that stay in the index.
    """

    writer: IndexWriter
    annotating: Annotating
    known: dict[str, str]
    options: IndexOptions = field(default_factory=IndexOptions)
    claimed: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: list[Problem] = field(default_factory=list)
    partly: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.ids = {revision: doc_id for doc_id, revision in self.known.items()}

    def take(self, corpus: CorpusStore, ref: DocumentRef) -> None:
        """Steps 2 to 6 for one document."""
        doc_id = self.ids.get(ref.revision)
        if doc_id is not None:  # the same bytes name the same id
            if self._claim(doc_id, ref.location):
                self.kept.add(doc_id)
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
        if self._claim(stored.document.id, ref.location) and stored.document.status is Status.PUBLISHED:
            for one, entry in self.annotating.add(stored):
                self._index(one, entry)

    def _claim(self, doc_id: str, location: str) -> bool:
        """Of several files with one id the first counts, as for ``CorpusStore.get``."""
        first = self.claimed.setdefault(doc_id, location)
        if first == location:
            return True
        error = DuplicateIdError(
            f"die Kennung „{doc_id}“ hat schon {first}", remedy="einer der beiden Dateien eine andere geben"
        )
        self.problems.append(Problem(location, error.reason))
        return False

    def _index(self, stored: StoredDocument, entry: Entry) -> None:
        if isinstance(entry, FundstelleError):
            self.problems.append(Problem(stored.location, entry.reason))
            return
        self.writer.put(entry)
        if self.options.note is not None:
            self.options.note(stored.document)
        self.kept.add(entry.id)
        if entry.id in self.known:
            self.updated += 1
        else:
            self.added += 1
        if entry.annotations is not None and ONLY_BEGINNING in entry.annotations.flags:
            self.partly.append(stored.location)
        if self.options.known_topics is not None:
            for topic in sorted(stored.document.decisions.topics.keys() - self.options.known_topics):
                reason = f"das Thema „{topic}“ gibt es nicht – die Entscheidung darüber berichtigen"
                self.problems.append(Problem(stored.location, reason, indexed=True))

    def finish(self) -> None:
        """Step 6 for the last documents, and step 7."""
        for stored, entry in self.annotating.rest():
            self._index(stored, entry)
        for doc_id in self.known.keys() - self.kept:
            self.writer.remove(doc_id)
            self.removed += 1

    def report(self, seconds: float) -> IndexReport:
        return IndexReport(
            self.added,
            self.updated,
            self.unchanged,
            self.removed,
            tuple(self.problems),
            seconds,
            tuple(self.partly),
        )


def _entry(stored: StoredDocument, annotator: Annotator) -> IndexEntry:
    return to_index_entry(stored.document, annotator.annotate(stored.document), stored.revision)
