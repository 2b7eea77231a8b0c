"""One generation of the index, opened: what every search reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.answer.marks import WordSigns
from indexer.backends.whoosh_files import WhooshFolder
from indexer.german import GermanAnalyzer, SentenceSplitter
from indexer.query.conditions import Facet, QueryPlan
from indexer.ranking.columns import BoolArray, Columns, join_columns, load_columns
from indexer.ranking.learned import Learned
from indexer.ranking.priors import Priors
from indexer.ranking.search import Hits, OneSearch
from indexer.ranking.segment import Segment
from indexer.ranking.similar_words import SimilarWords
from indexer.ranking.snapshot import Snapshot
from indexer.ranking.suggest import SegmentCompletions, Suggester
from indexer.ranking.word_completions import WordCompletions
from indexer.storage.manifest import REBUILD, Generation
from kb.errors import FundstelleError, IndexDamagedError
from kb.model import IndexEntry, SearchQuery, Sort

SENTENCES_FILE = "sentences.json"
LEARNED_FILE = "learned.json"
# Texts kept at hand, in characters: a page of hits takes 0.4 ms to unpack.
_KEPT_CHARS = 4_000_000

Labels = Mapping[str, Mapping[str, str]]


def column_file(segment: str) -> str:
    """The name of the file beside a segment that holds its columns."""
    return f"columns-{segment}.npz"


def snapshot_file(segment: str) -> str:
    """The name of the file beside a segment that holds its postings for ranking."""
    return f"ranking-{segment}.bin"


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """What stands beside a Whoosh segment; never changed, so the next generation takes it over."""

    columns: Columns
    ranking: Segment
    _completions: list[SegmentCompletions] = field(default_factory=list)

    def completions(self) -> SegmentCompletions:
        """Made when first asked for, which takes a second for 50,000 documents."""
        if not self._completions:
            self._completions.append(SegmentCompletions.build(self.columns))
        return self._completions[0]


@dataclass(slots=True)
class OpenState:
    """One generation, opened.

    ``numbers`` maps live ids to document numbers, ``id_ranks`` document numbers to their place in the
    order of ids. Whoosh's readers share file positions: one thread at a time.
    """

    generation: Generation
    whoosh: WhooshFolder
    segments: dict[str, OpenSegment]
    columns: Columns
    live: BoolArray
    splitter: SentenceSplitter
    learned: Learned
    numbers: dict[str, int]
    snapshot: Snapshot
    similar: SimilarWords
    words: WordCompletions
    signs: WordSigns
    id_ranks: NDArray[np.int64]
    factors: NDArray[np.int64] | None
    _lock: Lock = field(default_factory=Lock)
    _entries: dict[int, IndexEntry] = field(default_factory=dict)
    _kept_chars: int = 0

    @property
    def annotations_version(self) -> str:
        """The version of the annotator whose conclusions the index holds."""
        return self.generation.manifest.versions.annotations

    def hits(self, plan: QueryPlan) -> Hits:
        """All hits of a plan, before filters."""
        return self.asking().hits(plan)

    def asking(self) -> Asking:
        """What answers one query: what several questions about it share is looked up once."""
        return Asking(self, OneSearch(self.snapshot, self.similar))

    def masks(self, filters: Mapping[str, tuple[str, ...]]) -> dict[str, BoolArray]:
        """For each facet that is filtered by, the documents that have any of its values."""
        return {facet: self.columns.facets[facet].mask(wanted) for facet, wanted in filters.items() if wanted}

    def ranked(self, totals: NDArray[np.int32]) -> NDArray[np.int64] | NDArray[np.int32]:
        """Totals with what documents are worth before any query."""
        return totals if self.factors is None else totals * self.factors // 1000

    def order(
        self, query: SearchQuery, totals: NDArray[np.int64] | NDArray[np.int32], *, unranked: bool
    ) -> NDArray[np.int64] | NDArray[np.int32]:
        """What documents are put in order by, the greatest first."""
        key = self.columns.dates if query.sort is Sort.DATE or unranked else totals
        places = query.filters.get("place", ())
        if query.sort is not Sort.PLACE or not places:
            return key
        ranks = self.columns.facets["place"].places_in(places).astype(np.int64)
        by_place: NDArray[np.int64] = ranks * (int(key.max(initial=0)) + 1) + key
        return by_place

    def page(
        self, matched: BoolArray, order: NDArray[np.int64] | NDArray[np.int32], window: slice
    ) -> NDArray[np.int64]:
        """The numbers of the hits of a page, the greatest of ``order`` first, ties by id."""
        documents = np.flatnonzero(matched)
        key = order[documents]
        wanted = window.stop
        if not wanted:
            return documents[:0]
        if wanted < len(documents) // 4:  # only what may stand on the page is put in order
            least = np.partition(key, len(key) - wanted)[len(key) - wanted]
            chosen = key >= least
            documents, key = documents[chosen], key[chosen]
        ordered: NDArray[np.int64] = documents[np.lexsort((self.id_ranks[documents], -key))]
        return ordered[window]

    def suggester(self) -> Suggester:
        """Completions over all segments."""
        completions = [segment.completions() for segment in self.segments.values()]
        return Suggester(self.snapshot, self.columns, completions, self.snapshot.labels, self.words)

    def entries(self, documents: NDArray[np.int64]) -> list[IndexEntry]:
        """The stored entries of documents, in the order given."""
        return [self.entry(document) for document in documents.tolist()]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Whoosh's readers, for one thread; what goes wrong meanwhile means that the index is damaged."""
        with self._lock, decoding(self.generation):
            yield

    def entry(self, document: int) -> IndexEntry:
        """The stored entry of a document number; those read lately are at hand."""
        with self.reading():
            entry = self._entries.get(document)
            if entry is None:
                entry = self.whoosh.entry(document)
                self._kept_chars += len(entry.text)
                if self._kept_chars > _KEPT_CHARS:
                    self._entries.clear()
                    self._kept_chars = len(entry.text)
                self._entries[document] = entry
            return entry


