"""Reads a regular expression as an automaton and says where a search costs more than the length of its text.

Three ways, each with letters that, repeated, make it slow:

- *exponential*: a repeat within a repeat, where the same letters can be parted in many ways: ``(a+)+b``
- *polynomial*: two repeats behind each other that take the same letters: ``\\s*,?\\s*x``
- *from every start*: a search begins anew within what a repeat ran over, and fails as late again: ``\\s+x``,
  by lines ``^\\s*x``, ``\\([^)]*\\)``

A pattern that may always end where it is does not fail and is not slow. Source: Weber and Seidl, On the
degree of ambiguity of finite automata (1991); the first two ways are their conditions EDA and IDA.
Approximations: groups that are referred to are one letter, assertions of more than one letter may hold or not,
and of repeats with a bound only those beyond ``BOUND`` count, but for the first way. ``re._parser`` is the
parser of CPython itself; there is no public one.
"""

from __future__ import annotations

import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import Any

# All characters, as far as patterns tell them apart.
_ODD = (
    "\u2009\u200b\u2010\u2011\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2022\u2026\u2028"
    "\u2190\u2192\u0301\u4e00\ufb01\u1e9e\u0661\u0433"
)
SAMPLE = "".join(map(chr, range(0x180))) + _ODD
ALL = (1 << len(SAMPLE)) - 1
# Up to so many repetitions cost a constant.
BOUND = 2_000


@dataclass(frozen=True, slots=True)
class Slow:
    """A pattern that is slower than linear: how, and letters that show it when repeated."""

    way: str
    word: str


def slow(pattern: str, flags: int = 0, *, searched: bool = True, whole: bool = False) -> Slow | None:
    """The worst of a pattern, None where every search takes linear time.

    ``searched``: a match may begin anywhere; ``whole``: it must end where the text ends.
    """
    tree = parser.parse(pattern, flags)
    tight = _Automaton(tree, loops_from=1, whole=whole)
    word = tight.exponential()
    if word is not None:
        return Slow("exponential", word)
    loose = _Automaton(tree, loops_from=BOUND, whole=whole)
    word = loose.polynomial()
    if word is not None:
        return Slow("polynomial", word)
    word = loose.from_every_start() if searched else None
    return Slow("from every start", word) if word is not None else None


@dataclass(frozen=True, slots=True)
class _Condition:
    """What must stand before and after a place: sets of characters, as bits."""

    before: int = ALL
    after: int = ALL
    # Whether that is all that must hold; an assertion of more than one character is not looked into.
    told: bool = True

    def __and__(self, other: _Condition) -> _Condition:
        return _Condition(self.before & other.before, self.after & other.after, self.told and other.told)

    def holds(self, before: int, after: int) -> bool:
        """Whether it does between two characters."""
        return bool(before & self.before and after & self.after)


_ALWAYS = _Condition()
_UNKNOWN = _Condition(told=False)
_START = 0


@dataclass
class _Graph:
    """Nodes with steps that read nothing, under a condition, and letters: (from, set, to, atomic group)."""

    steps: dict[int, list[tuple[_Condition, int]]] = field(default_factory=dict)
    letters: list[tuple[int, int, int, int]] = field(default_factory=list)
    nodes: int = 0

    def node(self) -> int:
        self.nodes += 1
        return self.nodes

    def step(self, start: int, end: int, condition: _Condition = _ALWAYS) -> None:
        self.steps.setdefault(start, []).append((condition, end))


