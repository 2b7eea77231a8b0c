"""One run of changes: fills the next generation of the index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from indexer.backends.whoosh_files import WhooshFolder, WhooshWriter
from indexer.backends.whoosh_state import (
    LEARNED_FILE,
    SENTENCES_FILE,
    Labels,
    OpenState,
    column_file,
    snapshot_file,
)
from indexer.german import GermanAnalyzer, SentenceSplitter
from indexer.german.sentences import MAX_TRAINING_CHARS
from indexer.ranking.build import SegmentBuilder
from indexer.ranking.columns import save_columns
from indexer.ranking.document_words import document_words
from indexer.ranking.learned import Learned
from indexer.ranking.segment import KeptSegment, join_segments
from indexer.storage.generations import Generations
from indexer.storage.manifest import REBUILD, FileSeal
from kb.errors import FundstelleError, IndexDamagedError
from kb.model import IndexEntry


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
        self._known: dict[str, FileSeal] = {}
        self._dropped: set[int] = set()
        self._added: dict[str, int] = {}
        self._builder = SegmentBuilder()
        self._sample: list[str] = []
        self._sampled = 0
        self._purge = False

    def put(self, entry: IndexEntry) -> None:
        """See ``IndexWriter.put``."""
        words = document_words(self._analyzer, entry, self._topic_labels)
        with self._generations.storage_errors(), self._continuing():
            writer = self._started()
            self._drop_committed(writer, entry.id)
            self._drop_added(writer, entry.id)
            self._added[entry.id] = writer.add(entry, words.positions)
        self._builder.add(words)
        if self._base is None and self._sampled < MAX_TRAINING_CHARS:
            self._sample.append(entry.text)
            self._sampled += len(entry.text)

    def remove(self, doc_id: str) -> None:
        """See ``IndexWriter.remove``."""
        if doc_id in self._added:
            self._drop_added(self._started(), doc_id)
        elif self._base is not None and doc_id in self._base.numbers:
            with self._generations.storage_errors(), self._continuing():
                self._drop_committed(self._started(), doc_id)

    def purge(self) -> None:
        """See ``IndexWriter.purge``."""
        self._purge = True
        if self._base is not None and not self._base.live.all():
            with self._generations.storage_errors(), self._continuing():
                self._started()

    def commit(self) -> None:
        """Make the next generation current; without any change over an existing one nothing is written."""
        if self._writer is None and self._base is not None:
            if self._purge:  # an earlier change dropped it, and the generation before that still has it
                self._generations.drop_older()
            return
        with self._generations.storage_errors(), self._continuing():
            self._started().commit(self._check, purge=self._purge)
            self._writer = None
            assert self._folder is not None
            learned = self._learn(self._folder)
            whoosh = WhooshFolder(self._folder)
            self._write_segments(self._folder, whoosh, learned)
            self._generations.commit(self._folder, int(whoosh.live().sum()), self._known)
            if self._purge:
                self._generations.drop_older()
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

    def _drop_added(self, writer: WhooshWriter, doc_id: str) -> None:
        number = self._added.pop(doc_id, None)
        if number is not None:
            writer.drop_new(number)
            self._builder.drop(number)

    def _drop_committed(self, writer: WhooshWriter, doc_id: str) -> None:
        document = self._base.numbers.get(doc_id) if self._base is not None else None
        if document is not None and document not in self._dropped:
            writer.delete(document)
            self._dropped.add(document)

    def _learn(self, folder: Path) -> Learned:
        """Without a base everything that can be learned is; followers keep it."""
        if self._base is not None:
            return self._base.learned
        splitter = SentenceSplitter.train(self._sample)
        (folder / SENTENCES_FILE).write_text(splitter.to_json(), "utf-8")
        learned = self._builder.learn(self._analyzer.stem)
        (folder / LEARNED_FILE).write_text(learned.to_json(), "utf-8")
        return learned

    def _write_segments(self, folder: Path, whoosh: WhooshFolder, learned: Learned) -> None:
        """Columns and rankings for the new segment; those of merged ones are dropped."""
        names = whoosh.segments
        wanted = {file(name) for name in names for file in (column_file, snapshot_file)}
        for path in (*folder.glob("columns-*"), *folder.glob("ranking-*")):
            if path.name not in wanted:
                path.unlink()
        for name in names:
            if not (folder / column_file(name)).exists():
                columns = whoosh.columns(name)
                save_columns(columns, folder / column_file(name))
                parts = [*self._new_part(learned), *self._merged_parts(columns.ids, names)]
                join_segments(parts, len(columns)).save(folder / snapshot_file(name))

    def _new_part(self, learned: Learned) -> Iterator[KeptSegment]:
        if len(self._builder):
            yield KeptSegment(self._builder.build(learned), np.arange(len(self._builder), dtype=np.int64))

    def _merged_parts(self, ids: list[str], names: list[str]) -> Iterator[KeptSegment]:
        """The segments that went into the new one, in the order in which their documents follow."""
        base = self._base
        if base is None:
            return
        after = [base.numbers[doc_id] for doc_id in ids[len(self._builder) :]]
        found: list[tuple[int, str, KeptSegment]] = []
        offset = 0
        for name, segment in base.segments.items():
            size = segment.ranking.size
            if name not in names:
                numbers = np.full(size, -1, dtype=np.int64)
                mine = [(new, old) for new, old in enumerate(after) if offset <= old < offset + size]
                for new, old in mine:
                    numbers[old - offset] = len(self._builder) + new
                if mine:
                    self._check(snapshot_file(name))
                    found.append((mine[0][0], name, KeptSegment(segment.ranking, numbers)))
            offset += size
        for _, _, part in sorted(found, key=lambda one: one[:2]):
            yield part
