"""Positions read in blocks give what reading every text gives, over many blocks and several segments."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.backends.whoosh_backend import WhooshBackend
from indexer.backends.whoosh_positions import PlainPositions
from indexer.german import GermanAnalyzer
from kb.model import IndexEntry, SearchQuery

WORDS = ("der", "Übergang", "und", "Schule", "Berufs", "wahl", "im", "Quartier")
ANALYZER = GermanAnalyzer()


@given(st.lists(st.integers(0, 2**31), unique=True, max_size=300).map(sorted))
def test_stored_positions_are_read_again(positions: list[int]) -> None:
    stored = PlainPositions().encode(positions)
    assert PlainPositions().decode_positions(stored) == positions
    assert PlainPositions().decode_frequency(stored) == len(positions)


@pytest.fixture(scope="module")
def texts() -> dict[str, list[str]]:
    """More texts than three of Whoosh's blocks hold, seeded."""
    chance = random.Random(4)
    return {f"d{number:04}": chance.choices(WORDS, k=chance.randint(1, 12)) for number in range(450)}


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory, texts: dict[str, list[str]]) -> WhooshBackend:
    made = WhooshBackend(Path(tmp_path_factory.mktemp("index")), ANALYZER)
    ids = sorted(texts)
    for start in (0, 300, 400):
        with made.writer() as writer:
            for doc_id in ids[start : start + 300 if not start else start + 100]:
                writer.put(IndexEntry(doc_id, "r", "", " ".join(texts[doc_id]), "s", "sonstiges"))
    with made.writer() as writer:
        for doc_id in ids[::7]:
            writer.remove(doc_id)
    return made


@pytest.mark.parametrize(
    "phrase",
    ["und der", "der Übergang", "im Quartier", "Übergang Schule", "der der", "Schule und der"],
)
def test_a_phrase_is_found_where_it_stands(
    backend: WhooshBackend, texts: dict[str, list[str]], phrase: str
) -> None:
    wanted = phrase.split()
    holding = {
        doc_id
        for number, (doc_id, words) in enumerate(sorted(texts.items()))
        if number % 7
        and any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))
    }
    found = backend.search(SearchQuery(f'"{phrase}"', limit=500, correct=False, explain=False))
    assert holding, "a phrase that stands nowhere proves nothing"
    assert {hit.entry.id for hit in found.hits} == holding
