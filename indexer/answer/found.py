"""A document of the page that is shown, and what an index knows of its text: nothing is analysed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from indexer.answer.marks import Mark, Place
from kb.model import IndexEntry

_START = itemgetter(0)


@dataclass(frozen=True, slots=True)
class FoundText:
    """``in_title`` and ``in_text`` are where the query's words stand, in order; ``ends`` is where the text's
    sentences end."""

    entry: IndexEntry
    in_title: Sequence[Place] = ()
    in_text: Sequence[Place] = ()
    ends: Sequence[int] = ()

    @classmethod
    def of(cls, entry: IndexEntry, words: Iterable[tuple[int, int, Mark]], ends: Sequence[int]) -> FoundText:
        """``words`` are begin, end and mark of each word that is meant, in order, counted in title, line break
        and text as one."""
        begin = len(entry.title) + 1
        in_title, in_text = [], []
        for start, end, mark in words:
            if start < begin:
                in_title.append(mark.at(start, end))
            else:
                in_text.append(mark.at(start - begin, end - begin))
        # A part of a word may begin behind a word that begins later.
        in_title.sort(key=_START)
        in_text.sort(key=_START)
        return cls(entry, in_title, in_text, ends)