class _Automaton:
    """Positions are the letters of a pattern; position 0 reads whatever stands before a match."""

    def __init__(self, tree: Any, *, loops_from: int, whole: bool) -> None:
        self._loops_from = loops_from
        self._graph = _Graph()
        self._atomic = 0
        begin, self._end = self._graph.node(), self._graph.node()
        self._build(tree, begin, self._end, tree.state.flags, 0)
        letters = [(0, ALL, begin, 0), *self._graph.letters]
        self._sets = [one[1] for one in letters]
        self._groups = [one[3] for one in letters]
        positions: dict[int, list[int]] = {}
        for position, (start, *_) in enumerate(letters[1:], 1):
            positions.setdefault(start, []).append(position)
        self._next: list[dict[int, list[_Condition]]] = []
        self._ends: list[list[_Condition]] = []
        for _, _, node, _ in letters:
            following: dict[int, list[_Condition]] = {}
            ends: list[_Condition] = []
            for reached, condition in self._closure(node):
                if reached == self._end and condition.told and not whole:
                    ends.append(condition)
                for position in positions.get(reached, ()):
                    following.setdefault(position, []).append(condition)
            self._next.append(following)
            self._ends.append(ends)

    def _closure(self, node: int) -> Iterator[tuple[int, _Condition]]:
        """What is reached from a node without a letter, by up to two ways that pass no node twice."""
        ways: dict[tuple[int, _Condition], int] = {}
        left: list[tuple[int, _Condition, frozenset[int]]] = [(node, _ALWAYS, frozenset((node,)))]
        while left:
            at, condition, passed = left.pop()
            ways[at, condition] = ways.get((at, condition), 0) + 1
            yield at, condition
            for more, end in self._graph.steps.get(at, ()):
                both = condition & more
                if both.before and both.after and end not in passed and ways.get((end, both), 0) < 2:
                    left.append((end, both, passed | {end}))

    def _build(self, items: Iterable[Any], start: int, end: int, flags: int, atomic: int) -> None:
        at = start
        for code, value in items:
            after = self._graph.node()
            self._item(code, value, at, after, flags, atomic)
            at = after
        self._graph.step(at, end)

    def _item(self, code: Any, value: Any, start: int, end: int, flags: int, atomic: int) -> None:
        graph = self._graph
        match code:
            case codes.MAX_REPEAT | codes.MIN_REPEAT | codes.POSSESSIVE_REPEAT:
                if code is codes.POSSESSIVE_REPEAT:
                    atomic = self._new_atomic()
                least, most, body = value
                inner, outer = graph.node(), graph.node()
                self._build(body, inner, outer, flags, atomic)
                graph.step(start, inner)
                graph.step(outer, end)
                if not least:
                    graph.step(start, end)
                if most is codes.MAXREPEAT or most > self._loops_from:
                    graph.step(outer, inner)
            case codes.SUBPATTERN:
                _, added, removed, body = value
                self._build(body, start, end, (flags | added) & ~removed, atomic)
            case codes.ATOMIC_GROUP:
                self._build(value, start, end, flags, self._new_atomic())
            case codes.BRANCH:
                for body in value[1]:
                    self._build(body, start, end, flags, atomic)
            case codes.ASSERT | codes.ASSERT_NOT:
                self._assertion(value, start, end, flags, atomic, holds=code is codes.ASSERT)
            case codes.AT:
                graph.step(start, end, _place(value, flags))
            case codes.GROUPREF_EXISTS:
                for body in value[1:]:
                    self._build(body or (), start, end, flags, atomic)
            case codes.GROUPREF:
                graph.letters.append((start, ALL, end, atomic))
            case _:
                graph.letters.append((start, _set(code, value, flags), end, atomic))

    def _assertion(self, value: Any, start: int, end: int, flags: int, atomic: int, *, holds: bool) -> None:
        direction, body = value
        single = _single(body, flags)
        if single is not None:
            allowed = single if holds else ALL & ~single
            self._graph.step(start, end, _Condition(after=allowed) if direction > 0 else _Condition(allowed))
            return
        self._graph.step(start, end, _UNKNOWN)
        if direction > 0:  # what is looked at ahead is read too, and leads nowhere
            self._build(body, start, self._graph.node(), flags, self._new_atomic())

    def _new_atomic(self) -> int:
        self._atomic += 1
        return self._atomic

    @cached_property
    def _characters(self) -> list[int]:
        """One character, as a bit, for each kind of them that the pattern tells apart."""
        conditions = {one for following in self._next for many in following.values() for one in many}
        sets = {*self._sets, *(one.before for one in conditions), *(one.after for one in conditions)}
        kinds: dict[tuple[bool, ...], int] = {}
        for index in range(len(SAMPLE)):
            bit = 1 << index
            kinds.setdefault(tuple(bool(bit & one) for one in sets), bit)
        return list(kinds.values())

    def _of(self, position: int) -> list[int]:
        return [char for char in self._characters if self._sets[position] & char]

    def _steps(self, position: int, read: int, char: int) -> Iterator[int]:
        """The positions that read ``char`` behind one that read ``read``."""
        for following, conditions in self._next[position].items():
            if self._sets[following] & char and any(one.holds(read, char) for one in conditions):
                yield following

    def _may_end(self, position: int, read: int, char: int) -> bool:
        """Whether a match may end between two characters, so that it does not fail behind them."""
        return any(one.holds(read, char) for one in self._ends[position])

    @cached_property
    def _reach(self) -> list[set[int]]:
        reach: list[set[int]] = []
        for position in range(len(self._next)):
            seen: set[int] = set()
            left = list(self._next[position])
            while left:
                one = left.pop()
                if one not in seen:
                    seen.add(one)
                    left += self._next[one]
            reach.append(seen)
        return reach

    @cached_property
    def _looping(self) -> list[int]:
        return [position for position in range(1, len(self._next)) if position in self._reach[position]]

    def exponential(self) -> str | None:
        """A word that leads from a position to itself in two ways."""
        seen: set[int] = set()
        for position in sorted(self._looping, key=lambda one: len(self._of(one))):
            around = {one for one in self._reach[position] if position in self._reach[one]}
            together = {one for one in around if _ALWAYS not in self._ends[one]}
            if position in seen or position not in together:
                continue
            # What is slow from one of them is so from all that are reached without a place to end.
            seen |= together if together == around else {position}
            word = self._forked(together) or self._parted(position, together)
            if word is not None:
                return word
        return None

    def _forked(self, together: set[int]) -> str | None:
        """A character that leads from one position to another in two ways."""
        for position in together:
            for following in self._next[position].keys() & together:
                for one, other in combinations(self._next[position][following], 2):
                    for read, char in product(self._of(position), self._of(following)):
                        if (one & other).holds(read, char) and not self._may_end(position, read, char):
                            return SAMPLE[char.bit_length() - 1]
        return None

    def _parted(self, position: int, together: set[int]) -> str | None:
        """A word that leads from a position to itself over different others."""
        if not self._may_part(position, together):
            return None
        start = [((position, position, False), char) for char in self._of(position)]

        def steps(state: tuple[int, int, bool], read: int, char: int) -> Iterator[tuple[int, int, bool]]:
            one, other, parted = state
            if self._may_end(one, read, char) or self._may_end(other, read, char):
                return
            for first in self._steps(one, read, char):
                for second in self._steps(other, read, char):
                    if first in together and second in together:
                        yield min(first, second), max(first, second), parted or first != second

        return self._way(start, (position, position, True), steps)

    def _may_part(self, position: int, together: set[int]) -> bool:
        """Whether two ways through these positions read the same sets; a quick look, without conditions."""
        seen = {(position, position, False)}
        left = [(position, position, False)]
        while left:
            one, other, parted = left.pop()
            for first in self._next[one].keys() & together:
                for second in self._next[other].keys() & together:
                    if not self._sets[first] & self._sets[second]:
                        continue
                    if first == second == position and parted:
                        return True
                    state = (first, second, parted or first != second)
                    if state not in seen:
                        seen.add(state)
                        left.append(state)
        return False

    def polynomial(self) -> str | None:
        """A word that leads from one position to itself and to another, and from that to itself."""
        for first in self._looping:
            for last in self._looping:
                # Of two that lead to each other it would be the first way.
                if last in self._reach[first] and first not in self._reach[last]:
                    if self._groups[first] and self._groups[first] != self._groups[last]:
                        continue  # what an atomic group has read it does not give back
                    word = self._pump(first, last)
                    if word is not None:
                        return word
        return None

    def from_every_start(self) -> str | None:
        """A word that a match can begin with, run over, and begin with again."""
        self._next[_START] = {**self._next[_START], _START: [_ALWAYS]}
        for last in self._looping:
            word = self._pump(_START, last)
            if word is not None:
                return word
        return None

    def _pump(self, first: int, last: int) -> str | None:
        chars = [char for char in self._characters if self._sets[first] & char and self._sets[last] & char]
        if not chars:
            return None
        home = {one for one in self._reach[first] if first in self._reach[one]} | {first}
        away = {one for one in self._reach[last] if last in self._reach[one] and _ALWAYS not in self._ends[one]}
        if last not in away:
            return None
        between = {one for one in self._reach[first] if last in self._reach[one]} | {first, last}

        if not self._may_pump(first, last, home, between, away):
            return None

        def steps(state: tuple[int, int, int], read: int, char: int) -> Iterator[tuple[int, int, int]]:
            if self._may_end(state[2], read, char):
                return
            for one in self._steps(state[0], read, char):
                if one not in home:
                    continue
                for two in self._steps(state[1], read, char):
                    if two not in between:
                        continue
                    for three in self._steps(state[2], read, char):
                        if three in away:
                            yield one, two, three

        return self._way([((first, first, last), char) for char in chars], (first, last, last), steps)

    def _may_pump(self, first: int, last: int, home: set[int], between: set[int], away: set[int]) -> bool:
        """As ``_may_part``."""
        seen = {(first, first, last)}
        left = [(first, first, last)]
        while left:
            one, two, three = left.pop()
            for third in self._next[three].keys() & away:
                for second in self._next[two].keys() & between:
                    both = self._sets[third] & self._sets[second]
                    for start in self._next[one].keys() & home if both else ():
                        if both & self._sets[start]:
                            state = (start, second, third)
                            if state == (first, last, last):
                                return True
                            if state not in seen:
                                seen.add(state)
                                left.append(state)
        return False

    def _way(self, starts: Sequence[Any], goal: Any, steps: Any) -> str | None:
        """The shortest word from a state to the goal that ends with the character before its beginning."""
        for state, begin in starts:
            seen = {(state, begin)}
            left = deque([(state, begin, "")])
            while left:
                at, read, word = left.popleft()
                for char in self._characters:
                    for following in steps(at, read, char):
                        longer = word + SAMPLE[char.bit_length() - 1]
                        if following == goal and char == begin:
                            return longer
                        if (following, char) not in seen:
                            seen.add((following, char))
                            left.append((following, char, longer))
        return None


