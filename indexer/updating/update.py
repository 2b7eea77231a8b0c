"""The second main loop: bring a search index up to the corpus.

The way of a document, in the order in which it runs (``update_index``):

1. ``CorpusStore.refs``: where every document lies and what its bytes hash to
2. a revision that the index holds is unchanged, and is not even loaded
3. ``CorpusStore.load``; what cannot be read becomes a problem of the report, and the rest goes on
   (so does whatever else one document makes fail, in any step: see ``kb.failures``)
4. an id that came before, in the order of the store, published or not, is a problem that names both
5. only published documents go on
6. ``Annotator.annotate`` → ``to_index_entry`` → ``IndexWriter.put``
7. entries whose document was not seen in this run are removed
8. what was changed meanwhile is looked at once more: nothing is published that was withdrawn
9. the writer commits, all or nothing; whatever changed even then is followed at once
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial

from indexer.updating.annotating import Annotating, Entry, annotated
from kb.errors import (
    DocumentNotFoundError,
    DuplicateIdError,
    FundstelleError,
    IndexDamagedError,
    IndexMissingError,
)
from kb.failures import contained, foreseen, logged, passed_over, told, trace_of
from kb.model import ONLY_BEGINNING, Document, DocumentRef, IndexEntry, Status, StoredDocument
from kb.ports import Annotator, CorpusStore, IndexWriter, Progress, SearchBackend, no_progress

_log = logging.getLogger(__name__)


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

    Reported for documents that were read in this run: unchanged ones are not opened again. ``doc_id`` is empty
    where the document cannot be read, ``trace`` where the document is to be mended, and not the program.
    """

    location: str
    reason: str
    indexed: bool = False
    doc_id: str = ""
    trace: str = ""

    @classmethod
    def of(cls, error: FundstelleError, location: str, doc_id: str = "") -> Problem:
        """Why a document is not in the index."""
        return cls(location, told(error, location), doc_id=doc_id, trace=trace_of(error))


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
    with (
        backend.writer(rebuild=options.rebuild, renew=True) as writer,
        closing(Annotating(annotator, options.annotator)) as annotating,
    ):
        run = _Run(writer, annotating, dict(writer.known), options)
        refs = list(corpus.refs())
        annotating.expect(sum(ref.revision not in run.ids for ref in refs))
        for done, ref in enumerate(refs, start=1):
            run.take(corpus, ref)
            progress(done, len(refs), ref.location)
        run.finish()
        refs = run.look_again(corpus, refs)
    report = run.report(time.perf_counter() - started)
    for doc_id in run.changed(corpus, refs):
        with contained(doc_id, partial(logged, _log)):
            _follow(corpus, backend, annotator, doc_id)
    return report


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
    failed: dict[str, FundstelleError] = {}
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
            (entry,) = annotated(annotator, [stored])
            if isinstance(entry, FundstelleError):
                failed[doc_id] = entry
                writer.remove(doc_id)  # else it would be found with a text that is no longer there
            else:
                writer.put(entry)
            added, updated = int(previous is None), int(previous is not None)
    failed |= writer.refused
    if doc_id in failed:
        added, updated, removed = 0, 0, int(previous is not None)
    problems = tuple(
        Problem.of(error, stored.location if stored is not None and one == doc_id else one, one)
        for one, error in failed.items()
    )
    seconds = time.perf_counter() - started
    return IndexReport(added, updated, unchanged, removed, problems, seconds)


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
    added: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
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
            return
        try:
            stored = corpus.load(ref)
        except DocumentNotFoundError:
            return  # removed since it was listed
        except Exception as error:
            self.problems.append(Problem.of(foreseen(error, ref.location), ref.location))
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
            self.problems.append(Problem.of(entry, stored.location, stored.document.id))
            return
        self.writer.put(entry)
        if self.options.note is not None:
            with contained(stored.location, lambda error: self._told(error, stored)):
                self.options.note(stored.document)
        self.kept.add(entry.id)
        (self.updated if entry.id in self.known else self.added).add(entry.id)
        self._note_length(entry)
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

    def look_again(self, corpus: CorpusStore, refs: Sequence[DocumentRef]) -> list[DocumentRef]:
        """Step 8: documents that were written or withdrawn while others were indexed; gives what stands now."""
        now = {ref.location: ref for ref in refs}
        ids = {location: doc_id for doc_id, location in self.claimed.items()}
        for ref in corpus.changed(refs):
            now[ref.location] = ref
            doc_id = ids.get(ref.location)
            if doc_id in self.kept:
                self._take_again(corpus, ref, doc_id)
        return list(now.values())

    def _take_again(self, corpus: CorpusStore, ref: DocumentRef, doc_id: str) -> None:
        entry: Entry | None = None
        with contained(ref.location, passed_over):  # the next run names it
            stored = corpus.load(ref)
            if stored.document.id == doc_id and stored.document.status is Status.PUBLISHED:
                (entry,) = self.annotating.at_once([stored])
        if entry is None or isinstance(entry, FundstelleError):
            self.writer.remove(doc_id)
            self.kept.discard(doc_id)
        else:
            self.writer.put(entry)
            self._note_length(entry)
            (self.updated if doc_id in self.known else self.added).add(doc_id)

    def _note_length(self, entry: IndexEntry) -> None:
        if entry.annotations is not None and ONLY_BEGINNING in entry.annotations.flags:
            self.partly.append(entry.location)

    def changed(self, corpus: CorpusStore, refs: Sequence[DocumentRef]) -> list[str]:
        """The ids of documents that changed while the writer committed."""
        ids = {location: doc_id for doc_id, location in self.claimed.items()}
        found = (ids.get(ref.location) for ref in corpus.changed(refs))
        return [doc_id for doc_id in found if doc_id is not None]

    def _told(self, error: FundstelleError, stored: StoredDocument) -> None:
        """Something is wrong with a document that is found all the same."""
        problem = Problem.of(error, stored.location, stored.document.id)
        self.problems.append(replace(problem, indexed=True))

    def report(self, seconds: float) -> IndexReport:
        """Once the writer has ended, which takes some entries only then, and may refuse some."""
        for doc_id, error in self.writer.refused.items():
            self.problems.append(Problem.of(error, self.claimed.get(doc_id, doc_id), doc_id))
        held = self.kept - self.writer.refused.keys()
        added, updated = len(self.added & held), len(self.updated & held)
        unchanged, removed = len(held) - added - updated, len(self.known.keys() - held)
        problems, partly = tuple(self.problems), tuple(dict.fromkeys(self.partly))
        return IndexReport(added, updated, unchanged, removed, problems, seconds, partly)
