"""The only module that touches NLTK: Punkt for sentence boundaries, Snowball as the fallback stemmer.

Nothing here needs ``nltk.download``: Punkt is trained on the corpus, Snowball is code.

Punkt's expressions take quadratic time of a run of marks, so NLTK gives each of them five seconds and raises
``TimeoutError``: whether a text can be read would depend on the machine. Here no more than ``PIECE_CHARS`` are
handed over at a time, and nothing is timed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module

from nltk.stem.snowball import GermanStemmer
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer, PunktTrainer

from indexer.german.learned_punkt import LearnedPunkt

# What Punkt is given at once. Hardly a line is as long; one that is is parted behind a word without a mark.
PIECE_CHARS = 4_000
_UNMARKED = re.compile(r"(?<!\S)[^\s.!?]+(?=\s)")

with suppress(ImportError):  # an older NLTK times nothing
    import_module("nltk.redos").DEFAULT_TIMEOUT = None  # type: ignore[attr-defined]


def snowball_stem() -> Callable[[str], str]:
    """NLTK's German Snowball stemmer, six times slower than PyStemmer's."""
    stemmer = GermanStemmer()
    return lambda word: str(stemmer.stem(word))


def train_punkt(texts: Iterable[str]) -> LearnedPunkt:
    """Learn abbreviations, collocations and sentence starters (Kiss and Strunk 2006) from running text."""
    trainer = PunktTrainer()
    trainer.INCLUDE_ALL_COLLOCS = False
    for text in texts:
        lines = (line[start:end] for line in text.split("\n") for start, end in _pieces(line))
        trainer.train("\n".join(lines), finalize=False)
    trainer.finalize_training()
    learned = trainer.get_params()
    return LearnedPunkt(
        tuple(sorted(learned.abbrev_types)),
        tuple(sorted(learned.collocations)),
        tuple(sorted(learned.sent_starters)),
        dict(sorted(learned.ortho_context.items())),
    )


class PunktSplitter:
    """Cuts running text into sentences with learned and given abbreviations."""

    def __init__(self, learned: LearnedPunkt, abbreviations: Iterable[str]) -> None:
        parameters = PunktParameters()
        parameters.abbrev_types = {*learned.abbreviations, *abbreviations}
        parameters.collocations = set(learned.collocations)
        parameters.sent_starters = set(learned.sentence_starters)
        parameters.ortho_context.update(learned.orthography)
        self._tokenizer = PunktSentenceTokenizer(parameters)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of each sentence, in code points, white space between them left out."""
        begin: int | None = None
        for first, last in _pieces(text):
            found = list(self._tokenizer.span_tokenize(text[first:last]))
            for number, (start, end) in enumerate(found, start=1):
                begin = first + start if begin is None else begin
                if number < len(found) or last == len(text):
                    yield begin, first + end
                    begin = None
        if begin is not None:
            yield begin, len(text.rstrip())


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The text in pieces of at most ``PIECE_CHARS``, none of which ends where a sentence could."""
    first = 0
    while len(text) - first > PIECE_CHARS:
        unmarked = _UNMARKED.search(text, first + PIECE_CHARS // 2, first + PIECE_CHARS)
        last = unmarked.end() if unmarked is not None else first + PIECE_CHARS
        yield first, last
        first = last
    yield first, len(text)
