"""Questions for the engines, taken from the documents' own words, the same at every run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from benchmarks.documents import SEED
from benchmarks.engine import BenchQuery, Task
from indexer.german import GermanAnalyzer
from kb.model import FACETS, IndexEntry

# A word is in the middle when at least this share of the documents holds it, and at most that.
_RAREST, _MOST_FREQUENT = 0.001, 0.05
_LEAST = 3
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{4,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_ADJACENT = re.compile(r"([A-Za-zÄÖÜäöüß]{4,}) ([A-Za-zÄÖÜäöüß]{4,})")
_LETTERS = "abcdefghijklmnoprstuvwz"
_TRIES = 2_000


@dataclass(slots=True)
class Sampler:
    """Draws questions; every one is about words that some document holds together."""

    entries: Sequence[IndexEntry]
    random: Random = field(default_factory=lambda: Random(SEED))
    _frequency: Counter[str] = field(default_factory=Counter)
    _analyzer: GermanAnalyzer = field(default_factory=GermanAnalyzer)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self._frequency.update({word.lower() for word in _WORD.findall(entry.text)})

    def questions(self, each: int) -> dict[Task, list[BenchQuery]]:
        """``each`` different questions a task; fewer where the documents do not give as many."""
        makers: dict[Task, Callable[[IndexEntry], BenchQuery | None]] = {
            Task.WORDS: self._words,
            Task.FILTERED: self._filtered,
            Task.QUESTION: self._question,
            Task.PHRASE: self._phrase,
            Task.PREFIX: self._prefix,
            Task.CORRECTION: self._correction,
            Task.SNIPPETS: self._snippets,
        }
        return {task: self._draw(make, each) for task, make in makers.items()}

    def _draw(self, make: Callable[[IndexEntry], BenchQuery | None], each: int) -> list[BenchQuery]:
        drawn: dict[str, BenchQuery] = {}
        for _ in range(max(_TRIES, 20 * each)):
            if len(drawn) == each:
                break
            query = make(self.random.choice(self.entries))
            if query is not None:
                drawn.setdefault(query.text, query)
        return list(drawn.values())

    def is_middling(self, word: str) -> bool:
        """A content word that is neither rare nor everywhere."""
        times, all_of_them = self._frequency[word.lower()], len(self.entries)
        if not max(_LEAST, _RAREST * all_of_them) <= times <= max(2 * _LEAST, _MOST_FREQUENT * all_of_them):
            return False
        return not all(token.stop for token in self._analyzer.analyze(word))

    def _some_words(self, entry: IndexEntry, count: int) -> list[str]:
        middling = [word for word in dict.fromkeys(_WORD.findall(entry.text)) if self.is_middling(word)]
        return self.random.sample(middling, count) if len(middling) >= count else []

    def _words(self, entry: IndexEntry, task: Task = Task.WORDS) -> BenchQuery | None:
        text = " ".join(self._some_words(entry, self.random.choice((2, 3))))
        return BenchQuery(task, text, text) if text else None

    def _snippets(self, entry: IndexEntry) -> BenchQuery | None:
        return self._words(entry, Task.SNIPPETS)

    def _filtered(self, entry: IndexEntry) -> BenchQuery | None:
        """One filter, or two, that the document passes whose words are asked for."""
        query = self._words(entry)
        able = [facet for facet in FACETS if entry.facet_values(facet)]
        if query is None:
            return None
        chosen = self.random.sample(able, self.random.choice((1, 2)))
        filters = {facet: entry.facet_values(facet)[:1] for facet in chosen}
        return BenchQuery(Task.FILTERED, query.text, query.plain, filters)

    def _question(self, entry: IndexEntry) -> BenchQuery | None:
        """A whole sentence of 8 to 16 words, asked."""
        fitting = [one for one in _SENTENCE.split(entry.text) if 8 <= len(one.split()) <= 16 and one[-1] == "."]
        if not fitting:
            return None
        words = self.random.choice(fitting).rstrip(".").replace('"', " ").replace("*", " ").split()
        text = "Was ist bekannt, wenn " + " ".join(word.lstrip("+-") for word in words) + "?"
        return BenchQuery(Task.QUESTION, text, text)

    def _phrase(self, entry: IndexEntry) -> BenchQuery | None:
        pairs = [pair for pair in _ADJACENT.findall(entry.text) if all(map(self.is_middling, pair))]
        if not pairs:
            return None
        plain = " ".join(self.random.choice(pairs))
        return BenchQuery(Task.PHRASE, f'"{plain}"', plain)

    def _prefix(self, entry: IndexEntry) -> BenchQuery | None:
        """The first four to six letters of a word that has at least eight."""
        words = [word for word in self._some_words(entry, 3) if len(word) >= 8]
        if not words:
            return None
        plain = words[0][: self.random.randint(4, 6)].lower()
        return BenchQuery(Task.PREFIX, f"{plain}*", plain)

    def _correction(self, entry: IndexEntry) -> BenchQuery | None:
        """Two words, the longer one mistyped so that no document holds it."""
        words = sorted(self._some_words(entry, 2), key=len)
        if not words or len(words[-1]) < 6:
            return None
        for wrong in misspellings(words[-1], self.random):
            if not self._frequency[wrong.lower()]:
                text = f"{words[0]} {wrong}"
                return BenchQuery(Task.CORRECTION, text, text)
        return None


def misspellings(word: str, random: Random) -> Iterator[str]:
    """One slip each: two letters swapped, one left out, one doubled, one wrong; the first letter stays."""
    slips = ["swap", "drop", "double", "replace"]
    random.shuffle(slips)
    at = random.randint(1, len(word) - 2)
    for slip in slips:
        match slip:
            case "swap":
                wrong = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            case "drop":
                wrong = word[:at] + word[at + 1 :]
            case "double":
                wrong = word[:at] + word[at] + word[at:]
            case _:
                wrong = word[:at] + random.choice(_LETTERS) + word[at + 1 :]
        if wrong != word:
            yield wrong
