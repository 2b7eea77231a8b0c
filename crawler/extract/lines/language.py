"""German, English or undetermined, by the share of stop words: enough for texts that declare nothing."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from crawler.extract.data import pairs

DEFAULT = "de"
UNDETERMINED = "und"
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE_CHARS = 4000
_TAG = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")
# Lists and tables have few stop words, so a text needs either a clear share of one language's or
# enough words to say that it is in neither.
_CLEAR_SHARE = 0.10
_FEW_WORDS = 40


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in pairs("stopwords.tsv")}


def stop_words(language: str) -> frozenset[str]:
    """The frequent words by which a language is recognised."""
    return _stop_words()[language]


def guess_language(text: str) -> str:
    """``de``, ``en`` or ``und``; a text too short to tell counts as German."""
    words = Counter(word.lower() for word in _WORD.findall(text[:_SAMPLE_CHARS]))
    total = sum(words.values())
    if total == 0:
        return DEFAULT
    shares = {
        language: sum(count for word, count in words.items() if word in frequent) / total
        for language, frequent in _stop_words().items()
    }
    best = max(shares, key=lambda language: shares[language])
    if shares[best] >= _CLEAR_SHARE:
        return best
    return DEFAULT if total < _FEW_WORDS or shares[DEFAULT] > 0.02 else UNDETERMINED


def declared_language(tag: str | None) -> str | None:
    """The primary language of a tag such as ``de-DE``; None where the tag is none."""
    match = _TAG.match((tag or "").strip())
    return match[0].lower() if match else None
