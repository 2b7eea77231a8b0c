"""A document of the page that is shown, and what an index knows of its text: nothing is analysed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.answer.marks import Place
from kb.model import IndexEntry


@dataclass(frozen=True, slots=True)
class FoundText:
    """``places`` are where the query's words stand, in order, counted in title, line break and text as one;
    ``ends`` is where the text's sentences end."""

    entry: IndexEntry
    places: Sequence[Place] = ()
    ends: Sequence[int] = ()
    in_title: list[Place] = field(init=False)
    in_text: list[Place] = field(init=False)

    def __post_init__(self) -> None:
        begin = len(self.entry.title) + 1
        in_text = [
            Place(place.start - begin, place.end - begin, place.mark)
            for place in self.places
            if place.start >= begin
        ]
        object.__setattr__(self, "in_title", [place for place in self.places if place.start < begin])
        object.__setattr__(self, "in_text", in_text)
