"""Which documents have a given text already: exactly, or but for accidents of typesetting and printing.

MinHash over word shingles finds candidates among thousands of documents without reading them; whether two texts
are one is then decided on the texts themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import sqrt

from rensa import RMinHash, RMinHashLSH

from crawler.likeness.shingles import comparable_words, differs_in_fact, jaccard, letters_hash, shingles
from kb.model import Document, text_hash

# Measured on 20,000 passages of Saxon statutes, which copy from each other, and 617 pages of three
# municipalities that share templates. Of the 3,128 pairs of passages from .95 on, 3,090 have the same letters;
# of the other 38 the check of facts parts 21 (other years, other municipalities) by their texts and 14 by their
# titles; the 3 left differ by a word. Between .9 and .95, 129 of 144 pairs differ in fact and the rest in half
# sentences: two texts. To know 20,000 such texts takes 4.7 seconds and 75 MB, beside the 3.4 seconds in which
# their files are read, so nothing is kept from run to run.
SAME_SIMILARITY = 0.95
# From here on an editor may want to look: mostly two versions, or two years, of one text.
ALIKE_SIMILARITY = 0.8
_PERMUTATIONS = 128
_SEED = 6
# 32 bands of 4 rows: a pair of .8 is missed once in 10^7, one of .5 still found in 87 of 100 cases.
_BANDS = 32
# On a site of one template hundreds of pages may be candidates; the most alike are read.
_READ_CANDIDATES = 20
# Those hundreds are compared with each new page: their words are kept, as long as they are not too many.
_KEPT_TEXTS = 32
_KEPT_CHARS = 50_000


@dataclass(frozen=True, slots=True)
class Twin:
    """A document that is like another text; ``similarity`` is 1 for the same letters, ``is_same``: one text."""

    doc_id: str
    similarity: float
    is_same: bool


def compare(new: Document, old: Document) -> Twin:
    """How like ``old`` is to ``new``, on the whole texts; both numbers and names of the titles have a say."""
    if new.text == old.text or (new.source_hash or text_hash(new.text)) == old.source_hash:
        return Twin(old.id, 1.0, not _numbers_differ(new.title, old.title))
    (words, ours), (others, theirs) = _read(new.text), _read(old.text)
    if letters_hash(words) == letters_hash(others):
        return Twin(old.id, 1.0, not _numbers_differ(new.title, old.title))
    similarity = jaccard(ours, theirs)
    short, long = sorted((len(words), len(others)))
    is_same = (
        similarity >= SAME_SIMILARITY
        and short >= SAME_SIMILARITY * long  # a set does not see what is repeated
        and not differs_in_fact(words, others)
        and not differs_in_fact(comparable_words(new.title), comparable_words(old.title))
    )
    # Never 1 for what is not the same: 0.99 is as near as it gets.
    return Twin(old.id, min(similarity, 0.99), is_same)


def _read(text: str) -> tuple[list[str], set[str]]:
    """The comparable words of a text and their shingles."""
    return _read_once(text) if len(text) <= _KEPT_CHARS else _read_once.__wrapped__(text)


@lru_cache(maxsize=_KEPT_TEXTS)
def _read_once(text: str) -> tuple[list[str], set[str]]:
    words = comparable_words(text)
    return words, shingles(words)


def _numbers_differ(one: str, other: str) -> bool:
    """Whether both titles have numbers and not the same: two years' minutes may be one empty form."""
    numbers, others = (
        sorted(word for word in comparable_words(title) if any(map(str.isdigit, word)))
        for title in (one, other)
    )
    return bool(numbers and others) and numbers != others


@dataclass(slots=True)
class Twins:
    """The texts of many documents; ``load`` gives the document of an id, or None where it is gone."""

    load: Callable[[str], Document | None]
    _lsh: RMinHashLSH = field(
        default_factory=lambda: RMinHashLSH(
            threshold=ALIKE_SIMILARITY, num_perm=_PERMUTATIONS, num_bands=_BANDS
        ),
        init=False,
    )
    _numbers: dict[str, int] = field(default_factory=dict, init=False)
    _ids: list[str] = field(default_factory=list, init=False)
    _signatures: list[RMinHash] = field(default_factory=list, init=False)
    _by_hash: dict[str, dict[str, None]] = field(default_factory=dict, init=False)
    _hashes: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False)

    def add(self, document: Document) -> None:
        """Know a document, or its new text."""
        words = comparable_words(document.text)
        signature = _signature(words)
        for known in self._hashes.get(document.id, ()):
            self._by_hash[known].pop(document.id, None)
        hashes = tuple(dict.fromkeys(filter(None, (letters_hash(words), document.source_hash))))
        for known in hashes:
            self._by_hash.setdefault(known, {})[document.id] = None
        self._hashes[document.id] = hashes
        number = self._numbers.get(document.id)
        if number is None:
            number = self._numbers[document.id] = len(self._ids)
            self._ids.append(document.id)
            self._signatures.append(signature)
        else:
            self._lsh.remove(number)
            self._signatures[number] = signature
        self._lsh.insert(number, signature)

    def same(self, document: Document) -> Twin | None:
        """The document that has this text already; of several the most alike, the first to be known."""
        twins = (twin for twin in self.alike(document, SAME_SIMILARITY) if twin.is_same)
        return max(twins, key=lambda twin: twin.similarity, default=None)

    def alike(self, document: Document, floor: float = ALIKE_SIMILARITY) -> Iterator[Twin]:
        """Documents at least so similar, the likeliest first; never the document itself."""
        words = comparable_words(document.text)
        hashes = (letters_hash(words), document.source_hash or text_hash(document.text))
        exact = dict.fromkeys(known for one in hashes for known in self._by_hash.get(one, ()))
        candidates = [*exact, *(one for one in self._candidates(_signature(words), floor) if one not in exact)]
        for doc_id in candidates:
            old = self.load(doc_id) if doc_id != document.id else None
            twin = compare(document, old) if old is not None else None
            if twin is not None and twin.similarity >= floor:
                yield twin

    def _candidates(self, signature: RMinHash, floor: float) -> Iterable[str]:
        # Four standard deviations of the estimate, which is a mean of so many throws (Broder 1997).
        margin = 4 * sqrt(floor * (1 - floor) / _PERMUTATIONS)
        estimates = ((signature.jaccard(self._signatures[one]), one) for one in self._lsh.query(signature))
        likely = sorted((-estimate, one) for estimate, one in estimates if estimate >= floor - margin)
        return [self._ids[one] for _, one in likely[:_READ_CANDIDATES]]


def _signature(words: list[str]) -> RMinHash:
    signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    signature.update(list(shingles(words)))
    return signature
