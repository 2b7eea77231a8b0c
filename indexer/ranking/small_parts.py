"""The small parts of a score, each worth the same in all documents: what stands around texts, and addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from indexer.german import fold
from indexer.query.conditions import Bag
from indexer.query.forms import same_word
from indexer.ranking.columns import BoolArray
from indexer.ranking.keys import term_key, term_keys
from indexer.ranking.snapshot import Lists, Snapshot
from indexer.scoring import FAINT_IMPACT, VERY_FORM, weight


class Part(NamedTuple):
    """So much is added to the totals of the documents that hold it."""

    worth: int
    held: BoolArray


def holds_faintly(snapshot: Snapshot, terms: tuple[str, ...]) -> BoolArray:
    """Around which texts any of these stands."""
    return snapshot.mask(snapshot.lists("faint", term_keys(terms)))


def holds_all_faintly(snapshot: Snapshot, keys: tuple[str, ...]) -> BoolArray:
    """Around which texts all of these stand."""
    masks = [holds_faintly(snapshot, (key,)) for key in keys]
    held: BoolArray = np.logical_and.reduce(masks)
    return held


def small_parts(snapshot: Snapshot, bag: Bag) -> Iterator[Part]:
    """All small parts that a bag asks for."""
    for term, faint in bag.faint:
        yield faint_part(snapshot, term, faint)
    yield from address_parts(snapshot, bag)
    for form in dict.fromkeys(form for _, form in bag.forms):
        yield form_part(snapshot, form)


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
    key = np.array([term_key(term)], dtype=np.uint64)
    same: list[Lists] = []
    others: list[Lists] = []
    for number, segment in enumerate(snapshot.segments):
        vocabulary = segment.vocabulary
        (row,) = vocabulary.by_term.rows(key).tolist()
        words = vocabulary.by_term.of(row).astype(np.int64) if row >= 0 else np.zeros(0, dtype=np.int64)
        meant = np.array(
            [same_word(form, fold(vocabulary.words[word])) for word in words.tolist()], dtype=np.bool_
        )
        same.append(snapshot.words_of(number, words[meant]))
        others.append(snapshot.words_of(number, words[~meant]))
    if not any(len(lists.rows) for lists in others):
        return None
    return snapshot.mask(others) & ~snapshot.mask(same)


def form_part(snapshot: Snapshot, form: str) -> Part:
    """What the very form of a word brings, in any spelling."""
    rows = [segment.vocabulary.spelled(form).astype(np.int64) for segment in snapshot.segments]
    held = snapshot.mask(snapshot.words(rows))
    return Part(VERY_FORM, held)


def address_parts(snapshot: Snapshot, bag: Bag) -> Iterator[Part]:
    """What an address and its levels bring."""
    for key, impact in bag.addresses:
        held = holds_faintly(snapshot, (key,))
        around = int(np.count_nonzero(held))
        yield Part(impact * weight("stems", snapshot.documents, around) if around else 0, held)
