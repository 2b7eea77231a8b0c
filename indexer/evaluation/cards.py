"""Measures practice cards: a quotation is right where a reader found the same field in the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.evaluation.agreement import Agreement
from kb.model import CARD_FIELDS, CardField

# Of the shorter of two quotations, this share must lie in the other: readers and rules cut differently.
_COMMON_SHARE = 0.5

Quotations = tuple["Quotation", ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A field of a card and the span of the text (code points, end exclusive) that fills it."""

    field: str
    start: int
    end: int

    def means(self, other: Quotation) -> bool:
        """Whether both fill the same field with about the same words."""
        common = min(self.end, other.end) - max(self.start, other.start)
        shorter = min(self.end - self.start, other.end - other.start)
        return self.field == other.field and common > 0 and common >= _COMMON_SHARE * shorter


def quotations(card: Iterable[CardField]) -> Quotations:
    """What a drafted card quotes."""
    return tuple(Quotation(field.id, item.start, item.end) for field in card for item in field.evidence)


def labelled_quotations(card: Iterable[Mapping[str, str]], text: str) -> Quotations:
    """A labelled card: entries with ``id`` and ``text``, the words as they stand in the document.

    Raises:
        ValueError: a field does not exist, or its words are not in the text.
    """
    found = []
    for entry in card:
        name, words = entry["id"], entry["text"]
        start = text.find(words)
        if name not in CARD_FIELDS or not words or start < 0:
            raise ValueError(f"„{words[:40]}“ ist kein Feld {name} dieses Textes")
        found.append(Quotation(name, start, start + len(words)))
    return tuple(found)


def compare_cards(pairs: Iterable[tuple[Quotations, Quotations]]) -> dict[str, Agreement]:
    """Agreement by field over (labelled, drafted): right and wrong quotations, fields without a right one."""
    hits: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for labelled, drafted in pairs:
        right = [one for one in drafted if any(one.means(other) for other in labelled)]
        hits.update(one.field for one in right)
        wrong.update(one.field for one in drafted if one not in right)
        missed.update({one.field for one in labelled} - {one.field for one in right})
    names = [name for name in CARD_FIELDS if name in hits or name in wrong or name in missed]
    return {name: Agreement(hits[name], missed[name], wrong[name]) for name in names}


def overall(fields: Mapping[str, Agreement]) -> Agreement:
    """All fields together."""
    return Agreement(
        sum(one.hits for one in fields.values()),
        sum(one.missed for one in fields.values()),
        sum(one.wrong for one in fields.values()),
    )
