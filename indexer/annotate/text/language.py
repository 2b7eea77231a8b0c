"""How German text is cut into tokens, by spaCy's rules; and the stem of a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import accumulate, chain
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
# White space but for a single blank.
_BLANKS = re.compile(r"(\s{2,}|[^\S ])")

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
# Runs that spaCy cuts as this says, unless a part is among its exceptions: „(Schule)“, „Bau-Amt,“, „1990“.
_LETTERS = "[A-Za-zÄÖÜäöüß]{3,}"
_PLAIN = re.compile(rf"([(„]?)({_LETTERS}(?:-{_LETTERS})*-?|[0-9]+)([)“]?)([,;:!?.]?)")
_HYPHEN = re.compile(r"(?<=.)(-)(?=.)")
# The full stop stays with „3.“ and „BaföG.“, which may be an ordinal and an abbreviation.
_KEEPS_STOP = re.compile(r"(?:[0-9]|[a-zäöüß][A-ZÄÖÜ])\.$")

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


class German:
    """Cuts text by spaCy's German rules.

    These look at what stands between white space (a run), so a run is cut when it is first seen: spaCy's own
    cache ends at 10,000 runs, and to make a Doc costs more than all that is asked of tokens here.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        """With nothing known; spaCy's vocabulary, which only grows, begins anew too."""
        pipeline = spacy.blank("de")
        # spaCy's stubs know neither the rules and getters nor a replaceable infix finder.
        self._tokenizer, vocabulary = cast(Any, pipeline.tokenizer), cast(Any, pipeline.vocab)
        self._special = frozenset(word.orth_ for word in vocabulary).union(self._tokenizer.rules)
        vocabulary.lex_attr_getters = {}  # nobody asks anything of spaCy's words
        infixes = [rule for rule in pipeline.Defaults.infixes or () if not _COLON_INFIX.search(str(rule))]
        self._tokenizer.infix_finditer = compile_infix_regex([*infixes, *_EXTRA_INFIXES]).finditer
        self._known = _Runs()

    def tokens(self, text: str, cuts: Iterable[int] = ()) -> Tokens:
        """The text as tokens; at the offsets ``cuts`` a token and its sentence end.

        Runs of 400 and more characters without white space are blanked: quote from the text, not from tokens.
        """
        pieces, lines = _pieces(text)
        if max(map(len, chain.from_iterable(lines))) >= _ENDLESS_CHARS:
            text = _ENDLESS.sub(lambda match: " " * len(match[0]), text)
            pieces, lines = _pieces(text)
        known = self._with(chain.from_iterable(lines))
        words: list[str] = []
        starts: list[int] = []
        norms: dict[int, str] = {}
        offset = 0
        for number, runs in enumerate(lines):
            if number:
                blank = pieces[2 * number - 1]
                begin = offset + (blank[0] == " " and bool(words))
                words.append(text[begin : offset + len(blank)])
                starts.append(begin)
                offset += len(blank)
            if not known.norms.keys().isdisjoint(runs):
                norms.update(known.norms_in(runs, len(words)))
            words += chain.from_iterable(map(known.words.__getitem__, runs))
            starts += accumulate(chain.from_iterable(map(known.lengths.__getitem__, runs)), initial=offset)
            del starts[len(words) :]  # where the next token would begin
            offset += len(pieces[2 * number])
        return _with_cuts(Tokens(text, words, starts, norms), frozenset(cuts))

    def _with(self, runs: Iterable[str]) -> _Runs:
        """What these runs, and perhaps others, are cut into."""
        known, runs = self._known, set(runs)
        new = runs.difference(known.words)
        if len(known.words) + len(new) > _KNOWN_RUNS:
            self._begin()
            known, new = self._known, runs.difference(self._known.words)
        asked = []
        for run in new:
            words = self._plain(run)
            if words is None:
                asked.append(run)
            else:
                known.add(run, words)
        for run, words, norms in self._asked(asked):
            known.add(run, words, norms)
        return known

    def _plain(self, run: str) -> tuple[str, ...] | None:
        """How most runs are cut; None for what spaCy must be asked of, which takes twenty times as long."""
        if run in self._special:
            return None
        if run.isalpha():
            return (run,)
        found = _PLAIN.fullmatch(run)
        if found is None or _KEEPS_STOP.search(run):
            return None
        opening, word, closing, mark = found.groups()
        words = _HYPHEN.split(word)
        parts = {opening + word, word + closing, word + closing + mark, *words}
        if closing and mark:
            parts.add(closing + mark)
        if not self._special.isdisjoint(parts - {"-"}):
            return None
        return tuple(filter(None, (opening, *words, closing, mark)))

    def _asked(self, runs: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], tuple[tuple[int, str], ...]]]:
        """What spaCy says of runs, all at once: words, and what some of them stand for, by position.

        That is so for spaCy's exceptions. „über“ and „unter“, of which it has „über'm“ and „unter'm“, stand for
        themselves, so that no stem in a phrase finds them: the weights of the kinds were learnt so.
        """
        left = iter(runs)
        words: list[str] = []
        norms: list[tuple[int, str]] = []
        for token in (*self._tokenizer(_BETWEEN.join(runs)), None) if runs else ():
            if token is None or token.text == _BETWEEN:
                yield next(left), tuple(words), tuple(norms)
                words, norms = [], []
                continue
            if token.norm_ and token.norm_ != normal_form(token.text):
                norms.append((len(words), token.norm_))
            words.append(token.text)


class _Runs:
    """What runs are cut into: words, how far it is from each to the next, and what abbreviations stand for."""

    def __init__(self) -> None:
        self.words: dict[str, tuple[str, ...]] = {"": ()}
        self.lengths: dict[str, tuple[int, ...]] = {"": ()}
        self.norms: dict[str, tuple[tuple[int, str], ...]] = {}
        self._equal: dict[tuple[int, ...], tuple[int, ...]] = {}

    def add(self, run: str, words: tuple[str, ...], norms: tuple[tuple[int, str], ...] = ()) -> None:
        """Note a run; the last word reaches up to the one behind the blank."""
        lengths = (*map(len, words[:-1]), len(words[-1]) + 1)
        self.lengths[run] = self._equal.setdefault(lengths, lengths)
        if norms:
            self.norms[run] = norms
        self.words[run] = words

    def norms_in(self, runs: Iterable[str], first: int) -> Iterator[tuple[int, str]]:
        """What abbreviations in runs stand for, by number of the token, of which ``first`` is the first."""
        for run in runs:
            for position, norm in self.norms.get(run, ()):
                yield first + position, norm
            first += len(self.words[run])


def _pieces(text: str) -> tuple[list[str], list[list[str]]]:
    """The text parted by white space that is more than a blank, which is every other piece; and the runs of the
    pieces between."""
    pieces = _BLANKS.split(text)
    if pieces[0].startswith(" "):  # a blank that no token precedes
        pieces[:1] = ["", " ", pieces[0][1:]]
    return pieces, [piece.split(" ") for piece in pieces[::2]]


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
