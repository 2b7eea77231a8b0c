"""Cuts compounds into their members by the words of the corpus itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import NamedTuple

from indexer.german.grams import fold
from indexer.german.language_data import word_list

# Shorter members (ein, aus, bau) cut words where nothing was joined; shorter words are hardly compounds.
MIN_MEMBER = 4
MIN_COMPOUND = 8
# Documents that hold a word before it counts as a member: misspellings come alone.
MIN_DOCUMENTS = 2
# Longer "words" are addresses and encoded data; the work grows with the square of the length.
_MAX_COMPOUND = 60
_CACHE_SIZE = 200_000
# Häuser stands for Haus: stems have no umlauts.
_BARE = str.maketrans("äöüß", "aous")
_SPELLED_OUT = ("ae", "oe", "ue")


class Member(NamedTuple):
    """A member of a compound: its place in the word, end exclusive, and its term."""

    start: int
    end: int
    term: str


@dataclass(frozen=True)
class _Known:
    """What is looked up of the words that members may be: their terms, ``folded`` spellings that say more than
    ``members``, and how members begin: where none begins, no cut needs to be tried.

    All of it is kept as lines of words, and taken apart when a word is cut for the first time: 15 ms for the
    120,000 members of 50,000 documents, of which many queries need none.
    """

    forms: str
    terms: str
    folded_forms: str
    folded_terms: str
    beginnings: str

    def __post_init__(self) -> None:
        texts = (self.forms, self.terms, self.folded_forms, self.folded_terms)
        counts = [str.count(text, " ") for text in texts]
        if counts[0] != counts[1] or counts[2] != counts[3]:
            raise ValueError("members of compounds and their terms do not fit together")

    @classmethod
    def of(cls, members: Mapping[str, str]) -> _Known:
        """From lower-cased forms and their terms."""
        # Übergangs- and Uebergangs- are one member.
        folded = {fold(form): term for form, term in members.items()}
        more = {form: term for form, term in folded.items() if members.get(form) != term}
        beginnings = {form.translate(_BARE)[:MIN_MEMBER] for form in members}
        return cls(
            " ".join(members),
            " ".join(members.values()),
            " ".join(more),
            " ".join(more.values()),
            " ".join(sorted(beginnings)),
        )

    @cached_property
    def members(self) -> Mapping[str, str]:
        """Forms and their terms."""
        return _paired(self.forms, self.terms)

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """Folded spellings and their terms, where the same form among the members says nothing or another."""
        return _paired(self.folded_forms, self.folded_terms)

    @cached_property
    def all_terms(self) -> frozenset[str]:
        """The terms of all members."""
        return frozenset(self.members.values())

    @cached_property
    def all_beginnings(self) -> frozenset[str]:
        """The first letters of all members, without umlauts."""
        return frozenset(self.beginnings.split())


def _paired(forms: str, terms: str) -> dict[str, str]:
    return dict(zip(forms.split(" "), terms.split(" "), strict=True)) if forms else {}


class CompoundSplitter:
    """Knows the words that members may be; frozen with an index generation, for documents and queries alike.

    The vocabulary of the corpus decides, as in Koehn and Knight, "Empirical methods for compound
    splitting" (2003), but not by frequency: the cut with the fewest members wins, then the one with
    the longest head. A compound that is a word of its own is cut all the same: ``parts`` is a field
    beside the whole words.
    """

    def __init__(self, members: Mapping[str, str], stem: Callable[[str], str]) -> None:
        """``members`` maps lower-cased forms to their terms."""
        never = word_list("never_members.txt")
        self._use(_Known.of({form: term for form, term in members.items() if form not in never}), stem)

    def _use(self, known: _Known, stem: Callable[[str], str]) -> None:
        self._words = known
        self._stem = stem
        self._links = tuple(sorted(word_list("linking_elements.txt"), key=lambda link: (-len(link), link)))
        self._last_of_links = frozenset(link[-1] for link in self._links)
        self._cache: dict[str, tuple[Member, ...]] = {}

    @classmethod
    def learn(cls, words: Iterable[tuple[str, str, int]], stem: Callable[[str], str]) -> CompoundSplitter:
        """From (word, its term, documents that hold it), one for each word of the corpus."""
        terms: dict[str, str] = {}
        holders: dict[str, int] = {}
        for word, term, documents in words:
            terms[word] = term
            holders[term] = holders.get(term, 0) + documents
        members = {
            word: term
            for word, term in terms.items()
            if holders[term] >= MIN_DOCUMENTS and len(word) >= MIN_MEMBER and word.isalpha()
        }
        # Schul|wahl: a first member is often the bare stem.
        for term in sorted(set(members.values())):
            if len(term) >= MIN_MEMBER:
                members.setdefault(term, term)
        return cls(dict(sorted(members.items())), stem)

    def parts(self, word: str) -> tuple[str, ...]:
        """The distinct terms of a compound's members, and of members that are compounds; () for other words."""
        return tuple(dict.fromkeys(member.term for member in self.members(word)))

    def members(self, word: str) -> tuple[Member, ...]:
        """The members of a lower-cased word, each followed by its own members."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            found = self._cache[word] = tuple(self._deep(word))
        return found

    def _deep(self, word: str) -> Iterable[Member]:
        if not MIN_COMPOUND <= len(word) <= _MAX_COMPOUND or not word.isalpha():
            return
        for member in self._cut(word):
            yield member
            for start, end, term in self.members(word[member.start : member.end]):
                yield Member(member.start + start, member.start + end, term)

    def _cut(self, word: str) -> list[Member]:
        """The best cut of the word into at least two members, by the best cuts of its ends."""
        length, bare = len(word), word.translate(_BARE)
        best: list[list[Member] | None] = [None] * (length + 1)
        beginnings = self._words.all_beginnings
        spelled_out = any(pair in word for pair in _SPELLED_OUT)
        plain = word.isascii() and not spelled_out
        for start in range(length - MIN_MEMBER, -1, -1):
            if not spelled_out and bare[start : start + MIN_MEMBER] not in beginnings:
                continue
            head = self._head(word[start:], plain) if start else None
            found = [Member(start, length, head)] if head is not None else None
            for end in range(start + MIN_MEMBER, length - MIN_MEMBER + 1):
                rest = best[end]
                if rest is None or (found is not None and _rank(rest) >= _rank(found[1:])):
                    continue
                term = self._modifier(word[start:end], plain)
                if term is not None:
                    found = [Member(start, end, term), *rest]
            best[start] = found
        return best[0] or []

    def _head(self, form: str, plain: bool) -> str | None:
        term = self._known(form, plain)
        if term is None:
            stem = self._stem(form)
            term = stem if stem in self._words.all_terms else None
        return term

    def _modifier(self, form: str, plain: bool) -> str | None:
        term = self._known(form, plain)
        if term is not None or form[-1] not in self._last_of_links:
            return term
        for link in self._links:
            if form.endswith(link) and len(form) - len(link) >= MIN_MEMBER:
                term = self._known(form[: -len(link)], plain)
                if term is not None:
                    return term
        return None

    def _known(self, form: str, plain: bool) -> str | None:
        """The term of a member; of a ``plain`` word nothing is folded."""
        members = self._words.members
        term = members.get(form)
        if term is not None:
            return term
        if plain:
            return self._words.folded.get(form)
        folded = fold(form) if "e" in form else form
        return self._words.folded.get(folded) or members.get(folded)

    def to_texts(self) -> dict[str, str]:
        """What was learned, for the index generation that was built with it: texts of words between blanks,
        which are read ten times as fast as many small strings."""
        return asdict(self._words)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str], stem: Callable[[str], str]) -> CompoundSplitter:
        """What ``to_texts`` gave.

        Raises:
            ValueError, TypeError, AttributeError: it is something else.
        """
        made = cls.__new__(cls)
        made._use(_Known(**texts), stem)
        return made

    def to_json(self) -> str:
        """``to_texts`` for a file."""
        return json.dumps(self.to_texts(), ensure_ascii=False)

    @classmethod
    def from_json(cls, data: str, stem: Callable[[str], str]) -> CompoundSplitter:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError, TypeError, AttributeError: it is something else.
        """
        return cls.from_texts(json.loads(data), stem)


def _rank(rest: list[Member]) -> tuple[int, int]:
    """Fewer further members first, then the longer head; no further member at all is best."""
    return len(rest), rest[-1].start if rest else 0
