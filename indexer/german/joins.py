"""What two neighbours give together: U 25 is U25, § 16 i is § 16i, SGB II is SGB 2, 10 000 is 10000."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.german.language_data import word_list
from indexer.german.letters import clean

_BLANKS = frozenset(" \u00a0\u2009\u202f")
# A dash where a hyphen is meant: U–25.
_GAPS = _BLANKS | {"", "\u2013"}
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_ARABIC = {roman: str(number) for number, roman in enumerate(_ROMANS, start=1)}
# Letters before a number: U 25, A 4, EG 9, ISO 9001.
MAX_LETTERS = 3
# Digits of a group (10 000), and what may stand between two words that are one (R & D).
MAX_GROUP = 3
MAX_GAP = 3
_NUMBER = re.compile(r"\d{1,4}(?![^\W_])(?![.,:]\d)")
_GROUPED = re.compile(
    r"(?<![\d.,])(?<!\d[ \u00a0])[1-9]\d{0,2}(?:[ \u00a0]\d{3}){1,4}(?![^\W_]|[.,]\d|[ \u00a0]\d)"
)
# The U of „25 U 30“ belongs to what follows.
_NUMBER_FOLLOWS = re.compile(r"[ \u00a0]\d")
_AND = re.compile(r"[ \u00a0]?&[ \u00a0]?")
_NUMBERED = re.compile(r"(?P<name>[^\W\d_]{3})(?P<roman>[ivx]+)")


class Joint(NamedTuple):
    """A further reading of what stands from ``start`` to ``end``; ``late`` if it belongs to the later word."""

    word: str
    start: int
    end: int
    late: bool = False


class Joins:
    """Knows which neighbours may be one word. Only numbers, units and single letters are ever asked about."""

    def __init__(self, stop_words: frozenset[str], abbreviations: frozenset[str]) -> None:
        self._units = word_list("units.txt")
        self._numbered = word_list("numbered.txt")
        # „am 3“, „Nr 5“, „km 3“, „II 3“ are no names with numbers.
        no_names = (*stop_words, *abbreviations, *self._units, *_ARABIC, *word_list("no_names.txt"))
        self._no_names = frozenset(word for word in no_names if len(word) > 1) | {"x", "à"}

    def concerns(self, word: str) -> bool:
        """Whether a written word may belong to the word before it."""
        if len(word) == 1 or word[0].isdecimal():
            return True
        small = clean(word).lower()
        return small in self._units or small in _ARABIC

    def of_word(self, base: str) -> str | None:
        """``sgbii`` → ``sgb2``."""
        found = _NUMBERED.fullmatch(base)
        if found is None or found["name"] not in self._numbered or found["roman"] not in _ARABIC:
            return None
        return found["name"] + _ARABIC[found["roman"]]

    def arabic(self, name: str, roman: str) -> str | None:
        """The number that a Roman numeral behind this word is: 2 for sgb and ii."""
        return _ARABIC.get(roman) if name in self._numbered else None

    def grouped(self, text: str, start: int) -> Joint | None:
        """``10 000`` as one number, if it begins here."""
        found = _GROUPED.match(text, start) if text[start].isdecimal() else None
        if found is None:
            return None
        digits = "".join(one for one in found[0] if one.isdecimal())
        return Joint(clean(digits), start, found.end(), late=True)

    def readings(self, text: str, before: Joint, word: Joint) -> Iterator[Joint]:
        """What a word gives with the word before it; of both, ``word`` is what was read."""
        gap = text[before.end : word.start]
        if gap not in _GAPS:
            yield from self._parted(text, before, word, gap)
            return
        number = _NUMBER.match(text, word.start)
        if number is not None:
            if gap and self._is_name(text[before.start : before.end]):
                yield Joint(before.word + clean(number[0]), before.start, number.end())
        elif before.word.isdecimal():
            if self._counts(text, before, word):
                yield Joint(before.word + word.word, before.start, word.end)
        else:
            yield from self._numbers(before, word)

    def _parted(self, text: str, before: Joint, word: Joint, gap: str) -> Iterator[Joint]:
        """``R & D``, ``Sek. II``, and a number of a name behind a line's end."""
        if _AND.fullmatch(gap):
            if before.end - before.start == 1 == word.end - word.start:
                yield Joint(f"{before.word}&{word.word}", before.start, word.end)
        elif gap.lstrip(".") in (*_BLANKS, "\n"):
            yield from self._numbers(before, word)

    def _is_name(self, written: str) -> bool:
        """One to three letters, all capitals or all small, that are no common word."""
        if len(written) > MAX_LETTERS or not written.isalpha():
            return False
        return (written.isupper() or written.islower()) and written.lower() not in self._no_names

    def _counts(self, text: str, before: Joint, word: Joint) -> bool:
        """Whether a letter or unit belongs to the number before it: of „2,5 m“ only all together would."""
        if before.start > 1 and text[before.start - 1] in ".," and text[before.start - 2].isdecimal():
            return False
        if _NUMBER_FOLLOWS.match(text, word.end):
            return word.word in self._units
        single = word.end - word.start == 1 and text[word.start].isalpha()
        return (single and word.word not in self._no_names) or word.word in self._units

    def _numbers(self, before: Joint, word: Joint) -> Iterator[Joint]:
        arabic = self.arabic(before.word, word.word)
        if arabic is not None:
            yield Joint(arabic, word.start, word.end, late=True)
            if len(before.word) <= MAX_LETTERS:
                yield Joint(before.word + arabic, before.start, word.end)
