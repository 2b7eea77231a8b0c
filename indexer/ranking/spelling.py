"""Words within a small edit distance, found by what is left when letters are deleted from both.

The symmetric delete algorithm (Wolf Garbe's SymSpell, 2012), with its prefixes of seven letters: if two
words are within an edit distance of d, some deletion of up to d letters from the beginning of each
gives the same letters. All deletions of a vocabulary are made at once by arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from indexer.ranking.keys import Keys

_PREFIX = 7
# Letters from which on two errors are expected; the words corrected to may be one letter shorter.
TWO_ERRORS_FROM = 9
# Shorter typed words are not corrected: too many words are near them (Lego, legt).
MIN_LETTERS = 5


def errors_of(folded: str) -> int:
    """How many errors a typed word may have.

    nDCG@10 on xquad-de for two errors from 8, 9, 10 letters, or never: .9615, .9619, .9625, .9629; with
    one typo in each question .9564, .9565, .9571, .9560. On integreat-de all are within .0007. Who makes two
    errors in a word of nine letters should still be understood.
    """
    return 2 if len(folded) >= TWO_ERRORS_FROM else 1


def deletions(words: Sequence[str], *, errors: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """For folded words: digests of what deletions leave, ascending, and the number of the word of each."""
    prefixes = np.zeros((len(words), _PREFIX), dtype=np.uint8)
    raw = np.frombuffer(
        b"".join(word[:_PREFIX].encode("latin-1", "replace").ljust(_PREFIX, b"\0") for word in words),
        dtype=np.uint8,
    )
    prefixes[:] = raw.reshape(len(words), _PREFIX)
    lengths = (prefixes != 0).sum(axis=1)
    digests, numbers = [], []
    for count in range(errors + 1):
        for dropped in combinations(range(_PREFIX), count):
            rows = np.flatnonzero(lengths > max(dropped, default=-1))
            kept = [column for column in range(_PREFIX) if column not in dropped]
            digests.append(_digest(prefixes[rows][:, kept]))
            numbers.append(rows.astype(np.uint32))
    digest, number = np.concatenate(digests), np.concatenate(numbers)
    order = np.argsort(digest, kind="stable")
    return digest[order], number[order]


def _digest(letters: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Up to seven letters in a row as 32 bits; what falls together by chance is told apart later."""
    packed: Keys = np.zeros(len(letters), dtype=np.uint64)
    for column in letters.T:
        packed = (packed << np.uint64(8)) | column
    # Rows shorter than others end in zeros: the same letters have the same number of columns or are shifted.
    while len(packed) and (shifted := (packed != 0) & ((packed & np.uint64(0xFF)) == 0)).any():
        packed[shifted] >>= np.uint64(8)
    mixed = (packed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    return mixed.astype(np.uint32)
