"""The three fields that every engine indexes: stems, compound parts and folded 5-grams of the same words.

All engines get the same tokens, so that engines are compared and not analyses. The fields are those of
the product; the compounds are split by the vocabulary of the measured documents.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from indexer.german import GermanAnalyzer

# The weights with which the product's fields were first measured together: stems, parts, grams.
FIELD_WEIGHTS = {"body": 1.0, "parts": 0.5, "grams": 0.2}

GRAM = 5
_SHORTEST_PART = 4
_SHORTEST_COMPOUND = 8
_LEAST_SEEN = 2
# Texts; enough to see the words that compounds are made of.
_LEARN_FROM = 10_000
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_WORD = re.compile(r"\W+")
_FOLDING = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


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


def fold(word: str) -> str:
    """Lower case without umlauts, however they were spelled: ``Übergänge``, ``uebergaenge`` → ``ubergange``."""
    plain = word.lower().translate(_FOLDING)
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def grams(word: str) -> tuple[str, ...]:
    """The 5-grams of ``_word_``; shorter words are their own gram."""
    framed = f"_{fold(word)}_"
    return tuple(dict.fromkeys(framed[at : at + GRAM] for at in range(max(1, len(framed) - GRAM + 1))))


@dataclass(slots=True)
class Splitter:
    """Splits compounds into words of a vocabulary; of several ways the one with the fewest parts."""

    known: frozenset[str]

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Splitter:
        """The words of at least four letters that stand in the texts twice or more."""
        seen: Counter[str] = Counter()
        for number, text in enumerate(texts):
            if number >= _LEARN_FROM:
                break
            seen.update(word.lower() for word in _LETTERS.findall(text) if len(word) >= _SHORTEST_PART)
        return cls(frozenset(word for word, times in seen.items() if times >= _LEAST_SEEN))

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a small word, or nothing where it is not a compound of known words."""
        if len(word) < _SHORTEST_COMPOUND:
            return ()
        # best[i]: the parts of word[:i], the fewest possible.
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(_SHORTEST_PART, len(word) + 1):
            for start in range(end - _SHORTEST_PART + 1):
                before = best[start]
                if before is None or (start == 0 and end == len(word)):
                    continue
                part = self._part(word[start:end], last=end == len(word))
                found = best[end]
                if part and (found is None or len(before) + 1 < len(found)):
                    best[end] = (*before, part)
        whole = best[len(word)]
        return whole if whole is not None and len(whole) > 1 else ()

    def _part(self, piece: str, *, last: bool) -> str:
        """The known word that a piece is, linking letters aside."""
        for link in _LINKS[:1] if last else _LINKS:
            stem = piece.removesuffix(link) if link else piece
            if (not link or len(stem) < len(piece)) and len(stem) >= _SHORTEST_PART and stem in self.known:
                return stem
        return ""


@dataclass(slots=True)
class FieldAnalysis:
    """From text to fields; each word is taken apart once."""

    splitter: Splitter
    analyzer: GermanAnalyzer = field(default_factory=GermanAnalyzer)
    _words: dict[str, _Word] = field(default_factory=dict)

    def analysed_fields(self, text: str) -> Fields:
        """The fields of a document."""
        found = Fields([], [], [], [])
        readings: list[str] = []
        for token in self.analyzer.analyze(text):
            term = _NO_WORD.sub("", token.term) or "x"
            (readings if token.extra else found.row).append(term)
            if not token.stop and not token.extra:
                word = self._word(text[token.start : token.end])
                found.parts.extend(word.parts)
                found.grams.extend(word.grams)
        found.body.extend(found.row)
        found.body.extend(readings)
        return found

    def query_fields(self, text: str) -> Fields:
        """The distinct tokens of a question, without stop words save in ``row``.

        ``parts`` begins with the stems: a word of the question may be part of a document's word.
        """
        stop = {token.term for token in self.analyzer.analyze(text) if token.stop}
        found = self.analysed_fields(text)
        body = [term for term in found.body if term not in stop] or found.body
        return Fields(_distinct(body), _distinct(body + found.parts), _distinct(found.grams), found.row)

    def save(self, path: Path) -> None:
        """Keep the vocabulary beside an index."""
        path.write_text(json.dumps(sorted(self.splitter.known), ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, path: Path) -> FieldAnalysis:
        """With the vocabulary that an index was built with."""
        return cls(Splitter(frozenset(json.loads(path.read_text("utf-8")))))

    def _word(self, surface: str) -> _Word:
        word = self._words.get(surface)
        if word is None:
            plain = "".join(_LETTERS.findall(surface)).lower()
            parts = [stem for part in self.splitter.split(plain) for stem in self.analyzer.terms_of(part)]
            made = grams("".join(surface.split())) if plain or surface.isdecimal() else ()
            word = _Word(tuple(parts), tuple(_NO_WORD.sub("", gram) for gram in made))
            self._words[surface] = word
        return word


def _distinct(tokens: list[str]) -> list[str]:
    return list(dict.fromkeys(tokens))
