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
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import TermNotFound

from indexer.backends.kept_annotations import from_json, to_json
from indexer.backends.whoosh_positions import (
    Packed,
    PackedCodec,
    PackedWriter,
    PlainPositions,
    Terms,
    extent,
    holders,
    packed,
    rows,
)
from indexer.ranking.document_words import POSITION_FIELDS
from kb.model import IndexEntry, PartialDate

# Raise it whenever what is stored, or how, changes: old indexes then ask for a rebuild.
SCHEMA_VERSION = 8
# Terms whose places in the files are kept at hand; a full store is emptied, not managed.
_KEPT_TERMS = 50_000
_NAMES = tuple(field.name for field in fields(IndexEntry) if field.name != "annotations")


class AnalysedField(FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field whose terms and positions are handed over when a segment is full."""

    def __init__(self) -> None:
        super().__init__(PlainPositions(), analyzer=None, scorable=False, stored=False)


class _Codec(PackedCodec):
    """Names segments so that nobody else can draw their names: Whoosh draws them by ``random``, whose state
    forked servers share."""

    def new_segment(self, storage: FileStorage, indexname: str) -> Any:
        """Whoosh's, renamed before any file has its name."""
        segment = super().new_segment(storage, indexname)
        segment.segid = secrets.token_hex(8)
        return segment


def _schema() -> Schema:
    return Schema(entry=STORED(), annotations=STORED(), **{name: AnalysedField() for name in POSITION_FIELDS})


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
    """Writes one segment into a folder; nothing counts until ``commit``."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        self._storage = storage = _Storage(str(folder))
        index = storage.create_index(_schema()) if create else storage.open_index()
        self._folder = folder
        # In one file together they would be copied once more, and read through one more layer of Python.
        self._writer = PackedWriter(index, codec=_Codec(), compound=False)

    @property
    def segment(self) -> str:
        """The name of the new segment."""
        name: str = self._writer.newsegment.segment_id()
        return name

    def add(self, entry: IndexEntry) -> int:
        """Add a document; returns its number in the new segment."""
        number: int = self._writer.docnum
        kept = {} if entry.annotations is None else {"annotations": to_json(entry.annotations, entry.text)}
        self._writer.add_document(entry=_to_json(entry), **kept)
        return number

    def drop_new(self, number: int) -> None:
        """Delete a document that this writer has added."""
        self._writer.newsegment.delete_document(number)

    def delete(self, document: int) -> None:
        """Delete a committed document by its number."""
        self._writer.delete_document(document)

    def commit(self, fields: Callable[[], Iterable[tuple[str, Terms]]], without: Collection[str] = ()) -> None:
        """Write segment and table of contents into the folder.

        ``fields`` gives the terms of all documents added; ``without`` are the names of segments that go.
        """
        self._writer.fields = fields
        self._writer.commit(mergetype=partial(_all_but, without))
        (self._folder / "MAIN_WRITELOCK").unlink(missing_ok=True)

    def cancel(self) -> None:
        """Close all files; the folder is thrown away, so nothing that goes wrong now matters.

        Whoosh writes even here: on a full disk its ``cancel`` would hide the error that led to it.
        """
        with suppress(Exception):
            self._writer.cancel()
        self._storage.abandon()


def _all_but(names: Collection[str], _: Any, segments: Sequence[Any]) -> list[Any]:
    return [segment for segment in segments if segment.segment_id() not in names]


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
        # Where the bytes of terms stand: Whoosh reads its table of them by many small steps.
        self._extents: dict[tuple[int, str, str], tuple[int, int] | None] = {}
        # A search may still read an older generation, so files are closed when nobody does.
        finalize(self, storage.abandon)

    @property
    def segments(self) -> list[str]:
        """The names of the segments, in the order of their document numbers."""
        return [leaf.segment().segment_id() for leaf, _ in self._leaves]

    @property
    def sizes(self) -> list[int]:
        """How many documents each segment has, deleted ones included."""
        return [leaf.doc_count_all() for leaf, _ in self._leaves]

    def live(self) -> NDArray[np.bool_]:
        """Which document numbers are not deleted."""
        alive = np.ones(sum(leaf.doc_count_all() for leaf, _ in self._leaves), dtype=np.bool_)
        for leaf, offset in self._leaves:
            for number in leaf.segment().deleted_docs():
                alive[offset + number] = False
        return alive

    def entry(self, document: int, *, whole: bool = False) -> IndexEntry:
        """The stored entry of a document number; with its annotations only where all of it is asked for."""
        stored = self._reader.stored_fields(document)
        entry = _from_json(stored["entry"])
        if not whole or "annotations" not in stored:
            return entry
        return replace(entry, annotations=from_json(stored["annotations"], entry.text))

    def holders(self, field: str, term: str) -> NDArray[np.int64]:
        """Where a term stands, ascending; deleted documents are still listed."""
        found = []
        for number, (_, offset) in enumerate(self._leaves):
            raw = self._packed(number, field, term)
            if raw is not None:
                found.append(holders(raw) + offset)
        return np.concatenate([np.zeros(0, dtype=np.int64), *found])

    def rows(self, field: str, terms: tuple[str, ...], documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of some documents, ascending, hold the terms next to each other; some may come twice."""
        found = []
        for number, (leaf, offset) in enumerate(self._leaves):
            mine = documents
            if len(self._leaves) > 1:
                first, last = documents.searchsorted((offset, offset + leaf.doc_count_all()))
                mine = documents[first:last]
            if len(mine):
                found.append(
                    rows((self._packed(number, field, term) for term in terms), mine - offset) + offset
                )
        return found[0] if len(found) == 1 else np.concatenate([documents[:0], *found])

    def _packed(self, number: int, field: str, term: str) -> Packed | None:
        """The bytes of a term in a segment."""
        terms, asked = self._leaves[number][0]._terms, (number, field, term)
        if asked not in self._extents:
            if len(self._extents) >= _KEPT_TERMS:
                self._extents.clear()
            try:
                self._extents[asked] = extent(terms.term_info(field, term.encode()))
            except TermNotFound:
                self._extents[asked] = None
        at = self._extents[asked]
        return None if at is None else packed(terms._postfile, at)


def _to_json(entry: IndexEntry) -> str:
    # dataclasses.asdict copies every value, which takes fifteen times as long.
    values = {name: getattr(entry, name) for name in _NAMES}
    return json.dumps(values | {"date": str(entry.date) if entry.date else None}, ensure_ascii=False)


def _from_json(text: str) -> IndexEntry:
    raw = json.loads(text)
    raw["date"] = PartialDate.parse(raw["date"]) if raw["date"] else None
    for name in ("topics", "places", "authors", "other_urls", "states", "areas"):
        raw[name] = tuple(raw[name])
    return IndexEntry(**raw)
