"""How much one query may do, counted in postings and positions: the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import InvalidQueryError

# Postings of grams that one query reads: about 3 ns each. Grams only rank; those beyond are left out.
MAX_POSTINGS = 8_000_000
# Documents whose positions one query may read; about 3 microseconds each. Ordinary phrases have two content
# words next to each other, which few documents have; a phrase of stop words has none.
MAX_POSITIONS = 20_000


@dataclass(slots=True)
class Work:
    """What a query did so far."""

    postings: int = 0
    terms: int = 0
    positions: int = 0

    def allows(self, postings: int) -> bool:
        """Whether so many postings may still be read."""
        return self.postings + postings <= MAX_POSTINGS

    def spend_positions(self, documents: int) -> None:
        """Count documents whose positions are read.

        Raises:
            InvalidQueryError: they are too many.
        """
        self.positions += documents
        if self.positions > MAX_POSITIONS:
            raise InvalidQueryError(
                "die Wörter in Anführungszeichen stehen in zu vielen Dokumenten",
                remedy="seltenere Wörter nehmen oder die Anführungszeichen weglassen",
            )
