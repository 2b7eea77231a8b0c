"""What documents are worth before any query: newer ones, or some kinds, a little more; off by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.ranking.columns import Columns

# Thousandths, so that scores stay whole numbers.
_UNIT = 1000


@dataclass(frozen=True, slots=True)
class Priors:
    """A score grows by ``recency`` (0.2 = a fifth) for the newest year in the index, half as much for each
    ``half_life`` years before it, and by what ``doc_types`` says for the kind of document.

    Documents without a year get nothing for it.
    """

    recency: float = 0.0
    half_life: float = 5.0
    doc_types: Mapping[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.recency or self.doc_types)

    def thousandths(self, year: int, newest: int, doc_type: str) -> int:
        """By what a document's score is multiplied, times 1,000; ``year`` is 0 where unknown."""
        age = max(0, newest - year)
        fresh = self.recency * 0.5 ** (age / self.half_life) if year else 0.0
        return _UNIT + round(_UNIT * (fresh + self.doc_types.get(doc_type, 0.0)))

    def factors(self, columns: Columns, live: NDArray[np.bool_]) -> NDArray[np.int64]:
        """For each document as ``thousandths``."""
        years = (columns.dates // 10_000).tolist()
        newest = max((year for year, there in zip(years, live.tolist(), strict=True) if there), default=0)
        kinds = columns.facets["doc_type"]
        known: dict[tuple[int, int], int] = {}
        values = []
        for year, code in zip(years, kinds.codes.tolist(), strict=True):
            if (year, code) not in known:
                known[year, code] = self.thousandths(year, newest, kinds.keys[code])
            values.append(known[year, code])
        return np.array(values, dtype=np.int64)

    @staticmethod
    def applied(total: int, thousandths: int) -> int:
        """A score with its prior."""
        return total * thousandths // _UNIT
