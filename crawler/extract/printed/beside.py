"""Lines that belong to the one beside them: initials, and bullets drawn by themselves. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from crawler.extract.printed.lettering import is_sign_alone
from crawler.extract.printed.page import Line

_INITIAL = 1.6  # so many times larger than the line beside it
_INITIAL_CHARS = 2  # with an opening quotation mark
_NEAR = 1.2  # of the initial's size, to the right
_SIGN_NEAR = 4.0  # em
_LOOKED_AT = 60


def with_neighbours(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page with initials and lone bullets at the beginning of the line that they belong to."""
    result: list[Line | None] = list(lines)
    for index, line in enumerate(lines):
        text = line.text.strip()
        if not line.height:
            continue
        if 0 < len(text) <= _INITIAL_CHARS and text[-1].isalpha() and text[-1].isupper():
            at = _beside(lines, index, _is_beside_initial)
        elif is_sign_alone(text):
            at = _beside(lines, index, _is_beside_sign)
        else:
            continue
        word = result[at] if at is not None else None
        if at is None or word is None:
            continue
        blank = " " if is_sign_alone(text) else ""
        result[at] = replace(word, text=f"{text}{blank}{word.text}", left=line.left)
        result[index] = None
    return [line for line in result if line is not None]


def _beside(lines: Sequence[Line], index: int, fits: Callable[[Line, Line], bool]) -> int | None:
    """The line that fits best to the right of one, the highest where several do."""
    start, end = max(0, index - _LOOKED_AT), min(len(lines), index + _LOOKED_AT)
    found = [at for at in range(start, end) if at != index and fits(lines[index], lines[at])]
    return max(found, key=lambda at: lines[at].bottom) if found else None


def _is_beside_initial(initial: Line, line: Line) -> bool:
    if not line.height or initial.height < _INITIAL * line.height or not line.text[:1].isalnum():
        return False
    is_right = -0.1 * initial.height <= line.left - initial.right <= _NEAR * initial.height
    top = initial.bottom + initial.height
    return is_right and initial.bottom - line.height <= line.bottom <= top


def _is_beside_sign(sign: Line, line: Line) -> bool:
    is_level = abs(sign.bottom - line.bottom) <= 0.6 * max(sign.height, line.height)
    return is_level and line.left - sign.left >= 0 and line.left - sign.right <= _SIGN_NEAR * line.height
