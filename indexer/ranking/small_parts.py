"""The small parts of a score, each worth the same in all documents: what stands around texts, and addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from indexer.german import fold
from indexer.query.conditions import Bag
from indexer.query.forms import same_word
from indexer.ranking.columns import BoolArray
from indexer.ranking.keys import term_key
from indexer.ranking.snapshot import Found, Snapshot
from indexer.scoring import FAINT_IMPACT, weight


class Part(NamedTuple):
    """So much is added to the totals of the documents that hold it."""

    worth: int
    held: BoolArray


def holds_faintly(snapshot: Snapshot, terms: tuple[str, ...]) -> BoolArray:
    """Around which texts any of these stands."""
    return snapshot.mask([found for term in terms for found in snapshot.find("faint", term_key(term))])


def small_parts(snapshot: Snapshot, bag: Bag) -> Iterator[Part]:
    """All small parts that a bag asks for."""
    for term, faint in bag.faint:
        yield faint_part(snapshot, term, faint)
    yield from address_parts(snapshot, bag)


def faint_part(snapshot: Snapshot, term: str, faint: tuple[str, ...]) -> Part:
    """What stands for a word around texts; never rarer than the word itself, or it would be worth more."""
    held = holds_faintly(snapshot, faint)
    around = int(np.count_nonzero(held))
    if not around:
        return Part(0, held)
    frequency = max(around, snapshot.frequency("stems", term_key(term)))
    return Part(FAINT_IMPACT * weight("stems", snapshot.documents, frequency), held)


def only_another_word(snapshot: Snapshot, term: str, form: str) -> BoolArray | None:
    """Where a stem stands, but not as the word that was typed: „Lehre“, not „Lehrer“; None for nowhere."""
    key = np.uint64(term_key(term))
    same: list[Found] = []
    others: list[Found] = []
    for number, segment in enumerate(snapshot.segments):
        vocabulary = segment.vocabulary
        for row in np.flatnonzero(vocabulary.term_keys == key).tolist():
            chosen = same if same_word(form, fold(vocabulary.words[row])) else others
            chosen.append(snapshot.at("words", number, row))
    return snapshot.mask(others) & ~snapshot.mask(same) if others else None


def address_parts(snapshot: Snapshot, bag: Bag) -> Iterator[Part]:
    """What an address and its levels bring."""
    for key, impact in bag.addresses:
        held = holds_faintly(snapshot, (key,))
        around = int(np.count_nonzero(held))
        yield Part(impact * weight("stems", snapshot.documents, around) if around else 0, held)
