"""Whether a text layer is broken: letters that stand for others, as fonts without a map give them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from math import hypot

from crawler.extract.data import pairs
from crawler.extract.data import words as data_words
from crawler.extract.lines.language import DEFAULT, stop_words

_SAMPLE_CHARS = 20_000
_WORD = re.compile(r"[^\W\d_]+")
_FEW_WORDS = 40
_FEWEST_WORDS = 5
# Honest German text has 35 to 50 per cent stop words, lists of names still above 2 or none.
_HARDLY_ANY = 0.02
# Likeness of the letters' frequencies to those of German: 400 characters of honest text have 0.93 at least,
# lists of abbreviations and of foreign names about 0.7; text shifted by any number of letters 0.64 at most.
_UNLIKE = 0.65
# Of a few words: the share of pairs of letters that are among the 150 most frequent of German. Eight words of
# honest text without stop words have .46 at least, eight of shifted or exchanged letters seldom more than .3.
_FEWEST_PAIRS = 30
_ODD, _VERY_ODD = 0.38, 0.27
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzäöüß")
_MANY_FOREIGN = 0.15
_USUAL_SIGNS = frozenset(".,:;-–—_·…•|/+=×€%()[]'\"„“”!?&*°§#@~<>✓☐☒→")
_MANY_UNKNOWN = 0.05
_MANY_IN_LINE = 0.08


def is_garbled(text: str) -> bool:
    """Whether nobody could read this; short texts get the benefit of the doubt."""
    sample = text[:_SAMPLE_CHARS]
    visible = [character for character in sample if not character.isspace()]
    if not visible:
        return False
    unknown = 0 if "".join(visible).isprintable() and "\ufffd" not in sample else sum(map(_is_unknown, visible))
    if unknown > _MANY_UNKNOWN * len(visible):
        return True
    if _is_all_signs(visible):
        return True
    words = _WORD.findall(sample)
    if len(words) < _FEWEST_WORDS or not _is_mostly_latin(words):
        return False
    frequent = stop_words(DEFAULT) | stop_words("en")
    known = sum(len(word) > 2 and word.lower() in frequent for word in words)
    if known >= max(1, _HARDLY_ANY * len(words)):
        return False
    unlike = _likeness(words) < _UNLIKE
    return unlike if len(words) >= _FEW_WORDS else _has_odd_pairs(words, unlike=unlike)


def _is_all_signs(visible: list[str]) -> bool:
    """Whether there are signs in the place of letters: „$%&'()“; rows of dots, figures and sums have others."""
    signs = sum(not character.isalnum() and character not in _USUAL_SIGNS for character in visible)
    return len(visible) >= _FEWEST_PAIRS and signs > len(visible) / 2


def _has_odd_pairs(words: list[str], *, unlike: bool) -> bool:
    """Whether hardly any two letters follow each other that do so in German; told of a few words already."""
    pairs = [word[at : at + 2] for word in map(str.lower, words) for at in range(len(word) - 1)]
    letters = [letter for word in words for letter in word.lower()]
    foreign = sum(letter not in _ALPHABET for letter in letters)
    if len(pairs) < _FEWEST_PAIRS or foreign > _MANY_FOREIGN * len(letters):
        return False
    usual = sum(pair in data_words("letter_pairs.txt") for pair in pairs) / len(pairs)
    return usual < (_ODD if unlike else _VERY_ODD)


def has_unknown_letters(line: str) -> bool:
    """Whether a good part of a line are characters that the file does not explain."""
    if line.isprintable() and "\ufffd" not in line:
        return False
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
