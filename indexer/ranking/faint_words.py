"""What stands around a text and is found faintly: authors, publisher, addresses, states of its places.

None of it counts into a document's length or the rarity of words, has parts or grams, or is completed: a
hundred pages of one publisher would otherwise drown the texts that are about what the publisher is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.german import GermanAnalyzer, Token
from indexer.query.addresses import Address, read_address
from indexer.query.states import state_key
from kb.model import IndexEntry

# Words between two authors, so that no phrase runs from one into the next.
_GAP = 100


@dataclass(frozen=True, slots=True)
class FaintWords:
    """``terms`` are stems, and keys of addresses and states; ``fields`` the analysed texts of two fields."""

    terms: frozenset[str]
    fields: dict[str, list[Token]]


def faint_words(analyzer: GermanAnalyzer, entry: IndexEntry) -> FaintWords:
    """Analyse what stands around the text of an entry."""
    fields = {
        "author": list(_in_a_row(analyzer.analyze(author) for author in entry.authors)),
        "publisher": analyzer.analyze(entry.publisher) if entry.publisher else [],
    }
    addresses = addresses_of(entry)
    tokens = [token for found in fields.values() for token in found]
    for address in addresses:
        tokens += analyzer.analyze(address.words)
    terms = {token.term for token in tokens if not token.stop}
    terms |= {key for address in addresses for key in (address.exact, *address.levels)}
    terms |= {state_key(state) for state in entry.states}
    return FaintWords(frozenset(terms), fields)


def addresses_of(entry: IndexEntry) -> list[Address]:
    """All addresses of an entry that can be read."""
    found = (read_address(url) for url in (entry.url, *entry.other_urls) if url)
    return [address for address in found if address is not None]


def _in_a_row(texts: Iterator[Sequence[Token]]) -> Iterator[Token]:
    first = 0
    for tokens in texts:
        for token in tokens:
            yield token._replace(position=token.position + first)
        first += _GAP + max((token.position for token in tokens), default=0)
