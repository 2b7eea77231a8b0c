"""What an index needs to know of a document's texts: its words with weights, neighbours, positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indexer.german import GermanAnalyzer, Token
from indexer.ranking.faint_words import faint_words
from indexer.scoring import HEADING, NEAR, TEXT, TITLE, TOPIC
from kb.model import IndexEntry

_HEADING = re.compile(r"^#{1,6}[ \t][^\n]*$", re.MULTILINE)

# The fields whose positions are kept, for phrases and for ``titel:``, ``autor:``, ``herausgeber:``.
POSITION_FIELDS = ("title", "body", "author", "publisher")
# term → its positions, ascending
Positions = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the vocabulary: its term, and whether it is a stop word, which has no parts and no grams."""

    term: str
    stop: bool


@dataclass(slots=True)
class DocumentWords:
    """One analysed document.

    ``weights`` maps words to how often they stand in the document, each place counted by its weight;
    ``pairs`` are the terms of neighbouring content words; ``length`` counts content words of title
    and text. ``words`` and ``spellings`` (word → as it is written here) say what is new of each word.
    ``faint`` are the terms around the text (``faint_words``), which are no part of the others.
    """

    weights: dict[str, int] = field(default_factory=dict)
    words: dict[str, Word] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    positions: dict[str, Positions] = field(default_factory=dict)
    length: int = 0
    faint: frozenset[str] = frozenset()


def document_words(
    analyzer: GermanAnalyzer, entry: IndexEntry, topic_labels: Mapping[str, str]
) -> DocumentWords:
    """Analyse title, text and the labels of the topics."""
    found = DocumentWords()
    title = analyzer.analyze(entry.title)
    body = analyzer.analyze(entry.text)
    _count(found, title, entry.title, [TITLE] * len(title))
    _count(found, body, entry.text, _body_weights(entry.text, body))
    for topic in entry.topics:
        label = topic_labels.get(topic, "")
        tokens = analyzer.analyze(label)
        _count(found, tokens, label, [TOPIC] * len(tokens))
    for name, tokens in (("title", title), ("body", body)):
        found.positions[name] = _positions(tokens)
        found.length += _join_neighbours(found.pairs, tokens)
    around = faint_words(analyzer, entry)
    found.faint = around.terms
    for name, tokens in around.fields.items():
        found.positions[name] = _positions(tokens)
    return found


def _body_weights(text: str, tokens: Sequence[Token]) -> list[int]:
    spans = [match.span() for match in _HEADING.finditer(text)] if "#" in text else []
    if not spans:
        return [TEXT] * len(tokens)
    starts = [start for start, _ in spans]

    def of(token: Token) -> int:
        at = bisect_right(starts, token.start) - 1
        return HEADING if at >= 0 and token.start < spans[at][1] else TEXT

    return [of(token) for token in tokens]


def _count(found: DocumentWords, tokens: Sequence[Token], text: str, weights: Sequence[int]) -> None:
    counts, words = found.weights, found.words
    for (term, start, end, _, _, stop, word), times in zip(tokens, weights, strict=True):
        if word in counts:
            counts[word] += times
        else:
            counts[word] = times
            words[word] = Word(term, stop)
            found.spellings[word] = text[start:end]


def _positions(tokens: Sequence[Token]) -> Positions:
    positions: Positions = {}
    last = 0
    ordered = True
    for token in tokens:
        places = positions.get(token[0])
        if places is None:
            positions[token[0]] = [token[3]]
        else:
            places.append(token[3])
        ordered = ordered and token[3] >= last
        last = token[3]
    if not ordered:
        for places in positions.values():
            places.sort()
    return positions


def _join_neighbours(pairs: set[tuple[str, str]], tokens: Sequence[Token]) -> int:
    """Add the pairs of one text; returns its number of content words."""
    length = 0
    before, place = "", -NEAR - 1
    for term, _, _, position, extra, stop, _ in tokens:
        if extra or stop:
            continue
        length += 1
        if position - place <= NEAR:
            pairs.add((before, term))
        before, place = term, position
    return length
