"""Which pieces of two texts belong to each other, in a time that grows with their length.

``difflib`` compares everything with everything: of 1,000 changed paragraphs it takes half a minute. What stands
once in both texts is the same here and there (patience diff, after Bram Cohen); between such anchors little is
left, and that is difflib's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# So many comparisons are left to difflib at a time; larger blocks without an anchor are one change.
_LEFT_TO_DIFFLIB = 2_500
# How often anchors are looked for between anchors.
_DEPTH = 20
_WORD = re.compile(r"\w{4,}")


class Block(NamedTuple):
    """Pieces of the one text and of the other, end exclusive, that are equal or stand for each other."""

    equal: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int


# Pairs of places, in both texts ascending, of pieces that belong to each other.
_Anchors = list[tuple[int, int]]
_Find = Callable[[Sequence[str], Sequence[str]], _Anchors]


def aligned_lines(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Lines that are equal; where none are, lines that share a word which no other line has."""
    return _joined(_blocks(old, new, (_equal_anchors, _like_anchors)), equal_only=True)


def aligned(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Pieces that are equal."""
    return _joined(_blocks(old, new, (_equal_anchors,)))


def _blocks(old: Sequence[str], new: Sequence[str], ways: Sequence[_Find]) -> Iterator[Block]:
    waiting = [(0, len(old), 0, len(new), 0)]
    while waiting:
        a, b, c, d, depth = waiting.pop()
        if depth == _CERTAIN:
            yield Block(old[a:b] == new[c:d], a, b, c, d)
            continue
        before = _common(old[a:b], new[c:d])
        behind = _common(old[a + before : b][::-1], new[c + before : d][::-1])
        if before:
            yield Block(True, a, a + before, c, c + before)
        if behind:
            waiting.append((b - behind, b, d - behind, d, _CERTAIN))
        a, b, c, d = a + before, b - behind, c + before, d - behind
        if a == b and c == d:
            continue
        if (b - a) * (d - c) <= _LEFT_TO_DIFFLIB:
            yield from _by_difflib(old, new, a, b, c, d)
            continue
        found = _anchors(old[a:b], new[c:d], ways) if depth < _DEPTH else []
        if not found:
            yield Block(False, a, b, c, d)
            continue
        parts: list[tuple[int, int, int, int, int]] = []
        for one, other in [(a + one, c + other) for one, other in found]:
            parts += [(a, one, c, other, depth + 1), (one, one + 1, other, other + 1, _CERTAIN)]
            a, c = one + 1, other + 1
        waiting += reversed([*parts, (a, b, c, d, depth + 1)])


# The depth of what is known to belong together.
_CERTAIN = -1


def _anchors(old: Sequence[str], new: Sequence[str], ways: Iterable[_Find]) -> _Anchors:
    return next((found for find in ways if (found := _ascending(find(old, new)))), [])


def _equal_anchors(old: Sequence[str], new: Sequence[str]) -> _Anchors:
    """What stands once here and once there."""
    here, there = _once(enumerate(old)), _once(enumerate(new))
    return [(place, there[piece]) for piece, place in here.items() if piece in there]


def _like_anchors(old: Sequence[str], new: Sequence[str]) -> _Anchors:
    """Lines with a word that no other line has, neither here nor there; the one with most of them."""
    here = _once((number, word) for number, line in enumerate(old) for word in set(_WORD.findall(line)))
    there = _once((number, word) for number, line in enumerate(new) for word in set(_WORD.findall(line)))
    shared = Counter((place, there[word]) for word, place in here.items() if word in there)
    best: dict[int, tuple[int, int]] = {}
    for (place, other), count in shared.items():
        best[place] = max(best.get(place, (0, 0)), (count, -other))
    return [(place, -other) for place, (_, other) in sorted(best.items())]


def _once(pieces: Iterable[tuple[int, Hashable]]) -> dict[Hashable, int]:
    """Where each piece stands that stands in one place only."""
    places: dict[Hashable, int] = {}
    often: set[Hashable] = set()
    for place, piece in pieces:
        if piece in places:
            often.add(piece)
        places[piece] = place
    return {piece: place for piece, place in places.items() if piece not in often}


def _ascending(pairs: _Anchors) -> _Anchors:
    """As many of the pairs as can be in the order of both texts: the longest increasing subsequence."""
    ends: list[int] = []  # the smallest end of an increasing run, by its length
    last: list[int] = []  # the pair at that end
    before: list[int] = []
    ordered = sorted(pairs)
    for number, (_, other) in enumerate(ordered):
        length = bisect_left(ends, other)
        if length == len(ends):
            ends.append(other)
            last.append(number)
        else:
            ends[length], last[length] = other, number
        before.append(last[length - 1] if length else -1)
    found: _Anchors = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(ordered[at])
        at = before[at]
    return found[::-1]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pieces at the beginning are equal."""
    for number, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return number
    return min(len(old), len(new))


def _by_difflib(old: Sequence[str], new: Sequence[str], a: int, b: int, c: int, d: int) -> Iterator[Block]:
    matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        yield Block(tag == "equal", a + first, a + last, c + begin, c + end)


def _joined(blocks: Iterable[Block], *, equal_only: bool = False) -> list[Block]:
    """Neighbours of one kind as one, empty ones left out."""
    joined: list[Block] = []
    for block in blocks:
        if block.old_start == block.old_end and block.new_start == block.new_end:
            continue
        if joined and joined[-1].equal is block.equal and (block.equal or not equal_only):
            joined[-1] = joined[-1]._replace(old_end=block.old_end, new_end=block.new_end)
        else:
            joined.append(block)
    return joined
