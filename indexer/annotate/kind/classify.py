"""The kind of a document: what was observed, weighed, with the words that decided."""

from __future__ import annotations

import math
from collections.abc import Iterable

from indexer.annotate.data.weights import CONSTANT, Weights, read_weights
from indexer.annotate.kind.features import ONLY_ANNOUNCED, DocTypeFeatures, Feature, Observed
from indexer.annotate.phrases.matching import PatternIndex
from indexer.annotate.text.reading import Reading
from kb.model import DOC_TYPES, DocTypeTag, Evidence
from kb.model.kinds import REPORT

KINDS = tuple(sorted(DOC_TYPES))
WEIGHTS = "doctype_weights.tsv"
SHORT_WEIGHTS = "doctype_weights_short.tsv"
# The least probability of a note's kind: below it none is told. On labelled notes .30 loses no right one, .40
# a tenth of them.
_LEAST = 0.3
_SHOWN = 6


class DocTypeClassifier:
    """Adds up the weights of a document's features for each kind: a multinomial logistic regression.

    score(kind) = constant(kind) + Σ weight(feature, kind) · value(feature); the highest is the kind.
    ``tools/fit_doctype.py`` learnt the weights in ``data/doctype_weights.tsv`` from labelled documents, and
    those in ``data/doctype_weights_short.tsv`` from notes of a few sentences; they can be read: each line is an
    observation, each column a kind, a positive number speaks for it.

    A note whose best kind has less than .3 of the probability, exp(score) / Σ exp(scores), or no words of its
    own that speak for it, has none.

    Where an event is announced and nothing of it told, there is no report, whatever the past is about: of 41
    such labelled documents none was one.
    """

    def __init__(self, patterns: PatternIndex) -> None:
        self._features = DocTypeFeatures(patterns)
        self._weights = read_weights(WEIGHTS, KINDS)
        self._short = read_weights(SHORT_WEIGHTS, KINDS)

    def classify(self, reading: Reading, observed: Observed) -> DocTypeTag | None:
        """The kind with the highest score, if any, and up to six quotations that spoke for it."""
        features = self._features.of(reading, observed)
        weights = self._short if reading.is_note else self._weights
        weighed = [(weights[one.name], one.value) for one in features if one.name in weights]
        constant = weights[CONSTANT]
        scores = {kind: constant[kind] + sum([row[kind] * value for row, value in weighed]) for kind in KINDS}
        if any(feature.name == ONLY_ANNOUNCED for feature in features):
            del scores[REPORT]
        best = max(scores, key=lambda kind: scores[kind])
        if reading.is_note and _LEAST * sum(math.exp(score - scores[best]) for score in scores.values()) > 1:
            return None
        evidence = self._evidence(best, features, weights)
        return DocTypeTag(best, evidence) if evidence or not reading.is_note else None

    def features(self, reading: Reading, observed: Observed) -> list[Feature]:
        """What the kind is concluded from."""
        return self._features.of(reading, observed)

    def _evidence(self, kind: str, features: Iterable[Feature], weights: Weights) -> tuple[Evidence, ...]:
        """The quotations of the features that did most for this kind against the others."""
        gains = [(_gain(kind, feature, weights), feature) for feature in features if feature.evidence]
        ranked = sorted((item for item in gains if item[0] > 0), key=lambda item: -item[0])
        quoted: dict[tuple[int, int, str], Evidence] = {}
        for _, feature in ranked:
            for item in feature.evidence:
                quoted.setdefault((item.start, item.end, item.text), item)
        shown = list(quoted.values())[:_SHOWN]
        return tuple(sorted(shown, key=lambda item: (item.start, item.end)))


def _gain(kind: str, feature: Feature, weights: Weights) -> float:
    row = weights.get(feature.name)
    return 0.0 if row is None else feature.value * (row[kind] - sum(row.values()) / len(row))
