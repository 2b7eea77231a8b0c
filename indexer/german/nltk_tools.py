"""The only module that touches NLTK: Punkt for sentence boundaries, Snowball as the fallback stemmer.

Nothing here needs ``nltk.download``: Punkt is trained on the corpus, Snowball is code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from nltk.stem.snowball import GermanStemmer
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer, PunktTrainer

from indexer.german.learned_punkt import LearnedPunkt


def snowball_stem() -> Callable[[str], str]:
    """NLTK's German Snowball stemmer, six times slower than PyStemmer's."""
    stemmer = GermanStemmer()
    return lambda word: str(stemmer.stem(word))


def train_punkt(texts: Iterable[str]) -> LearnedPunkt:
    """Learn abbreviations, collocations and sentence starters (Kiss and Strunk 2006) from running text."""
    trainer = PunktTrainer()
    trainer.INCLUDE_ALL_COLLOCS = False
    for text in texts:
        trainer.train(text, finalize=False)
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
        yield from self._tokenizer.span_tokenize(text)
