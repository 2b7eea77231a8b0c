"""The German stemmer: PyStemmer (Snowball in C) where it is installed, NLTK's Snowball otherwise."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


def german_stemmer() -> tuple[Callable[[str], str], str]:
    """A function from a lower-cased word to its stem, and the name of the implementation.

    The two implementations differ in details, so the name is part of the analysis version.
    """
    try:
        return _pystemmer()
    except ImportError:
        return _nltk_stemmer()


def _pystemmer() -> tuple[Callable[[str], str], str]:
    import Stemmer

    # Our own cache sits in front, so PyStemmer's is switched off. A stemmer holds C state that two
    # threads must not share: the lock costs nothing, since it is only taken for words never seen.
    stemmer = Stemmer.Stemmer("german", 0)
    lock = Lock()

    def stem(word: str) -> str:
        with lock:
            return str(stemmer.stemWord(word))

    return stem, f"pystemmer-{Stemmer.version()}"


def _nltk_stemmer() -> tuple[Callable[[str], str], str]:
    from indexer.german.nltk_tools import snowball_stem

    snowball = snowball_stem()

    def stem(word: str) -> str:
        # Snowball in C reads ae, oe, ue as umlauts; NLTK's older rules do not.
        for pair, umlaut in (("ae", "ä"), ("oe", "ö"), ("ue", "ü")):
            word = word.replace("q" + pair, "q\0").replace(pair, umlaut).replace("q\0", "q" + pair)
        return snowball(word)

    return stem, "nltk-snowball"
