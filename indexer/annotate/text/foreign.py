"""Texts that are not German, whatever they claim: told by the frequent words of ``data/languages.toml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from indexer.annotate.data.files import read_data

GERMAN = "de"
# So many words tell a language. Of its own words a foreign text has so many times as many as of German ones,
# and one word in so many is one; in a short text more, since there a title may be half of all.
_ENOUGH_WORDS = 30
_FEWEST_WORDS = 8
_FOREIGN_FACTOR = 3
_ONE_IN = 12
_ONE_IN_SHORT = 4
_LONGER_WORDS = 2


def foreign_language(words: Sequence[str]) -> str | None:
    """The language of a text that is clearly not German, else None.

    Languages akin to German share many of its words: what is in both lists (``data/languages.toml``) counts for
    neither of the two.
    """
    if len(words) < _FEWEST_WORDS:
        return None
    one_in = _ONE_IN if len(words) >= _ENOUGH_WORDS else _ONE_IN_SHORT
    small = list(map(str.lower, words))
    if sum(map(_foreign_words().__contains__, small)) * one_in < len(words):
        return None
    known = _frequent()
    own, longer, shared = Counter[str](), Counter[str](), Counter[str]()
    german = 0
    for word, count in Counter(filter(known.__contains__, small)).items():
        languages = known[word]
        if GERMAN not in languages:
            own.update(dict.fromkeys(languages, count))
            longer.update(languages if len(word) > 1 else ())
            continue
        german += count
        shared.update(dict.fromkeys(languages, count))
    best = max(own, key=lambda language: (own[language], shared[language], language), default=None)
    if best is None:
        return None
    # Every language has its words in German texts too („in“, „die“ of English, names of projects).
    enough = own[best] * one_in >= len(words) and own[best] > _FOREIGN_FACTOR * (german - shared[best])
    # „K u r z b e r i c h t“: letters alone are no language.
    return best if enough and longer[best] >= _LONGER_WORDS else None


@lru_cache(maxsize=1)
def _frequent() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for language, words in read_data("languages.toml")["words"].items():
        for word in words:
            known[word] = (*known.get(word, ()), language)
    return known


@lru_cache(maxsize=1)
def _foreign_words() -> frozenset[str]:
    return frozenset(word for word, languages in _frequent().items() if GERMAN not in languages)
