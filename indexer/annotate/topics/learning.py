"""Learns from editors' decisions which words speak for a topic, and whether that is good enough to say.

A topic stays off until editors confirmed it ``MIN_CONFIRMED`` times and there are ``MIN_OTHERS`` documents
that are not about it, and until what was learnt is right in ``MIN_PRECISION`` of its claims on documents that
it had not seen.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from indexer.annotate.data.files import read_data
from indexer.annotate.text.language import German, normal_form
from indexer.annotate.text.reading import Reading, read
from indexer.annotate.text.spans import TokenSpan
from indexer.annotate.topics.linear import Matrix, fit, matrix
from kb.failures import contained, passed_over
from kb.model import Decisions, Document, Verdict
from kb.ports import Annotator

MIN_CONFIRMED = 10
MIN_OTHERS = 20
MIN_PRECISION = 0.8
# So many right claims on unseen documents are needed to believe in a precision at all.
_MIN_RIGHT = 4
_FOLDS = 5
# Words in fewer documents are names and misprints; those in half of them say nothing.
_MIN_DOCUMENTS, _MAX_SHARE = 3, 0.5
_MAX_WORDS = 4_000
_SHORTEST = 4
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A document's words, the topics that editors confirmed, and those they rejected or left aside."""

    id: str
    words: frozenset[str]
    confirmed: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class TopicWords:
    """What was learnt of a topic: σ(bias + Σ weights of its words/√words) from ``threshold`` on is a claim."""

    weights: Mapping[str, float]
    bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class TopicReport:
    """How a topic was learnt: ``precision`` and ``recall`` on unseen documents; ``reason``: why it is off."""

    topic: str
    confirmed: int
    others: int
    precision: float | None = None
    recall: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LearnedTopics:
    """All topics that may be suggested, the words that were compared, and a hash of both."""

    vocabulary: frozenset[str]
    topics: Mapping[str, TopicWords]
    version: str


NOTHING = LearnedTopics(frozenset(), {}, "")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What ``learn`` returns: the model, and how it came about."""

    learned: LearnedTopics
    reports: tuple[TopicReport, ...]


def words_of(reading: Reading) -> dict[str, list[TokenSpan]]:
    """Stems of the document's own words, with their places in the body; those of the title alone have none."""
    found: dict[str, list[TokenSpan]] = {normal_form(word): [] for word in reading.title.words if _speaks(word)}
    for index, word in enumerate(reading.words):
        span = TokenSpan(index, index + 1)
        if _speaks(word) and reading.counts(span):
            found.setdefault(normal_form(word), []).append(span)
    return found


def _speaks(word: str) -> bool:
    """Words of some length that are not among the most frequent of the language."""
    return len(word) >= _SHORTEST and word.isalpha() and word.lower() not in _frequent()


@lru_cache(maxsize=1)
def _frequent() -> frozenset[str]:
    return frozenset(read_data("languages.toml")["words"]["de"])


def examples(
    documents: Iterable[Document], annotator: Annotator, topics: Collection[str], language: German
) -> Iterator[Example]:
    """Documents on whose topics an editor decided.

    What the rules claim and nobody decided on is neither: perhaps it was right, and nobody had time to say so.
    """
    for document in documents:
        decided = document.decisions.topics
        if not decided:
            continue
        confirmed = frozenset(name for name, one in decided.items() if one.value == Verdict.CONFIRMED)
        with contained(document.id, passed_over):
            claimed = {tag.id for tag in annotator.annotate(replace(document, decisions=Decisions())).topics}
            rejected = frozenset(decided) - confirmed
            others = rejected | (frozenset(topics) - confirmed - claimed)
            words = frozenset(words_of(read(document, language)))
            yield Example(document.id, words, confirmed, others)


def learn(found: Iterable[Example], topics: Iterable[str]) -> Lesson:
    """Learn every topic that has enough decisions; the same decisions always give the same model."""
    ordered = sorted(found, key=lambda one: one.id)
    words = _vocabulary(ordered)
    learned: dict[str, TopicWords] = {}
    reports = []
    for topic in sorted(topics):
        rows = [one for one in ordered if topic in one.confirmed or topic in one.others]
        labels = [topic in one.confirmed for one in rows]
        trial = _Trial(topic, labels, _matrix(rows, words))
        report = trial.report()
        reports.append(report)
        if not report.reason:
            learned[topic] = trial.model(words)
    vocabulary = frozenset(words) if learned else frozenset()
    return Lesson(LearnedTopics(vocabulary, learned, version_of(vocabulary, learned)), tuple(reports))