@dataclass(frozen=True, slots=True)
class Asking:
    """One query over an opened generation, one thread at a time."""

    state: OpenState
    search: OneSearch

    def hits(self, plan: QueryPlan) -> Hits:
        """See ``OneSearch.hits``."""
        with self.state.reading():
            return self.search.hits(plan)

    def holds_facet(self, condition: Facet) -> bool:
        """See ``FacetValues.holds_facet``."""
        return self.search.holds_facet(condition)

    def values(self, facet: str) -> Mapping[str, str]:
        """See ``FacetValues.values``."""
        labels = self.state.snapshot.labels.get(facet, {})
        keys = self.state.columns.facets[facet].counts(self.state.live).keys() | labels.keys()
        return {key: labels.get(key, key) for key in keys}

    def missing(self, plan: QueryPlan, document: int) -> tuple[str, ...]:
        """See ``OneSearch.missing``."""
        with self.state.reading():
            return self.search.missing(plan, document)


def open_state(
    generation: Generation,
    known: Mapping[str, OpenSegment],
    analyzer: GermanAnalyzer,
    labels: Labels,
    priors: Priors,
) -> OpenState:
    """Open a generation; ``known`` are segments that need not be read again.

    Raises:
        IndexDamagedError: anything in it is not as it was written.
    """
    folder = generation.folder
    with decoding(generation):
        whoosh = WhooshFolder(folder)
        segments = {
            name: known.get(name)
            or OpenSegment(load_columns(folder / column_file(name)), Segment.load(folder / snapshot_file(name)))
            for name in whoosh.segments
        }
        columns = join_columns([segment.columns for segment in segments.values()])
        live = whoosh.live()
        splitter = SentenceSplitter.from_json((folder / SENTENCES_FILE).read_text("utf-8"))
        learned = Learned.from_json((folder / LEARNED_FILE).read_text("utf-8"), analyzer.stem)
        sizes = sum(segment.ranking.size for segment in segments.values())
        if {len(columns), sizes} != {len(live)} or int(live.sum()) != generation.manifest.documents:
            raise ValueError("columns, segments and manifest count different documents")
    ranks = np.empty(len(columns), dtype=np.int64)
    ranks[sorted(range(len(columns)), key=columns.ids.__getitem__)] = np.arange(len(columns))
    rankings = [segment.ranking for segment in segments.values()]
    snapshot = Snapshot(rankings, live, columns, whoosh, labels)
    return OpenState(
        generation=generation,
        whoosh=whoosh,
        segments=segments,
        columns=columns,
        live=live,
        splitter=splitter,
        learned=learned,
        numbers={columns.ids[document]: document for document in np.flatnonzero(live).tolist()},
        snapshot=snapshot,
        similar=SimilarWords(snapshot),
        words=WordCompletions(snapshot),
        signs=WordSigns(analyzer, learned.splitter),
        id_ranks=ranks,
        factors=priors.factors(columns, live) if priors else None,
    )


@contextmanager
def decoding(generation: Generation) -> Iterator[None]:
    """Whatever goes wrong while damaged bytes are decoded means one thing: rebuild from the corpus."""
    try:
        yield
    except FundstelleError:
        raise
    except Exception as error:
        raise IndexDamagedError(
            f"der Index ist beschädigt ({type(error).__name__})", subject=str(generation.folder), remedy=REBUILD
        ) from error
