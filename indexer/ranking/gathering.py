"""Documents as they come, as arrays of their tokens: what segments are made of.

A token is fourteen bytes; a run of them that has grown large waits on the disk, so that memory grows with
the vocabulary alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.german import CompoundSplitter, GermanAnalyzer, SentenceSplitter, Token
from indexer.german.sentences import MAX_TRAINING_CHARS
from indexer.ranking.array_file import Array, map_arrays, save_arrays
from indexer.ranking.document_texts import DocumentText, document_texts
from indexer.ranking.faint_words import faint_words
from indexer.ranking.kernels import BODY_KIND, CAPITAL_BIT, EXTRA_BIT, count_words
from indexer.ranking.keys import term_key
from indexer.ranking.learned import Learned
from indexer.ranking.vocabulary import NewWord
from kb.model import IndexEntry

# Document numbers of a segment are two bytes.
MOST_DOCUMENTS = 1 << 16
# Tokens of a segment; long documents fill it sooner.
MOST_TOKENS = 16_000_000
# Tokens that are held in memory: 28 MB.
_HELD_TOKENS = 2_000_000
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


@dataclass(slots=True)
class Gathered:
    """The documents of one segment, in the order of their numbers; ``dropped`` numbers stay empty.

    ``sentence_ends`` are offsets into the texts, ``sentence_counts`` how many each document has; ``faint_keys``
    and ``faint_counts`` likewise what stands around the texts.
    """

    runs: list[Run] = field(default_factory=list)
    sentence_counts: array[int] = field(default_factory=lambda: array("I"))
    sentence_ends: array[int] = field(default_factory=lambda: array("I"))
    faint_counts: array[int] = field(default_factory=lambda: array("I"))
    faint_keys: array[int] = field(default_factory=lambda: array("Q"))
    documents: int = 0
    tokens: int = 0
    dropped: set[int] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Whether further documents belong into another segment."""
        return self.documents >= MOST_DOCUMENTS or self.tokens >= MOST_TOKENS

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which documents were not dropped again."""
        kept = np.ones(self.documents, dtype=np.bool_)
        kept[list(self.dropped)] = False
        return kept

    def each(self) -> Iterator[tuple[int, Run]]:
        """The runs, each with the number of its first document."""
        first = 0
        for run in self.runs:
            yield first, run
            first += len(run)


@dataclass(slots=True)
class Sentences:
    """Cuts texts into sentences; without a splitter one is learned of the first texts, which wait meanwhile."""

    known: SentenceSplitter | None
    _waiting: list[tuple[Gathered, str]] = field(default_factory=list)
    _size: int = 0

    @property
    def splitter(self) -> SentenceSplitter:
        """What was given, or learned of what there was."""
        if self.known is None:
            self.known = SentenceSplitter.train(text for _, text in self._waiting)
            for gathered, text in self._waiting:
                self._cut(gathered, text, self.known)
            self._waiting = []
        return self.known

    def add(self, gathered: Gathered, text: str) -> None:
        """Take the text of the next document."""
        if self.known is not None:
            self._cut(gathered, text, self.known)
            return
        self._waiting.append((gathered, text))
        self._size += len(text)
        if self._size >= MAX_TRAINING_CHARS:
            assert self.splitter

    @staticmethod
    def _cut(gathered: Gathered, text: str, splitter: SentenceSplitter) -> None:
        ends = splitter.ends(text)
        gathered.sentence_counts.append(len(ends))
        gathered.sentence_ends.extend(ends)


@dataclass(slots=True)
class _Open:
    """The run that documents are added to."""

    ends: array[int] = field(default_factory=lambda: array("q"))
    text_at: array[int] = field(default_factory=lambda: array("I"))
    words: array[int] = field(default_factory=lambda: array("I"))
    begins: array[int] = field(default_factory=lambda: array("I"))
    lengths: array[int] = field(default_factory=lambda: array("B"))
    positions: array[int] = field(default_factory=lambda: array("I"))
    weights: array[int] = field(default_factory=lambda: array("B"))
    kinds: array[int] = field(default_factory=lambda: array("B"))

    def closed(self) -> Run:
        """What was added, as arrays."""
        return Run(**{name: np.array(getattr(self, name)) for name in self.__slots__})


class Gatherer:
    """Takes documents one after the other, and knows all their words; ``spill`` is a folder for much."""

    def __init__(
        self,
        analyzer: GermanAnalyzer,
        topic_labels: Mapping[str, str],
        spill: Path,
        splitter: SentenceSplitter | None,
    ) -> None:
        self._analyzer = analyzer
        self._sentences = Sentences(splitter)
        self._labels = topic_labels
        self._spill = spill
        self._saved = 0
        self._numbers: dict[str, int] = {}
        self.words: list[NewWord] = []
        self.segments: list[Gathered] = [Gathered()]
        self._open = _Open()

    def add(self, entry: IndexEntry) -> int:
        """Take the next document; returns its number in the last segment."""
        texts = list(document_texts(entry, self._labels))
        self._sentences.add(self.segments[-1], entry.text)
        self._open.text_at.append(len(entry.title) + 1)
        for kind, text in enumerate(texts):
            self._add_text(min(kind, BODY_KIND + 1), text)
        self._open.ends.append(len(self._open.words))
        segment = self.segments[-1]
        faint = sorted(map(term_key, faint_words(self._analyzer, entry)))
        segment.faint_keys.extend(faint)
        segment.faint_counts.append(len(faint))
        segment.documents += 1
        if len(self._open.words) >= _HELD_TOKENS:
            self._close_run()
        return segment.documents - 1

    def next_segment(self) -> None:
        """Begin a new segment."""
        self.close()
        self.segments.append(Gathered())

    @property
    def splitter(self) -> SentenceSplitter:
        """What cuts sentences; with the first texts of a rebuild it is learned of them."""
        return self._sentences.splitter

    def close(self) -> None:
        """Put what is held to its segment."""
        if self._open.ends:
            self._close_run(save=len(self._open.words) >= _HELD_TOKENS or self._saved > 0)

    def _close_run(self, *, save: bool = True) -> None:
        run, segment = self._open.closed(), self.segments[-1]
        self._open = _Open()
        segment.tokens += len(run.words)
        if save:
            self._spill.mkdir(exist_ok=True)
            run = run.save(self._spill / f"{self._saved}.bin")
            self._saved += 1
        segment.runs.append(run)

    def _add_text(self, kind: int, text: DocumentText) -> None:
        tokens = self._analyzer.analyze(text.text)
        if not tokens:
            return
        _, begins, ends, positions, extras, _, words = zip(*tokens, strict=True)
        numbers = [
            self._number(tokens[at], text.text) if number is None else number
            for at, number in enumerate(map(self._numbers.get, words))
        ]
        run = self._open
        run.words.extend(numbers)
        run.begins.extend(begins)
        run.positions.extend(positions)
        starts = np.array(begins, dtype=np.int64)
        run.weights.frombytes(text.weights(starts).tobytes())
        lengths = np.minimum(np.array(ends, dtype=np.int64) - starts, _LONGEST)
        run.lengths.frombytes(lengths.astype(np.uint8).tobytes())
        kinds = _capitals(text.text, starts) * np.uint8(CAPITAL_BIT) + np.uint8(kind)
        kinds += np.array(extras, dtype=np.uint8) * np.uint8(EXTRA_BIT)
        run.kinds.frombytes(kinds.tobytes())

    def _number(self, token: Token, text: str) -> int:
        number = self._numbers.get(token.word)
        if number is None:
            number = self._numbers[token.word] = len(self.words)
            # Schulwahl of „Schul- und Berufswahl“ is written nowhere.
            unwritten = token.extra and token.end - token.start < len(token.word)
            spelling = token.word.capitalize() if unwritten else text[token.start : token.end]
            self.words.append(NewWord(token.word, token.term, spelling, token.stop))
        return number

    # --- what is learned of all ---

    @cached_property
    def counted(self) -> Counted:
        """How many documents hold each word, and how long they are; once all are there."""
        size = len(self.words)
        stops = np.array([word.stop for word in self.words], dtype=np.bool_)
        holders, capitals = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        lengths = []
        for segment in self.segments:
            mine, kept = np.zeros(segment.documents, dtype=np.int64), segment.kept
            for first, run in segment.each():
                count_words(run.ends, run.words, run.kinds, stops, kept, first, holders, capitals, mine)
            lengths.append(mine)
        return Counted(holders, capitals, stops, lengths)

    def learn(self, stem: Callable[[str], str]) -> Learned:
        """What a rebuild fixes for its generation: the average length, and what compounds are made of."""
        counted = self.counted
        words = (
            (word.word, word.term, holders)
            for word, holders in zip(self.words, counted.holders.tolist(), strict=True)
            if holders and not word.stop
        )
        documents = sum(segment.documents - len(segment.dropped) for segment in self.segments)
        total = sum(int(lengths.sum()) for lengths in counted.lengths)
        average = total / documents if documents else 0.0
        return Learned(average, documents, CompoundSplitter.learn(words, stem))


@dataclass(frozen=True, slots=True)
class Counted:
    """``holders``, ``capitals`` (documents that begin the word so, less those that do not) and ``stops`` have
    one value a word, ``lengths`` for each segment one a document."""

    holders: NDArray[np.int64]
    capitals: NDArray[np.int64]
    stops: NDArray[np.bool_]
    lengths: Sequence[NDArray[np.int64]]


def _capitals(text: str, begins: NDArray[np.int64]) -> NDArray[np.uint8]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)[begins]
    known = codes < len(_CAPITALS)
    return (_CAPITALS[np.where(known, codes, 0)] & known).astype(np.uint8)
