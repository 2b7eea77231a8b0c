"""What two copies of a text have in common: its words without the accidents of typesetting, and their shingles.

A copy is broken elsewhere at its line ends, spelt with ``ue`` for ``ü``, has soft hyphens, another date of
printing; none of that may make it another text. Another year, number or name does (``differs_in_fact``).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from functools import cache
from hashlib import sha256
from itertools import pairwise

from crawler.extract import data

# A changed word costs three shingles; what the threshold on them was measured with stands in
# ``crawler.likeness.twins``.
WORDS_A_SHINGLE = 3
VERSION = 1

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Without brackets in it, so that a page of nothing but "](" is read in no time.
_LINK_TARGET = re.compile(r"\]\([^()\[\]\s]*(?:\s\"[^\"\[\]]*\")?\)")
_HYPHENS = "-\u2010\u2011"
_BROKEN = re.compile(rf"[{_HYPHENS}¬](?<=[^\W\d_].)\s+([^\W\d_]+)")
_INNER_HYPHEN = re.compile(rf"[{_HYPHENS}](?=[^\W\d_])(?<=[^\W_].)|[{_HYPHENS}](?=[^\W_])(?<=[^\W\d_].)")
_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"}
)
# A stamp is short; longer lines are text.
_LINE_WITH_DIGIT = re.compile(r"^(?=.{0,120}$)[^\n0-9]*[0-9].*$", re.MULTILINE)
_STAMP_WORDS = 12
# „Auenbrück, den 12. März 2024“: where and when a letter was written; the place stays.
_PLACE_AND_DATE = re.compile(r"^(?P<place>[A-ZÄÖÜ][\w ./()-]{1,40}), den (?=[0-9])")


def comparable_words(text: str) -> list[str]:
    """The words of a Markdown text as they are compared: case kept, umlauts spelt out, hyphens closed."""
    text = _LINK_TARGET.sub("]", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))
    text = _LINE_WITH_DIGIT.sub(lambda line: _without_stamp(line[0]), text)
    text = _BROKEN.sub(_closed, text)
    return _WORD.findall(_INNER_HYPHEN.sub("", text).translate(_UMLAUTS))


def _closed(match: re.Match[str]) -> str:
    """A broken word made whole; a suspended hyphen („Schul- und Jugendamt“) parts two words."""
    rest = match.group(1)
    return " " + rest if rest.casefold() in data.words("suspended.txt") else rest


def _without_stamp(line: str) -> str:
    """A line without its date, where that is only when the text was written, changed or printed."""
    words = [word.casefold() for word in _WORD.findall(line)]
    if len(words) > _STAMP_WORDS:
        return line
    said = [word for word in words if not word.isdecimal() and word not in _months()]
    place = _PLACE_AND_DATE.match(line.strip(" *_#"))
    has_weekday = not _stamp_words("wochentag").isdisjoint(said)
    if place is not None and not has_weekday and len(said) == len(_WORD.findall(place["place"])) + 1:
        return place["place"]
    occasions = _stamp_words("anlass")
    is_stamp = not occasions.isdisjoint(said) and set(said) <= occasions | _stamp_words("füllwort")
    return "" if is_stamp else line


@cache
def _stamp_words(wanted: str) -> frozenset[str]:
    return frozenset(word.casefold() for kind, word in data.pairs("stamp_words.tsv") if kind == wanted)


@cache
def _months() -> frozenset[str]:
    return frozenset(name.casefold().rstrip(".") for _, name in data.pairs("months.tsv"))


def letters_hash(words: Sequence[str]) -> str:
    """One hash for all texts with the same letters and digits, however they are cut into words."""
    return sha256("".join(words).casefold().encode()).hexdigest()


def shingles(words: Sequence[str]) -> set[str]:
    """All runs of so many neighbouring words; a shorter text is one shingle."""
    folded = [word.casefold() for word in words]
    count = max(1, len(folded) - WORDS_A_SHINGLE + 1)
    return {" ".join(folded[start : start + WORDS_A_SHINGLE]) for start in range(count)}


def jaccard(one: Set[str], other: Set[str]) -> float:
    """Shared members over all members; two empty sets have nothing in common."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def differs_in_fact(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each of two texts has numbers, names or nouns that the other says otherwise.

    What only one of them has more (a header, a note) is no contradiction; the year of an announcement, or the
    municipality of a form letter, stands in both and is another one in each. German writes nouns and names with
    a capital, so that case tells them from the rest.
    """
    return bool(set(_left_over(one, other)) and set(_left_over(other, one)))


def _left_over(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """Words of weight that ``one`` has more often than ``other``, broken and joined words made up for."""
    here, there = [word.casefold() for word in one], [word.casefold() for word in other]
    more = Counter(here)
    more.subtract(there)
    known = set(there)
    joined = {first + second for first, second in pairwise(there)}
    parts = {part for pair in pairwise(here) if "".join(pair) in known for part in pair}
    weighty = {word.casefold() for word in one if word[0].isupper() or any(map(str.isdigit, word))}
    for word, count in more.items():
        if count > 0 and word in weighty and word not in joined and word not in parts:
            yield word
