"""Brings the letters of a written word to those that German texts are typed with."""

from __future__ import annotations

import re
import unicodedata

from indexer.german.language_data import load_letters, word_list

# Soft hyphen, zero-width space and joiners, word joiner: in PDF and web text, never part of a word.
INVISIBLE_CHARS = "\u00ad\u200b-\u200d\u2060"
_INVISIBLE = re.compile(f"[{INVISIBLE_CHARS}]")
# Signs that are no letters, yet stand for words: ℃ № ℡ ㎡ ㎞ ㏄
WORD_SIGNS = "\u2103\u2109\u2116\u2121\u213b\u3371-\u33df\u33ff"
# ½ is written as digits around a slash where it is not written as one sign.
FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞↉"
_GERMAN = frozenset("äöüßÄÖÜẞ")
_ODD = re.compile("[^\x00-\x7fäöüÄÖÜß]")
# Superscript and circled numbers: footnote marks, unless they are exponents.
_RAISED = "¹²³⁰⁴⁵⁶⁷⁸⁹" + "".join(
    map(chr, (*range(0x2460, 0x249C), *range(0x24EA, 0x2500), *range(0x2776, 0x2794)))
)
_NUMBER = re.compile(r"\d+")

_WRITTEN = load_letters()
# Further transcriptions; no letter needs a third.
_SECOND = str.maketrans({letter: written[1] for letter, written in _WRITTEN.items() if len(written) > 1})
_EXPONENTS = frozenset(unicodedata.normalize("NFKC", word) for word in word_list("exponents.txt"))


class _Latin(dict[int, str]):
    """What stands for a letter, found when it is first seen; the table of ``str.translate``."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _latin(chr(code))
        return found


class _Folded(dict[int, str]):
    """As ``_Latin``, and the dots of umlauts go too."""

    def __missing__(self, code: int) -> str:
        letters = LATIN[code].lower() if code > 127 else chr(code)
        found = self[code] = "".join(_UMLAUTS.get(letter, letter) for letter in letters)
        return found


_UMLAUTS = {"ä": "a", "ö": "o", "ü": "u", "ß": "ss"}
LATIN = _Latin()
FOLDED = _Folded()


def clean(surface: str) -> str:
    """A written word in German letters: without soft hyphens, footnote marks and foreign signs; case is kept.

    Ligatures, full-width letters and Roman numerals become plain letters, subscripts and exponents digits,
    foreign letters those of their usual transcription (``Łódź`` → ``Lodz``). Other alphabets stay.
    """
    surface = _INVISIBLE.sub("", surface)
    if surface.isascii():
        return surface
    surface = unicodedata.normalize("NFC", surface)
    if _ODD.search(surface) is None:
        return surface
    return _without_footnote(surface).translate(LATIN)


def transcriptions(surface: str) -> tuple[str, ...]:
    """The word in further transcriptions, small: ``Đorđević`` → ``djordjevic``; () for nearly every word."""
    if surface.isascii():
        return ()
    small = unicodedata.normalize("NFC", _INVISIBLE.sub("", surface)).lower()
    others = small.translate(_SECOND)
    return () if others == small else (_without_footnote(others).translate(LATIN),)


def fraction(char: str) -> tuple[str, ...]:
    """``½`` → 1, 2; () for what is no fraction."""
    return tuple(unicodedata.normalize("NFKC", char).split("\u2044")) if char in FRACTIONS else ()


def _without_footnote(word: str) -> str:
    """``Wort¹`` → ``Wort``, but ``m²`` stays."""
    marked = word.lstrip(_RAISED)
    core = marked.rstrip(_RAISED)
    unit = unicodedata.normalize("NFKC", _NUMBER.sub("", core).lower())
    if not core:
        return word
    return marked if len(unit) == 1 or unit in _EXPONENTS else core


def _latin(char: str) -> str:
    if char.isascii() or char in _GERMAN:
        return char
    written = _WRITTEN.get(char.lower())
    if written is not None:
        return written[0].capitalize() if char.isupper() else written[0]
    if unicodedata.combining(char):
        # Marks of Latin letters; other scripts need theirs.
        return "" if "\u0300" <= char <= "\u036f" else char
    if not char.isalnum() and unicodedata.category(char) != "So":
        return char
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", char)
    if plain != char:
        return "".join(LATIN[ord(one)] for one in plain if one.isalnum() or unicodedata.combining(one))
    bare = unicodedata.normalize("NFD", char)[0]
    if bare != char and (bare.isascii() or bare.lower() in _WRITTEN):
        return LATIN[ord(bare)]
    return char
