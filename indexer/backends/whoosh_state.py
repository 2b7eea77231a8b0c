"""One generation of the index, opened: what every search reads."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.answer.found import FoundText
from indexer.answer.marks import Mark, Marker
from indexer.answer.wanted_words import wanted_words
from indexer.backends.whoosh_files import WhooshFolder
from indexer.german import GermanAnalyzer, SentenceSplitter
from indexer.query.conditions import Facet, QueryPlan, QueryWord
from indexer.ranking.columns import BoolArray, Columns, join_columns, load_columns
from indexer.ranking.learned import Learned
from indexer.ranking.priors import Priors
from indexer.ranking.search import Hits, OneSearch
from indexer.ranking.segment import Segment
from indexer.ranking.similar_words import SimilarWords
from indexer.ranking.snapshot import Snapshot
from indexer.ranking.suggest import SegmentCompletions, Suggester
from indexer.ranking.word_completions import WordCompletions
from indexer.ranking.word_forms import WordForms
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
    return f"columns-{segment}.bin"


def snapshot_file(segment: str) -> str:
    """The name of the file beside a segment that holds its postings for ranking."""
    return f"ranking-{segment}.bin"


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """What stands beside a Whoosh segment; never changed, so the next generation takes it over."""

    columns: Columns
    ranking: Segment
    _completions: list[SegmentCompletions] = field(default_factory=list)
    _by_id: list[NDArray[np.int64]] = field(default_factory=list)

    def numbers(self, doc_id: str) -> list[int]:
        """The numbers of documents with this id, of which at most one is not deleted."""
        if not self._by_id:
            self._by_id.append(np.argsort(self.columns.ranks))
        order, ids = self._by_id[0], self.columns.ids
        first = bisect_left(order, doc_id, key=lambda number: ids[number])
        last = bisect_right(order, doc_id, lo=first, key=lambda number: ids[number])
        numbers: list[int] = order[first:last].tolist()
        return numbers

    def completions(self) -> SegmentCompletions:
        """Made when first asked for, which takes a second for 50,000 documents."""
        if not self._completions:
            self._completions.append(SegmentCompletions.build(self.columns))
        return self._completions[0]


@dataclass(slots=True)
class OpenState:
    """One generation, opened. Whoosh's readers share file positions: one thread at a time."""

    generation: Generation
    whoosh: WhooshFolder
    segments: dict[str, OpenSegment]
    columns: Columns
    live: BoolArray
    splitter: SentenceSplitter
    learned: Learned
    snapshot: Snapshot
    similar: SimilarWords
    forms: WordForms
    completions: WordCompletions
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
        return Asking(self, OneSearch(self.snapshot, self.similar, self.forms))

    def find(self, doc_id: str) -> int | None:
        """The number of the living document with this id, or None."""
        for offset, segment in zip(self.snapshot.offsets, self.segments.values(), strict=True):
            for number in segment.numbers(doc_id):
                if self.live[offset + number]:
                    return offset + number
        return None

    def revisions(self) -> dict[str, str]:
        """Document id → corpus revision."""
        revisions, ids = self.columns.revisions.all(), self.columns.ids.all()
        return {ids[document]: revisions[document] for document in np.flatnonzero(self.live).tolist()}

    def location(self, doc_id: str) -> str:
        """Where the corpus kept a document when it was indexed."""
        number = self.find(doc_id)
        return "" if number is None else self.entry(number).location

    def without(self, ids: Collection[str], hits: Hits) -> Hits:
        """Hits less some documents."""
        numbers = [number for number in map(self.find, ids) if number is not None]
        if not numbers:
            return hits
        shown = np.ones(len(self.live), dtype=np.bool_)
        shown[numbers] = False
        return replace(hits, matched=hits.matched & shown, further=hits.further & shown)

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
        self, documents: NDArray[np.int64], order: NDArray[np.int64] | NDArray[np.int32], window: slice
    ) -> NDArray[np.int64]:
        """Those of some documents that stand on a page, the greatest of ``order`` first, ties by id."""
        if not window.stop:
            return documents[:0]
        # Of each segment what may stand on the page, by a number that no two of its documents share.
        chosen = []
        borders = [*self.snapshot.offsets, len(self.live)]
        for begin, end in pairwise(borders):
            mine = documents
            if len(borders) > 2:
                first, last = documents.searchsorted((begin, end)).tolist()
                mine = documents[first:last]
            if window.stop < len(mine):
                size = end - begin
                unique = order[mine].astype(np.int64) * size + (size - 1 - self.columns.ranks[mine])
                mine = mine[np.argpartition(unique, len(mine) - window.stop)[len(mine) - window.stop :]]
            chosen.append(mine)
        some = np.concatenate([documents[:0], *chosen])
        ids = np.array([self.columns.ids[document] for document in some.tolist()])
        ordered: NDArray[np.int64] = some[np.lexsort((ids, -order[some].astype(np.int64)))]
        return ordered[window]

    def suggester(self) -> Suggester:
        """Completions over all segments."""
        completions = [segment.completions() for segment in self.segments.values()]
        return Suggester(self.snapshot, self.columns, completions, self.snapshot.labels, self.completions)

    def entries(self, documents: NDArray[np.int64]) -> list[IndexEntry]:
        """The stored entries of documents, in the order given."""
        with self.reading():
            return [self._entry(document) for document in documents.tolist()]

    def found(
        self, documents: NDArray[np.int64], marker: Marker | None = None, words: Sequence[QueryWord] = ()
    ) -> list[FoundText]:
        """The entries of documents with what stands in them of a query; ``words`` are the query's."""
        marks: dict[int, _SegmentMarks] = {}
        found = []
        for document, entry in zip(documents.tolist(), self.entries(documents), strict=True):
            at, local = self.snapshot.place(document)
            segment = self.snapshot.segments[at]
            ends = segment.sentences.of(local)
            if marker is None:
                found.append(FoundText(entry, ends=ends))
                continue
            if at not in marks:
                similar = [self.similar.numbers(word)[at] for word in words if word.grams]
                flags = wanted_words(segment, marker.wanted, similar)
                marks[at] = _SegmentMarks(segment, flags, marker)
            found.append(FoundText.of(entry, marks[at].of(local), ends))
        return found

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Whoosh's readers, for one thread; what goes wrong meanwhile means that the index is damaged."""
        with self._lock, decoding(self.generation):
            yield

    def entry(self, document: int) -> IndexEntry:
        """The stored entry of a document number, with its annotations."""
        with self.reading():
            return self.whoosh.entry(document, whole=True)

    def _entry(self, document: int) -> IndexEntry:
        """Without annotations; those read lately are at hand."""
        entry = self._entries.get(document)
        if entry is None:
            entry = self.whoosh.entry(document)
            self._kept_chars += len(entry.text)
            if self._kept_chars > _KEPT_CHARS:
                self._entries.clear()
                self._kept_chars = len(entry.text)
            self._entries[document] = entry
        return entry


