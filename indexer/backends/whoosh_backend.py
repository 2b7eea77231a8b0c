"""The search engine of the product: Whoosh for terms and entries, arrays for ranking, filters and facets."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from indexer.backends.columns import save_columns
from indexer.backends.scoring import field_terms
from indexer.backends.whoosh_files import SCHEMA_VERSION, WhooshFolder, WhooshWriter
from indexer.backends.whoosh_state import SENTENCES_FILE, OpenState, column_file, open_state
from indexer.generations import Generations
from indexer.german import GermanAnalyzer, SentenceSplitter, Synonyms
from indexer.german.sentences import MAX_TRAINING_CHARS
from indexer.manifest import REBUILD, FileSeal, Versions
from indexer.query import parse_query, plan_query
from indexer.snippets import SnippetMaker
from kb.errors import (
    FundstelleError,
    IndexDamagedError,
    IndexMissingError,
    IndexOutdatedError,
    SearchIndexError,
)
from kb.model import FACETS, IndexEntry, SearchHit, SearchQuery, SearchResults, Sort

_OTHER_RULES = "Themen, Orte oder ihre Regeln haben sich geändert"


class WhooshBackend:
    """A ``SearchBackend`` over a folder of generations.

    Readers look at the pointer before each search (one ``stat``) and open a new generation when it
    has changed. Thread-safe, and safe for any number of reading processes beside one writer.
    ``annotations_version`` is written into the index; an index with another one is asked to be
    rebuilt, and still searched until then.
    """

    def __init__(
        self,
        index_dir: Path,
        analyzer: GermanAnalyzer | None = None,
        *,
        synonyms: Synonyms | None = None,
        annotations_version: str = "",
        lock_timeout: float = 30.0,
    ) -> None:
        self._analyzer = analyzer or GermanAnalyzer()
        self._synonyms = synonyms
        self._versions = Versions(SCHEMA_VERSION, self._analyzer.version, annotations_version)
        self._generations = Generations(index_dir, self._versions)
        self._lock_timeout = lock_timeout
        self._opening = Lock()
        self._opened: tuple[tuple[int, int] | None, OpenState] | None = None

    def search(self, query: SearchQuery) -> SearchResults:
        """See ``SearchBackend.search``."""
        started = time.perf_counter()
        plan = plan_query(parse_query(query.text), self._analyzer, self._synonyms)
        state = self._state()
        hits = state.hits(plan)
        matched = state.filtered(hits.matched, query.filters)
        order = state.ordered(matched, hits, by_date=query.sort is Sort.DATE or plan.everything)
        maker = SnippetMaker(self._analyzer, state.splitter)
        page = [
            SearchHit(entry, float(hits.scores[document]), maker.snippet(entry.text, plan.marked_terms))
            for document, entry in state.entries(order[query.offset : query.offset + query.limit])
        ]
        facets = {facet: state.columns.facets[facet].counts(matched) for facet in FACETS}
        return SearchResults(len(order), tuple(page), facets, (time.perf_counter() - started) * 1000)

    def entry(self, doc_id: str) -> IndexEntry | None:
        """See ``SearchBackend.entry``."""
        state = self._state()
        document = state.numbers.get(doc_id)
        return None if document is None else state.entry(document)

    def revisions(self) -> Mapping[str, str]:
        """See ``SearchBackend.revisions``."""
        try:
            state = self._state()
        except SearchIndexError:
            return {}
        revisions = state.columns.revisions
        return {doc_id: revisions[document] for doc_id, document in state.numbers.items()}

    def needs_rebuild(self) -> str | None:
        """See ``SearchBackend.needs_rebuild``."""
        try:
            found = self._state().annotations_version
        except SearchIndexError as error:
            return error.problem
        if found != self._versions.annotations:
            return _OTHER_RULES
        return None

    def verify(self) -> None:
        """Compare all checksums, for ``kb doctor``; reads every file.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError: names the file and the remedy.
        """
        self._generations.open(lambda generation: generation.verify())

    @contextmanager
    def writer(self, *, rebuild: bool = False) -> Iterator[WhooshSession]:
        """See ``SearchBackend.writer``.

        Decided under the lock: another process may have written while this one waited.
        """
        with self._generations.locked(self._lock_timeout):
            session = WhooshSession(self._generations, self._analyzer, None if rebuild else self._base())
            try:
                yield session
                session.commit()
            finally:
                session.close()

    def _base(self) -> OpenState | None:
        try:
            state = self._state()
        except IndexMissingError:
            return None
        if state.annotations_version != self._versions.annotations:
            # Its entries beside new ones would pass for entries of one version.
            raise IndexOutdatedError(_OTHER_RULES, remedy="`kb index` ausführen (run `kb index`)")
        return state

    def _state(self) -> OpenState:
        stamp = self._generations.stamp()
        opened = self._opened
        if opened is not None and stamp is not None and opened[0] == stamp:
            return opened[1]
        with self._opening:
            if self._opened is None or stamp is None or self._opened[0] != stamp:
                known = self._opened[1].segment_columns if self._opened else {}
                self._opened = (
                    stamp,
                    self._generations.open(lambda generation: open_state(generation, known)),
                )
            return self._opened[1]


class WhooshSession:
    """An ``IndexWriter`` that fills the next generation; the folder is made with the first change."""

    def __init__(self, generations: Generations, analyzer: GermanAnalyzer, base: OpenState | None) -> None:
        self._generations = generations
        self._analyzer = analyzer
        self._base = base
        self._folder: Path | None = None
        self._writer: WhooshWriter | None = None
        self._known: dict[str, FileSeal] = {}
        self._dropped: set[int] = set()
        self._added: set[str] = set()
        self._sample: list[str] = []
        self._sampled = 0

    def put(self, entry: IndexEntry) -> None:
        """See ``IndexWriter.put``."""
        texts = {"title": entry.title, "body": entry.text}
        fields = {name: field_terms(self._analyzer, text) for name, text in texts.items()}
        with self._generations.storage_errors(), self._continuing():
            writer = self._started()
            self._drop_committed(writer, entry.id)
            writer.add(entry, fields)
        self._added.add(entry.id)
        if self._base is None and self._sampled < MAX_TRAINING_CHARS:
            self._sample.append(entry.text)
            self._sampled += len(entry.text)

    def remove(self, doc_id: str) -> None:
        """See ``IndexWriter.remove``."""
        if doc_id in self._added:
            self._added.discard(doc_id)
            self._started().drop_new(doc_id)
        elif self._base is not None and doc_id in self._base.numbers:
            with self._generations.storage_errors(), self._continuing():
                self._drop_committed(self._started(), doc_id)

    def commit(self) -> None:
        """Make the next generation current; without any change over an existing one nothing is written."""
        if self._writer is None and self._base is not None:
            return
        with self._generations.storage_errors(), self._continuing():
            self._started().commit(self._check)
            self._writer = None
            assert self._folder is not None
            whoosh = WhooshFolder(self._folder)
            self._write_columns(self._folder, whoosh)
            if self._base is None:
                splitter = SentenceSplitter.train(self._sample)
                (self._folder / SENTENCES_FILE).write_text(splitter.to_json(), "utf-8")
            self._generations.commit(self._folder, int(whoosh.live().sum()), self._known)
            self._folder = None

    def close(self) -> None:
        """Throw away what was not committed."""
        if self._writer is not None:
            self._writer.cancel()
        if self._folder is not None:
            self._generations.discard(self._folder)

    def _started(self) -> WhooshWriter:
        if self._writer is None:
            self._folder = self._generations.begin()
            if self._base is not None:
                self._known = self._base.generation.link_into(self._folder)
            self._writer = WhooshWriter(self._folder, create=self._base is None)
        return self._writer

    def _check(self, name: str) -> None:
        if self._base is not None:
            self._base.generation.verify_file(name)

    @contextmanager
    def _continuing(self) -> Iterator[None]:
        """What goes wrong while an older generation is read on means that it is damaged."""
        try:
            yield
        except (FundstelleError, OSError):
            raise
        except Exception as error:
            if self._base is None:
                raise
            raise IndexDamagedError(
                f"der Index ist beschädigt ({type(error).__name__})",
                subject=str(self._base.generation.folder),
                remedy=REBUILD,
            ) from error

    def _drop_committed(self, writer: WhooshWriter, doc_id: str) -> None:
        document = self._base.numbers.get(doc_id) if self._base is not None else None
        if document is not None and document not in self._dropped:
            writer.delete(document)
            self._dropped.add(document)

    def _write_columns(self, folder: Path, whoosh: WhooshFolder) -> None:
        """Columns for new segments; those of merged ones are dropped."""
        wanted = {column_file(name): name for name in whoosh.segments}
        for path in folder.glob("columns-*"):
            if path.name not in wanted:
                path.unlink()
        for file, name in wanted.items():
            if not (folder / file).exists():
                save_columns(whoosh.columns(name), folder / file)
