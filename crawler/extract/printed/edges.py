"""Where the columns of printed lines end on the right, by which a line is known to be full. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from math import inf

from crawler.extract.printed.page import Line, Page

_SLACK = 12.0  # points by which lines of one column may differ at their left edge
_BESIDE = 2.5  # sizes of a line: so far above or below stands what is beside it
_NEXT = 2.2  # sizes from one line of a column to the next
_INDENT = 40.0  # points by which items and first lines stand within their column
_MAX_LINES = 800  # of a page; what has more is no prose


def right_edges(page: Page) -> Mapping[Line, float]:
    """For every line the right edge of its column: that of the longest line above or below it.

    A column ends at the latest where another one begins beside it.
    """
    lines = page.lines
    if not any(line.height for line in lines) or len(lines) > _MAX_LINES:
        widest = max((len(line.text) for line in lines), default=0)
        farthest = max((line.right for line in lines), default=0.0)
        return {line: farthest if line.height else float(widest) for line in lines}
    caps = _caps(lines)
    by_left = sorted(lines, key=lambda line: line.left)
    lefts = [line.left for line in by_left]
    edges = {}
    for line, cap in zip(lines, caps, strict=True):
        first, last = bisect_left(lefts, line.left - _INDENT), bisect_right(lefts, line.left + _SLACK)
        edges[line] = max(
            (one.right for one in by_left[first:last] if line.left < one.right <= cap), default=line.right
        )
    return edges


def _caps(lines: Sequence[Line]) -> list[float]:
    """For every line where the next column begins, as far as one stands beside it or beside its neighbours."""
    by_height = sorted(lines, key=lambda line: line.bottom)
    bottoms = [line.bottom for line in by_height]
    caps = []
    for line in lines:
        reach = _BESIDE * line.height
        near = by_height[bisect_left(bottoms, line.bottom - reach) : bisect_right(bottoms, line.bottom + reach)]
        caps.append(min((one.left for one in near if one.left > line.right), default=inf))
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        step = order.step
        for index in order:
            line, before = lines[index], lines[index - step]
            is_next = abs(line.bottom - before.bottom) <= _NEXT * max(line.height, before.height)
            if (
                caps[index] == inf
                and is_next
                and abs(line.left - before.left) <= _SLACK
                and line.right < caps[index - step]
            ):
                caps[index] = caps[index - step]
    return caps
