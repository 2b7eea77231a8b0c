"""One generation of the Whoosh index, opened: what every search reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.backends.columns import BoolArray, Columns, join_columns, load_columns
from indexer.backends.matching import Hits, Matcher
from indexer.backends.whoosh_files import WhooshFolder
from indexer.german import SentenceSplitter
from indexer.manifest import REBUILD, Generation
from indexer.query import QueryPlan
from kb.errors import FundstelleError, IndexDamagedError
from kb.model import IndexEntry

SENTENCES_FILE = "sentences.json"


def column_file(segment: str) -> str:
    """The name of the file beside a segment that holds its columns."""
    return f"columns-{segment}.npz"


@dataclass(slots=True)
class OpenState:
    """One generation, opened.

    ``numbers`` maps live ids to document numbers, ``id_ranks`` document numbers to their place in the
    order of ids, ``segment_columns`` segments to their columns, for the next generation to take over.
    Whoosh's readers share file positions: one thread at a time.
    """

    generation: Generation
    whoosh: WhooshFolder
    segment_columns: dict[str, Columns]
    columns: Columns
    live: BoolArray
    splitter: SentenceSplitter
    numbers: dict[str, int]
    matcher: Matcher
    id_ranks: NDArray[np.int64]
    _lock: Lock = field(default_factory=Lock)

    @property
    def annotations_version(self) -> str:
        """The version of the annotator whose conclusions the index holds."""
        return self.generation.manifest.versions.annotations

    def hits(self, plan: QueryPlan) -> Hits:
        """All hits of a plan, before filters."""
        with self._lock, _decoding(self.generation):
            return self.matcher.hits(plan)

    def filtered(self, matched: BoolArray, filters: Mapping[str, tuple[str, ...]]) -> BoolArray:
        """Any of a facet's values, all of the facets."""
        for facet, wanted in filters.items():
            if wanted:
                matched = matched & self.columns.facets[facet].mask(wanted)
        return matched

    def ordered(self, matched: BoolArray, hits: Hits, *, by_date: bool) -> NDArray[np.int64]:
        """The numbers of all hits, best or newest first, ties by id."""
        documents = np.flatnonzero(matched)
        key = self.columns.dates[documents] if by_date else hits.scores[documents]
        order: NDArray[np.int64] = documents[np.lexsort((self.id_ranks[documents], -key))]
        return order

    def entries(self, documents: NDArray[np.int64]) -> list[tuple[int, IndexEntry]]:
        """Documents with their stored entries, in the order given."""
        return [(document, self.entry(document)) for document in documents.tolist()]

    def entry(self, document: int) -> IndexEntry:
        """The stored entry of a document number."""
        with self._lock, _decoding(self.generation):
            return self.whoosh.entry(document)


def open_state(generation: Generation, known: Mapping[str, Columns]) -> OpenState:
    """Open a generation; ``known`` are columns of segments that need not be read again.

    Raises:
        IndexDamagedError: anything in it is not as it was written.
    """
    with _decoding(generation):
        whoosh = WhooshFolder(generation.folder)
        parts = {
            name: known.get(name) or load_columns(generation.folder / column_file(name))
            for name in whoosh.segments
        }
        columns = join_columns(list(parts.values()))
        live = whoosh.live()
        splitter = SentenceSplitter.from_json((generation.folder / SENTENCES_FILE).read_text("utf-8"))
        if len(columns) != len(live) or int(live.sum()) != generation.manifest.documents:
            raise ValueError("columns, segments and manifest count different documents")
    ranks = np.empty(len(columns), dtype=np.int64)
    ranks[sorted(range(len(columns)), key=columns.ids.__getitem__)] = np.arange(len(columns))
    return OpenState(
        generation=generation,
        whoosh=whoosh,
        segment_columns=parts,
        columns=columns,
        live=live,
        splitter=splitter,
        numbers={columns.ids[document]: document for document in np.flatnonzero(live).tolist()},
        matcher=Matcher(whoosh, columns, live),
        id_ranks=ranks,
    )


@contextmanager
def _decoding(generation: Generation) -> Iterator[None]:
    """Whatever goes wrong while damaged bytes are decoded means one thing: rebuild from the corpus."""
    try:
        yield
    except FundstelleError:
        raise
    except Exception as error:
        raise IndexDamagedError(
            f"der Index ist beschädigt ({type(error).__name__})", subject=str(generation.folder), remedy=REBUILD
        ) from error
