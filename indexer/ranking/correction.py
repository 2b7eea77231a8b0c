"""Corrects words that the corpus does not know: by folded spelling, typing errors, missing blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import OSA

from indexer.german import fold
from indexer.german.language_data import word_list
from indexer.query.conditions import QueryWord
from indexer.ranking.spelling import MIN_LETTERS, TWO_ERRORS_FROM, errors_of

# Shorter pieces are in too many words; longer words are no two words.
_LEAST_PART = 3
_MAX_PARTED = 30
_STOP_WORDS = word_list("stopwords.txt")


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A word of the corpus, how it is written there, and how many documents hold it."""

    word: str
    spelling: str
    holders: int


class Lexicon(Protocol):
    """The words of a corpus's published documents."""

    def knows(self, word: QueryWord) -> bool:
        """Whether the word, its term, or a compound that begins or ends with it stands in some document."""

    def spelled(self, folded: str) -> Iterable[KnownWord]:
        """The words with this folded spelling."""

    def near(self, folded: str) -> Iterable[KnownWord]:
        """Words that may be within the edit distance; words that are not do no harm."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed, and what was meant."""

    typed: str
    meant: str


def corrections(words: Sequence[QueryWord], lexicon: Lexicon) -> list[Correction]:
    """Corrections of unknown words; known ones are never touched."""
    found = []
    for word in dict.fromkeys(words):
        if word.stop or word.extra or lexicon.knows(word):
            continue
        folded, written = fold(word.word), _with_umlauts(word.word)
        # A compound of known words may be new and right: it is hardly two errors away from another one.
        allowed = 1 if len(word.parts) > 1 else errors_of(folded)
        meant = _meant(_Typed(folded, written, allowed), lexicon)
        if meant is None and len(word.parts) < 2:
            meant = _parted(folded, lexicon)
        if meant is not None and meant.lower() != word.typed.lower():
            found.append(Correction(word.typed, meant))
    return found


def _parted(folded: str, lexicon: Lexicon) -> str | None:
    """Two words of the corpus that were written as one (``opendata`` for Open Data)."""
    best: tuple[int, str] | None = None
    if not folded.isalpha() or len(folded) > _MAX_PARTED:
        return None
    for cut in range(_LEAST_PART, len(folded) - _LEAST_PART + 1):
        halves = []
        for half in (folded[:cut], folded[cut:]):
            known = [word for word in lexicon.spelled(half) if word.holders and word.word not in _STOP_WORDS]
            if not known:
                break
            halves.append(max(known, key=lambda word: (word.holders, word.word)))
        if len(halves) == 2:
            holders = min(half.holders for half in halves)
            if best is None or holders > best[0]:
                best = (holders, " ".join(half.spelling for half in halves))
    return best[1] if best else None


def corrected_text(text: str, changes: Sequence[Correction]) -> str:
    """The query with the corrected words in their places."""
    for change in changes:
        meant = change.meant.replace("\\", "")
        text = _typed(change.typed).sub(meant, text)
    return text


def _typed(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Typed:
    folded: str
    written: str
    errors: int


def _with_umlauts(word: str) -> str:
    return word.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü")


def _meant(typed: _Typed, lexicon: Lexicon) -> str | None:
    """The commonest word of the nearest; one with the same umlauts and first letter is nearer."""
    folded, allowed = typed.folded, typed.errors
    if not folded.isalpha():
        return None
    same = [word for word in lexicon.spelled(folded) if word.holders]
    if same:
        return max(same, key=lambda word: (word.holders, word.word)).spelling
    if len(folded) < MIN_LETTERS:
        return None
    best: tuple[tuple[int, int, bool, int, str], str] | None = None
    for known in lexicon.near(folded):
        other = fold(known.word)
        if not known.holders or not other.isalpha():
            continue
        distance = OSA.distance(folded, other, score_cutoff=allowed)
        if distance > allowed or (distance > 1 and len(other) < TWO_ERRORS_FROM - 1):
            continue
        in_writing = OSA.distance(typed.written, _with_umlauts(known.word))
        rank = (distance, in_writing, other[0] != folded[0], -known.holders, known.word)
        if best is None or rank < best[0]:
            best = (rank, known.spelling)
    return best[1] if best else None
