"""What a person typed, read without ever failing but in one way, and turned into terms to look for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from indexer.german import GermanAnalyzer, Synonyms, Token
from kb.errors import InvalidQueryError

# A pasted paragraph passes; beyond that somebody is testing us.
MAX_CHARS = 2_000
# Distinct words that are looked up; a question has about eight. Further words are not looked at.
MAX_TERMS = 64
MAX_CLAUSES = 16
MAX_SYNONYMS = 32
# A synonym ranks below the word itself: nDCG@10 on integreat-de is .712 for .3 and .5, .709 for .9.
SYNONYM_WEIGHT = 0.5

_UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_QUOTES = re.compile(r'([+-]?)(?:"([^"]*)"|„([^“”"]*)[“”"]|“([^”]*)”|»([^«]*)«|«([^»]*)»)')
_SIGNED_WORD = re.compile(r"(?<!\S)([+-])(?=\w)(\S+)")
_CONNECTED = re.compile(r"(?:\b(?:und|oder|sowie|bzw\.?)|[,/-])\s*$", re.IGNORECASE)


class Occur(StrEnum):
    """What a clause asks of a document."""

    MUST = "must"
    MUST_NOT = "must_not"


@dataclass(frozen=True, slots=True)
class Clause:
    """``"a phrase"``, ``+word``, ``-word`` or ``-"a phrase"``."""

    text: str
    occur: Occur


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The plain words, in the order typed, and the clauses; both empty for an empty query."""

    words: str = ""
    clauses: tuple[Clause, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed at all: such a query means all documents."""
        return not self.words and not self.clauses


def parse_query(text: str) -> ParsedQuery:
    """Separate clauses from plain words; unbalanced quotes and lone signs are plain text.

    Raises:
        InvalidQueryError: the text is longer than ``MAX_CHARS``.
    """
    if len(text) > MAX_CHARS:
        raise InvalidQueryError(
            f"die Anfrage hat {len(text)} Zeichen, erlaubt sind {MAX_CHARS}", remedy="kürzer fassen"
        )
    text = _UNUSABLE.sub(" ", text)
    clauses: list[Clause] = []

    def quoted(match: re.Match[str]) -> str:
        phrase = next((group for group in match.groups()[1:] if group is not None), "")
        clauses.append(Clause(phrase.strip(), _occur(match[1])))
        return " "

    def signed(match: re.Match[str]) -> str:
        if match[1] == "-" and _CONNECTED.search(match.string[max(0, match.start() - 12) : match.start()]):
            return match[0]  # „Berufswahl und -orientierung“ excludes nothing
        clauses.append(Clause(match[2], _occur(match[1])))
        return " "

    words = _SIGNED_WORD.sub(signed, _QUOTES.sub(quoted, text))
    return ParsedQuery(
        " ".join(words.split()), tuple(clause for clause in clauses if clause.text)[:MAX_CLAUSES]
    )


def _occur(sign: str) -> Occur:
    return Occur.MUST_NOT if sign == "-" else Occur.MUST


# Terms next to each other, in order, in one field.
Adjacent = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """What else a word or phrase of the query may be called.

    ``replaces`` are the query's terms, ``others`` the synonyms. A document scores for the better of
    both, a synonym counting ``SYNONYM_WEIGHT``: counting both would prefer texts that list synonyms
    (nDCG@10 on integreat-de: .708 with the sum, .712 with the better of both as without synonyms).
    """

    replaces: tuple[str, ...]
    others: tuple[Adjacent, ...]


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """A query in terms of the index.

    A document is a hit when each of ``required`` has an alternative that the document holds, none of
    ``excluded`` has one, and, where nothing is required, the document holds one of ``terms`` or a
    synonym. ``everything`` means all documents, save the excluded.
    """

    terms: tuple[str, ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()
    required: tuple[tuple[Adjacent, ...], ...] = ()
    excluded: tuple[tuple[Adjacent, ...], ...] = ()
    everything: bool = False

    @property
    def marked_terms(self) -> frozenset[str]:
        """The terms that snippets mark."""
        return frozenset(self.terms).union(*(phrase for group in self.synonyms for phrase in group.others))


def plan_query(parsed: ParsedQuery, analyzer: GermanAnalyzer, synonyms: Synonyms | None = None) -> QueryPlan:
    """Analyse a parsed query as documents are analysed; pure."""
    if parsed.is_empty:
        return QueryPlan(everything=True)
    words = analyzer.analyze(parsed.words)[: 4 * MAX_TERMS]
    required: list[tuple[Adjacent, ...]] = []
    excluded: list[tuple[Adjacent, ...]] = []
    tokens = list(words)
    for clause in parsed.clauses:
        inner = analyzer.analyze(clause.text)[:MAX_TERMS]
        alternatives = tuple(_readings(inner))
        if alternatives and clause.occur is Occur.MUST:
            required.append(alternatives)
            tokens += inner
        elif alternatives:
            excluded.append(alternatives)
    terms = _content_terms(tokens)
    return QueryPlan(
        terms=terms,
        synonyms=tuple(_synonym_groups(words, synonyms, terms)) if synonyms is not None else (),
        required=tuple(required),
        excluded=tuple(excluded),
        everything=bool(excluded) and not tokens,
    )


def _readings(tokens: list[Token]) -> Iterator[Adjacent]:
    """The words in a row, or, for one hyphenated word, its whole."""
    row = tuple(token.term for token in tokens if not token.extra)
    if row:
        yield row
    for token in tokens:
        if token.extra and (token.start, token.end) == (tokens[0].start, max(other.end for other in tokens)):
            yield (token.term,)


def _content_terms(tokens: list[Token]) -> tuple[str, ...]:
    """Distinct terms without stop words; all of them where there is nothing else."""
    chosen = [token.term for token in tokens if not token.stop] or [token.term for token in tokens]
    return tuple(dict.fromkeys(chosen))[:MAX_TERMS]


def _synonym_groups(words: list[Token], synonyms: Synonyms, terms: tuple[str, ...]) -> Iterator[SynonymGroup]:
    left = MAX_SYNONYMS
    for given, others in synonyms.expand([token.term for token in words if not token.extra]):
        fresh = tuple(other for other in others if not (len(other) == 1 and other[0] in terms))[:left]
        left -= len(fresh)
        if fresh:
            yield SynonymGroup(tuple(term for term in terms if term in given), fresh)
