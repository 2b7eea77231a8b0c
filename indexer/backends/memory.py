"""The reference backend: everything in dictionaries, everything computed the obvious way."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from indexer.backends.scoring import (
    FIELD_WEIGHTS,
    FIELDS,
    FieldTerms,
    contains_row,
    field_terms,
    inverse_document_frequency,
    length_norm,
    saturated,
)
from indexer.german import GermanAnalyzer, SentenceSplitter, Synonyms
from indexer.query import SYNONYM_WEIGHT, Adjacent, QueryPlan, parse_query, plan_query
from indexer.snippets import SnippetMaker
from kb.errors import IndexLockedError, IndexMissingError
from kb.model import FACETS, IndexEntry, SearchHit, SearchQuery, SearchResults, Sort


@dataclass(frozen=True, slots=True)
class _Analysed:
    entry: IndexEntry
    fields: Mapping[str, FieldTerms]


@dataclass(slots=True)
class _MemoryWriter:
    analyzer: GermanAnalyzer
    documents: dict[str, _Analysed]

    def put(self, entry: IndexEntry) -> None:
        texts = {"title": entry.title, "body": entry.text}
        fields = {name: field_terms(self.analyzer, text) for name, text in texts.items()}
        self.documents[entry.id] = _Analysed(entry, fields)

    def remove(self, doc_id: str) -> None:
        self.documents.pop(doc_id, None)


@dataclass(slots=True)
class MemoryBackend:
    """A ``SearchBackend`` that lives as long as the process; slow, and the yardstick for all others."""

    analyzer: GermanAnalyzer
    synonyms: Synonyms | None = None
    lock_timeout: float = 30.0
    _documents: dict[str, _Analysed] | None = None
    _lock: Lock = field(default_factory=Lock)

    def search(self, query: SearchQuery) -> SearchResults:
        """See ``SearchBackend.search``."""
        started = time.perf_counter()
        documents = self._committed()
        plan = plan_query(parse_query(query.text), self.analyzer, self.synonyms)
        scores = _Scorer(documents).scores(plan)
        hits = {doc_id: score for doc_id, score in scores.items() if _passes(documents[doc_id].entry, query)}
        by_date = query.sort is Sort.DATE or plan.everything
        ranked = sorted(hits, key=lambda doc_id: _rank(documents[doc_id].entry, hits[doc_id], by_date=by_date))
        maker = SnippetMaker(self.analyzer, SentenceSplitter())
        page = tuple(
            SearchHit(entry, hits[entry.id], maker.snippet(entry.text, plan.marked_terms))
            for entry in (
                documents[doc_id].entry for doc_id in ranked[query.offset : query.offset + query.limit]
            )
        )
        entries = [documents[doc_id].entry for doc_id in hits]
        return SearchResults(len(hits), page, _facets(entries), (time.perf_counter() - started) * 1000)

    def entry(self, doc_id: str) -> IndexEntry | None:
        """See ``SearchBackend.entry``."""
        found = self._committed().get(doc_id)
        return found.entry if found else None

    def revisions(self) -> Mapping[str, str]:
        """See ``SearchBackend.revisions``."""
        return {doc_id: document.entry.revision for doc_id, document in (self._documents or {}).items()}

    @contextmanager
    def writer(self, *, rebuild: bool = False) -> Iterator[_MemoryWriter]:
        """See ``SearchBackend.writer``: works on a copy that replaces the old state at the end."""
        if not self._lock.acquire(timeout=self.lock_timeout):
            raise IndexLockedError("ein anderer Vorgang schreibt den Index", remedy="warten und wiederholen")
        try:
            session = _MemoryWriter(self.analyzer, {} if rebuild else dict(self._documents or {}))
            yield session
            self._documents = session.documents
        finally:
            self._lock.release()

    def needs_rebuild(self) -> str | None:
        """See ``SearchBackend.needs_rebuild``."""
        return "es gibt noch keinen Index" if self._documents is None else None

    def _committed(self) -> dict[str, _Analysed]:
        if self._documents is None:
            raise IndexMissingError("es gibt noch keinen Index", remedy="`kb index` ausführen (run `kb index`)")
        return self._documents


class _Scorer:
    """Scores of all hits of one plan, by reading every document."""

    def __init__(self, documents: Mapping[str, _Analysed]) -> None:
        self._documents = documents
        count = len(documents) or 1
        self._averages = {
            name: sum(document.fields[name].length for document in documents.values()) / count
            for name in FIELDS
        }

    def scores(self, plan: QueryPlan) -> dict[str, float]:
        hits: dict[str, float] = {}
        phrases = [phrase for group in plan.synonyms for phrase in group.others]
        idf = {
            term: self._idf(term) for term in {*plan.terms, *(term for phrase in phrases for term in phrase)}
        }
        for doc_id, document in self._documents.items():
            if not all(_has_any(document, alternatives) for alternatives in plan.required):
                continue
            if any(_has_any(document, alternatives) for alternatives in plan.excluded):
                continue
            found = any(_has(document, phrase) for phrase in [*((term,) for term in plan.terms), *phrases])
            if found or plan.required or plan.everything:
                hits[doc_id] = self._score(document, plan, idf)
        return hits

    def _score(self, document: _Analysed, plan: QueryPlan, idf: Mapping[str, float]) -> float:
        def of(term: str) -> float:
            return idf[term] * self._saturated(document, term)

        score = 0.0
        for term in plan.terms:
            score += of(term)
        for group in plan.synonyms:
            own = sum(of(term) for term in group.replaces)
            best = max(
                SYNONYM_WEIGHT * sum(of(term) for term in phrase) if _has(document, phrase) else 0.0
                for phrase in group.others
            )
            score += max(best - own, 0.0)
        return score

    def _saturated(self, document: _Analysed, term: str) -> float:
        return saturated(
            sum(
                FIELD_WEIGHTS[name]
                * (len(terms.positions.get(term, ())) / length_norm(terms.length, self._averages[name]))
                for name, terms in document.fields.items()
            )
        )

    def _idf(self, term: str) -> float:
        holders = sum(_has(document, (term,)) for document in self._documents.values())
        return inverse_document_frequency(len(self._documents), holders)


def _has_any(document: _Analysed, alternatives: tuple[Adjacent, ...]) -> bool:
    return any(_has(document, phrase) for phrase in alternatives)


def _has(document: _Analysed, phrase: Adjacent) -> bool:
    """Whether some field holds the terms next to each other."""
    return any(
        contains_row([terms.positions.get(term, []) for term in phrase]) for terms in document.fields.values()
    )


def _passes(entry: IndexEntry, query: SearchQuery) -> bool:
    return all(
        not wanted or set(wanted) & set(entry.facet_values(facet)) for facet, wanted in query.filters.items()
    )


def _rank(entry: IndexEntry, score: float, *, by_date: bool) -> tuple[tuple[float, ...], str]:
    if not by_date:
        return (-score,), entry.id
    return tuple(-part for part in (entry.date.sort_key if entry.date else (0, 0, 0))), entry.id


def _facets(entries: list[IndexEntry]) -> dict[str, dict[str, int]]:
    facets = {}
    for facet in FACETS:
        counts = Counter(key for entry in entries for key in set(entry.facet_values(facet)))
        facets[facet] = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return facets
