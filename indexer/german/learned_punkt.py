"""What Punkt learned of a corpus, without NLTK, whose import takes a sixth of a second."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LearnedPunkt:
    """What Punkt learned from a text, as plain values; ``orthography`` is word type → Punkt's bit flags."""

    abbreviations: tuple[str, ...] = ()
    collocations: tuple[tuple[str, str], ...] = ()
    sentence_starters: tuple[str, ...] = ()
    orthography: dict[str, int] = field(default_factory=dict)
