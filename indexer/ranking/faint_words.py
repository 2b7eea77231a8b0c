"""What stands around a text and is found faintly: authors, publisher, addresses, states of its places.

None of it counts into a document's length or the rarity of words, has parts or grams, or is completed: a
hundred pages of one publisher would otherwise drown the texts that are about what the publisher is called.
"""

from __future__ import annotations

from indexer.german import GermanAnalyzer
from indexer.query.addresses import Address, read_address
from indexer.query.conditions import row_keys
from indexer.query.states import state_key
from kb.model import IndexEntry


def faint_words(analyzer: GermanAnalyzer, entry: IndexEntry) -> frozenset[str]:
    """Stems of the words around the text of an entry, and keys of its addresses, states and fields."""
    addresses = addresses_of(entry)
    keys = {key for address in addresses for key in (address.exact, *address.levels)}
    keys |= {state_key(state) for state in entry.states}
    for address in addresses:
        keys |= {token.term for token in analyzer.analyze(address.words) if not token.stop}
    texts = [("author", author) for author in entry.authors]
    for field, text in (*texts, ("publisher", entry.publisher or "")):
        tokens = analyzer.analyze(text)
        keys |= {token.term for token in tokens if not token.stop}
        keys |= {key for token in tokens for key in row_keys(field, (token.term,))}
        keys.update(row_keys(field, tuple(token.term for token in tokens if not token.extra)))
    return frozenset(keys)


def addresses_of(entry: IndexEntry) -> list[Address]:
    """All addresses of an entry that can be read."""
    found = (read_address(url) for url in (entry.url, *entry.other_urls) if url)
    return [address for address in found if address is not None]
