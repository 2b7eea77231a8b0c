"""Sentence boundaries by Punkt, trained on the corpus where it is large enough, with shipped abbreviations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from indexer.german.language_data import load_abbreviations
from indexer.german.nltk_tools import LearnedPunkt, PunktSplitter, train_punkt

# Below this Punkt takes ordinary short words for abbreviations; above the second, training only costs
# time: it reads about 1 MB in 4 s.
MIN_TRAINING_CHARS = 200_000
MAX_TRAINING_CHARS = 1_000_000
# Headings, list items and table rows end with the line, whatever mark they end with.
_LINES = re.compile(r"[^\n]+")
# „am 3. Mai“, „im 19. Jahrhundert“: hardly a German sentence ends in a number of two digits.
_ORDINAL = re.compile(r"(?<!\d)\d{1,2}\.$")


class SentenceSplitter:
    """Cuts text into sentences; a line break always ends one."""

    def __init__(self, learned: LearnedPunkt | None = None) -> None:
        self.learned = learned or LearnedPunkt()
        self._punkt = PunktSplitter(self.learned, load_abbreviations().dotted)

    @classmethod
    def train(cls, texts: Iterable[str]) -> SentenceSplitter:
        """Learn from texts in the order given; with too little of them only shipped abbreviations count."""
        sample: list[str] = []
        total = 0
        for text in texts:
            sample.append(text)
            total += len(text)
            if total >= MAX_TRAINING_CHARS:
                break
        return cls(train_punkt(sample)) if total >= MIN_TRAINING_CHARS else cls()

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of each sentence in code points; white space between them is left out."""
        for line in _LINES.finditer(text):
            begin: int | None = None
            for start, end in self._punkt.spans(line.group()):
                begin = start if begin is None else begin
                if not _ORDINAL.search(line.group(), max(begin, end - 4), end):
                    yield line.start() + begin, line.start() + end
                    begin = None
            if begin is not None:
                yield line.start() + begin, line.start() + len(line.group().rstrip())

    def ends(self, text: str) -> list[int]:
        """Where each sentence ends, in code points."""
        return [end for _, end in self.spans(text)]

    def to_json(self) -> str:
        """What was learned, for the index generation that was built with it."""
        learned = self.learned
        return json.dumps(
            {
                "abbreviations": learned.abbreviations,
                "collocations": learned.collocations,
                "sentence_starters": learned.sentence_starters,
                "orthography": learned.orthography,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, data: str) -> SentenceSplitter:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError, KeyError, TypeError: it is something else.
        """
        raw = json.loads(data)
        return cls(
            LearnedPunkt(
                tuple(raw["abbreviations"]),
                tuple((first, second) for first, second in raw["collocations"]),
                tuple(raw["sentence_starters"]),
                {word: int(flags) for word, flags in raw["orthography"].items()},
            )
        )
