"""The practice card on a document's page: its fields in quoted words, each marked as drafted or confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.model import CARD_FIELDS, CardField, Evidence
from webapp.document.evidence import EDITOR_RULE


@dataclass(frozen=True, slots=True)
class CardLine:
    """One field: its quotations as lines of plain text, and whether an editor has confirmed them."""

    label: str
    quotes: tuple[tuple[str, ...], ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """All fields that were found and not rejected, in the order of the card."""

    lines: tuple[CardLine, ...]

    @property
    def is_confirmed(self) -> bool:
        """Whether no field is the machine's alone."""
        return all(line.confirmed for line in self.lines)

    @property
    def is_draft(self) -> bool:
        """Whether every field is."""
        return not any(line.confirmed for line in self.lines)


def practice_card(fields: Iterable[CardField], quotable: str) -> Card | None:
    """The card to show; None where a document has none.

    ``quotable`` is the beginning of the text that may be shown; what stands beyond it is not quoted.
    """
    shown = (replace(field, evidence=_within(field.evidence, len(quotable))) for field in fields)
    lines = tuple(_line(field) for field in shown if any(map(_is_quote, field.evidence)))
    return Card(lines) if lines else None


def _within(evidence: tuple[Evidence, ...], end: int) -> tuple[Evidence, ...]:
    return tuple(piece for piece in evidence if piece.rule == EDITOR_RULE or piece.end <= end)


def _line(field: CardField) -> CardLine:
    return CardLine(
        label=CARD_FIELDS.get(field.id, field.id),
        quotes=tuple(
            tuple(line.strip() for line in piece.text.splitlines() if line.strip())
            for piece in field.evidence
            if _is_quote(piece)
        ),
        confirmed=any(piece.rule == EDITOR_RULE for piece in field.evidence),
    )


def _is_quote(piece: Evidence) -> bool:
    return piece.rule != EDITOR_RULE and bool(piece.text.strip())
