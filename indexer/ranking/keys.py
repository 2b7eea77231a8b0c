"""Terms as whole numbers of 64 bits, which arrays can sort and search."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

# Odd, with its bits well mixed: 2^64 divided by the golden ratio, as in Fibonacci hashing.
MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


@lru_cache(maxsize=400_000)
def term_key(term: str) -> int:
    """Up to eight bytes are their own key; of longer terms a digest.

    Among a million terms two share a key with a probability of 3 in 10^8.
    """
    raw = term.encode()
    if len(raw) > 8:
        raw = hashlib.blake2b(raw, digest_size=8).digest()
    return int.from_bytes(raw.ljust(8, b"\0"), "big")


def term_keys(terms: Iterable[str]) -> Keys:
    """The keys of several terms."""
    return np.fromiter(map(term_key, terms), dtype=np.uint64)


def pair_key(first: str, second: str) -> int:
    """The key of two neighbours, whose order counts, in 32 bits: indexes hold more pairs than anything else.

    Of a million pairs one of five thousand shares its key with another; it scores as if it stood there too.
    ``indexer.ranking.kernels.neighbours`` makes the same keys.
    """
    mixed = (term_key(first) * MIX + _rotated(term_key(second))) & _MASK
    return (mixed * MIX & _MASK) >> 32


def _rotated(key: int) -> int:
    return ((key << 31) | (key >> 33)) & _MASK
