"""Sentence boundaries by Punkt, trained on the corpus where it is large enough, with shipped abbreviations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.german.language_data import before_numbers, load_abbreviations
from indexer.german.learned_punkt import LearnedPunkt

if TYPE_CHECKING:
    from indexer.german.nltk_tools import PunktSplitter

# Below this Punkt takes ordinary short words for abbreviations; above the second, training only costs
# time: it reads about 1 MB in 4 s.
MIN_TRAINING_CHARS = 200_000
MAX_TRAINING_CHARS = 1_000_000
# Headings, list items and table rows end with the line, whatever mark they end with.
_LINES = re.compile(r"[^\n]+")
# „am 3. Mai“, „im 19. Jahrhundert“: hardly a German sentence ends in a number of two digits.
_ORDINAL = re.compile(r"(?<!\d)\d{1,2}\.$")
# „nach Art. 6“: what stands before an end, which is none before a number if the word is one of these.
_SHORT_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,6})\.$")
_NUMBER_AHEAD = re.compile(r"\s+\d")

# What stands between blanks and holds a mark, and what begins after it.
_MARKED = re.compile(r"(?<!\S)([^\s.!?]*[.!?]\S*)(?=\s+(\S))")
_PLAIN_WORD = re.compile(r"[^\W\d_]{3,}[.!?]")
# Marks that end nothing: 3.500, Kita.de, 18.30; and the days of „am 3. Mai“.
_WITHIN = re.compile(r"[\w-]+(?:[.!?][\w-]+)*")
_COUNTED = re.compile(r"\d{1,2}\.")
# With these Punkt moves the end.
_CLOSING = frozenset("\"')]}")


class SentenceSplitter:
    """Cuts text into sentences; a line break always ends one."""

    def __init__(self, learned: LearnedPunkt | None = None) -> None:
        self.learned = learned or LearnedPunkt()
        self._abbreviations = load_abbreviations().dotted | frozenset(self.learned.abbreviations)
        self._unsure = self._abbreviations | {first for first, _ in self.learned.collocations}

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
        if total < MIN_TRAINING_CHARS:
            return cls()
        from indexer.german.nltk_tools import train_punkt

        return cls(train_punkt(sample))

    @cached_property
    def _punkt(self) -> PunktSplitter:
        """NLTK's part, for those who cut sentences: a search reads from the index where they end."""
        from indexer.german.nltk_tools import PunktSplitter

        return PunktSplitter(self.learned, load_abbreviations().dotted)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of each sentence in code points; white space between them is left out."""
        for line in _LINES.finditer(text):
            first = line.start()
            for begin, end in self._plain_spans(line.group()) or self._asked_spans(line.group()):
                yield first + begin, first + end

    def _plain_spans(self, line: str) -> list[tuple[int, int]] | None:
        """The sentences of a line in which every mark is beyond doubt, or None: Punkt takes a fifth of the time
        of indexing where it is asked of every line, and hardly a line leaves it a choice.

        After a word of three letters that is no abbreviation, and after ! and ?, Punkt always ends a sentence;
        after an abbreviation never before a small letter or a number; after „3.“ and in „Art. 6“ nothing
        ends here.
        """
        spans = []
        begin = len(line) - len(line.lstrip())
        for match in _MARKED.finditer(line):
            word, follows = match[1], match[2]
            if _PLAIN_WORD.fullmatch(word):
                if follows.isdecimal() and word[-1] == "." and word[:-1].lower() in before_numbers():
                    continue
                if word[:-1].lower() not in self._unsure or word[-1] != ".":
                    if follows in _CLOSING:
                        return None
                    spans.append((begin, match.end(1)))
                    begin = match.start(2)
                elif word[:-1].lower() not in self._abbreviations or not (
                    follows.islower() or follows.isdecimal()
                ):
                    return None
            elif not _WITHIN.fullmatch(word) and not _COUNTED.fullmatch(word):
                return None
        if begin < len(line):
            spans.append((begin, len(line.rstrip())))
        return spans

    def _is_before_number(self, line: str, end: int) -> bool:
        """Whether an end is only the full stop of „Art.“ in „Art. 6“."""
        word = _SHORT_WORD.search(line, max(0, end - 8), end)
        return word is not None and word[1].lower() in before_numbers() and bool(_NUMBER_AHEAD.match(line, end))

    def _asked_spans(self, line: str) -> Iterator[tuple[int, int]]:
        begin: int | None = None
        for start, end in self._punkt.spans(line):
            if begin is None:  # Punkt keeps blanks at the beginning of a line
                begin = start + len(line[start:end]) - len(line[start:end].lstrip())
            # Punkt begins a sentence after any mark: of „Kommt alle!“, rief sie. at the closing quotation mark.
            parted = end == len(line) or line[end].isspace()
            if parted and not (
                _ORDINAL.search(line, max(begin, end - 4), end) or self._is_before_number(line, end)
            ):
                yield begin, end
                begin = None
        if begin is not None:
            yield begin, len(line.rstrip())

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
