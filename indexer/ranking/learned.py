"""What an index learns from its documents and keeps until the next rebuild."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from indexer.german import CompoundSplitter

# Documents come and go; beyond this share of change a rebuild would learn something else.
_DRIFT = 0.5


@dataclass(frozen=True, slots=True)
class Learned:
    """``average_length`` in content words and the members of compounds, from ``documents`` documents.

    Both are fixed for a generation and its followers, so that documents, queries and older postings
    go on meaning the same.
    """

    average_length: float
    documents: int
    splitter: CompoundSplitter

    def has_drifted(self, documents: int) -> bool:
        """Whether an index of so many documents now should learn anew."""
        return abs(documents - self.documents) > _DRIFT * max(self.documents, 10)

    def to_json(self) -> str:
        """For the generation's folder."""
        return json.dumps(
            {
                "average_length": self.average_length,
                "documents": self.documents,
                "members": self.splitter.to_texts(),
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, data: str, stem: Callable[[str], str]) -> Learned:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it is something else.
        """
        raw = json.loads(data)
        splitter = CompoundSplitter.from_texts(raw["members"], stem)
        return cls(float(raw["average_length"]), int(raw["documents"]), splitter)
