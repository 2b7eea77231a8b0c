"""How far two sets of conclusions agree: hits, misses, mistakes, and the figures made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a set-valued conclusion was right, missing or wrong."""

    hits: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def f1(self) -> float:
        """2·hits / (2·hits + missed + wrong); 1 where there was nothing to find and nothing was found."""
        total = 2 * self.hits + self.missed + self.wrong
        return 2 * self.hits / total if total else 1.0

    @property
    def precision(self) -> float:
        """The share of right ones among what was claimed; 1 where nothing was claimed."""
        claimed = self.hits + self.wrong
        return self.hits / claimed if claimed else 1.0

    @property
    def recall(self) -> float:
        """The share of what was to be found; 1 where there was nothing."""
        there = self.hits + self.missed
        return self.hits / there if there else 1.0


def agreement(wanted: Iterable[Collection[str]], found: Iterable[Collection[str]]) -> Agreement:
    """Count over pairs of sets; both iterables have the same length."""
    hits = missed = wrong = 0
    for one, other in zip(wanted, found, strict=True):
        both = len(set(one) & set(other))
        hits, missed, wrong = hits + both, missed + len(one) - both, wrong + len(other) - both
    return Agreement(hits, missed, wrong)
