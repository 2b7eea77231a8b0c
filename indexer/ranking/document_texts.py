"""Which texts of a document are searched, and how much a word counts in each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.scoring import HEADING, TEXT, TITLE, TOPIC
from kb.model import IndexEntry

_HEADING = re.compile(r"^#{1,6}[ \t][^\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A text, what a word counts in it, and (begin, end) of its headings, where a word counts more."""

    text: str
    weight: int
    headings: Sequence[tuple[int, int]] = ()

    def weights(self, begins: Sequence[int]) -> list[int]:
        """What words count that begin there."""
        if not self.headings:
            return [self.weight] * len(begins)
        starts = [start for start, _ in self.headings]

        def of(begin: int) -> int:
            at = bisect_right(starts, begin) - 1
            return HEADING if at >= 0 and begin < self.headings[at][1] else self.weight

        return [of(begin) for begin in begins]


def document_texts(entry: IndexEntry, topic_labels: Mapping[str, str]) -> Iterator[DocumentText]:
    """Title, text, and the labels of the topics, in this order."""
    yield DocumentText(entry.title, TITLE)
    text = entry.text
    yield DocumentText(text, TEXT, [match.span() for match in _HEADING.finditer(text)] if "#" in text else ())
    for topic in entry.topics:
        yield DocumentText(topic_labels.get(topic, ""), TOPIC)
