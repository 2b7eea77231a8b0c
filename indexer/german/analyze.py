"""The one analyzer for documents and queries: from German text to terms with their places in the text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.german.language_data import (
    data_fingerprint,
    load_abbreviations,
    load_feminine_forms,
    load_plurals,
    word_list,
)
from indexer.german.stemming import german_stemmer
from indexer.german.surface import HYPHENS, Form, Surface, surfaces
from indexer.german.word_forms import CompoundHeads, WordForms, clean

# Raise it with every change of code that gives some text other terms; old indexes then ask for a rebuild.
CODE_VERSION = 3

# Inside Schüler/-innen the hyphen belongs to the gender sign.
_MEMBER_BREAK = re.compile(rf"(?<![*:_·•/])[{HYPHENS}]")
_NO_DIGIT = re.compile(r"\D+")
_NO_LETTER = re.compile(r"[\W\d_]+")
# An en dash glued to a word is a suspended hyphen too, set by a word processor.
_SUSPENDING = frozenset(HYPHENS + "\u2013")
# Zipf: 5,000 texts of 1.2 kB hold 50,000 different surface forms. A full cache is emptied, not managed.
_CACHE_SIZE = 200_000
# Longer "words" are addresses and encoded data; nobody types them.
_MAX_TERM = 80


class Token(NamedTuple):
    """One term of a text.

    ``start`` and ``end`` are code-point offsets into the text as it was given, end exclusive.
    ``position`` counts words; an ``extra`` token is a further reading of the word at its position (the
    whole of a hyphenated compound, a completed suspended hyphen) and is not part of phrases or
    lengths. ``stop`` marks stop words, which documents keep and queries drop. ``word`` is what was
    stemmed: small, without gender signs and invisible characters, abbreviations written out.
    """

    term: str
    start: int
    end: int
    position: int
    extra: bool = False
    stop: bool = False
    word: str = ""


class _Piece(NamedTuple):
    """A token relative to its surface form, as it is kept in the cache."""

    term: str
    start: int
    end: int
    step: int
    extra: bool
    stop: bool
    word: str


# As in surface.py: a named tuple's own constructor costs more than all else that is done for a cached word.
_new = tuple.__new__


class GermanAnalyzer:
    """Stems of words, with everything that German spelling and practice texts do to words undone.

    Flow for one text: surface forms (regular expression) → per form, cached: gender signs, hyphens,
    abbreviations, numbers → lower case → stem; then suspended hyphens are completed from the next
    compound. About 300 microseconds for 1.1 kB of text whose words were seen before.

    Thread-safe. Analysing the same text gives the same tokens for the same ``version``.
    """

    def __init__(self) -> None:
        self._abbreviations = load_abbreviations()
        self._forms = WordForms(load_feminine_forms(), self._abbreviations, load_plurals())
        self._stop_words = word_list("stopwords.txt")
        connectors = word_list("connectors.txt")
        self._connectors = connectors | {word.capitalize() for word in connectors}
        self._stem, stemmer_name = german_stemmer()
        self._heads = CompoundHeads(word_list("compound_heads.txt"), self._stem)
        self._cache: dict[str | tuple[str, Form], tuple[_Piece, ...]] = {}
        digest = hashlib.blake2b(data_fingerprint(), digest_size=8)
        digest.update(f"{CODE_VERSION}|{stemmer_name}".encode())
        self._version = digest.hexdigest()

    @property
    def version(self) -> str:
        """Changes whenever some text could get other terms: code, data files, stemmer."""
        return self._version

    def stem(self, word: str) -> str:
        """The term of a small word that needs nothing else done to it."""
        return self._stem_of(word)

    def analyze(self, text: str) -> list[Token]:
        """All tokens, stop words included; extra readings may come after later words."""
        tokens: list[Token] = []
        suspended: list[tuple[Surface, int]] = []
        previous: Surface | None = None
        position, length = 0, len(text)
        cache, plain, add = self._cache, Form.WORD, tokens.append
        for surface in surfaces(text, self._abbreviations.known):
            word, start, end, form = surface
            pieces = cache.get(word) if form is plain else None
            if pieces is None:
                pieces = self._pieces(surface)
            for term, first, last, step, extra, stop, base in pieces:
                add(_new(Token, (term, start + first, start + last, position + step, extra, stop, base)))
            if end < length and text[end] in _SUSPENDING and _breaks_off(text, end + 1):
                suspended.append((surface, position))
            elif word not in self._connectors:
                if suspended:
                    tokens.extend(self._completed(suspended, surface, text))
                    suspended = []
                elif previous is not None and start and text[start - 1] in _SUSPENDING and _hangs(text, start):
                    tokens.extend(self._continued(previous, surface, position))
                previous = surface
            position += pieces[-1].step + 1
        return tokens

    def tokens_of(self, word: str) -> list[Token]:
        """The tokens that a word gives wherever it stands; what it gives with others is left out."""
        pieces = self._cache.get(word) or self._pieces(Surface(word, 0, len(word), Form.WORD))
        return [
            Token(term, start, end, step, extra, stop, base)
            for term, start, end, step, extra, stop, base in pieces
        ]

    def _completed(self, suspended: list[tuple[Surface, int]], word: Surface, text: str) -> Iterator[Token]:
        """``Schul- und Berufswahl`` → schulwahl; ``Schul-`` at a line's end before ``wahl`` → schulwahl."""
        last, position = suspended[-1]
        if word.text[0].islower() and text[last.end + 1 : word.start].strip(" ") == "\n":
            joined = clean(last.text + word.text).lower()
            yield self._reading(joined, last.start, word.end, position)
            return
        head = self._head(word.text)
        for part, at in suspended if head else ():
            yield self._reading(_plain(part.text) + head, part.start, part.end, at)

    def _continued(self, previous: Surface, word: Surface, position: int) -> Iterator[Token]:
        """``Berufswahl und -orientierung`` → berufsorientierung."""
        plain = _plain(previous.text)
        start = self._heads.split(plain)
        if start:
            yield self._reading(plain[:start] + _plain(word.text), word.start, word.end, position)

    def _head(self, compound: str) -> str:
        members = _MEMBER_BREAK.split(compound)
        last = self._forms.base(clean(members[-1]))
        if len(members) > 1:
            return last
        start = self._heads.split(last)
        return last[start:] if start else ""

    def _pieces(self, surface: Surface) -> tuple[_Piece, ...]:
        # Words, by far the most, are looked up without building a key.
        key = surface.text if surface.form is Form.WORD else (surface.text, surface.form)
        pieces = self._cache.get(key)
        if pieces is None:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            self._cache[key] = pieces = tuple(self._cut(surface))
        return pieces

    def _cut(self, surface: Surface) -> Iterator[_Piece]:
        text, end = surface.text, len(surface.text)
        match surface.form:
            case Form.WORD:
                yield from self._word(text)
            case Form.NUMBER:
                yield self._piece(_NO_DIGIT.sub("", text), 0, end)
            case Form.YEARS:  # 2018/19 → 2018 2019
                yield self._piece(text[:4], 0, 4)
                yield self._piece(text[5:] if end == 9 else text[:2] + text[5:], 5, end, 1)
            case Form.ABBREVIATION:
                yield self._piece(self._forms.expanded(_NO_LETTER.sub("", text).lower()), 0, end)
            case Form.SPACED:
                yield self._piece(self._forms.base(clean(text.replace(" ", ""))), 0, end)

    def _word(self, text: str) -> Iterator[_Piece]:
        """A word; of a hyphenated compound the whole, as an extra reading, and its members."""
        spans = list(_members(text))
        bases = [self._forms.base(clean(text[start:end])) for start, end in spans]
        if len(bases) > 1 and not all(base.isdecimal() for base in bases):
            whole = "".join(bases)
            yield _Piece(self._stem_of(whole), 0, len(text), 0, extra=True, stop=False, word=whole)
        for step, (base, (start, end)) in enumerate(zip(bases, spans, strict=True)):
            yield self._piece(base, start, end, step)

    def _piece(self, base: str, start: int, end: int, step: int = 0) -> _Piece:
        return _Piece(self._stem_of(base), start, end, step, False, base in self._stop_words, base)

    def _reading(self, whole: str, start: int, end: int, position: int) -> Token:
        return Token(self._stem_of(whole), start, end, position, extra=True, word=whole)

    def _stem_of(self, base: str) -> str:
        return self._stem(base[:_MAX_TERM]) or base[:_MAX_TERM]


def _members(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _MEMBER_BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _plain(surface: str) -> str:
    return _NO_LETTER.sub("", clean(surface)).lower()


def _breaks_off(text: str, after: int) -> bool:
    """Whether a hyphen that ends at ``after`` ends the word: „Schul- und“, „Kinder-, Jugend-“."""
    return after >= len(text) or text[after].isspace() or text[after] in ",/)"


def _hangs(text: str, start: int) -> bool:
    """Whether the hyphen before ``start`` stands for a first member: „und -orientierung“, „/-orientierung“."""
    return start > 1 and (text[start - 2].isspace() or text[start - 2] == "/")