class _Trial:
    """One topic: learnt from four fifths of the documents five times, to see what it says of the last fifth."""

    def __init__(self, topic: str, labels: Sequence[bool], rows: Matrix) -> None:
        self._topic, self._labels, self._rows = topic, labels, rows
        self._confirmed = sum(labels)
        self._others = len(labels) - self._confirmed

    @cached_property
    def _unseen(self) -> Matrix:
        """The probability of each document by a model that did not know it."""
        folds = _folds(self._labels)
        found = np.zeros(len(self._labels))
        for fold in range(_FOLDS):
            known = [number for number, own in enumerate(folds) if own != fold]
            line = fit(self._rows[known], [self._labels[number] for number in known])
            left = [number for number, own in enumerate(folds) if own == fold]
            found[left] = line.probabilities(self._rows[left])
        return found

    @cached_property
    def _threshold(self) -> float | None:
        """The lowest probability (from one half on) from which claims on unseen documents are right enough."""
        for threshold in sorted({0.5, *(float(one) for one in self._unseen if one > 0.5)}):
            right, claimed = self._claims(threshold)
            if right >= _MIN_RIGHT and right >= MIN_PRECISION * claimed:
                return threshold
        return None

    def _claims(self, threshold: float) -> tuple[int, int]:
        """How many claims would be right, of how many."""
        claimed = [label for label, value in zip(self._labels, self._unseen, strict=True) if value >= threshold]
        return sum(claimed), len(claimed)

    def report(self) -> TopicReport:
        """Whether the topic may be suggested, and why not."""
        found = TopicReport(self._topic, self._confirmed, self._others)
        if self._confirmed < MIN_CONFIRMED:
            return replace(found, reason=f"zu wenige bestätigt ({self._confirmed} von {MIN_CONFIRMED})")
        if self._others < MIN_OTHERS:
            return replace(found, reason=f"zu wenige ohne das Thema ({self._others} von {MIN_OTHERS})")
        if self._threshold is None:
            return replace(found, reason=f"auf unbekannten Texten zu oft falsch (über {1 - MIN_PRECISION:.0%})")
        right, claimed = self._claims(self._threshold)
        return replace(found, precision=right / claimed, recall=right / self._confirmed)

    def model(self, words: Sequence[str]) -> TopicWords:
        """What all documents teach."""
        line = fit(self._rows, self._labels)
        rounded = {
            word: round(float(weight), _DIGITS) for word, weight in zip(words, line.weights, strict=True)
        }
        weights = {word: weight for word, weight in rounded.items() if weight}
        assert self._threshold is not None, "report() said that there is one"
        return TopicWords(weights, round(line.bias, _DIGITS), round(self._threshold, _DIGITS))


def _folds(labels: Sequence[bool]) -> list[int]:
    """Every fold gets its share of either kind."""
    seen: Counter[bool] = Counter()
    folds = []
    for label in labels:
        folds.append(seen[label] % _FOLDS)
        seen[label] += 1
    return folds


def _matrix(rows: Sequence[Example], words: Sequence[str]) -> Matrix:
    numbers = {word: number for number, word in enumerate(words)}
    return matrix([[numbers[word] for word in one.words if word in numbers] for one in rows], len(words))


def version_of(vocabulary: Collection[str], topics: Mapping[str, TopicWords]) -> str:
    """Hash of everything that decides what is suggested."""
    parts = [" ".join(sorted(vocabulary))]
    for topic, model in sorted(topics.items()):
        parts.append(f"{topic} {model.bias!r} {model.threshold!r} {sorted(model.weights.items())!r}")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _vocabulary(found: Sequence[Example]) -> list[str]:
    counts = Counter(word for one in found for word in one.words)
    common = [
        word for word, count in counts.items() if _MIN_DOCUMENTS <= count <= max(3, _MAX_SHARE * len(found))
    ]
    return sorted(sorted(common, key=lambda word: (-counts[word], word))[:_MAX_WORDS])
