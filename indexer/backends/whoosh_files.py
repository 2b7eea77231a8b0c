"""The only module that touches Whoosh: schema, writing, postings and stored entries of one folder.

Whoosh keeps terms with positions and stored entries. What it would do worse is done elsewhere:
scoring (its lengths are rounded to a byte, deleted documents stay in its statistics, and its
``limit`` drops hits), facets, and atomicity. No user text ever reaches its query parser.

Its segment files are written once under a random name; deletions live in the table of contents
(``*.toc``), which is a new file for each commit. So a generation may link the segments of another.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import SegmentReader, TermNotFound

from indexer.backends.whoosh_positions import PlainPositions, holders, rows
from indexer.ranking.columns import Columns, build_columns
from indexer.ranking.document_words import POSITION_FIELDS, Positions
from kb.model import IndexEntry, PartialDate

# Raise it whenever what is stored, or how, changes: old indexes then ask for a rebuild.
SCHEMA_VERSION = 4
# Postings held in memory before a sorted run goes to disk, in MB of Whoosh's own estimate.
_POOL_MB = 256
# Segments up to this many documents are merged into new ones as they fill up; larger ones stay until
# half of their documents are deleted, so that an update never rewrites the whole index.
_MERGE_DOCUMENTS = 2_000
_MERGE_FLOOR = 32


class AnalysedField(FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field that is handed analysed terms with positions, not text."""

    def __init__(self) -> None:
        super().__init__(PlainPositions(), analyzer=None, scorable=False, stored=False)

    def index(self, value: Positions, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Postings as Whoosh wants them: term, frequency, weight, encoded positions."""
        encode = self.format.encode
        for term, positions in value.items():
            yield term.encode(), len(positions), float(len(positions)), encode(positions)


class _Codec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's own format without lengths, and with names of segments that nobody else can draw.

    Whoosh scores nothing here, and its writer would ask for the length of the document at every posting, a
    tenth of the time of a commit. It names segments by ``random``, whose state forked servers share.
    """

    length_stats = False

    def new_segment(self, storage: FileStorage, indexname: str) -> Any:
        """Whoosh's, renamed before any file has its name."""
        segment = super().new_segment(storage, indexname)
        segment.segid = secrets.token_hex(8)
        return segment


def _schema() -> Schema:
    return Schema(entry=STORED(), **{name: AnalysedField() for name in POSITION_FIELDS})


class _Storage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """A folder that knows its open files: Whoosh leaves them open when it meets an error."""

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(path, **options)
        self._handles: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        self._handles.append(super().open_file(name, **options))
        return self._handles[-1]

    def create_file(self, name: str, **options: Any) -> Any:
        self._handles.append(super().create_file(name, **options))
        return self._handles[-1]

    def temp_storage(self, name: str | None = None) -> Any:
        self._handles.append(_Storage(str(Path(self.folder) / (name or "temporary"))).create())
        return self._handles[-1]

    def abandon(self) -> None:
        """Close everything that is open, after an error."""
        for handle in self._handles:
            with suppress(Exception):  # closed before, or the disk is full
                handle.abandon() if isinstance(handle, _Storage) else handle.close()


class WhooshWriter:
    """Writes one folder; nothing counts until ``commit``."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        self._storage = storage = _Storage(str(folder))
        index = storage.create_index(_schema()) if create else storage.open_index()
        self._folder = folder
        self._writer = index.writer(limitmb=_POOL_MB, codec=_Codec())

    def add(self, entry: IndexEntry, fields: Mapping[str, Positions]) -> int:
        """Add a document; returns its number in the new segment."""
        number: int = self._writer.docnum
        self._writer.add_document(entry=_to_json(entry), **fields)
        return number

    def drop_new(self, number: int) -> None:
        """Delete a document that this writer has added."""
        self._writer.newsegment.delete_document(number)

    def delete(self, document: int) -> None:
        """Delete a committed document by its number."""
        self._writer.delete_document(document)

    def commit(self, check: Callable[[str], None], *, purge: bool = False) -> None:
        """Write segment and table of contents into the folder; to ``purge`` is to write every segment anew
        that holds a deleted document.

        ``check`` is told the name of each file whose documents move into a new one: what is wrong with
        it would get a right checksum there.
        """
        self._writer.commit(mergetype=partial(_merge, check, purge))
        (self._folder / "MAIN_WRITELOCK").unlink(missing_ok=True)

    def cancel(self) -> None:
        """Close all files; the folder is thrown away, so nothing that goes wrong now matters.

        Whoosh writes even here: on a full disk its ``cancel`` would hide the error that led to it.
        """
        with suppress(Exception):
            self._writer.cancel()
        self._storage.abandon()


def _merge(check: Callable[[str], None], purge: bool, writer: Any, segments: Sequence[Any]) -> list[Any]:
    """Merge policy: small segments go into the new one as long as it keeps up with their size.

    One document at a time, n updates leave about log2(n) segments and rewrite each document as often.
    """
    kept = []
    gathered = writer.doc_count()
    for segment in sorted(segments, key=lambda one: (one.doc_count(), one.segment_id())):
        live, total = segment.doc_count(), segment.doc_count_all()
        small = live <= min(max(_MERGE_FLOOR, 2 * gathered), _MERGE_DOCUMENTS)
        if small or 2 * live < total or (purge and live < total):
            if live:
                check(segment.make_filename(".seg"))
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
            gathered += live
        else:
            kept.append(segment)
    return kept


class WhooshFolder:
    """Reads one committed folder. Not thread-safe: matchers share file positions."""

    def __init__(self, folder: Path) -> None:
        # Through its map Whoosh would copy the whole segment into memory (``BytesIO(memoryview)``): 226 MB
        # more for 50,000 documents; through the file a phrase takes a tenth longer.
        storage = _Storage(str(folder), readonly=True, supports_mmap=False)
        try:
            self._reader = reader = storage.open_index().reader()
        except Exception:
            storage.abandon()
            raise
        self._leaves = [leaf for leaf in reader.leaf_readers() if leaf[0].doc_count_all()]
        # A search may still read an older generation, so files are closed when nobody does.
        finalize(self, storage.abandon)

    @property
    def segments(self) -> list[str]:
        """The names of the segments, in the order of their document numbers."""
        return [leaf.segment().segment_id() for leaf, _ in self._leaves]

    def columns(self, segment: str) -> Columns:
        """Compute the columns of one segment from its stored entries."""
        leaf = next(leaf for leaf, _ in self._leaves if leaf.segment().segment_id() == segment)
        return build_columns(
            [_from_json(leaf.stored_fields(number)["entry"]) for number in range(leaf.doc_count_all())]
        )

    def live(self) -> NDArray[np.bool_]:
        """Which document numbers are not deleted."""
        alive = np.ones(sum(leaf.doc_count_all() for leaf, _ in self._leaves), dtype=np.bool_)
        for leaf, offset in self._leaves:
            for number in leaf.segment().deleted_docs():
                alive[offset + number] = False
        return alive

    def entry(self, document: int) -> IndexEntry:
        """The stored entry of a document number."""
        return _from_json(self._reader.stored_fields(document)["entry"])

    def holders(self, field: str, term: str) -> NDArray[np.int64]:
        """Where a term stands, ascending; deleted documents are still listed."""
        return holders(self._matchers(field, term))

    def rows(self, field: str, terms: tuple[str, ...], documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of some documents, ascending, hold the terms next to each other."""
        return rows([partial(self._matchers, field, term) for term in terms], documents)

    def _matchers(self, field: str, term: str) -> Iterator[tuple[Any, int]]:
        for leaf, offset in self._leaves:
            try:
                matcher = leaf.postings(field, term.encode())
            except TermNotFound:
                continue
            # Whoosh filters deleted documents posting by posting; `live` does it at once.
            yield (matcher.child if isinstance(matcher, FilterMatcher) else matcher), offset


def _to_json(entry: IndexEntry) -> str:
    return json.dumps(asdict(entry) | {"date": str(entry.date) if entry.date else None}, ensure_ascii=False)


def _from_json(text: str) -> IndexEntry:
    raw = json.loads(text)
    raw["date"] = PartialDate.parse(raw["date"]) if raw["date"] else None
    for name in ("topics", "places", "authors", "other_urls", "states"):
        raw[name] = tuple(raw[name])
    return IndexEntry(**raw)
