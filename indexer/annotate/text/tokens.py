"""A text cut into tokens: their words, where each begins, and what stands around one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from typing import Any

from indexer.annotate.text.spans import TokenSpan
from indexer.german.language_data import before_numbers

# What ends a sentence, beside the end of a line.
_SENTENCE_ENDS = frozenset((".", "!", "?", ":"))
# A sentence is cut here at the latest, so that a table without full stops stays cheap.
_MAX_SENTENCE_TOKENS = 80


class Tokens:
    """What a text is cut into, as lists of one length.

    ``words[i]`` is the i-th token as it is written, ``starts[i]`` where it begins in ``text``, in code points.
    White space is a token only where it is more than one blank. ``norms`` has what the few tokens that are
    abbreviations stand for (``Nr.``), by number; at the offsets ``cuts`` a sentence ends that no mark tells of.
    """

    def __init__(
        self,
        text: str,
        words: Sequence[str],
        starts: Sequence[int],
        norms: Mapping[int, str],
        cuts: Set[int] = frozenset(),
    ) -> None:
        self.text = text
        self.words = words
        self.starts = starts
        self.norms = norms
        self._cuts = cuts
        # What others worked out of these tokens, under a name of their own, so that it is done once.
        self.worked_out: dict[object, Any] = {}

    def __len__(self) -> int:
        return len(self.words)

    def end(self, index: int) -> int:
        """Where a token ends in the text, exclusive."""
        return self.starts[index] + len(self.words[index])

    def between(self, start: int, end: int) -> str:
        """The text of tokens, as a slice: ``end`` is exclusive, and may lie behind the last one."""
        end = min(end, len(self.words))
        return self.text[self.starts[start] : self.end(end - 1)] if start < end else ""

    def is_before_blank(self, index: int) -> bool:
        """Whether a single blank, which is no token, stands behind a token."""
        following = self.starts[index + 1] if index + 1 < len(self.words) else len(self.text)
        return self.end(index) < following

    def covering(self, start: int, end: int) -> TokenSpan | None:
        """The tokens that hold the characters from ``start`` up to ``end``, None where there are none."""
        first, last = self._at(start), self._at(end - 1)
        if first is None or last is None:
            return None
        return TokenSpan(first + (start == self.end(first)), last + 1)

    def _at(self, offset: int) -> int | None:
        """The token that holds a character; a blank belongs to the one before it."""
        index = bisect_right(self.starts, offset) - 1
        return index if index >= 0 and offset < self.end(index) + self.is_before_blank(index) else None

    def sentence(self, token: int) -> TokenSpan:
        """The sentence (or line) that holds a token; abbreviations end no sentence."""
        ends = self._sentence_ends
        following = bisect_left(ends, token)
        start = max(0, token - _MAX_SENTENCE_TOKENS, ends[following - 1] + 1 if following else 0)
        last = ends[following] + 1 if following < len(ends) else len(self.words)
        return TokenSpan(start, min(last, token + _MAX_SENTENCE_TOKENS))

    @cached_property
    def _sentence_ends(self) -> list[int]:
        ends = [
            index
            for index, word in enumerate(self.words)
            if word in _SENTENCE_ENDS and not (word == "." and self._is_before_number(index))
        ]
        named = (
            [index for index in range(len(self.words)) if self.end(index) in self._cuts] if self._cuts else []
        )
        return sorted({*ends, *self._line_ends, *named})

    def _is_before_number(self, index: int) -> bool:
        """Whether a full stop is only that of „Art.“ in „Art. 6“."""
        words = self.words
        return (
            0 < index < len(words) - 1
            and words[index + 1][0].isdecimal()
            and words[index - 1].lower() in before_numbers()
        )

    @cached_property
    def _line_ends(self) -> list[int]:
        return [index for index, word in enumerate(self.words) if "\n" in word]

    def line_start(self, index: int) -> int:
        """Where the line begins in the text that holds a token."""
        before = bisect_left(self._line_ends, index)
        if not before:
            return 0
        blank = self._line_ends[before - 1]
        return self.starts[blank] + self.words[blank].rindex("\n") + 1
