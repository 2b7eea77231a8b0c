"""The three fields that every engine indexes: stems, compound parts and folded 5-grams of the same words.

All engines get the same tokens, made by the product's own analysis, so that engines are compared and not
analyses. Compounds are split by the vocabulary of the measured documents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from indexer.german import CompoundSplitter, GermanAnalyzer, Token, fold, grams
from indexer.scoring import FIELD_WEIGHTS as PRODUCT_WEIGHTS

__all__ = ["FIELD_WEIGHTS", "FieldAnalysis", "Fields", "fold", "learn_splitter"]

FIELD_WEIGHTS = {
    "body": PRODUCT_WEIGHTS["stems"],
    "parts": PRODUCT_WEIGHTS["parts"],
    "grams": PRODUCT_WEIGHTS["grams"],
}
# Texts; enough to see the words that compounds are made of.
_LEARN_FROM = 10_000
_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Fields:
    """Tokens of a text. ``row`` are the stems in their order, stop words included, as phrases need them;
    ``body`` are the same and then further readings of single words (the whole of a hyphenated compound)."""

    body: list[str]
    parts: list[str]
    grams: list[str]
    row: list[str]


@dataclass(frozen=True, slots=True)
class _Word:
    parts: tuple[str, ...]
    grams: tuple[str, ...]


def learn_splitter(texts: Iterable[str], analyzer: GermanAnalyzer | None = None) -> CompoundSplitter:
    """A splitter that knows the words of the texts."""
    analyzer = analyzer or GermanAnalyzer()
    holders: Counter[tuple[str, str]] = Counter()
    for text in islice(texts, _LEARN_FROM):
        holders.update({(token.word, token.term) for token in analyzer.analyze(text) if not token.stop})
    return CompoundSplitter.learn(
        ((word, term, count) for (word, term), count in holders.items()), analyzer.stem
    )


@dataclass(slots=True)
class FieldAnalysis:
    """From text to fields; each word is taken apart once."""

    splitter: CompoundSplitter
    analyzer: GermanAnalyzer = field(default_factory=GermanAnalyzer)
    _words: dict[str, _Word] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> FieldAnalysis:
        """One that knows no compounds yet."""
        analyzer = GermanAnalyzer()
        return cls(CompoundSplitter({}, analyzer.stem), analyzer)

    def analysed_fields(self, text: str) -> Fields:
        """The fields of a document."""
        found = Fields([], [], [], [])
        readings: list[str] = []
        for token in self.analyzer.analyze(text):
            term = _plain(token.term)
            (readings if token.extra else found.row).append(term)
            if not token.stop:
                word = self._word(token)
                found.parts.extend(word.parts)
                found.grams.extend(word.grams)
        found.body.extend(found.row)
        found.body.extend(readings)
        return found

    def query_fields(self, text: str) -> Fields:
        """The distinct tokens of a question, without stop words save in ``row``."""
        stop = {_plain(token.term) for token in self.analyzer.analyze(text) if token.stop}
        found = self.analysed_fields(text)
        body = [term for term in found.body if term not in stop] or found.body
        return Fields(_distinct(body), _distinct(found.parts), _distinct(found.grams), found.row)

    def save(self, path: Path) -> None:
        """Keep the vocabulary beside an index."""
        path.write_text(self.splitter.to_json(), "utf-8")

    @classmethod
    def load(cls, path: Path) -> FieldAnalysis:
        """With the vocabulary that an index was built with."""
        analyzer = GermanAnalyzer()
        return cls(CompoundSplitter.from_json(path.read_text("utf-8"), analyzer.stem), analyzer)

    def _word(self, token: Token) -> _Word:
        word = self._words.get(token.word)
        if word is None:
            parts = self.splitter.parts(token.word) or (token.term,)
            word = _Word(tuple(map(_plain, parts)), tuple(map(_plain, grams(token.word))))
            self._words[token.word] = word
        return word


def _plain(token: str) -> str:
    """Without what an engine's own tokenizer would cut at."""
    return _NO_WORD.sub("", token) or "x"


def _distinct(tokens: list[str]) -> list[str]:
    return list(dict.fromkeys(tokens))
