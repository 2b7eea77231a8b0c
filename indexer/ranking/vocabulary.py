"""The words of one segment: by number, by folded spelling, by grams, and by what deletions leave of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.german import fold, grams
from indexer.ranking.array_file import Array
from indexer.ranking.keys import Keys, term_keys
from indexer.ranking.postings import PostingTable, group_postings
from indexer.ranking.spelling import TWO_ERRORS_FROM, deletions, errors_of
from indexer.ranking.texts import Texts

_TABLES = ("by_term", "parts", "grams")


@dataclass(frozen=True, slots=True)
class NewWord:
    """What a segment keeps of a word besides its documents; ``spelling`` is as it was seen in a text."""

    word: str
    term: str
    spelling: str
    stop: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words are numbered in the order of their keys.

    ``keys`` are those of the words, ``terms`` those of their terms; ``folded`` are the folded words in
    alphabetical order with the number of each in ``by_folded``; ``by_term`` leads from a term to the
    numbers of its words, ``parts`` to those of the words that are made of it, ``grams`` from a gram to those of
    content words.
    """

    keys: Keys
    words: Texts
    terms: Texts
    term_keys: Keys
    spellings: Texts
    stops: NDArray[np.bool_]
    folded: Texts
    by_folded: NDArray[np.uint32]
    by_term: PostingTable
    parts: PostingTable
    grams: PostingTable
    digests: NDArray[np.uint32]
    digest_words: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.keys)

    def number(self, word: str) -> int | None:
        """The number of a word, or None."""
        key = term_keys([word])[0]
        at = int(self.keys.searchsorted(key))
        return at if at < len(self.keys) and self.keys[at] == key else None

    def beginning_with(self, prefix: str) -> NDArray[np.uint32]:
        """The numbers of the words whose folded form begins so, alphabetically."""
        first = bisect_left(self.folded, prefix)
        last = bisect_left(self.folded, prefix + "\U0010ffff", lo=first)
        return self.by_folded[first:last]

    def spelled(self, folded: str) -> NDArray[np.uint32]:
        """The numbers of the words with this folded form."""
        first = bisect_left(self.folded, folded)
        last = first
        while last < len(self.folded) and self.folded[last] == folded:
            last += 1
        return self.by_folded[first:last]

    def like(self, gram_keys: Keys, least: int) -> list[tuple[int, int]]:
        """(number, shared grams) of the content words that share at least so many of these grams."""
        lists = [self.grams.of(row) for row in self.grams.rows(gram_keys).tolist() if row >= 0]
        if len(lists) < least:
            return []
        # Sorted, a word that stands so often is the same as the one so many places before.
        together = np.sort(np.concatenate(lists))
        enough = _distinct(
            together[least - 1 :][together[least - 1 :] == together[: len(together) - least + 1]]
        )
        shared = together.searchsorted(enough, "right") - together.searchsorted(enough, "left")
        return list(zip(enough.tolist(), shared.tolist(), strict=True))

    def near(self, folded: str) -> NDArray[np.uint32]:
        """The numbers of words that may be within the edit distance a typed word may have; a superset."""
        digests, _ = deletions([folded], errors=errors_of(folded))
        wanted = _distinct(digests)
        first = self.digests.searchsorted(wanted, "left")
        last = self.digests.searchsorted(wanted, "right")
        pieces = [self.digest_words[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True) if a < b]
        return _distinct(np.sort(np.concatenate(pieces))) if pieces else np.zeros(0, dtype=np.uint32)

    def arrays(self) -> dict[str, Array]:
        """The parts under names of their own, for a file."""
        found: dict[str, Array] = {
            "vocabulary.keys": self.keys,
            "vocabulary.term_keys": self.term_keys,
            "vocabulary.stops": self.stops,
            "vocabulary.by_folded": self.by_folded,
            "vocabulary.digests": self.digests,
            "vocabulary.digest_words": self.digest_words,
        }
        for name in ("words", "terms", "spellings", "folded"):
            texts: Texts = getattr(self, name)
            found |= texts.arrays(f"vocabulary.{name}")
        for name in _TABLES:
            table: PostingTable = getattr(self, name)
            found |= table.arrays(f"vocabulary.{name}")
        return found

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Vocabulary:
        """What ``arrays`` gave.

        Raises:
            KeyError, ValueError: something is missing.
        """
        values: dict[str, object] = {
            name: arrays[f"vocabulary.{name}"]
            for name in ("keys", "term_keys", "stops", "by_folded", "digests", "digest_words")
        }
        for name in ("words", "terms", "spellings", "folded"):
            values[name] = Texts.from_arrays(f"vocabulary.{name}", arrays)
        for name in _TABLES:
            values[name] = PostingTable.from_arrays(f"vocabulary.{name}", arrays)
        return cls(**values)  # type: ignore[arg-type]


def _distinct(ascending: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """As ``np.unique``, which sorts again and loads ``numpy.ma``."""
    kept = np.ones(len(ascending), dtype=np.bool_)
    kept[1:] = ascending[1:] != ascending[:-1]
    return ascending[kept]


def build_vocabulary(new: Sequence[NewWord], parts: Sequence[tuple[str, ...]]) -> Vocabulary:
    """Index distinct words, which come in the order of their keys, each with its parts."""
    keys = term_keys(word.word for word in new)
    terms = term_keys(word.term for word in new)
    folded = [fold(word.word) for word in new]
    alphabetical = sorted(range(len(new)), key=folded.__getitem__)
    digests, digest_words = _all_deletions(folded)
    return Vocabulary(
        keys=keys,
        words=Texts.of([word.word for word in new]),
        terms=Texts.of([word.term for word in new]),
        term_keys=terms,
        spellings=Texts.of([word.spelling for word in new]),
        stops=np.array([word.stop for word in new], dtype=np.bool_),
        folded=Texts.of([folded[number] for number in alphabetical]),
        by_folded=np.array(alphabetical, dtype=np.uint32),
        by_term=group_postings(terms, np.arange(len(new), dtype=np.int64), len(new)),
        parts=_table(parts),
        grams=_table([() if word.stop else grams(word.word) for word in new]),
        digests=digests,
        digest_words=digest_words,
    )


def _table(given: Sequence[tuple[str, ...]]) -> PostingTable:
    """From what words give back to the words."""
    counts = [len(terms) for terms in given]
    keys = term_keys(term for terms in given for term in terms)
    return group_postings(keys, np.repeat(np.arange(len(given), dtype=np.int64), counts), len(given))


def _all_deletions(folded: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Two deletions of words that a typed word with two errors may be meant for, one of shorter words."""
    parts = []
    for errors in (1, 2):
        long = errors == 2
        numbers = np.array(
            [
                number
                for number, word in enumerate(folded)
                if word.isalpha() and (len(word) >= TWO_ERRORS_FROM - 1) == long
            ],
            dtype=np.uint32,
        )
        digests, rows = deletions([folded[number] for number in numbers.tolist()], errors=errors)
        parts.append((digests, numbers[rows]))
    digests = np.concatenate([part[0] for part in parts])
    numbers = np.concatenate([part[1] for part in parts])
    order = np.argsort(digests, kind="stable")
    return digests[order], numbers[order].astype(np.uint32)
