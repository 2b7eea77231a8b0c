"""One run of changes: fills the next generation of the index."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer.backends.whoosh_files import WhooshFolder, WhooshWriter
from indexer.backends.whoosh_positions import Terms
from indexer.backends.whoosh_state import (
    LEARNED_FILE,
    SENTENCES_FILE,
    Labels,
    OpenState,
    column_file,
    snapshot_file,
)
from indexer.german import GermanAnalyzer
from indexer.ranking.build import SegmentBuilder
from indexer.ranking.columns import build_columns, save_columns
from indexer.ranking.document_words import POSITION_FIELDS
from indexer.ranking.gathering import Gathered, Gatherer
from indexer.ranking.learned import Learned
from indexer.storage.generations import Generations
from indexer.storage.manifest import REBUILD, FileSeal
from kb.errors import FundstelleError, IndexDamagedError
from kb.model import IndexEntry

# What is gathered of many documents waits here, below the generation's folder, until all are there.
_SPILL = "gathered"
# Segments up to this many documents are merged into new ones as they fill up; larger ones stay until
# half of their documents are deleted, so that an update never rewrites the whole index.
_MERGE_DOCUMENTS = 2_000
_MERGE_FLOOR = 32


class WhooshSession:
    """An ``IndexWriter`` that fills the next generation; the folder is made with the first change."""

    def __init__(
        self, generations: Generations, analyzer: GermanAnalyzer, base: OpenState | None, labels: Labels
    ) -> None:
        self._generations = generations
        self._analyzer = analyzer
        self._base = base
        self._topic_labels = labels.get("topic", {})
        self._folder: Path | None = None
        self._writer: WhooshWriter | None = None
        self._gatherer: Gatherer | None = None
        self._known: dict[str, FileSeal] = {}
        self._dropped: set[int] = set()
        # id → (segment of this session, number in it)
        self._added: dict[str, tuple[int, int]] = {}
        # What columns need of the segment that is being filled, and the names of those that are full.
        self._entries: list[IndexEntry] = []
        self._names: list[str] = []
        self._purge = False
        self._refused: dict[str, FundstelleError] = {}

    def put(self, entry: IndexEntry) -> None:
        """See ``IndexWriter.put``."""
        with self._generations.storage_errors(), self._continuing():
            self._started()
            self._drop(entry.id)
            self._add(entry)

    def remove(self, doc_id: str) -> None:
        """See ``IndexWriter.remove``."""
        if doc_id in self._added or (self._base is not None and self._base.find(doc_id) is not None):
            with self._generations.storage_errors(), self._continuing():
                self._started()
                self._drop(doc_id)

    def purge(self) -> None:
        """See ``IndexWriter.purge``."""
        self._purge = True
        if self._base is not None and not self._base.live.all():
            with self._generations.storage_errors(), self._continuing():
                self._started()

    @property
    def known(self) -> Mapping[str, str]:
        """See ``IndexWriter.known``."""
        return {} if self._base is None else self._base.revisions()

    @property
    def refused(self) -> Mapping[str, FundstelleError]:
        """See ``IndexWriter.refused``."""
        return self._refused

    def commit(self) -> None:
        """Make the next generation current; without any change over an existing one nothing is written."""
        if self._writer is None and self._base is not None:
            if self._purge:  # an earlier change dropped it, and the generation before that still has it
                self._generations.drop_older()
            return
        with self._generations.storage_errors(), self._continuing():
            gatherer = self._started()
            merged = list(self._merged())
            for _, documents in merged:
                for document in documents:
                    assert self._base is not None
                    self._add(self._base.entry(document))
            self._finish_segment([name for name, _ in merged])
            folder = self._folder
            assert folder is not None
            learned = self._learn(gatherer, folder)
            self._write_rankings(gatherer, folder, learned)
            shutil.rmtree(folder / _SPILL, ignore_errors=True)
            self._generations.commit(folder, int(WhooshFolder(folder).live().sum()), self._known)
            if self._purge:
                self._generations.drop_older()
            self._folder = None

    def close(self) -> None:
        """Throw away what was not committed."""
        if self._gatherer is not None:
            self._gatherer.end()
        if self._writer is not None:
            self._writer.cancel()
        if self._folder is not None:
            self._generations.discard(self._folder)

    def _started(self) -> Gatherer:
        if self._gatherer is None:
            self._folder = folder = self._generations.begin()
            if self._base is not None:
                self._known = self._base.generation.link_into(folder)
            splitter = None if self._base is None else self._base.splitter
            self._gatherer = Gatherer(self._analyzer, self._topic_labels, folder / _SPILL, splitter)
            self._writer = WhooshWriter(folder, create=self._base is None)
        return self._gatherer

    def _add(self, entry: IndexEntry) -> None:
        gatherer, writer = self._gatherer, self._writer
        assert gatherer is not None
        assert writer is not None
        writer.add(entry)
        entry = replace(entry, annotations=None)  # written, and needed by nobody else
        self._added[entry.id] = (len(gatherer.segments) - 1, gatherer.add(entry))
        self._entries.append(entry)
        if gatherer.segments[-1].full:
            self._finish_segment()
            gatherer.next_segment()
            assert self._folder is not None
            self._writer = WhooshWriter(self._folder, create=False)

    def _drop(self, doc_id: str) -> None:
        gatherer, writer, base = self._gatherer, self._writer, self._base
        assert gatherer is not None
        assert writer is not None
        added = self._added.pop(doc_id, None)
        if added is not None:
            segment, number = added
            gatherer.segments[segment].dropped.add(number)
            if segment == len(gatherer.segments) - 1:
                writer.drop_new(number)
            else:
                writer.delete(self._first_of(segment) + number)
        document = base.find(doc_id) if base is not None else None
        if document is not None and document not in self._dropped:
            writer.delete(document)
            self._dropped.add(document)

    def _first_of(self, segment: int) -> int:
        """The number of the first document of a segment that this session has finished."""
        assert self._gatherer is not None
        before = 0 if self._base is None else len(self._base.live)
        return before + sum(one.documents for one in self._gatherer.segments[:segment])

    def _merged(self) -> Iterator[tuple[str, list[int]]]:
        """The committed segments whose documents go into the new one: (name, living documents).

        Small segments go as long as the new one keeps up with their size: one document at a time, n updates
        leave about log2(n) segments and rewrite each document as often. Their documents are taken like new
        ones, which costs half a millisecond each and needs no other way to make a segment.
        """
        base = self._base
        if base is None:
            return
        alive = base.live.copy()
        alive[list(self._dropped)] = False
        found, first = [], 0
        for name, size in zip(base.whoosh.segments, base.whoosh.sizes, strict=True):
            living = (np.flatnonzero(alive[first : first + size]) + first).tolist()
            found.append((len(living), name, size, living))
            first += size
        gathered = len(self._added)
        for live, name, size, living in sorted(found, key=lambda one: one[:2]):
            small = live <= min(max(_MERGE_FLOOR, 2 * gathered), _MERGE_DOCUMENTS)
            if small or 2 * live < size or (self._purge and live < size):
                # What is wrong with it would get a right checksum in the new segment.
                for file in base.generation.manifest.files:
                    if file.startswith(f"{name}."):
                        base.generation.verify_file(file)
                yield name, living
                gathered += live

    def _finish_segment(self, without: Iterable[str] = ()) -> None:
        """Write what Whoosh keeps of the segment that was filled, and its columns."""
        gatherer, writer, folder = self._gatherer, self._writer, self._folder
        assert gatherer is not None
        assert writer is not None
        assert folder is not None
        gatherer.close()
        self._drop_refused(gatherer.segments[-1])
        builder = SegmentBuilder(gatherer.segments[-1], gatherer.words)

        def fields() -> Iterator[tuple[str, Terms]]:
            names = sorted(POSITION_FIELDS)
            yield from zip(names, builder.positions(map(POSITION_FIELDS.index, names)), strict=True)

        gone = set(without)
        writer.commit(fields, gone)
        self._writer = None
        for name in gone:
            for path in (folder / column_file(name), folder / snapshot_file(name)):
                path.unlink(missing_ok=True)
        if self._entries:
            save_columns(build_columns(self._entries), folder / column_file(writer.segment))
            self._names.append(writer.segment)
            self._entries = []

    def _drop_refused(self, gathered: Gathered) -> None:
        """Leave out the documents of the segment that is being filled which could not be analysed."""
        assert self._gatherer is not None
        assert self._writer is not None
        for number, error in gathered.refused.items():
            doc_id = self._entries[number].id
            if self._added.get(doc_id) == (len(self._gatherer.segments) - 1, number):
                del self._added[doc_id]
                self._refused[doc_id] = error
                gathered.dropped.add(number)
                self._writer.drop_new(number)

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

    def _learn(self, gatherer: Gatherer, folder: Path) -> Learned:
        """Without a base everything that can be learned is; followers keep it."""
        if self._base is not None:
            return self._base.learned
        (folder / SENTENCES_FILE).write_text(gatherer.splitter.to_json(), "utf-8")
        learned = gatherer.learn(self._analyzer.stem)
        (folder / LEARNED_FILE).write_text(learned.to_json(), "utf-8")
        return learned

    @staticmethod
    def _segments(gatherer: Gatherer) -> Iterator[tuple[int, SegmentBuilder]]:
        for number, gathered in enumerate(gatherer.segments):
            if gathered.documents:
                yield number, SegmentBuilder(gathered, gatherer.words)

    def _write_rankings(self, gatherer: Gatherer, folder: Path, learned: Learned) -> None:
        for name, (number, builder) in zip(self._names, self._segments(gatherer), strict=True):
            segment = builder.build(learned, gatherer.counted, gatherer.counted.lengths[number])
            segment.save(folder / snapshot_file(name))
