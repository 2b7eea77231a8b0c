"""The one spaCy pipeline of the annotators: a German tokenizer whose norms are stems, and two lexeme flags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

import spacy
import spacy.about
from spacy.attrs import IS_ALPHA, IS_SPACE, LOWER, NORM
from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

from indexer.german.stemming import german_stemmer

# Gender forms lose their ending before stemming: Schüler:innen, Lehrer*in, Migrant_innen, Kolleg·innen.
_GENDER_ENDING = re.compile(r"[*:_·]-?(?:innen|in|r|n|e|er|en|frau|frauen)(?=-|$)", re.IGNORECASE)
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
# Longer than any word or address worth reading; spaCy peels punctuation off such runs in quadratic time.
_ENDLESS = re.compile(r"\S{400,}")
# One line end may stand within a phrase (wrapped text), two end the paragraph.
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n")
_SENTENCE_ENDS = frozenset(".!?;:…|")
_CONNECTORS = frozenset("-–—/\"„“”»«›‹'’‚‘()*_[]&")

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


_STEM, _STEMMER_NAME = german_stemmer()
# Versions of what cuts and stems words: other versions may give other annotations.
LIBRARIES = f"spacy-{spacy.about.__version__} {_STEMMER_NAME}"


@lru_cache(maxsize=100_000)
def normal_form(word: str) -> str:
    """The stem under which a token is matched; punctuation stays what it is."""
    core = _EDGES.sub("", word)
    if not core:
        return word
    return _STEM((_GENDER_ENDING.sub("", core) or core).lower())


def _is_gap(word: str) -> bool:
    """A token that may stand between two words of one phrase."""
    return word not in _SENTENCE_ENDS and not _PARAGRAPH_BREAK.search(word)


def _is_connector(word: str) -> bool:
    return word in _CONNECTORS or (word.isspace() and not _PARAGRAPH_BREAK.search(word))


class German:
    """Tokenizer and vocabulary; ``GAP`` and ``CONNECTOR`` are flags for matcher patterns."""

    def __init__(self) -> None:
        self.pipeline: Language = spacy.blank("de")
        # spaCy's stubs know neither the getters nor a replaceable infix finder.
        self.vocab = cast(Any, self.pipeline.vocab)
        # What nobody asks of a word is not worked out for every new one: a tenth of all annotation time.
        getters = self.vocab.lex_attr_getters
        self.vocab.lex_attr_getters = {name: getters[name] for name in (LOWER, IS_ALPHA, IS_SPACE)}
        self.vocab.lex_attr_getters[NORM] = normal_form
        infixes = [rule for rule in self.pipeline.Defaults.infixes or () if not _COLON_INFIX.search(str(rule))]
        tokenizer = cast(Any, self.pipeline.tokenizer)
        tokenizer.infix_finditer = compile_infix_regex([*infixes, *_EXTRA_INFIXES]).finditer
        self.gap: int = self.vocab.add_flag(_is_gap)
        self.connector: int = self.vocab.add_flag(_is_connector)

    def tokens(self, text: str, cuts: Iterable[int] = ()) -> Doc:
        """The text as tokens; their offsets are code points of ``text``; at ``cuts`` a token ends.

        Runs of 400 and more characters without white space are blanked: quote from the text, not from tokens.
        """
        document: Doc = self.pipeline.tokenizer(_ENDLESS.sub(lambda match: " " * len(match[0]), text))
        _cut(document, cuts)
        return document


def _cut(document: Doc, cuts: Iterable[int]) -> None:
    """Split the tokens that hold an offset; where a token begins or ends there already, nothing happens."""
    with document.retokenize() as retokenizer:
        for offset in cuts:
            span = document.char_span(offset, offset + 1, alignment_mode="expand")
            if span is None or span.start_char >= offset:
                continue
            token, at = document[span.start], offset - span.start_char
            retokenizer.split(token, [token.text[:at], token.text[at:]], heads=[token, token])


@lru_cache(maxsize=1)
def german() -> German:
    """The pipeline, built once a process: its vocabulary is a cache that all annotators share."""
    return German()
