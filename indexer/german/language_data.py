"""Reads the language data files: plain lists that a linguist can review and change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.errors import ConfigurationError

DATA_FOLDER = Path(__file__).parent / "data"


def data_lines(name: str) -> Iterator[str]:
    """The lines of a data file without comments and blank lines."""
    for line in (DATA_FOLDER / name).read_text("utf-8").splitlines():
        content = line.split("#", 1)[0].strip()
        if content:
            yield content


def corpus_text(path: Path) -> str:
    """The text of a file that editors may change; a missing one is empty.

    Raises:
        ConfigurationError: it is not readable.
    """
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "die Datei ist nicht lesbar", subject=str(path), remedy="Rechte prüfen und als UTF-8 speichern"
        ) from error


def word_list(name: str) -> frozenset[str]:
    """All words of a file, lower-cased; several may stand in one line."""
    return frozenset(word.lower() for line in data_lines(name) for word in line.split())


def data_fingerprint() -> bytes:
    """A digest that changes with any byte of any data file."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(DATA_FOLDER.glob("*.txt")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.digest()


@dataclass(frozen=True, slots=True)
class Replacements:
    """Whole words, and ends of words, that stand for others; all small."""

    words: dict[str, str]
    endings: dict[str, str]

    def apply(self, word: str) -> str:
        """The word that is meant; one that nothing is said about stays. An ending needs 3 letters before it."""
        replaced = self.words.get(word)
        if replaced is not None:
            return replaced
        for ending, other in self.endings.items():
            if word.endswith(ending) and len(word) > len(ending) + 2:
                return word[: -len(ending)] + other
        return word


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """What ``abbreviations.txt`` says.

    ``known``: every abbreviation, small, without dots and spaces (``zb``); ``replacements``: the
    unambiguous ones with their word; ``dotted``: small, with inner dots and without spaces
    (``z.b``), the form in which Punkt keeps them.
    """

    known: frozenset[str]
    replacements: Replacements
    dotted: frozenset[str]


def load_abbreviations(name: str = "abbreviations.txt") -> Abbreviations:
    """Read the abbreviations."""
    known: set[str] = set()
    dotted: set[str] = set()
    found = Replacements({}, {})
    for line in data_lines(name):
        short, _, long = (part.strip().lower() for part in line.partition("="))
        if short.startswith("*"):
            found.endings[squeeze(short[1:])] = long
            continue
        known.add(squeeze(short))
        # Punkt sees "z. B." as two tokens and "z.B." as one: it must know both parts and the whole.
        dotted.update(part.rstrip(".") for part in (*short.split(), short.replace(" ", "")))
        if long:
            found.words[squeeze(short)] = long
    return Abbreviations(frozenset(known), found, frozenset(dotted - {""}))


@cache
def before_numbers() -> frozenset[str]:
    """Words after whose full stop no sentence ends where a number follows: „Art. 6“."""
    return word_list("before_numbers.txt")


def load_plurals(name: str = "plurals.txt") -> Replacements:
    """Read the irregular plurals; ``*zentren = zentrum`` covers the word itself and its compounds."""
    found = Replacements({}, {})
    for line in data_lines(name):
        left, _, singular = (part.strip().lower() for part in line.partition("="))
        for plural in _spellings(left):
            found.words[plural.lstrip("*")] = singular
            if plural.startswith("*"):
                found.endings[plural[1:]] = singular
    return found


def squeeze(abbreviation: str) -> str:
    """``z. B.`` → ``zb``: lower case, without dots and white space."""
    return "".join(abbreviation.lower().replace(".", "").split())


@dataclass(frozen=True, slots=True)
class FeminineForms:
    """What ``feminine.txt`` says about words on -in and -innen that carry no gender sign."""

    endings: tuple[str, ...]
    kept: frozenset[str]
    kept_endings: tuple[str, ...]


def load_feminine_forms(name: str = "feminine.txt") -> FeminineForms:
    """Read endings (``-erin``) and exceptions (``! darin``, ``! *gewinnen``)."""
    endings: list[str] = []
    kept: set[str] = set()
    kept_endings: list[str] = []
    for line in data_lines(name):
        for word in _spellings(line.lstrip("!- ").strip().lower()):
            if not line.startswith("!"):
                endings.append(word)
            elif word.startswith("*"):
                kept_endings.append(word[1:])
            else:
                kept.add(word)
    return FeminineForms(tuple(sorted(endings)), frozenset(kept), tuple(sorted(kept_endings)))


def _spellings(word: str) -> set[str]:
    """A word as it is and with its umlauts spelled out (``ärztin``, ``aerztin``)."""
    spelled_out = word
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled_out = spelled_out.replace(umlaut, letters)
    return {word, spelled_out}


def load_letters(name: str = "letters.txt") -> dict[str, tuple[str, ...]]:
    """Read small foreign letters with their transcriptions, the usual one first."""
    found: dict[str, tuple[str, ...]] = {}
    for line in data_lines(name):
        letter, _, written = (part.strip() for part in line.partition("="))
        found[letter] = tuple(written.split()) or ("",)
    return found
