"""Where one written word shows its members itself: by hyphens, dots of plain language, capitals, brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from indexer.german.letters import FRACTIONS
from indexer.german.surface import APOSTROPHES, DOTS, HYPHENS

# Inside Schüler/-innen the hyphen belongs to the gender sign, inside (Weiter-)Bildung to the brackets.
_BREAK = re.compile(
    rf"(?<![*:_/({DOTS}])[{HYPHENS}](?!\))|[{APOSTROPHES}]"
    rf"|[{DOTS}](?![iI]n(?:nen|(?![^\W_])))(?!-)|(?=[{FRACTIONS}])|(?<=[{FRACTIONS}])"
)
_BRACKETS = re.compile(r"\((?!-?[iI]n(?:nen)?\))-?([^\W\d_]+)-?\)")
_DOT = re.compile(rf"[{DOTS}](?=[^\W_])(?![iI]n(?:nen|(?![^\W_])))")
# OpenData, KlimaAG, BMBFProjekt, eGovernment; LehrerInnen, BAföG, GmbH and KiTa stay whole. A capital says
# something only where enough small letters stand on both sides; two capitals may be part of a longer
# abbreviation (AsylbLG).
_SEAM = re.compile(
    r"(?<=[a-zäöüß]{3})(?=[A-ZÄÖÜ][a-zäöüß]{2})(?!In(?:nen|(?![a-zäöüß])))"
    r"|(?<=[a-zäöüß]{3})(?=(?:[A-ZÄÖÜ]{3,60}|AG|EU|IT|PC|TV)(?![A-Za-zäöüß]))"
    r"|(?:(?<=[A-ZÄÖÜ]{3})|(?<=\bEU)|(?<=\bIT)|(?<=\bTV))(?=[A-ZÄÖÜ][a-zäöüß]{3})"
    r"|(?<=\b[eE])(?=[A-Z][a-z]{4})"
)
# Shorter pieces between dots are syllables (Be·ra·tung) and no members.
_SYLLABLE = 2
# Pieces between dots and brackets are further readings from so many letters on, as members of compounds are.
_LEAST_PIECE = 4
# Encoded data has capitals everywhere.
_MAX_PIECES = 6
_MAX_LENGTH = 60


class Span(NamedTuple):
    """A piece of a written word, end exclusive."""

    start: int
    end: int


class Inside(NamedTuple):
    """What one member of a written word shows: how it reads as a whole, what else it may be, its pieces."""

    whole: str
    others: tuple[str, ...] = ()
    pieces: tuple[Span, ...] = ()


def members(text: str) -> Iterator[Span]:
    """The members of a hyphenated word; a dot before a small letter joins (Bildungs·büro)."""
    start = 0
    for match in _BREAK.finditer(text):
        if match[0] in DOTS and match[0] and _joins(text, match.start()):
            continue
        if match.start() > start:
            yield Span(start, match.start())
        start = match.end()
    if start < len(text):
        yield Span(start, len(text))


def inside(member: str) -> Inside:
    """Look into one member: a written word without hyphens."""
    if _BRACKETS.search(member) is not None:
        return _bracketed(member)
    if _DOT.search(member) is not None:
        return Inside(_DOT.sub("", member), (), _dotted(member))
    return Inside(member, (), _capitals(member))


def _joins(text: str, dot: int) -> bool:
    return text[dot - 1].isalpha() and text[dot + 1].islower()


def _bracketed(member: str) -> Inside:
    """``Jugend(hilfe)planung`` is Jugendhilfeplanung and Jugendplanung."""
    pieces = []
    end = 0
    for match in _BRACKETS.finditer(member):
        pieces += [Span(end, match.start()), Span(*match.span(1))]
        end = match.end()
    pieces.append(Span(end, len(member)))
    return Inside(_BRACKETS.sub(r"\1", member), (_BRACKETS.sub("", member),), _long(pieces))


def _dotted(member: str) -> tuple[Span, ...]:
    pieces = _cut(member, _DOT)
    return () if any(end - start <= _SYLLABLE for start, end in pieces) else _long(pieces)


def _capitals(member: str) -> tuple[Span, ...]:
    if len(member) > _MAX_LENGTH or (member.isalpha() and member[1:].islower()):
        return ()
    pieces = _cut(member, _SEAM)
    if not 1 < len(pieces) <= _MAX_PIECES:
        return ()
    return tuple(piece for piece in pieces if piece.end - piece.start > 1)


def _cut(member: str, seam: re.Pattern[str]) -> list[Span]:
    edges = [(0, 0), *(match.span() for match in seam.finditer(member)), (len(member), len(member))]
    return [Span(left[1], right[0]) for left, right in pairwise(edges)]


def _long(pieces: list[Span]) -> tuple[Span, ...]:
    return tuple(piece for piece in pieces if piece.end - piece.start >= _LEAST_PIECE)
