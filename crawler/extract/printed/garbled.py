"""Whether a text layer is broken: letters that stand for others, as fonts without a map give them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from math import hypot

from crawler.extract.data import pairs
from crawler.extract.lines.language import DEFAULT, stop_words

_SAMPLE_CHARS = 20_000
_WORD = re.compile(r"[^\W\d_]+")
_FEW_WORDS = 40
# Honest German text has 35 to 50 per cent stop words, lists of names still above 2 or none.
_HARDLY_ANY = 0.02
# Likeness of the letters' frequencies to those of German: 400 characters of honest text have 0.93 at least,
# lists of abbreviations and of foreign names about 0.7; text shifted by any number of letters 0.64 at most.
_UNLIKE = 0.65
_MANY_UNKNOWN = 0.05
_MANY_IN_LINE = 0.08


def is_garbled(text: str) -> bool:
    """Whether nobody could read this; short texts get the benefit of the doubt."""
    sample = text[:_SAMPLE_CHARS]
    visible = [character for character in sample if not character.isspace()]
    if not visible:
        return False
    unknown = sum(map(_is_unknown, visible))
    if unknown > _MANY_UNKNOWN * len(visible):
        return True
    words = _WORD.findall(sample)
    if len(words) < _FEW_WORDS or not _is_mostly_latin(words):
        return False
    frequent = stop_words(DEFAULT) | stop_words("en")
    known = sum(word.lower() in frequent for word in words)
    return known < _HARDLY_ANY * len(words) and _likeness(words) < _UNLIKE


def has_unknown_letters(line: str) -> bool:
    """Whether a good part of a line are characters that the file does not explain."""
    visible = [character for character in line if not character.isspace()]
    unknown = sum(map(_is_unknown, visible))
    return unknown >= 2 and unknown > _MANY_IN_LINE * len(visible)


def _is_unknown(character: str) -> bool:
    return unicodedata.category(character) in ("Co", "Cn", "Cc") or character == "\ufffd"


def _likeness(words: list[str]) -> float:
    """Cosine between the letters' frequencies here and in German, 0 to 1."""
    usual = {letter: float(percent) for letter, percent in pairs("letters.tsv")}
    here = Counter("".join(words).lower())
    both = sum(count * usual.get(letter, 0.0) for letter, count in here.items())
    return both / (hypot(*here.values()) * hypot(*usual.values()))


def _is_mostly_latin(words: list[str]) -> bool:
    latin = sum("LATIN" in unicodedata.name(word[0], "") for word in words)
    return latin > len(words) / 2