def _place(code: Any, flags: int) -> _Condition:
    newline = _bits("\n")
    match code:
        case codes.AT_BEGINNING:
            return _Condition(before=newline if flags & re.MULTILINE else 0)
        case codes.AT_BEGINNING_STRING:
            return _Condition(before=0)
        case codes.AT_END:
            return _Condition(after=newline if flags & re.MULTILINE else 0)
        case codes.AT_END_STRING:
            return _Condition(after=0)
        case _:  # word boundaries join two sets, which is more than this knows
            return _UNKNOWN


def _single(items: Any, flags: int) -> int | None:
    """The set of an assertion about one character, None for a longer one."""
    if len(items) != 1:
        return None
    ((code, value),) = items
    if code is codes.SUBPATTERN:
        return _single(value[3], (flags | value[1]) & ~value[2])
    if code is codes.BRANCH:
        sets = [_single(body, flags) for body in value[1]]
        return None if None in sets else _union(one for one in sets if one is not None)
    if code in (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN):
        return _set(code, value, flags)
    return None


def _set(code: Any, value: Any, flags: int) -> int:
    match code:
        case codes.LITERAL:
            return _bits(chr(value), flags)
        case codes.NOT_LITERAL:
            return ALL & ~_bits(chr(value), flags)
        case codes.ANY:
            return ALL if flags & re.DOTALL else ALL & ~_bits("\n")
        case codes.IN:
            negated = value[0][0] is codes.NEGATE
            found = _union(_set(one, what, flags) for one, what in value[negated:])
            return ALL & ~found if negated else found
        case codes.RANGE:
            return _union(_bits(char, flags) for char in SAMPLE if value[0] <= ord(char) <= value[1])
        case codes.CATEGORY:
            return _category(value)
        case _:
            raise ValueError(f"unknown in a pattern: {code}")


def _category(code: Any) -> int:
    name = str(code)
    test = {
        "DIGIT": str.isdecimal,
        "SPACE": str.isspace,
        "WORD": lambda char: char.isalnum() or char == "_",
    }[name.rpartition("_")[2]]
    found = _bits("".join(filter(test, SAMPLE)))
    return ALL & ~found if "NOT" in name else found


def _bits(chars: str, flags: int = 0) -> int:
    """The set of some characters; of one that the sample lacks, the first that it has beside."""
    if flags & re.IGNORECASE:
        chars += chars.lower() + chars.upper()
    return _union(1 << index for index in map(SAMPLE.find, chars) if index >= 0)


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found
