"""What a backend must answer, by reading every document: the plainest form of conditions and scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.german import fold, grams
from indexer.query.conditions import (
    All,
    Any,
    Around,
    Begins,
    Condition,
    Exactly,
    Facet,
    QueryPlan,
    QueryWord,
    Row,
    Words,
    Years,
    loose_words,
)
from indexer.query.forms import same_word
from indexer.query.plan import FAINT_SHARE, PREFIX_IMPACT, matching_keys
from indexer.ranking.correction import KnownWord
from indexer.ranking.document_words import DocumentWords
from indexer.ranking.keys import pair_key
from indexer.ranking.learned import Learned
from indexer.ranking.similar_words import least_shared, most_similar, shared_grams
from indexer.ranking.spelling import MIN_LETTERS
from indexer.scoring import (
    FAINT_IMPACT,
    FULL,
    OTHER_WORD_LOSES,
    VERY_FORM,
    impact,
    least_further,
    length_norm,
    weight,
)
from kb.model import IndexEntry


@dataclass(frozen=True, slots=True)
class AnalysedDocument:
    """A document: its words, and for each field of postings term → impact."""

    entry: IndexEntry
    words: DocumentWords
    fields: Mapping[str, Mapping[str, int]]
    pairs: frozenset[int]


def analysed_document(entry: IndexEntry, words: DocumentWords, learned: Learned) -> AnalysedDocument:
    """Words become terms, parts and grams; their frequencies become impacts."""
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
    return AnalysedDocument(entry, words, fields, frozenset(pair_key(*pair) for pair in words.pairs))


@dataclass(frozen=True, slots=True)
class ReferenceHits:
    """Document id → score, before any prior; of hits, and of further documents."""

    scores: dict[str, int]
    further: dict[str, int]

    @property
    def found(self) -> bool:
        """Whether there is any hit."""
        return bool(self.scores)

    @property
    def found_further(self) -> bool:
        """Whether there is any further document."""
        return bool(self.further)


class Reference:
    """Scores and conditions by reading every document."""

    def __init__(
        self, documents: Mapping[str, AnalysedDocument], labels: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.documents = documents
        self._labels = labels
        self._similar: dict[str, frozenset[str]] = {}

    def hits(self, plan: QueryPlan) -> ReferenceHits:
        """All hits and further documents of a plan."""
        held = {doc_id for doc_id in self.documents if self._holds(doc_id, plan.condition)}
        wider = plan.wider
        others = {doc_id for doc_id in self.documents if wider is not None and self._holds(doc_id, wider)}
        matched, others = (set(), held | others) if plan.loosened else (held, others - held)
        scores = {doc_id: self._score(doc_id, plan) for doc_id in matched}
        partly = {doc_id: self._score(doc_id, plan) for doc_id in others}
        worths = sum(
            worth
            for words in (loose_words(plan.condition) if wider is not None else ())
            for worth, word in zip(self._worths(words), words.words, strict=True)
            if any(self._has_word(doc_id, word, words) for doc_id in self.documents)
        )
        least = least_further(max((*scores.values(), *partly.values()), default=0), worths)
        return ReferenceHits(scores, {doc_id: score for doc_id, score in partly.items() if score >= least})

    def missing(self, plan: QueryPlan, doc_id: str) -> tuple[str, ...]:
        """The words that a document does not hold, as they were typed."""
        return tuple(
            word.typed
            for words in loose_words(plan.condition)
            for word in words.words
            if not self._has_word(doc_id, word, words)
        )

    def holds_facet(self, condition: Facet) -> bool:
        """See ``FacetValues.holds_facet``."""
        return any(self._holds(doc_id, condition) for doc_id in self.documents)

    def values(self, facet: str) -> Mapping[str, str]:
        """See ``FacetValues.values``."""
        labels = self._labels.get(facet, {})
        keys = {key for document in self.documents.values() for key in document.entry.facet_values(facet)}
        return {key: labels.get(key, key) for key in keys | labels.keys()}

    # --- scores ---

    def value(self, name: str, term: str, doc_id: str, factor: float = 1.0) -> int:
        """What a term adds to a document's score."""
        found = self.documents[doc_id].fields[name].get(term, 0)
        return found and found * weight(name, len(self.documents), self._frequency(name, term), factor)

    def _frequency(self, name: str, term: str) -> int:
        return sum(term in document.fields[name] for document in self.documents.values())

    def _pair(self, pair: tuple[str, str], doc_id: str) -> int:
        key = pair_key(*pair)
        if key not in self.documents[doc_id].pairs:
            return 0
        holders = sum(key in document.pairs for document in self.documents.values())
        return FULL * weight("pairs", len(self.documents), holders)

    def _prefix(self, prefix: str, doc_id: str) -> int:
        if not self._holds(doc_id, Begins(prefix)):
            return 0
        holders = sum(self._holds(other, Begins(prefix)) for other in self.documents)
        return PREFIX_IMPACT * weight("stems", len(self.documents), holders)

    def _faint(self, term: str, faint: Sequence[str], doc_id: str) -> int:
        if self.documents[doc_id].words.faint.isdisjoint(faint):
            return 0
        around = sum(not other.words.faint.isdisjoint(faint) for other in self.documents.values())
        frequency = max(around, self._frequency("stems", term))
        return FAINT_IMPACT * weight("stems", len(self.documents), frequency)

    def _form(self, term: str, form: str, doc_id: str) -> int:
        words = self.documents[doc_id].words.words.items()
        return VERY_FORM if any(found.term == term and fold(word) == form for word, found in words) else 0

    def _lost(self, term: str, form: str, doc_id: str) -> int:
        """What a document loses that holds a stem only as another word than the one typed."""
        words = self.documents[doc_id].words.words.items()
        forms = [fold(word) for word, found in words if found.term == term]
        if any(same_word(form, one) for one in forms):
            return 0
        return self.value("stems", term, doc_id) * OTHER_WORD_LOSES // 1000

    def _addresses(self, plan: QueryPlan, doc_id: str) -> int:
        holders = {
            key: [other for other in self.documents if key in self.documents[other].words.faint]
            for key, _ in plan.bag.addresses
        }
        return sum(
            impact * weight("stems", len(self.documents), len(holders[key]))
            for key, impact in plan.bag.addresses
            if doc_id in holders[key]
        )

    def _score(self, doc_id: str, plan: QueryPlan) -> int:
        bag = plan.bag
        score = sum(self.value("stems", term, doc_id) for term in bag.stems)
        score += sum(self.value("parts", part, doc_id) for part in bag.parts)
        score += sum(self.value("grams", gram, doc_id) for gram in bag.grams)
        score += sum(self._pair(pair, doc_id) for pair in bag.pairs)
        score += sum(self._prefix(prefix, doc_id) for prefix in bag.prefixes)
        score += sum(self._faint(term, faint, doc_id) for term, faint in bag.faint)
        score += self._addresses(plan, doc_id)
        score -= sum(self._lost(term, form, doc_id) for term, form in bag.forms)
        score += sum(self._form(term, form, doc_id) for term, form in bag.forms)
        for group in bag.synonyms:
            own = sum(self.value("stems", term, doc_id) for term in group.replaces)
            others = [
                sum(self.value("stems", term, doc_id, group.weight) for term in dict.fromkeys(phrase))
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
            + self._faint(word.term, word.faint, doc_id)
            + (
                0
                if word.stop
                else self._form(word.term, fold(word.word), doc_id)
                - self._lost(word.term, fold(word.word), doc_id)
            )
            for word in plan.words
        ]
        terms = {term for word in plan.words for term in (word.term, *word.readings)}
        phrases = sum(self.value("stems", term, doc_id) for term in plan.bag.stems if term not in terms)
        prefixes = (self._prefix(prefix, doc_id) for prefix in plan.bag.prefixes)
        brought = [*words, phrases, *prefixes, self._addresses(plan, doc_id)]
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
            case Facet(facet, value, state):
                keys = matching_keys(value, entry.facet_values(facet), self._labels.get(facet, {}))
                return bool(keys) or state in self.documents[doc_id].words.faint
            case Around(rows):
                return any(self.documents[doc_id].words.faint.issuperset(keys) for keys in rows)
            case Years(first, last):
                return entry.year is not None and first <= int(entry.year) <= last
            case Any(conditions):
                return any(self._holds(doc_id, one) for one in conditions)
            case All(conditions, excluded):
                return all(self._holds(doc_id, one) for one in conditions) and not any(
                    self._holds(doc_id, one) for one in excluded
                )

    def _has_words(self, doc_id: str, words: Words) -> bool:
        texts = any(self._has_in_text(doc_id, word, words) for word in words.words)
        if words.share == 0:
            parts = self.documents[doc_id].fields["parts"]
            members = (part for word in words.words for part in word.parts)
            return texts or (words.parts and any(part in parts for part in members))
        worths = self._worths(words)
        held = [
            worth
            for word, worth in zip(words.words, worths, strict=True)
            if self._has_word(doc_id, word, words)
        ]
        if len(worths) == 1:
            return bool(held)
        share = words.share if texts else max(words.share, FAINT_SHARE)
        return bool(held) and sum(held) * 1000 >= share * sum(worths)

    def _worths(self, words: Words) -> list[int]:
        holders = [sum(self._has_word(other, word, words) for other in self.documents) for word in words.words]
        return [max(1, weight("stems", len(self.documents), count)) for count in holders]

    def _has_word(self, doc_id: str, word: QueryWord, words: Words) -> bool:
        around = self.documents[doc_id].words.faint
        return not around.isdisjoint(word.faint) or self._has_in_text(doc_id, word, words)

    def _has_in_text(self, doc_id: str, word: QueryWord, words: Words) -> bool:
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
            stands_in_a_row([document.words.positions[name].get(term, []) for term in row.terms])
            for name in fields
        )


