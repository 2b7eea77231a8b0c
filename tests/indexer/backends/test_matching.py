"""What one search may cost, counted: terms are read once, and phrases of stop words have an end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from indexer.backends import matching
from indexer.backends.matching import PostingStore
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.backends.whoosh_files import Postings
from indexer.german import GermanAnalyzer
from kb.errors import InvalidQueryError
from kb.model import IndexEntry, SearchQuery


@dataclass
class CountingSource:
    """Each term stands in as many documents as it has letters."""

    read: list[str] = field(default_factory=list)

    def postings(self, field: str, term: str) -> Postings:
        self.read.append(term)
        return Postings(np.arange(len(term)), np.ones(len(term)))

    def positions(self, field: str, term: str, documents: list[int]) -> list[list[int]]:
        raise AssertionError("no phrase was asked for")


def test_postings_are_read_once_until_the_store_is_full() -> None:
    source = CountingSource()
    store = PostingStore(source, limit=12)
    assert len(store.postings("body", "kita").documents) == 4
    store.postings("body", "kita")
    store.postings("title", "kita")
    assert source.read == ["kita", "kita"], "each field has postings of its own"
    store.postings("body", "hort")
    store.postings("body", "hort")
    store.postings("body", "kita")
    assert source.read == ["kita", "kita", "hort", "kita"]


def test_a_word_that_stands_nowhere_takes_room_too() -> None:
    source = CountingSource()
    store = PostingStore(source, limit=3)
    for number in range(10):
        store.postings(str(number), "")
    assert len(store._kept) <= 3


def test_phrases_read_positions_only_where_all_words_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = WhooshBackend(tmp_path, GermanAnalyzer())
    with backend.writer() as writer:
        for number in range(50):
            text = "und der Stadt" if number % 10 else "und der Kita"
            writer.put(IndexEntry(f"d{number:02}", "r", "", text, "s", "sonstiges"))
    monkeypatch.setattr(matching, "MAX_POSITIONS", 20)
    assert backend.search(SearchQuery('"der Kita"')).total == 5
    assert backend.search(SearchQuery('"und der Kita"')).total == 5
    assert backend.search(SearchQuery('+Kita "und der"')).total == 5
    with pytest.raises(InvalidQueryError, match="seltenere Wörter"):
        backend.search(SearchQuery('"und der"'))
    with pytest.raises(InvalidQueryError):
        backend.search(SearchQuery('"und der Kita" -"der Kita" -"Kita und" -"und Kita"'))
