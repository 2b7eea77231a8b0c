"""Which forms of a stem are the word that was typed: „Lehrer“ and „Lehre“, „Schüler“ and „Schule“ share one."""

from __future__ import annotations

from functools import cache
from itertools import takewhile

from indexer.german.language_data import word_list

# Who does something, beside what is done: Lehr·er, Arbeit·er. Other forms are taken for one word.
_PERSON = frozenset(["er", "ern", "ers"])


def same_word(one: str, other: str) -> bool:
    """Whether two folded forms of one stem are one word: not one a person and the other what that person does.

    After some words „er“ only inflects (Kinder, kommunaler; ``er_inflections.txt``).
    """
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
    base = one[:shared].removesuffix("e")
    ends = (one[len(base) :], other[len(base) :])
    if (ends[0] in _PERSON) == (ends[1] in _PERSON):
        return True
    # Bild·er of Bild, but Ausbild·er beside Ausbild·ung.
    return base.endswith(_inflected()) and not any(end.startswith("ung") for end in ends)


@cache
def _inflected() -> tuple[str, ...]:
    return tuple(sorted(word_list("er_inflections.txt")))
