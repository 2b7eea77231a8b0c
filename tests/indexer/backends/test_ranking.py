"""The Whoosh backend ranks exactly as the reference does, whatever was written in whatever order."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.backends.memory import MemoryBackend
from indexer.backends.scoring import (
    contains_row,
    field_terms,
    inverse_document_frequency,
    length_norm,
    saturated,
)
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer, Synonyms
from kb.model import IndexEntry, PartialDate, SearchQuery, Sort

ANALYZER = GermanAnalyzer()
SYNONYMS = Synonyms({("kita",): (("hort",), ("offen", "ganztag")), ("offen", "ganztag"): (("hort",),)})
WORDS = [
    "Schule",
    "Beruf",
    "Kita",
    "Hort",
    "Übergänge",
    "der",
    "und",
    "Schul- und Berufswahl",
    "offener",
    "Ganztag",
]

texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
entries = st.builds(
    IndexEntry,
    id=st.sampled_from([f"d{n}" for n in range(12)]),
    revision=st.just("r"),
    title=st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join),
    text=texts,
    source=st.sampled_from(["hof", "ulm"]),
    doc_type=st.just("sonstiges"),
    date=st.none() | st.builds(PartialDate, st.sampled_from([2017, 2018])),
    topics=st.lists(st.sampled_from(["migration", "quartier"]), max_size=3).map(tuple),
)
# One batch is one commit: entries to put, ids to remove.
batches = st.lists(
    st.tuples(
        st.lists(entries, max_size=6), st.lists(st.sampled_from([f"d{n}" for n in range(12)]), max_size=3)
    ),
    min_size=1,
    max_size=5,
)
queries = st.builds(
    SearchQuery,
    text=st.sampled_from(["", "-Kita", '"Schule Beruf"', "+Kita Schule", 'Hort -"der Kita"', "der"])
    | texts
    | st.lists(texts.map('"{}"'.format) | texts.map('-"{}"'.format), max_size=3).map(" ".join),
    filters=st.sampled_from([{}, {"topic": ("quartier",)}, {"year": ("2018",), "source": ("hof", "ulm")}]),
    sort=st.sampled_from(list(Sort)),
    limit=st.just(20),
)


@contextmanager
def whoosh() -> Iterator[WhooshBackend]:
    with tempfile.TemporaryDirectory() as folder:
        yield WhooshBackend(Path(folder) / "index", ANALYZER, synonyms=SYNONYMS)


@settings(max_examples=40, deadline=None)
@given(batches, st.lists(queries, min_size=3, max_size=6))
def test_hits_scores_order_and_facets_equal_the_reference(
    changes: list[tuple[list[IndexEntry], list[str]]], asked: list[SearchQuery]
) -> None:
    reference = MemoryBackend(ANALYZER, synonyms=SYNONYMS)
    with whoosh() as tested:
        for puts, removals in changes:
            for backend in (reference, tested):
                with backend.writer() as writer:
                    for entry in puts:
                        writer.put(entry)
                    for doc_id in removals:
                        writer.remove(doc_id)
        assert tested.revisions() == reference.revisions()
        for query in asked:
            expected, found = reference.search(query), tested.search(query)
            assert [hit.entry for hit in found.hits] == [hit.entry for hit in expected.hits]
            assert [hit.score for hit in found.hits] == [hit.score for hit in expected.hits]
            assert (found.total, found.facets) == (expected.total, expected.facets)


def test_the_formula_by_hand() -> None:
    """Two documents; „hort“ stands twice in one body of 3 words (average 2) and in no title."""
    backend = MemoryBackend(ANALYZER)
    with backend.writer() as writer:
        writer.put(IndexEntry("a", "r", "", "Hort Hort Schule", "s", "sonstiges"))
        writer.put(IndexEntry("b", "r", "", "Schule", "s", "sonstiges"))
    frequency = 2 / (1 - 0.75 + 0.75 * 3 / 2)
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    (hit,) = backend.search(SearchQuery("Hort")).hits
    assert hit.score == pytest.approx(idf * frequency * 2.2 / (frequency + 1.2))


def test_the_parts_of_the_formula() -> None:
    assert inverse_document_frequency(10, 10) > 0
    assert inverse_document_frequency(10, 1) > inverse_document_frequency(10, 5)
    assert length_norm(7, 7.0) == length_norm(0, 0.0) == 1.0
    assert saturated(0.0) == 0.0
    assert saturated(1e9) == pytest.approx(2.2)


def test_lengths_leave_out_stop_words_and_further_readings() -> None:
    made = field_terms(ANALYZER, "Die Schul- und Berufswahl der Kita-Integration")
    assert made.length == 4
    assert made.positions["schulwahl"] == [1]
    assert made.positions["kita"] == made.positions["kitaintegration"] == [5]
    assert made.positions["integration"] == [6]


def test_positions_ascend_although_readings_come_late() -> None:
    positions = field_terms(ANALYZER, "Schulwahl Schul- und Berufswahl Schulwahl").positions
    assert positions["schulwahl"] == [0, 1, 4]


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        ([[3, 9], [4], [5]], True),
        ([[3, 9], [4], [6]], False),
        ([[0], []], False),
        ([[0]], True),
        ([[1, 2], [1, 2]], True),
        ([[2], [1]], False),
    ],
)
def test_a_row_is_one_position_after_the_other(positions: list[list[int]], expected: bool) -> None:
    assert contains_row(positions) is expected
