"""Reasons that stand around a text: who wrote and published it, in which state it plays, where it lies."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.german import GermanAnalyzer
from indexer.query.conditions import QueryWord
from indexer.query.states import state_key
from indexer.ranking.faint_words import addresses_of
from kb.model import IndexEntry, Match, Reason, Where


def around_reason(word: QueryWord, analyzer: GermanAnalyzer, entry: IndexEntry, share: float) -> Reason | None:
    """What stands around a text because of a word of the query, or None."""
    terms = frozenset(word.faint)
    for where, text in _texts(entry):
        for token in analyzer.analyze(text):
            if token.term in terms and not token.stop:
                return Reason(word.typed, text[token.start : token.end], Match.WORD, where, share)
    for state in entry.states:
        if state_key(state) in terms:
            match = Match.WORD if word.typed.casefold() in state.casefold() else Match.SYNONYM
            return Reason(word.typed, state, match, Where.STATE, share)
    return None


def _texts(entry: IndexEntry) -> Iterator[tuple[Where, str]]:
    for author in entry.authors:
        yield Where.AUTHOR, author
    if entry.publisher:
        yield Where.PUBLISHER, entry.publisher
    for address in addresses_of(entry):
        yield Where.ADDRESS, address.words
