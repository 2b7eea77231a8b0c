"""Spans of tokens, and whether one of many is near."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Tokens of one text, end exclusive."""

    start: int
    end: int

    def overlaps(self, other: TokenSpan) -> bool:
        """Whether they share a token."""
        return self.start < other.end and other.start < self.end


class SpanIndex:
    """Spans of one text, asked many times whether one of them is near; a question costs log of their number."""

    def __init__(self, spans: Iterable[TokenSpan]) -> None:
        ordered = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in ordered]
        self._ends = list(accumulate((span.end for span in ordered), max))

    def near(self, span: TokenSpan, window: int = 0) -> bool:
        """Whether an indexed span is less than ``window`` tokens away; with 0, whether one overlaps."""
        count = bisect_left(self._starts, span.end + window)
        return count > 0 and self._ends[count - 1] > span.start - window
