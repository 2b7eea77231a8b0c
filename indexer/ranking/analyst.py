"""What an index needs to know of some documents, as arrays: made here or in another process."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.german import GermanAnalyzer, SentenceSplitter, Token
from indexer.ranking.array_file import Array, map_arrays, save_arrays
from indexer.ranking.document_texts import DocumentText, document_texts
from indexer.ranking.faint_words import faint_words
from indexer.ranking.kernels import BODY_KIND, CAPITAL_BIT, EXTRA_BIT
from indexer.ranking.keys import term_key
from indexer.ranking.vocabulary import NewWord
from kb.errors import FundstelleError
from kb.failures import contained
from kb.model import IndexEntry

_LONGEST = 255
# Which of the first code points are capitals; beyond them are scripts that have none, or hardly any here.
_CAPITALS = np.array([chr(code).isupper() for code in range(0x2000)], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Run:
    """The tokens of some documents in a row.

    ``ends`` (i64) and ``text_at`` (u32, where the text begins after title and line break) have one number a
    document, the others one a token: ``words`` (u32, numbers of the session), ``begins`` (u32) and
    ``lengths`` (u8) in code points, ``positions`` (u32), ``weights`` (u8), ``kinds`` (u8).
    """

    ends: NDArray[np.int64]
    text_at: NDArray[np.uint32]
    words: NDArray[np.uint32]
    begins: NDArray[np.uint32]
    lengths: NDArray[np.uint8]
    positions: NDArray[np.uint32]
    weights: NDArray[np.uint8]
    kinds: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ends)

    def save(self, path: Path) -> Run:
        """The same, but on the disk."""
        arrays: dict[str, Array] = {name: getattr(self, name) for name in self.__slots__}
        save_arrays(path, arrays)
        return Run(**map_arrays(path))  # type: ignore[arg-type]  # the types that were just saved

    @classmethod
    def joined(cls, runs: Sequence[Run]) -> Run:
        """The documents of several runs, one after the other."""
        arrays = {name: np.concatenate([getattr(run, name) for run in runs]) for name in cls.__slots__}
        firsts = np.cumsum([0, *(len(run.words) for run in runs[:-1])])
        arrays["ends"] = arrays["ends"] + np.repeat(firsts, [len(run) for run in runs])
        return cls(**arrays)


@dataclass(frozen=True, slots=True)
class Words:
    """Distinct words, of each its term, its spelling and whether it is a stop word: lists, since objects would
    take twenty times as long on their way from other processes."""

    words: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)
    stops: list[bool] = field(default_factory=list)

    def add(self, token: Token, text: str) -> None:
        """Add the word of a token."""
        # Schulwahl of „Schul- und Berufswahl“ is written nowhere.
        unwritten = token.extra and token.end - token.start < len(token.word)
        self.words.append(token.word)
        self.terms.append(token.term)
        self.spellings.append(token.word.capitalize() if unwritten else text[token.start : token.end])
        self.stops.append(token.stop)

    def __getitem__(self, number: int) -> NewWord:
        return NewWord(self.words[number], self.terms[number], self.spellings[number], self.stops[number])


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents: their tokens, whose words are numbers of ``words``, their sentences, and the keys of what
    stands around them.

    Those that could not be analysed are empty, and ``refused`` by their place among the others.
    """

    run: Run
    words: Words
    sentence_counts: Sequence[int]
    sentence_ends: Sequence[int]
    faint_counts: Sequence[int]
    faint_keys: Sequence[int]
    refused: Mapping[int, FundstelleError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Analyst:
    """Analyses documents; pure."""

    analyzer: GermanAnalyzer
    topic_labels: Mapping[str, str]
    splitter: SentenceSplitter

    def __call__(self, entries: Sequence[IndexEntry]) -> Batch:
        """Analyse documents in the order given; one that makes that fail stays empty."""
        open_ = _Open(self.analyzer)
        counts, ends = array("I"), array("I")
        faint_counts, faint_keys = array("I"), array("Q")
        refused: dict[int, FundstelleError] = {}
        for number, entry in enumerate(entries):
            tokens, stops, faint = len(open_.words), list[int](), list[int]()
            with contained(entry.id, partial(refused.__setitem__, number)):
                stops = self.splitter.ends(entry.text)
                faint = sorted(map(term_key, faint_words(self.analyzer, entry)))
                for kind, text in enumerate(document_texts(entry, self.topic_labels)):
                    open_.add(min(kind, BODY_KIND + 1), text)
            if number in refused:
                open_.cut(tokens)
                stops, faint = [], []
            open_.text_at.append(len(entry.title) + 1)
            open_.ends.append(len(open_.words))
            counts.append(len(stops))
            ends.extend(stops)
            faint_counts.append(len(faint))
            faint_keys.extend(faint)
        return Batch(open_.closed(), open_.known, counts, ends, faint_counts, faint_keys, refused)


def make_analyst(topic_labels: Mapping[str, str], splitter: str) -> Analyst:
    """An analyst in a process of its own; ``splitter`` is what ``SentenceSplitter.to_json`` gave."""
    return Analyst(GermanAnalyzer(), topic_labels, SentenceSplitter.from_json(splitter))


@dataclass(slots=True)
class _Open:
    """The run that documents are added to."""

    analyzer: GermanAnalyzer
    known: Words = field(default_factory=Words)
    numbers: dict[str, int] = field(default_factory=dict)
    ends: array[int] = field(default_factory=lambda: array("q"))
    text_at: array[int] = field(default_factory=lambda: array("I"))
    words: array[int] = field(default_factory=lambda: array("I"))
    begins: array[int] = field(default_factory=lambda: array("I"))
    lengths: array[int] = field(default_factory=lambda: array("B"))
    positions: array[int] = field(default_factory=lambda: array("I"))
    weights: array[int] = field(default_factory=lambda: array("B"))
    kinds: array[int] = field(default_factory=lambda: array("B"))

    def add(self, kind: int, text: DocumentText) -> None:
        """Add the tokens of one text."""
        tokens = self.analyzer.analyze(text.text)
        if not tokens:
            return
        _, begins, ends, positions, extras, _, words = zip(*tokens, strict=True)
        self.words.extend(
            self._number(tokens[at], text.text) if number is None else number
            for at, number in enumerate(map(self.numbers.get, words))
        )
        self.begins.extend(begins)
        self.positions.extend(positions)
        starts = np.array(begins, dtype=np.int64)
        self.weights.frombytes(text.weights(starts).tobytes())
        lengths = np.minimum(np.array(ends, dtype=np.int64) - starts, _LONGEST)
        self.lengths.frombytes(lengths.astype(np.uint8).tobytes())
        kinds = _capitals(text.text, starts) * np.uint8(CAPITAL_BIT) + np.uint8(kind)
        kinds += np.array(extras, dtype=np.uint8) * np.uint8(EXTRA_BIT)
        self.kinds.frombytes(kinds.tobytes())

    def cut(self, tokens: int) -> None:
        """Keep so many tokens; words that only the others were stay known, and stand nowhere."""
        for name in ("words", "begins", "lengths", "positions", "weights", "kinds"):
            del getattr(self, name)[tokens:]

    def closed(self) -> Run:
        """What was added, as arrays."""
        return Run(**{name: np.array(getattr(self, name)) for name in Run.__slots__})

    def _number(self, token: Token, text: str) -> int:
        number = self.numbers.get(token.word)
        if number is None:
            number = self.numbers[token.word] = len(self.numbers)
            self.known.add(token, text)
        return number


def _capitals(text: str, begins: NDArray[np.int64]) -> NDArray[np.uint8]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)[begins]
    known = codes < len(_CAPITALS)
    return (_CAPITALS[np.where(known, codes, 0)] & known).astype(np.uint8)
