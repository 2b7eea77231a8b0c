"""The one analyzer for documents and queries: from German text to terms with their places in the text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from indexer.german.joins import MAX_GAP, MAX_GROUP, MAX_LETTERS, Joins, Joint
from indexer.german.language_data import (
    data_fingerprint,
    load_abbreviations,
    load_feminine_forms,
    load_plurals,
    word_list,
)
from indexer.german.letters import FRACTIONS, clean, fraction, transcriptions
from indexer.german.seams import Inside, Span, inside, members
from indexer.german.stemming import german_stemmer
from indexer.german.surface import HYPHENS, Form, Surface, surfaces
from indexer.german.suspended import CompoundHeads
from indexer.german.word_forms import WordForms

# Raise it with every change of code that gives some text other terms; old indexes then ask for a rebuild.
CODE_VERSION = 4

_NO_DIGIT = re.compile(r"\D+")
_NO_LETTER = re.compile(r"[\W\d_]+")
_NO_WORD = re.compile(r"[\W_]+")
# Letters and digits that stand together in names: U-25-Hilfe, Klasse-10-b-Treffen.
_SHORT_LETTERS = re.compile(r"[^\W\d_]{1,3}")
_SHORT_NUMBER = re.compile(r"\d{1,4}")
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

    Flow for one text: surface forms (``surface``) → per form, cached: the members it shows (``seams``), plain
    letters (``letters``), gender signs, abbreviations, numbers → lower case → stem; then what neighbours
    give together (``joins``), and suspended hyphens are completed from the next compound (``suspended``).
    About 300 microseconds for 1.1 kB of text whose words were seen before.

    Thread-safe. Analysing the same text gives the same tokens for the same ``version``.
    """

    def __init__(self) -> None:
        self._abbreviations = load_abbreviations()
        self._forms = WordForms(load_feminine_forms(), self._abbreviations, load_plurals())
        self._stop_words = word_list("stopwords.txt")
        connectors = word_list("connectors.txt")
        self._connectors = connectors | {word.capitalize() for word in connectors}
        self._stem, stemmer_name = german_stemmer()
        self._heads = CompoundHeads(self._stem)
        self._never_members = word_list("never_members.txt")
        self._joins = Joins(self._stop_words, self._abbreviations.known)
        self._cache: dict[str | tuple[str, Form], tuple[_Piece, ...]] = {}
        # Numbers, units and single letters may belong to the word before them: they are kept apart, so that
        # nothing needs to be asked of all other words.
        self._joining: dict[str, tuple[_Piece, ...]] = {}
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
        cache, joining, plain, add = self._cache, self._joining, Form.WORD, tokens.append
        for surface in surfaces(text, self._abbreviations.known):
            word, start, end, form = surface
            pieces = cache.get(word) if form is plain else None
            if pieces is None:
                pieces = self._pieces(surface)
                if form is plain and word in joining and pieces:
                    tokens += self._joined(text, tokens, surface, position)
            if not pieces:  # a letter that stands for none: „ʼ“ by itself
                continue
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

    def _joined(self, text: str, tokens: list[Token], word: Surface, position: int) -> list[Token]:
        """``U 25`` → u25, ``10 000`` → 10000; a reading of both words stands where the first stands."""
        found: list[Token] = []
        number, (start, end) = word.text[0].isdecimal(), word[1:3]
        if number and end - start <= MAX_GROUP:
            grouped = self._joins.grouped(text, start)
            if grouped is not None:
                found.append(self._reading(grouped.word, grouped.start, grouped.end, position))
        before = tokens[-1] if tokens else None
        if before is None or before.extra or start - before.end > MAX_GAP:
            return found
        if number and before.end - before.start > MAX_LETTERS:
            return found
        first = Joint(before.word, before.start, before.end)
        base = self._pieces(word)[-1].word
        for one in self._joins.readings(text, first, Joint(base, start, end)):
            place = position if one.late else before.position
            found.append(self._reading(one.word, one.start, one.end, place))
        return found

    def _completed(self, suspended: list[tuple[Surface, int]], word: Surface, text: str) -> Iterator[Token]:
        """``Schul- und Berufswahl`` → schulwahl; ``Schul-`` at a line's end before ``wahl`` → schulwahl."""
        last, position = suspended[-1]
        if word.text[0].islower() and text[last.end + 1 : word.start].strip(" ") == "\n":
            joined = clean(last.text + word.text).lower()
            yield self._reading(joined, last.start, word.end, position)
            return
        for part, at in suspended:
            first = _plain(part.text)
            for head in self._completing(first, word.text):
                yield self._reading(first + head, part.start, part.end, at)

    def _continued(self, previous: Surface, word: Surface, position: int) -> Iterator[Token]:
        """``Berufswahl und -orientierung`` → berufsorientierung."""
        plain = _NO_WORD.sub("", self._forms.base(clean(previous.text)))
        for start in self._heads.continued(plain):
            yield self._reading(plain[:start] + _plain(word.text), word.start, word.end, position)

    def _completing(self, first: str, compound: str) -> Iterator[str]:
        """What a compound may give to the first member of another one."""
        spans = list(members(compound))
        last = self._forms.base(clean(compound[spans[-1].start : spans[-1].end])) if spans else ""
        if len(spans) > 1:
            yield last
        else:
            yield from (last[start:] for start in self._heads.cuts(first, last))

    def _pieces(self, surface: Surface) -> tuple[_Piece, ...]:
        # Words, by far the most, are looked up without building a key.
        text, word = surface.text, surface.form is Form.WORD
        pieces = self._joining.get(text) if word else None
        if pieces is None:
            pieces = self._cache.get(text if word else (text, surface.form))
        if pieces is None:
            for cache in (self._cache, self._joining):
                if len(cache) >= _CACHE_SIZE:
                    cache.clear()
            pieces = tuple(self._cut(surface))
            if word and self._joins.concerns(text):
                self._joining[text] = pieces
            else:
                self._cache[text if word else (text, surface.form)] = pieces
        return pieces

    def _cut(self, surface: Surface) -> Iterator[_Piece]:
        text, end = surface.text, len(surface.text)
        match surface.form:
            case Form.WORD:
                yield from self._word(text)
            case Form.NUMBER:
                yield self._piece(_NO_DIGIT.sub("", clean(text)), 0, end)
            case Form.YEARS:  # 2018/19 → 2018 2019
                yield self._piece(text[:4], 0, 4)
                yield self._piece(text[5:] if end == 9 else text[:2] + text[5:], 5, end, 1)
            case Form.ABBREVIATION:
                yield self._piece(self._forms.expanded(_NO_LETTER.sub("", clean(text)).lower()), 0, end)
            case Form.SPACED:
                yield self._piece(self._forms.base(clean(text.replace(" ", ""))), 0, end)

    def _word(self, text: str) -> Iterator[_Piece]:
        """A word; of a hyphenated compound the whole, as an extra reading, and its members."""
        if text.isalpha() and text[1:].islower():  # nearly every word: nothing inside to be seen
            spans, insides = [Span(0, len(text))], [Inside(text)]
        else:
            spans = list(members(text)) or [Span(0, len(text))]
            insides = [inside(text[start:end]) for start, end in spans]
        bases = [self._forms.base(clean(one.whole)) for one in insides]
        if len(bases) > 1 and not any(text[start] in FRACTIONS for start, _ in spans):
            yield from self._wholes(text, spans, bases)
        step = 0
        for base, span, one in zip(bases, spans, insides, strict=True):
            for number in fraction(text[span.start]):  # ½ → 1 2, as 1/2
                yield self._piece(number, *span, step)
                step += 1
            if text[span.start] not in FRACTIONS and base:  # a soft hyphen after ½ is no word
                yield from self._others(text, span, one, base, step)
                yield self._piece(base, *span, step)
                step += 1

    def _wholes(self, text: str, spans: Sequence[Span], bases: Sequence[str]) -> Iterator[_Piece]:
        """``Kita-Integration`` → kitaintegration, ``U-25-Hilfe`` → u25hilfe and u25."""
        if not all(base.isdecimal() for base in bases):
            yield self._piece("".join(bases), 0, len(text), extra=True)
        for number, (first, second) in enumerate(pairwise(bases)):
            here, after = spans[number], spans[number + 1]
            arabic = self._joins.arabic(first, second)
            if arabic is not None:  # Hartz-IV-Reform
                yield self._piece(arabic, *after, number + 1, extra=True)
                second = arabic
            # Of U-25 alone the whole says the same.
            together = len(bases) > 2 or arabic is not None
            if together and _SHORT_LETTERS.fullmatch(first) and _SHORT_NUMBER.fullmatch(second):
                yield self._piece(first + second, here.start, after.end, number, extra=True)

    def _others(self, text: str, span: Span, one: Inside, base: str, step: int) -> Iterator[_Piece]:
        """Further readings of a member, each once: without its brackets, transcribed, its own members."""
        written, length = text[span.start : span.end], span.end - span.start
        readings = [(self._forms.base(clean(other)), 0, length, step) for other in one.others]
        if not written.isascii():
            readings += [(self._forms.base(other), 0, length, step) for other in transcriptions(written)]
        numbered = self._joins.of_word(base)
        if numbered is not None:
            readings.append((numbered, 0, length, step))
        for number, (start, end) in enumerate(one.pieces):
            piece = self._forms.base(clean(written[start:end]))
            if piece not in self._never_members and piece not in self._stop_words:
                # In a row, so that a phrase finds them (OpenData: "Open Data").
                readings.append((piece, start, end, step + number))
        seen = {self._stem_of(base)}
        for word, start, end, place in readings:
            term = self._stem_of(word)
            if word and term not in seen:
                seen.add(term)
                yield self._piece(word, span.start + start, span.start + end, place, extra=True)

    def _piece(self, base: str, start: int, end: int, step: int = 0, *, extra: bool = False) -> _Piece:
        stop = base in self._stop_words and not extra
        return _Piece(self._stem_of(base), start, end, step, extra, stop, base)

    def _reading(self, whole: str, start: int, end: int, position: int) -> Token:
        return Token(self._stem_of(whole), start, end, position, extra=True, word=whole)

    def _stem_of(self, base: str) -> str:
        return self._stem(base[:_MAX_TERM]) or base[:_MAX_TERM]


def _plain(surface: str) -> str:
    return _NO_WORD.sub("", clean(surface)).lower()


def _breaks_off(text: str, after: int) -> bool:
    """Whether a hyphen that ends at ``after`` ends the word: „Schul- und“, „Kinder-, Jugend-“."""
    return after >= len(text) or text[after].isspace() or text[after] in ",/)"


def _hangs(text: str, start: int) -> bool:
    """Whether the hyphen before ``start`` stands for a first member: „und -orientierung“, „/-orientierung“."""
    return start > 1 and (text[start - 2].isspace() or text[start - 2] == "/")