@dataclass(frozen=True, slots=True)
class ReferenceLexicon:
    """See ``indexer.ranking.correction.Lexicon``."""

    reference: Reference

    def knows(self, word: QueryWord) -> bool:
        """See ``Lexicon.knows``."""
        terms, folded = {word.term, *word.readings}, fold(word.word)
        return any(
            terms & document.fields["stems"].keys()
            or not document.words.faint.isdisjoint(word.faint)
            or word.term in document.fields["parts"]
            or (len(folded) >= MIN_LETTERS and _has_member(document, word, folded))
            for document in self.reference.documents.values()
        )

    def spelled(self, folded: str) -> Iterable[KnownWord]:
        """See ``Lexicon.spelled``."""
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


def _has_member(document: AnalysedDocument, word: QueryWord, folded: str) -> bool:
    """Whether some word begins or ends so; stop words end like anything."""
    return any(
        fold(other).startswith(folded)
        or (not found.stop and len(word.grams) > 1 and fold(other).endswith(folded))
        for other, found in document.words.words.items()
    )


def stands_in_a_row(positions: Sequence[Sequence[int]]) -> bool:
    """Whether some word of the first list is followed by one of the second, and so on."""
    first, *others = positions
    later = [set(places) for places in others]
    return any(all(start + step in places for step, places in enumerate(later, start=1)) for start in first)
