"""The reference backend: everything in dictionaries, everything computed the obvious way."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Lock

from indexer.answer.found import FoundText
from indexer.answer.maker import AnswerMaker, answered_query, bare_hits, plain_hits, tiered
from indexer.answer.marks import Mark, Marker
from indexer.backends.reference import AnalysedDocument, Reference, ReferenceLexicon, analysed_document
from indexer.german import CompoundSplitter, GermanAnalyzer, SentenceSplitter, Synonyms, fold
from indexer.query.plan import Planner
from indexer.query.states import States
from indexer.ranking.document_words import DocumentWords, document_words
from indexer.ranking.learned import Learned
from indexer.ranking.priors import Priors
from indexer.ranking.word_completions import SHORTEST, begins_as
from kb.errors import FundstelleError, IndexLockedError, IndexMissingError
from kb.failures import contained
from kb.model import (
    FACETS,
    UNDECIDED,
    Annotations,
    IndexEntry,
    SearchHit,
    SearchQuery,
    SearchResults,
    Sort,
    Suggestion,
)
from kb.ports import Visibility


@dataclass(slots=True)
class _State:
    documents: dict[str, AnalysedDocument]
    annotations: dict[str, Annotations | None]
    learned: Learned


@dataclass(slots=True)
class _MemoryWriter:
    analyzer: GermanAnalyzer
    labels: Mapping[str, str]
    words: dict[str, tuple[IndexEntry, DocumentWords]]
    annotations: dict[str, Annotations | None]

    known: Mapping[str, str] = field(init=False)
    refused: dict[str, FundstelleError] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = {doc_id: entry.revision for doc_id, (entry, _) in self.words.items()}

    def put(self, entry: IndexEntry) -> None:
        self.remove(entry.id)
        bare = replace(entry, annotations=None)
        with contained(entry.id, partial(self.refused.setdefault, entry.id)):
            self.words[entry.id] = (bare, document_words(self.analyzer, bare, self.labels))
            self.annotations[entry.id] = entry.annotations

    def remove(self, doc_id: str) -> None:
        self.words.pop(doc_id, None)
        self.annotations.pop(doc_id, None)

    def purge(self) -> None:
        """Dictionaries keep nothing of what was dropped."""


@dataclass(slots=True)
class MemoryBackend:
    """A ``SearchBackend`` that lives as long as the process; slow, and the yardstick for all others."""

    analyzer: GermanAnalyzer
    synonyms: Synonyms = field(default_factory=Synonyms)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lock_timeout: float = 30.0
    priors: Priors = field(default_factory=Priors)
    states: States = field(default_factory=States)
    visibility: Visibility | None = None
    _state: _State | None = None
    _lock: Lock = field(default_factory=Lock)

    def search(self, query: SearchQuery) -> SearchResults:
        """See ``SearchBackend.search``."""
        started = time.perf_counter()
        state = self._committed()
        documents = state.documents
        planner = Planner(self.analyzer, state.learned.splitter, self.synonyms, self.states)
        reference = Reference(documents, self.labels)
        answered = answered_query(query, planner, ReferenceLexicon(reference), reference, reference.hits)
        hidden = self._hidden(documents)
        scores, partly = (
            {doc_id: score for doc_id, score in tier.items() if doc_id not in hidden}
            for tier in (answered.hits.scores, answered.hits.further)
        )
        plan = answered.plan
        newest = max((_year(document.entry) for document in documents.values()), default=0)
        hits, further = (
            {
                doc_id: self._with_prior(documents[doc_id].entry, score, newest)
                for doc_id, score in tier.items()
                if _passes(documents[doc_id].entry, query)
            }
            for tier in (scores, partly)
        )
        worth = hits | further
        by_date = query.sort is Sort.DATE or plan.unranked

        def rank(doc_id: str) -> tuple[tuple[float, ...], str]:
            entry = documents[doc_id].entry
            parts, tie = _rank(entry, worth[doc_id], by_date=by_date)
            return (_place_rank(entry, query), *parts), tie

        ranked = sorted(hits, key=rank)
        if query.sort is not Sort.DATE:
            ranked += sorted(further, key=rank)
        shown = ranked[query.offset : query.offset + query.limit]
        similar = {number: reference.similar(word) for number, word in enumerate(plan.words) if word.grams}
        totals = [worth[doc_id] for doc_id in shown]
        if query.explain:
            labels = self.labels.get("topic", {})
            every = range(len(plan.words))
            maker = AnswerMaker.of(plan, similar, self.analyzer, state.learned.splitter, labels, every)
            page = replace(maker, typed=answered.typed).hits(
                [_found(documents[doc_id], maker.marker) for doc_id in shown],
                totals,
                [reference.shares(plan, doc_id, (scores | partly)[doc_id]) for doc_id in shown],
            )
        else:
            page = bare_hits([documents[doc_id].entry for doc_id in shown], totals)
        missing = [reference.missing(plan, doc_id) for doc_id in shown]
        page = tuple(map(tiered, page, [doc_id in further for doc_id in shown], missing))
        facets = {
            facet: _counts(facet, (documents[doc_id].entry for doc_id in scores), query)
            for facet in (FACETS if query.count else ())
        }
        took = (time.perf_counter() - started) * 1000
        return SearchResults(len(hits), page, facets, took, answered.corrected, answered.notices, len(further))

    def similar(self, doc_id: str, limit: int = 5) -> tuple[SearchHit, ...]:
        """See ``SearchBackend.similar``: by common content words, each counted by its rarity."""
        state = self._committed()
        if doc_id not in state.documents:
            return ()
        reference = Reference(state.documents, self.labels)
        own = state.documents[doc_id].words.words
        terms = {word.term for word in own.values() if not word.stop}
        scores = {
            other: sum(reference.value("stems", term, other) for term in terms)
            for other in state.documents.keys() - self._hidden(state.documents)
            if other != doc_id
        }
        ranked = sorted((other for other in scores if scores[other]), key=lambda one: (-scores[one], one))
        shown = ranked[:limit]
        return plain_hits(
            [_found(state.documents[other]) for other in shown], [scores[other] for other in shown]
        )

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """See ``SearchBackend.suggest``."""
        state = self._committed()
        before, _, last = text.rpartition(" ")
        prefix = fold(last.lower())
        if len(prefix) < SHORTEST or not prefix[0].isalpha():
            return ()
        holders: Counter[str] = Counter()
        forms: dict[str, Counter[str]] = {}
        spelled: dict[str, str] = {}
        for document in state.documents.values():
            words = document.words.words
            fitting = {word for word, found in words.items() if not found.stop and begins_as(last, word)}
            holders.update({words[word].term for word in fitting})
            for word in fitting:
                forms.setdefault(words[word].term, Counter())[word] += 1
                spelling = document.words.spellings[word]
                # Of a completed hyphen (Schul- und Berufswahl) only a part is written.
                spelled.setdefault(word, spelling if spelling.lower() == word else word)
        ranked = sorted(holders, key=lambda term: (-holders[term], term))[:limit]
        commonest = (min(forms[term], key=lambda word: (-forms[term][word], word)) for term in ranked)
        return tuple(Suggestion(f"{before} {spelled[word]}".strip(), "term") for word in commonest)

    def entry(self, doc_id: str) -> IndexEntry | None:
        """See ``SearchBackend.entry``."""
        state = self._committed()
        found = state.documents.get(doc_id)
        return replace(found.entry, annotations=state.annotations[doc_id]) if found else None

    def revisions(self) -> Mapping[str, str]:
        """See ``SearchBackend.revisions``."""
        documents = self._state.documents if self._state else {}
        return {doc_id: document.entry.revision for doc_id, document in documents.items()}

    @contextmanager
    def writer(self, *, rebuild: bool = False, renew: bool = False) -> Iterator[_MemoryWriter]:
        """See ``SearchBackend.writer``: works on a copy that replaces the old state at the end."""
        if not self._lock.acquire(timeout=self.lock_timeout):
            raise IndexLockedError("ein anderer Vorgang schreibt den Index", remedy="warten und wiederholen")
        try:
            base = None if rebuild else self._state
            known = {} if base is None else base.documents
            words = {doc_id: (document.entry, document.words) for doc_id, document in known.items()}
            annotations = {} if base is None else dict(base.annotations)
            session = _MemoryWriter(self.analyzer, self.labels.get("topic", {}), words, annotations)
            yield session
            learned = self._learn(session.words) if base is None else base.learned
            analysed = {doc_id: analysed_document(*pair, learned) for doc_id, pair in session.words.items()}
            self._state = _State(analysed, session.annotations, learned)
        finally:
            self._lock.release()

    def needs_rebuild(self) -> str | None:
        """See ``SearchBackend.needs_rebuild``."""
        return "es gibt noch keinen Index" if self._state is None else None

    def _committed(self) -> _State:
        if self._state is None:
            raise IndexMissingError("es gibt noch keinen Index", remedy="`kb index` ausführen (run `kb index`)")
        return self._state

    def _hidden(self, documents: Iterable[str]) -> set[str]:
        return self.visibility.hidden(documents) if self.visibility is not None else set()

    def _with_prior(self, entry: IndexEntry, score: int, newest: int) -> int:
        return self.priors.applied(
            score, self.priors.thousandths(_year(entry), newest, entry.doc_type or UNDECIDED)
        )

    def _learn(self, words: Mapping[str, tuple[IndexEntry, DocumentWords]]) -> Learned:
        holders: Counter[tuple[str, str]] = Counter()
        for _, document in words.values():
            holders.update((word, found.term) for word, found in document.words.items() if not found.stop)
        average = sum(document.length for _, document in words.values()) / len(words) if words else 0.0
        counted = ((word, term, count) for (word, term), count in holders.items())
        return Learned(average, len(words), CompoundSplitter.learn(counted, self.analyzer.stem))


def _found(document: AnalysedDocument, marker: Marker | None = None) -> FoundText:
    places: list[tuple[int, int, Mark]] = []
    for word, found in document.words.words.items() if marker is not None else ():
        assert marker is not None
        mark = marker.mark(word, found.term, stop=found.stop)
        if mark is not None:
            places += [(start, end, mark) for start, end in document.words.places.get(word, ())]
    places.sort(key=lambda place: place[:2])
    return FoundText.of(document.entry, places, SentenceSplitter().ends(document.entry.text))


def _year(entry: IndexEntry) -> int:
    return int(entry.year or 0)


def _passes(entry: IndexEntry, query: SearchQuery, but: str = "") -> bool:
    return all(
        facet == but or not wanted or set(wanted) & set(entry.facet_values(facet))
        for facet, wanted in query.filters.items()
    )


def _place_rank(entry: IndexEntry, query: SearchQuery) -> int:
    """Where the first place of an entry stands in the filter, if that is the order."""
    wanted = query.filters.get("place", ()) if query.sort is Sort.PLACE else ()
    return min(
        (wanted.index(place) for place in entry.facet_values("place") if place in wanted), default=len(wanted)
    )


def _rank(entry: IndexEntry, score: int, *, by_date: bool) -> tuple[tuple[float, ...], str]:
    if not by_date:
        return (-score,), entry.id
    return tuple(-part for part in (entry.date.sort_key if entry.date else (0, 0, 0))), entry.id


def _counts(facet: str, entries: Iterable[IndexEntry], query: SearchQuery) -> dict[str, int]:
    """Over what all filters but this facet's own leave."""
    counts = Counter(
        key for entry in entries if _passes(entry, query, facet) for key in set(entry.facet_values(facet))
    )
    return dict(sorted(counts.items(), key=lambda item: (item[0] == UNDECIDED, -item[1], item[0])))
