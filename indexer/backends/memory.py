"""The reference backend: everything in dictionaries, everything computed the obvious way."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock

from indexer.answer import AnswerMaker, answered_query
from indexer.german import CompoundSplitter, GermanAnalyzer, SentenceSplitter, Synonyms, fold, grams
from indexer.marks import WordSigns
from indexer.query.plan import (
    PREFIX_IMPACT,
    SYNONYM_WEIGHT,
    All,
    Any,
    Begins,
    Condition,
    Exactly,
    Facet,
    Planner,
    QueryPlan,
    QueryWord,
    Row,
    Words,
    Years,
    matching_keys,
)
from indexer.ranking.correction import KnownWord
from indexer.ranking.document_words import DocumentWords, document_words
from indexer.ranking.learned import Learned
from indexer.ranking.priors import Priors
from indexer.ranking.scoring import FULL, impact, length_norm, weight
from indexer.ranking.similar_words import least_shared, most_similar, shared_grams
from kb.errors import IndexLockedError, IndexMissingError
from kb.model import FACETS, IndexEntry, SearchHit, SearchQuery, SearchResults, Sort, Suggestion


@dataclass(frozen=True, slots=True)
class _Analysed:
    """A document: its words, and for each field of postings term → impact."""

    entry: IndexEntry
    words: DocumentWords
    fields: Mapping[str, Mapping[str, int]]
    pairs: frozenset[tuple[str, str]]


@dataclass(slots=True)
class _State:
    documents: dict[str, _Analysed]
    learned: Learned


@dataclass(slots=True)
class _MemoryWriter:
    analyzer: GermanAnalyzer
    labels: Mapping[str, str]
    words: dict[str, tuple[IndexEntry, DocumentWords]]

    def put(self, entry: IndexEntry) -> None:
        self.words[entry.id] = (entry, document_words(self.analyzer, entry, self.labels))

    def remove(self, doc_id: str) -> None:
        self.words.pop(doc_id, None)


@dataclass(slots=True)
class MemoryBackend:
    """A ``SearchBackend`` that lives as long as the process; slow, and the yardstick for all others."""

    analyzer: GermanAnalyzer
    synonyms: Synonyms = field(default_factory=Synonyms)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lock_timeout: float = 30.0
    priors: Priors = field(default_factory=Priors)
    _state: _State | None = None
    _lock: Lock = field(default_factory=Lock)

    def search(self, query: SearchQuery) -> SearchResults:
        """See ``SearchBackend.search``."""
        started = time.perf_counter()
        state = self._committed()
        documents = state.documents
        planner = Planner(self.analyzer, state.learned.splitter, self.synonyms)
        reference = _Reference(documents, self.labels)
        answered = answered_query(query, planner, _Lexicon(reference), reference.hits)
        scores, plan = answered.hits.scores, answered.plan
        newest = max((_year(document.entry) for document in documents.values()), default=0)
        hits = {
            doc_id: self._with_prior(documents[doc_id].entry, score, newest)
            for doc_id, score in scores.items()
            if _passes(documents[doc_id].entry, query)
        }
        by_date = query.sort is Sort.DATE or plan.unranked
        ranked = sorted(hits, key=lambda doc_id: _rank(documents[doc_id].entry, hits[doc_id], by_date=by_date))
        shown = ranked[query.offset : query.offset + query.limit]
        similar = {number: reference.similar(word) for number, word in enumerate(plan.words) if word.grams}
        signs = WordSigns(self.analyzer, state.learned.splitter)
        maker = AnswerMaker.of(plan, signs, similar, SentenceSplitter(), self.labels.get("topic", {}))
        page = replace(maker, explain=query.explain).hits(
            [documents[doc_id].entry for doc_id in shown],
            [hits[doc_id] for doc_id in shown],
            [reference.shares(plan, doc_id, scores[doc_id]) for doc_id in shown],
        )
        facets = {
            facet: _counts(facet, (documents[doc_id].entry for doc_id in scores), query) for facet in FACETS
        }
        took = (time.perf_counter() - started) * 1000
        return SearchResults(len(hits), page, facets, took, answered.corrected, answered.notices)

    def similar(self, doc_id: str, limit: int = 5) -> tuple[SearchHit, ...]:
        """See ``SearchBackend.similar``: by common content words, each counted by its rarity."""
        state = self._committed()
        if doc_id not in state.documents:
            return ()
        reference = _Reference(state.documents, self.labels)
        own = state.documents[doc_id].words.words
        terms = {word.term for word in own.values() if not word.stop}
        scores = {
            other: sum(reference.value("stems", term, other) for term in terms)
            for other in state.documents
            if other != doc_id
        }
        ranked = sorted((other for other in scores if scores[other]), key=lambda one: (-scores[one], one))
        maker = AnswerMaker.plain(WordSigns(self.analyzer, state.learned.splitter), SentenceSplitter())
        shown = ranked[:limit]
        return maker.hits(
            [state.documents[other].entry for other in shown], [scores[other] for other in shown], []
        )

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """See ``SearchBackend.suggest``."""
        state = self._committed()
        before, _, last = text.rpartition(" ")
        prefix = fold(last.lower())
        holders: Counter[str] = Counter()
        spelled: dict[str, str] = {}
        for document in state.documents.values():
            for word, found in document.words.words.items():
                if len(prefix) > 1 and not found.stop and fold(word).startswith(prefix):
                    holders[found.term] += 1
                    spelled.setdefault(found.term, document.words.spellings[word])
        ranked = sorted(holders, key=lambda term: (-holders[term], term))[:limit]
        return tuple(Suggestion(f"{before} {spelled[term]}".strip(), "term") for term in ranked)

    def entry(self, doc_id: str) -> IndexEntry | None:
        """See ``SearchBackend.entry``."""
        found = self._committed().documents.get(doc_id)
        return found.entry if found else None

    def revisions(self) -> Mapping[str, str]:
        """See ``SearchBackend.revisions``."""
        documents = self._state.documents if self._state else {}
        return {doc_id: document.entry.revision for doc_id, document in documents.items()}

    @contextmanager
    def writer(self, *, rebuild: bool = False) -> Iterator[_MemoryWriter]:
        """See ``SearchBackend.writer``: works on a copy that replaces the old state at the end."""
        if not self._lock.acquire(timeout=self.lock_timeout):
            raise IndexLockedError("ein anderer Vorgang schreibt den Index", remedy="warten und wiederholen")
        try:
            base = None if rebuild else self._state
            known = {} if base is None else base.documents
            words = {doc_id: (document.entry, document.words) for doc_id, document in known.items()}
            session = _MemoryWriter(self.analyzer, self.labels.get("topic", {}), words)
            yield session
            learned = self._learn(session.words) if base is None else base.learned
            analysed = {doc_id: _analysed(*pair, learned) for doc_id, pair in session.words.items()}
            self._state = _State(analysed, learned)
        finally:
            self._lock.release()

    def needs_rebuild(self) -> str | None:
        """See ``SearchBackend.needs_rebuild``."""
        return "es gibt noch keinen Index" if self._state is None else None

    def _committed(self) -> _State:
        if self._state is None:
            raise IndexMissingError("es gibt noch keinen Index", remedy="`kb index` ausführen (run `kb index`)")
        return self._state

    def _with_prior(self, entry: IndexEntry, score: int, newest: int) -> int:
        return self.priors.applied(score, self.priors.thousandths(_year(entry), newest, entry.doc_type))

    def _learn(self, words: Mapping[str, tuple[IndexEntry, DocumentWords]]) -> Learned:
        holders: Counter[tuple[str, str]] = Counter()
        for _, document in words.values():
            holders.update((word, found.term) for word, found in document.words.items() if not found.stop)
        average = sum(document.length for _, document in words.values()) / len(words) if words else 0.0
        counted = ((word, term, count) for (word, term), count in holders.items())
        return Learned(average, len(words), CompoundSplitter.learn(counted, self.analyzer.stem))


def _analysed(entry: IndexEntry, words: DocumentWords, learned: Learned) -> _Analysed:
    frequencies: dict[str, Counter[str]] = {"stems": Counter(), "parts": Counter(), "grams": Counter()}
    for word, times in words.weights.items():
        found = words.words[word]
        frequencies["stems"][found.term] += times
        if not found.stop:
            for part in learned.splitter.parts(word) or (found.term,):
                frequencies["parts"][part] += times
            for gram in grams(word):
                frequencies["grams"][gram] += times
    norm = length_norm(words.length, learned.average_length)
    fields = {
        name: {term: impact(count, norm) for term, count in counts.items()}
        for name, counts in frequencies.items()
    }
    return _Analysed(entry, words, fields, frozenset(words.pairs))


@dataclass(frozen=True, slots=True)
class _Hits:
    scores: dict[str, int]

    @property
    def found(self) -> bool:
        return bool(self.scores)


class _Reference:
    """Scores and conditions by reading every document."""

    def __init__(self, documents: Mapping[str, _Analysed], labels: Mapping[str, Mapping[str, str]]) -> None:
        self.documents = documents
        self._labels = labels
        self._similar: dict[str, frozenset[str]] = {}

    def hits(self, plan: QueryPlan) -> _Hits:
        matched = [doc_id for doc_id in self.documents if self._holds(doc_id, plan.condition)]
        return _Hits({doc_id: self._score(doc_id, plan) for doc_id in matched})

    # --- scores ---

    def value(self, name: str, term: str, doc_id: str, factor: float = 1.0) -> int:
        """What a term adds to a document's score."""
        found = self.documents[doc_id].fields[name].get(term, 0)
        return found and found * weight(name, len(self.documents), self._frequency(name, term), factor)

    def _frequency(self, name: str, term: str) -> int:
        return sum(term in document.fields[name] for document in self.documents.values())

    def _pair(self, pair: tuple[str, str], doc_id: str) -> int:
        if pair not in self.documents[doc_id].pairs:
            return 0
        holders = sum(pair in document.pairs for document in self.documents.values())
        return FULL * weight("pairs", len(self.documents), holders)

    def _prefix(self, prefix: str, doc_id: str) -> int:
        if not self._holds(doc_id, Begins(prefix)):
            return 0
        holders = sum(self._holds(other, Begins(prefix)) for other in self.documents)
        return PREFIX_IMPACT * weight("stems", len(self.documents), holders)

    def _score(self, doc_id: str, plan: QueryPlan) -> int:
        bag = plan.bag
        score = sum(self.value("stems", term, doc_id) for term in bag.stems)
        score += sum(self.value("parts", part, doc_id) for part in bag.parts)
        score += sum(self.value("grams", gram, doc_id) for gram in bag.grams)
        score += sum(self._pair(pair, doc_id) for pair in bag.pairs)
        score += sum(self._prefix(prefix, doc_id) for prefix in bag.prefixes)
        for group in bag.synonyms:
            own = sum(self.value("stems", term, doc_id) for term in group.replaces)
            others = [
                sum(self.value("stems", term, doc_id, SYNONYM_WEIGHT) for term in dict.fromkeys(phrase))
                for phrase in group.others
                if self._has_row(doc_id, Row(phrase), ("title", "body"))
            ]
            score += max(0, max(others, default=0) - own)
        return score

    def shares(self, plan: QueryPlan, doc_id: str, score: int) -> list[float]:
        """As ``indexer.ranking.shares``."""
        words = [
            sum(self.value("stems", term, doc_id) for term in (word.term, *word.readings))
            + sum(self.value("parts", part, doc_id) for part in word.parts)
            + sum(self.value("grams", gram, doc_id) for gram in word.grams)
            for word in plan.words
        ]
        terms = {term for word in plan.words for term in (word.term, *word.readings)}
        phrases = sum(self.value("stems", term, doc_id) for term in plan.bag.stems if term not in terms)
        brought = [*words, phrases, *(self._prefix(prefix, doc_id) for prefix in plan.bag.prefixes)]
        rest = score - sum(brought) - sum(self._pair(pair, doc_id) for pair in plan.bag.pairs)
        renamed = {group.replaces[0] for group in plan.bag.synonyms}
        for number, word in enumerate(plan.words):
            if word.term in renamed:
                brought[number] += max(0, rest)
        return [min(1.0, part / max(score, 1)) for part in brought]

    # --- conditions ---

    def _holds(self, doc_id: str, condition: Condition) -> bool:
        entry = self.documents[doc_id].entry
        match condition:
            case Words():
                return self._has_words(doc_id, condition)
            case Exactly(rows, fields):
                return any(self._has_row(doc_id, row, fields) for row in rows)
            case Begins(prefix):
                return any(fold(word).startswith(prefix) for word in self.documents[doc_id].words.words)
            case Facet(facet, value):
                values = entry.facet_values(facet)
                return bool(matching_keys(value, values, self._labels.get(facet, {})))
            case Years(first, last):
                return entry.year is not None and first <= int(entry.year) <= last
            case Any(conditions):
                return any(self._holds(doc_id, one) for one in conditions)
            case All(conditions, excluded):
                return all(self._holds(doc_id, one) for one in conditions) and not any(
                    self._holds(doc_id, one) for one in excluded
                )

    def _has_words(self, doc_id: str, words: Words) -> bool:
        worths = []
        for word in words.words:
            holders = sum(self._has_word(other, word, words) for other in self.documents)
            worths.append(max(1, weight("stems", len(self.documents), holders)))
        held = [
            worth
            for word, worth in zip(words.words, worths, strict=True)
            if self._has_word(doc_id, word, words)
        ]
        return bool(held) and (len(worths) == 1 or sum(held) * 1000 >= words.share * sum(worths))

    def _has_word(self, doc_id: str, word: QueryWord, words: Words) -> bool:
        document = self.documents[doc_id]
        if any(term in document.fields["stems"] for term in (word.term, *word.readings)):
            return True
        if word.parts and all(part in document.fields["parts"] for part in word.parts):
            return True
        if self.similar(word).intersection(document.words.words):
            return True
        return any(
            self._has_row(doc_id, Row(phrase), ("title", "body"))
            for group in words.synonyms
            if word.term in group.replaces
            for phrase in group.others
        )

    def similar(self, word: QueryWord) -> frozenset[str]:
        """Words of the corpus that share most of a word's grams."""
        if word.word not in self._similar:
            least = least_shared(len(word.grams))
            candidates = [
                (other, shared_grams(word.grams, other))
                for document in self.documents.values()
                for other, found in document.words.words.items()
                if other != word.word and not found.stop
            ]
            near = [pair for pair in candidates if pair[1] >= least] if word.grams else []
            self._similar[word.word] = frozenset(most_similar(near))
        return self._similar[word.word]

    def _has_row(self, doc_id: str, row: Row, fields: tuple[str, ...]) -> bool:
        document = self.documents[doc_id]
        if len(row.terms) == 1 and len(fields) > 1:
            return row.terms[0] in document.fields["stems"]
        return any(
            _stands_in_a_row([document.words.positions[name].get(term, []) for term in row.terms])
            for name in fields
        )


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """See ``indexer.ranking.correction.Lexicon``."""

    reference: _Reference

    def knows(self, word: QueryWord) -> bool:
        terms = {word.term, *word.readings}
        return any(
            terms & document.fields["stems"].keys() or word.term in document.fields["parts"]
            for document in self.reference.documents.values()
        )

    def spelled(self, folded: str) -> Iterable[KnownWord]:
        return [word for word in self.near(folded) if fold(word.word) == folded]

    def near(self, folded: str) -> Iterable[KnownWord]:
        """All words: whoever asks measures the distance."""
        holders: Counter[str] = Counter()
        spelled: dict[str, str] = {}
        for document in self.reference.documents.values():
            holders.update(document.words.words.keys())
            for word, spelling in document.words.spellings.items():
                spelled.setdefault(word, spelling)
        return [KnownWord(word, spelled[word], count) for word, count in holders.items()]


def _stands_in_a_row(positions: Sequence[Sequence[int]]) -> bool:
    """Whether some word of the first list is followed by one of the second, and so on."""
    first, *others = positions
    later = [set(places) for places in others]
    return any(all(start + step in places for step, places in enumerate(later, start=1)) for start in first)


def _year(entry: IndexEntry) -> int:
    return int(entry.year or 0)


def _passes(entry: IndexEntry, query: SearchQuery, but: str = "") -> bool:
    return all(
        facet == but or not wanted or set(wanted) & set(entry.facet_values(facet))
        for facet, wanted in query.filters.items()
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
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
