"""Documents as they come, as arrays of their tokens: what segments are made of.

A token is fourteen bytes; a run of them that has grown large waits on the disk, so that memory grows with
the vocabulary alone.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.german import CompoundSplitter, GermanAnalyzer, SentenceSplitter
from indexer.german.sentences import MAX_TRAINING_CHARS
from indexer.ranking.analyst import Analyst, Batch, Run, make_analyst
from indexer.ranking.kernels import count_words
from indexer.ranking.learned import Learned
from indexer.ranking.vocabulary import NewWord
from indexer.side_by_side import SideBySide, processors
from kb.errors import FundstelleError
from kb.model import IndexEntry

# Document numbers of a segment are two bytes.
MOST_DOCUMENTS = 1 << 16
# Characters of a segment; long documents fill it sooner.
MOST_CHARACTERS = 120_000_000
# Tokens that are held in memory: 28 MB.
_HELD_TOKENS = 2_000_000
# Documents that are analysed at a time, and how many such batches are too few for processes of their own, which
# take half a second to begin.
_BATCH = 64
_FEW_BATCHES = 16


@dataclass(slots=True)
class Gathered:
    """The documents of one segment, in the order of their numbers; ``dropped`` numbers stay empty, and so do
    those that are ``refused``, since they could not be analysed.

    ``characters`` are those of the texts; ``sentence_ends`` are offsets into them, ``sentence_counts`` how many
    each document has, and ``faint_keys`` and ``faint_counts`` likewise what stands around the texts.
    """

    runs: list[Run] = field(default_factory=list)
    sentence_counts: array[int] = field(default_factory=lambda: array("I"))
    sentence_ends: array[int] = field(default_factory=lambda: array("I"))
    faint_counts: array[int] = field(default_factory=lambda: array("I"))
    faint_keys: array[int] = field(default_factory=lambda: array("Q"))
    documents: int = 0
    characters: int = 0
    dropped: set[int] = field(default_factory=set)
    refused: dict[int, FundstelleError] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        """Whether further documents belong into another segment."""
        return self.documents >= MOST_DOCUMENTS or self.characters >= MOST_CHARACTERS

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


class Gatherer:
    """Takes documents one after the other, and knows all their words; ``spill`` is a folder for much.

    Many are analysed by other processes meanwhile. Without a ``splitter`` one is learned of the first texts.
    """

    def __init__(
        self,
        analyzer: GermanAnalyzer,
        topic_labels: Mapping[str, str],
        spill: Path,
        splitter: SentenceSplitter | None,
    ) -> None:
        self._analyzer = analyzer
        self._labels = topic_labels
        self._spill = spill
        self._splitter = splitter
        self._entries: list[IndexEntry] = []
        self._batches: deque[tuple[Gathered, Sequence[IndexEntry]]] = deque()
        self._untrained = 0
        self._analyst: Analyst | None = None
        self._analysed = 0
        self._helpers: SideBySide[Sequence[IndexEntry], Batch] | None = None
        self._held: list[Run] = []
        self._saved = 0
        self._numbers: dict[str, int] = {}
        self.words: list[NewWord] = []
        self.segments: list[Gathered] = [Gathered()]

    def add(self, entry: IndexEntry) -> int:
        """Take the next document; returns its number in the last segment."""
        segment = self.segments[-1]
        self._entries.append(entry)
        segment.characters += len(entry.text)
        segment.documents += 1
        if len(self._entries) == _BATCH:
            self._hand_on()
        return segment.documents - 1

    def next_segment(self) -> None:
        """Begin a new segment."""
        self.close()
        self.segments.append(Gathered())

    def close(self) -> None:
        """Have all that was added analysed and put to its segment."""
        self._hand_on()
        self._train()
        self._take(to_the_end=True)
        if self._held:
            self._put_away(save=self._saved > 0)

    def end(self) -> None:
        """Let the helpers go."""
        if self._helpers is not None:
            self._helpers.close()

    @property
    def splitter(self) -> SentenceSplitter:
        """What cuts sentences."""
        self._train()
        assert self._splitter is not None
        return self._splitter

    def _train(self) -> None:
        if self._splitter is None:
            texts = (entry.text for _, entries in self._batches for entry in entries)
            self._splitter = SentenceSplitter.train(texts)

    def _hand_on(self) -> None:
        """Give a batch to be analysed; as long as sentences are not learned, texts wait."""
        if self._entries:
            self._batches.append((self.segments[-1], self._entries))
            self._untrained += sum(len(entry.text) for entry in self._entries)
            self._entries = []
        if self._splitter is not None or self._untrained >= MAX_TRAINING_CHARS:
            self._train()
            self._take()

    def _take(self, *, to_the_end: bool = False) -> None:
        """Have batches analysed here as long as there were few, by helpers then; take what is there."""
        waiting, self._batches = self._batches, deque()
        for segment, entries in waiting:
            self._analysed += 1
            if self._analysed <= _FEW_BATCHES or not self._helped():
                self._merge(segment, self._here()(entries))
            else:
                assert self._helpers is not None
                self._helpers.submit(entries)
                self._merge_answers(to_the_end=False)
        if to_the_end:
            self._merge_answers(to_the_end=True)

    def _here(self) -> Analyst:
        if self._analyst is None:
            self._analyst = Analyst(self._analyzer, self._labels, self.splitter)
        return self._analyst

    def _helped(self) -> bool:
        if self._helpers is None and type(self._analyzer) is GermanAnalyzer and processors() > 1:
            make = partial(make_analyst, dict(self._labels), self.splitter.to_json())
            self._helpers = SideBySide(make, self._here())
        return self._helpers is not None

    def _merge_answers(self, *, to_the_end: bool) -> None:
        if self._helpers is not None:
            for batch in self._helpers.answers(to_the_end=to_the_end):
                self._merge(self.segments[-1], batch)

    def _merge(self, segment: Gathered, batch: Batch) -> None:
        numbers = np.array(
            [
                self._new(batch.words[at]) if number is None else number
                for at, number in enumerate(map(self._numbers.get, batch.words.words))
            ],
            dtype=np.uint32,
        )
        self._held.append(replace(batch.run, words=numbers[batch.run.words]))
        first = len(segment.sentence_counts)
        segment.refused |= {first + at: error for at, error in batch.refused.items()}
        segment.sentence_counts.extend(batch.sentence_counts)
        segment.sentence_ends.extend(batch.sentence_ends)
        segment.faint_counts.extend(batch.faint_counts)
        segment.faint_keys.extend(batch.faint_keys)
        if sum(len(run.words) for run in self._held) >= _HELD_TOKENS:
            self._put_away(save=True)

    def _new(self, word: NewWord) -> int:
        number = self._numbers[word.word] = len(self.words)
        self.words.append(word)
        return number

    def _put_away(self, *, save: bool) -> None:
        run = Run.joined(self._held)
        self._held = []
        if save:
            self._spill.mkdir(exist_ok=True)
            run = run.save(self._spill / f"{self._saved}.bin")
            self._saved += 1
        self.segments[-1].runs.append(run)

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
