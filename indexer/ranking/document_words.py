"""What an index needs to know of a document's texts: its words with weights, neighbours, positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indexer.german import GermanAnalyzer, Token
from indexer.ranking.document_texts import document_texts
from indexer.ranking.faint_words import faint_words
from indexer.scoring import NEAR
from kb.model import IndexEntry

# The fields whose positions are kept, for phrases and for ``titel:``.
POSITION_FIELDS = ("title", "body")
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
    and text; ``places`` are begin and end of each word in title, line break and text as one.
    ``words`` and ``spellings`` (word → as it is written here) say what is new of each word. ``faint`` are the
    terms around the text (``faint_words``), which are no part of the others.
    """

    weights: dict[str, int] = field(default_factory=dict)
    words: dict[str, Word] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    positions: dict[str, Positions] = field(default_factory=dict)
    length: int = 0
    faint: frozenset[str] = frozenset()


def document_words(
    analyzer: GermanAnalyzer, entry: IndexEntry, topic_labels: Mapping[str, str]
) -> DocumentWords:
    """Analyse title, text and the labels of the topics."""
    found = DocumentWords()
    texts = list(document_texts(entry, topic_labels))
    analysed = [analyzer.analyze(text.text) for text in texts]
    for text, tokens in zip(texts, analysed, strict=True):
        _count(found, tokens, text.text, text.weights([token.start for token in tokens]).tolist())
    for name, tokens in zip(POSITION_FIELDS, analysed, strict=False):
        found.positions[name] = _positions(tokens)
        found.length += _join_neighbours(found.pairs, tokens)
    for tokens, begin in zip(analysed, (0, len(entry.title) + 1), strict=False):
        for token in tokens:
            found.places.setdefault(token.word, []).append((begin + token.start, begin + token.end))
    found.faint = faint_words(analyzer, entry)
    return found


def _count(found: DocumentWords, tokens: Sequence[Token], text: str, weights: Sequence[int]) -> None:
    counts, words = found.weights, found.words
    for (term, start, end, _, extra, stop, word), times in zip(tokens, weights, strict=True):
        if word in counts:
            counts[word] += times
        else:
            counts[word] = times
            words[word] = Word(term, stop)
            # Schulwahl of „Schul- und Berufswahl“ is written nowhere.
            unwritten = extra and end - start < len(word)
            found.spellings[word] = word.capitalize() if unwritten else text[start:end]


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
