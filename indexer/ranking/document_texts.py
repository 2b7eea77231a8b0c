"""Which texts of a document are searched, and how much a word counts in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.scoring import HEADING, TEXT, TITLE, TOPIC
from kb.model import IndexEntry

_HEADING = re.compile(r"^#{1,6}[ \t][^\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A text, what a word counts in it, and (begin, end) of its headings, where a word counts more."""

    text: str
    weight: int
    headings: Sequence[tuple[int, int]] = ()

    def weights(self, begins: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """What words count that begin there."""
        weights = np.full(len(begins), self.weight, dtype=np.uint8)
        if self.headings:
            starts, ends = np.array(self.headings, dtype=np.int64).T
            at = np.searchsorted(starts, begins, side="right") - 1
            weights[(at >= 0) & (begins < ends[at])] = HEADING
        return weights


def document_texts(entry: IndexEntry, topic_labels: Mapping[str, str]) -> Iterator[DocumentText]:
    """Title, text, and the labels of the topics, in this order."""
    yield DocumentText(entry.title, TITLE)
    text = entry.text
    yield DocumentText(text, TEXT, [match.span() for match in _HEADING.finditer(text)] if "#" in text else ())
    for topic in entry.topics:
        yield DocumentText(topic_labels.get(topic, ""), TOPIC)
