"""Phrases that an editor can write, read into tests of words: stems, parts of compounds, exact spellings, gaps.

A pattern is words with spaces between them:

    Übergang Schule         both words in any inflection, next to each other or with a hyphen or quote between
    quartier*  *klasse      the word begins, ends with this; *flucht* holds it anywhere: the parts of compounds
    =KI                     exactly this spelling
    (Schule|Hauptschule)    one of these
    Übergang ... Beruf      up to four other words between, within one sentence
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from indexer.annotate.text.language import normal_form
from kb.errors import ConfigurationError

GAP = "..."
PART_LETTERS = 3
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Lower case, umlauts written out: what parts of compounds are compared by."""
    return word.lower().translate(_FOLDS)


@dataclass(frozen=True, slots=True)
class WordTest:
    """One alternative of one place in a pattern."""

    kind: str  # "stem" | "exact" | "begins" | "ends" | "holds"
    value: str

    def regex(self) -> str:
        """What a part is searched for by in a small-lettered word."""
        body = re.escape(self.value)
        for plain, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
            body = body.replace(written, f"(?:{plain}|{written})")
        return {"begins": f"^{body}", "ends": f"{body}$"}.get(self.kind, body)


Slot = tuple[WordTest, ...]  # alternatives; an empty slot is a gap


def parse_pattern(pattern: str) -> tuple[Slot, ...]:
    """Read one pattern.

    Raises:
        ConfigurationError: it has no word, a gap at an edge, or a part that is too short to mean anything.
    """
    slots = tuple(slot for piece in pattern.split() for slot in _parse_piece(piece, pattern))
    if not slots or not slots[0] or not slots[-1]:
        raise ConfigurationError(
            f"das Muster „{pattern}“ beginnt oder endet nicht mit einem Wort",
            remedy="Lücken (...) nur zwischen Wörtern verwenden",
        )
    return slots


def _parse_piece(piece: str, pattern: str) -> list[Slot]:
    if piece in (GAP, "…"):
        return [()]
    if piece.startswith("(") and piece.endswith(")"):
        return [tuple(_parse_word(word, pattern) for word in piece[1:-1].split("|"))]
    if "*" in piece or piece.startswith("="):
        return [(_parse_word(piece, pattern),)]
    return [(_parse_word(word, pattern),) for word in re.split(r"[-–/]", piece) if word]


def _parse_word(word: str, pattern: str) -> WordTest:
    if word.startswith("=") and len(word) > 1:
        return WordTest("exact", word[1:])
    core = fold(word.strip("*"))
    if not core or "*" in core or not re.search(r"\w", core):
        raise ConfigurationError(
            f"das Wort „{word}“ im Muster „{pattern}“ ist nicht zu verstehen",
            remedy="erlaubt sind Wort, Wort*, *wort, *wort*, =Wort und (eins|zwei)",
        )
    if "*" not in word:
        return WordTest("stem", normal_form(word))
    if len(core) < PART_LETTERS:
        raise ConfigurationError(
            f"der Wortteil „{word}“ im Muster „{pattern}“ ist zu kurz",
            remedy="mindestens drei Buchstaben angeben",
        )
    kind = {(False, True): "begins", (True, False): "ends"}.get((word[0] == "*", word[-1] == "*"), "holds")
    return WordTest(kind, core)
