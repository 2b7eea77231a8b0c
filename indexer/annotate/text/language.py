"""How German text is cut into tokens: by spaCy's rules, asked once of every spelling; and the stem of a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from typing import Any, cast

import spacy
import spacy.about
from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER
from spacy.util import compile_infix_regex

from indexer.annotate.text.tokens import Tokens
from indexer.german.stemming import german_stemmer

# Gender forms lose their ending before stemming: Schüler:innen, Lehrer*in, Migrant_innen, Kolleg·innen.
_GENDER_ENDING = re.compile(r"[*:_·]-?(?:innen|in|r|n|e|er|en|frau|frauen)(?=-|$)", re.IGNORECASE)
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
# Longer than any word or address worth reading; spaCy peels punctuation off such runs in quadratic time.
_ENDLESS_CHARS = 400
_ENDLESS = re.compile(rf"\S{{{_ENDLESS_CHARS},}}")
_BLANKS = re.compile(r"(\s+)")

# Added to spaCy's German rules, which keep Schule-Beruf, Kita–Grundschule and 30.November in one piece.
_EXTRA_INFIXES = (
    rf"(?<=[{ALPHA}])[-–—/](?=[{ALPHA}])",
    rf"(?<=[0-9])\.(?=[{ALPHA_UPPER}][{ALPHA_LOWER}])",
    r"(?<=[0-9])[–/](?=[0-9])",
    r"\]\(",
    r"[\[\]()|]",
)
# spaCy splits at a colon between letters; a gender colon must stay (Schüler:innen).
_COLON_INFIX = re.compile(r"\[:<>=\]")

# Spellings of which the tokens are remembered; some 40 MB.
_KNOWN_RUNS = 200_000
# Between runs that are cut at once: no rule reaches across it.
_BETWEEN = "\n\n\n"
# What spaCy parts from a word of letters alone, whatever the word.
_PEELED = frozenset(",;:!?")
_SMALL = frozenset("abcdefghijklmnopqrstuvwxyzäöüß")

_STEM, _STEMMER_NAME = german_stemmer()
# Versions of what cuts and stems words: other versions may give other annotations.
LIBRARIES = f"spacy-{spacy.about.__version__} {_STEMMER_NAME}"


@lru_cache(maxsize=100_000)
def normal_form(word: str) -> str:
    """The stem under which a token is matched; punctuation stays what it is."""
    if word.isalnum():
        return _STEM(word.lower())
    core = _EDGES.sub("", word)
    if not core:
        return word
    return _STEM((_GENDER_ENDING.sub("", core) or core).lower())


# What a run is cut into, None for itself alone; and what abbreviations among it stand for, by position.
_Cut = tuple[tuple[str, ...] | None, tuple[tuple[int, str], ...]]
_WHOLE: _Cut = (None, ())
_NOTHING: _Cut = ((), ())


class German:
    """Cuts text by spaCy's German rules.

    These look at nothing but what stands between white space (a run), so a run is cut when it is first seen: spaCy's
    own cache ends at 10,000 runs, and a Doc of it costs more than all that is asked of tokens here.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Cut] = {}
        self._begin()

    def _begin(self) -> None:
        """With nothing known; spaCy's vocabulary, which only grows, begins anew too."""
        pipeline = spacy.blank("de")
        self._special = frozenset(word.orth_ for word in pipeline.vocab) | frozenset(pipeline.tokenizer.rules)
        # spaCy's stubs know neither the getters nor a replaceable infix finder.
        cast(Any, pipeline.vocab).lex_attr_getters = {}  # nobody asks anything of spaCy's words
        infixes = [rule for rule in pipeline.Defaults.infixes or () if not _COLON_INFIX.search(str(rule))]
        self._tokenizer = cast(Any, pipeline.tokenizer)
        self._tokenizer.infix_finditer = compile_infix_regex([*infixes, *_EXTRA_INFIXES]).finditer
        self._known = {"": _NOTHING}

    def tokens(self, text: str, cuts: Iterable[int] = ()) -> Tokens:
        """The text as tokens; at the offsets ``cuts`` a token and its sentence end.

        Runs of 400 and more characters without white space are blanked: quote from the text, not from tokens.
        """
        pieces = _BLANKS.split(text)
        if max(map(len, pieces)) >= _ENDLESS_CHARS:
            text = _ENDLESS.sub(lambda match: " " * len(match[0]), text)
            pieces = _BLANKS.split(text)
        pieces.append("")
        runs = pieces[::2]
        known = self._cuts_of(runs)
        words: list[str] = []
        starts: list[int] = []
        norms: dict[int, str] = {}
        offset = 0
        for run, blank in zip(runs, pieces[1::2], strict=True):
            parts, written_out = known[run]
            for position, norm in written_out:
                norms[len(words) + position] = norm
            for part in parts if parts is not None else (run,):
                words.append(part)
                starts.append(offset)
                offset += len(part)
            if blank == " " and words:
                offset += 1
            elif blank:
                skipped = blank[0] == " " and bool(words)
                words.append(blank[skipped:])
                starts.append(offset + skipped)
                offset += len(blank)
        return _with_cuts(Tokens(text, words, starts, norms), frozenset(cuts))

    def _cuts_of(self, runs: Iterable[str]) -> dict[str, _Cut]:
        """What these runs, and perhaps others, are cut into."""
        known = self._known
        new = set(runs).difference(known)
        if not new:
            return known
        if len(known) + len(new) > _KNOWN_RUNS:
            self._begin()
            known, new = self._known, set(runs) - {""}
        asked = []
        for run in new:
            if run in self._special:
                asked.append(run)
            elif run.isalpha():
                known[run] = _WHOLE
            elif self._is_word_and_mark(run):
                known[run] = ((run[:-1], run[-1]), ())
            else:
                asked.append(run)
        known.update(zip(asked, self._asked(asked), strict=True))
        return known

    def _is_word_and_mark(self, run: str) -> bool:
        """„Schule,“ and „Schule.“: half of what spaCy would be asked."""
        word, mark = run[:-1], run[-1]
        ends = mark in _PEELED or (mark == "." and word[-1:] in _SMALL)
        return ends and word.isalpha() and word not in self._special

    def _asked(self, runs: Sequence[str]) -> Iterator[_Cut]:
        """What spaCy says of runs, all at once."""
        parts: list[str] = []
        norms: list[tuple[int, str]] = []
        for token in self._tokenizer(_BETWEEN.join(runs)) if runs else ():
            if token.text == _BETWEEN:
                yield tuple(parts), tuple(norms)
                parts, norms = [], []
                continue
            if token.norm_:
                norms.append((len(parts), token.norm_))
            parts.append(token.text)
        if runs:
            yield tuple(parts), tuple(norms)


def _with_cuts(tokens: Tokens, offsets: Set[int]) -> Tokens:
    """The tokens that hold an offset in two; where a token begins or ends there already, nothing happens."""
    if not offsets:
        return tokens
    words: list[str] = []
    starts: list[int] = []
    norms: dict[int, str] = {}
    left = sorted(offsets, reverse=True)
    for index, (word, start) in enumerate(zip(tokens.words, tokens.starts, strict=True)):
        if index in tokens.norms:
            norms[len(words)] = tokens.norms[index]
        end = start + len(word)
        while left and left[-1] < end:
            offset = left.pop()
            if start < offset:
                words.append(tokens.text[start:offset])
                starts.append(start)
                start = offset
        words.append(tokens.text[start:end])
        starts.append(start)
    return Tokens(tokens.text, words, starts, norms, offsets)


@lru_cache(maxsize=1)
def german() -> German:
    """The tokenizer, built once a process: what it knows is shared by all annotators."""
    return German()
