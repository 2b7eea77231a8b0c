"""What differs between two texts, line by line and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from webapp.desk.alignment import aligned, aligned_lines

_PIECES = re.compile(r"\s+|[\w'’-]+|[^\w\s]")
# Unchanged lines around a change; the rest is folded.
_CONTEXT = 2
# Beyond this the words of a changed line are not compared: nobody would see them.
_MAX_LINE = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a comparison: ``kind`` is ``same``, ``changed`` or ``gap``; both sides are safe HTML."""

    kind: str
    before: Markup = field(default_factory=Markup)
    after: Markup = field(default_factory=Markup)


def differences(before: str, after: str) -> list[Line]:
    """Rows of two texts side by side, unchanged stretches folded."""
    old, new = before.split("\n"), after.split("\n")
    rows: list[Line] = []
    for equal, a, b, c, d in aligned_lines(old, new):
        if equal:
            rows += _same(old[a:b], first=a == 0, last=b == len(old))
        else:
            rows += _changed(old[a:b], new[c:d])
    return rows


def _same(lines: list[str], *, first: bool, last: bool) -> Iterator[Line]:
    head = [] if first else lines[:_CONTEXT]
    tail = [] if last else lines[len(head) :][-_CONTEXT:]
    folded = len(lines) - len(head) - len(tail)
    for line in head:
        yield Line("same", escape(line), escape(line))
    if folded:
        yield Line("gap")
    for line in tail:
        yield Line("same", escape(line), escape(line))


def _changed(old: list[str], new: list[str]) -> Iterator[Line]:
    for number in range(max(len(old), len(new))):
        left = old[number] if number < len(old) else ""
        right = new[number] if number < len(new) else ""
        yield Line("same", escape(left), escape(right)) if left == right else _words(left, right)


def _words(left: str, right: str) -> Line:
    if not left or not right or len(left) + len(right) > _MAX_LINE:
        return Line("changed", _mark(left, "del"), _mark(right, "ins"))
    before, after = _PIECES.findall(left), _PIECES.findall(right)
    shown: dict[str, list[Markup]] = {"del": [], "ins": []}
    for equal, a, b, c, d in aligned(before, after):
        for element, piece in (("del", "".join(before[a:b])), ("ins", "".join(after[c:d]))):
            shown[element].append(escape(piece) if equal else _mark(piece, element))
    return Line("changed", Markup("").join(shown["del"]), Markup("").join(shown["ins"]))


def _mark(text: str, element: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(element), text) if text else Markup("")
