"""BM25F, once as plain arithmetic: what every backend must rank by, and what an index keeps of a text.

BM25F after Robertson and Zaragoza, *The Probabilistic Relevance Framework* (2009), formula 3.21: the
weighted, length-normalised frequencies of all fields are added first and saturated once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from indexer.german import GermanAnalyzer

FIELDS = ("title", "body")
# nDCG@10 on integreat-de, whose texts repeat their titles: .706 for a title weight of 1, .708 for 2,
# .709 for 4.
FIELD_WEIGHTS = {"title": 2.0, "body": 1.0}
# The usual values: integreat-de likes a larger K1 (2.0: .716, 1.2: .712), xquad-de a smaller one (.932, .938).
K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """One analysed field: term → its positions, ascending; ``length`` counts words that are no stop words."""

    positions: dict[str, list[int]]
    length: int


def field_terms(analyzer: GermanAnalyzer, text: str) -> FieldTerms:
    """Analyse one field of a document."""
    positions: dict[str, list[int]] = {}
    length = 0
    last = 0
    ordered = True
    for term, _, _, position, extra, stop in analyzer.analyze(text):
        found = positions.get(term)
        if found is None:
            positions[term] = [position]
        else:
            found.append(position)
        ordered = ordered and position >= last
        last = position
        if not extra and not stop:
            length += 1
    if not ordered:
        for places in positions.values():
            places.sort()
    return FieldTerms(positions, length)


def inverse_document_frequency(documents: int, frequency: int) -> float:
    """Never negative, so that no matching term lowers a score."""
    return math.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5))


def length_norm(length: int, average: float) -> float:
    """What a term frequency is divided by; 1 for a field of average length."""
    return 1.0 - B + B * (length / average) if average else 1.0


def saturated(frequency: float) -> float:
    """The weighted, normalised frequency of a term in all fields, brought below ``K1 + 1``."""
    return frequency * (K1 + 1.0) / (frequency + K1)


def contains_row(positions: list[list[int]]) -> bool:
    """Whether some word of the first list is followed by one of the second, and so on."""
    first, *others = positions
    later = [set(places) for places in others]
    return any(all(start + step in places for step, places in enumerate(later, start=1)) for start in first)