@dataclass(slots=True)
class _SegmentMarks:
    """What a query means of the words of a segment; words that several documents hold are looked up once."""

    segment: Segment
    flags: BoolArray
    marker: Marker
    _known: dict[int, Mark | None] = field(default_factory=dict)

    def of(self, document: int) -> Iterator[tuple[int, int, Mark]]:
        """Begin, end and mark of the words of a document, in order."""
        known = self._known
        for start, end, number in self.segment.words.places(self.flags, document):
            mark = known[number] if number in known else self._look_up(number)
            if mark is not None:
                yield start, end, mark

    def _look_up(self, number: int) -> Mark | None:
        vocabulary = self.segment.vocabulary
        word, term, stop = vocabulary.words[number], vocabulary.terms[number], vocabulary.stops[number]
        self._known[number] = self.marker.mark(word, term, stop=bool(stop))
        return self._known[number]


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
        keys = self.state.columns.facets[facet].counts(np.flatnonzero(self.state.live)).keys() | labels.keys()
        return {key: labels.get(key, key) for key in keys}

    def around(self, plan: QueryPlan) -> Iterator[int]:
        """The numbers of the words that stand around any text."""
        around = self.search.small.around
        return (n for n, word in enumerate(plan.words) if word.faint and around(word.faint) is not None)

    def missing(self, plan: QueryPlan, documents: NDArray[np.int64]) -> list[tuple[str, ...]]:
        """See ``OneSearch.missing``."""
        with self.state.reading():
            return self.search.missing(plan, documents)


def open_state(
    generation: Generation,
    before: OpenState | None,
    analyzer: GermanAnalyzer,
    labels: Labels,
    priors: Priors,
) -> OpenState:
    """Open a generation; what it shares with the state ``before`` need not be read again.

    Raises:
        IndexDamagedError: anything in it is not as it was written.
    """
    folder = generation.folder
    known = before.segments if before is not None else {}
    with decoding(generation):
        whoosh = WhooshFolder(folder)
        segments = {
            name: known.get(name)
            or OpenSegment(load_columns(folder / column_file(name)), Segment.load(folder / snapshot_file(name)))
            for name in whoosh.segments
        }
        columns = join_columns([segment.columns for segment in segments.values()])
        live = whoosh.live()
        if before is not None and _same(before.generation, generation, SENTENCES_FILE):
            splitter = before.splitter
        else:
            splitter = SentenceSplitter.from_json((folder / SENTENCES_FILE).read_text("utf-8"))
        if before is not None and _same(before.generation, generation, LEARNED_FILE):
            learned = before.learned
        else:
            learned = Learned.from_json((folder / LEARNED_FILE).read_text("utf-8"), analyzer.stem)
        sizes = sum(segment.ranking.size for segment in segments.values())
        if {len(columns), sizes} != {len(live)} or int(live.sum()) != generation.manifest.documents:
            raise ValueError("columns, segments and manifest count different documents")
    snapshot = Snapshot([segment.ranking for segment in segments.values()], live, columns, whoosh, labels)
    return OpenState(
        generation=generation,
        whoosh=whoosh,
        segments=segments,
        columns=columns,
        live=live,
        splitter=splitter,
        learned=learned,
        snapshot=snapshot,
        similar=SimilarWords(snapshot),
        forms=WordForms(snapshot),
        completions=WordCompletions(snapshot),
        factors=priors.factors(columns, live) if priors else None,
    )


def _same(first: Generation, second: Generation, name: str) -> bool:
    seal = first.manifest.files.get(name)
    return seal is not None and seal == second.manifest.files.get(name)


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
