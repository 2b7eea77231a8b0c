"""Which printed lines begin an item of a list, and how deep it stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crawler.extract.printed.known import marks
from crawler.extract.printed.page import Line

NUMBERED = re.compile(r"(?:\d{1,2}[.)]|[a-z]\))\s+\S")
# These need no blank behind them.
_CLOSE = "•▪●■◦‣∙\uf0b7\uf0a7"
_TICKS = "☐☑☒"
_DASHES = "–-—¬"
_BEFORE_NUMBERS = "§Ø"
_NEAR = 4  # lines
_INDENT = 4.0  # points
_DEEPEST = 3


class Bullet(NamedTuple):
    """The sign before an item, the item's words, and whether signs beside it are needed to believe it."""

    sign: str
    rest: str
    is_sure: bool


def bullet_of(text: str) -> Bullet | None:
    """The sign with which a line may begin an item."""
    sign, rest = text[:1], text[1:]
    known = marks()
    if sign in _CLOSE and sign:
        return Bullet(sign, rest.lstrip(), True)
    typed, _, words = text.partition(" ")
    if typed in known.typed_bullets and words.strip():
        return Bullet(typed, words.lstrip(), True)
    if not rest[:1].isspace() or not rest.strip():
        return None
    if sign in _BEFORE_NUMBERS and rest.lstrip()[:1].isdigit():
        return None  # a section of a law, an average
    if sign in _TICKS:
        return Bullet(sign, f"{sign} {rest.strip()}", True)
    if sign in known.bullets:
        return Bullet(sign, rest.lstrip(), True)
    return Bullet(sign, rest.lstrip(), False) if sign in known.unsure_bullets else None


def bullets_of(lines: Sequence[Line]) -> Mapping[int, Bullet]:
    """Which lines of a page begin items; not those of which only the text before them can tell."""
    found = {index: bullet for index, line in enumerate(lines) if (bullet := bullet_of(line.text)) is not None}
    return {
        index: bullet for index, bullet in found.items() if bullet.is_sure or _has_company(lines, found, index)
    }


def _has_company(lines: Sequence[Line], found: Mapping[int, Bullet], index: int) -> bool:
    """Whether another line near begins with the same sign at the same place."""
    sign, line = found[index].sign, lines[index]
    alike = [
        near
        for near in range(index - _NEAR, index + _NEAR + 1)
        if near != index
        and near in found
        and found[near].sign == sign
        and abs(lines[near].left - line.left) <= _INDENT
    ]
    if not alike:
        return False
    if sign not in _DASHES:
        return True
    following = lines[index + 1] if index + 1 < len(lines) else None
    hangs = following is not None and (index + 1 in found or following.left > line.left + _INDENT)
    return hangs or index - 1 in found or lines[index - 1].text.endswith((".", ":", "!", "?"))


@dataclass(slots=True)
class Depths:
    """The items above the one that is read: where they begin, and with which sign."""

    _open: list[tuple[float, str]] = field(default_factory=list)

    def end(self) -> None:
        """The list is over."""
        self._open.clear()

    def level(self, bullet: Bullet, line: Line, *, is_elsewhere: bool) -> int:
        """How many items stand above this one, 0 to 3; ``is_elsewhere``: on another page, in another column."""
        left, sign = line.left, bullet.sign
        if not line.height:  # nobody knows
            return 0
        if self._open and is_elsewhere:
            # Places cannot be compared: the sign tells.
            signs = [known for _, known in self._open]
            del self._open[signs.index(sign) if sign in signs else 0 :]
            if self._open:
                shift = left - self._open[-1][0]
                self._open = [(place + shift, known) for place, known in self._open]
        else:
            while self._open and left < self._open[-1][0] - _INDENT:
                self._open.pop()
            if self._open and left <= self._open[-1][0] + _INDENT:
                self._open.pop()
        self._open.append((left, sign))
        return min(len(self._open) - 1, _DEEPEST)
