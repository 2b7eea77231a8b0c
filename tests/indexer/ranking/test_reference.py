"""The Whoosh backend ranks exactly as the reference does, whatever was written in whatever order."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.backends.memory import MemoryBackend
from indexer.backends.reference import stands_in_a_row
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer, Synonyms
from indexer.query.states import load_states
from indexer.ranking import gathering
from indexer.ranking.document_words import document_words
from indexer.ranking.priors import Priors
from indexer.scoring import FULL, impact, inverse_document_frequency, length_norm, weight
from kb.model import IndexEntry, PartialDate, SearchQuery, Sort
from tests.indexer.ranking.uncompiled import uncompiled

ANALYZER = GermanAnalyzer()
STATES = load_states(Path(__file__).parents[3] / "corpus" / "states.tsv", ANALYZER)
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
    "Schulberufe",
    "Ganztagsschule",
    "Quartiersmanagement",
    "Management",
    "Quartier",
    "Uebergang",
    "# Stadtteil\n",
    "Schüler",
    "Lehrer",
    "Lehre",
]
# What people get wrong, and what only parts or similar words find.
TYPED = [*WORDS, "Quartir", "Schuhle", "Managment", "Ganztagsschulen", "ubergange", "Zeppelin", "Schulberuf"]

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
    places=st.lists(st.sampled_from(["Hof", "Ulm", "Kreis Unna"]), max_size=2, unique=True).map(tuple),
    authors=st.lists(st.sampled_from(["Ida Beruf", "Paul Hort", "Schule"]), max_size=2).map(tuple),
    publisher=st.sampled_from([None, "Stadt Hort", "Quartiersmanagement", "Kita der Schule", "SH"]),
    url=st.sampled_from(
        [None, "https://www.kita.de/schule/beruf-2018", "http://kita.de/schule", "kita.de?a=1"]
    ),
    other_urls=st.sampled_from([(), ("https://hort.example/kita",)]),
    states=st.lists(st.sampled_from(["Schleswig-Holstein", "Bayern", "Bremen"]), max_size=2).map(tuple),
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
    text=st.sampled_from(
        [
            "",
            "-Kita",
            '"Schule Beruf"',
            "+Kita Schule",
            'Hort -"der Kita"',
            "der",
            "ganz*",
            "qua* Schule -Hort",
            "Kita ODER (Quartier UND NICHT Schule)",
            "(Hort ODER Kita) Beruf",
            "titel:Schule",
            'titel:"Schule Beruf" Kita',
            "thema:quartier jahr:2017..2018",
            "Wo ist die Schule und das Quartier der Kita",
            'Wie ist die "Zeppelin Schule" der Kita',
            "quelle:hof Management",
            "autor:Beruf",
            'Kita autor:"Ida Beruf" -herausgeber:Hort',
            'herausgeber:"Kita der Schule" ODER autor:Hort',
            "+Ida Kita",
            "Paul Schule",
            "https://kita.de/schule",
            "Kita www.kita.de/schule/beruf-2018",
            "kita.de/",
            "-https://hort.example/kita Hort",
            "https://kita.de/schule/hort",
            "SH Kita",
            "Schleswig-Holstein",
            "ort:SH",
            "ort:bayern Schule",
            "thema:quartir -quelle:um",
            "ort:Bremn ODER typ:keiner",
            "Bayerns Kita Zeppelin",
        ]
    )
    | texts
    | st.lists(st.sampled_from(TYPED), max_size=5).map(" ".join)
    | st.lists(texts.map('"{}"'.format) | texts.map('-"{}"'.format), max_size=3).map(" ".join),
    filters=st.sampled_from(
        [
            {},
            {"topic": ("quartier",)},
            {"year": ("2018",), "source": ("hof", "ulm")},
            {"place": ("Ulm", "Bonn", "Hof")},
        ]
    ),
    sort=st.sampled_from(list(Sort)),
    limit=st.just(20),
)


@contextmanager
def whoosh(priors: Priors | None = None) -> Iterator[WhooshBackend]:
    with tempfile.TemporaryDirectory() as folder:
        yield WhooshBackend(Path(folder) / "index", ANALYZER, synonyms=SYNONYMS, priors=priors, states=STATES)


@settings(max_examples=40, deadline=None)
@given(
    batches,
    st.lists(queries, min_size=3, max_size=6),
    st.sampled_from([Priors(), Priors(recency=0.5, half_life=1), Priors(doc_types={"sonstiges": 0.1})]),
    st.sampled_from([1, 3, gathering.MOST_DOCUMENTS]),
    st.booleans(),
)
def test_hits_scores_order_and_facets_equal_the_reference(
    changes: list[tuple[list[IndexEntry], list[str]]],
    asked: list[SearchQuery],
    priors: Priors,
    segment_size: int,
    compiled: bool,
) -> None:
    reference = MemoryBackend(ANALYZER, synonyms=SYNONYMS, priors=priors, states=STATES)
    with whoosh(priors) as tested, patch.object(gathering, "MOST_DOCUMENTS", segment_size):
        for puts, removals in changes:
            for backend in (reference, tested):
                with backend.writer() as writer:
                    for entry in puts:
                        writer.put(entry)
                    for doc_id in removals:
                        writer.remove(doc_id)
        assert tested.revisions() == reference.revisions()
        for typed in ("sc", "Qu", "über", "uberg", "Kita ho", "be", "schulb", "d"):
            completed = [
                [one.text.lower() for one in backend.suggest(typed, 50) if one.kind == "term"]
                for backend in (reference, tested)
            ]
            # A topic of this name takes the place of the word.
            completed = [[text for text in texts if text != "quartier"] for texts in completed]
            assert completed[0] == completed[1]
        for query in asked:
            expected = reference.search(query)
            with nullcontext() if compiled else uncompiled():
                found = tested.search(query)
            assert [hit.entry for hit in found.hits] == [hit.entry for hit in expected.hits]
            assert [hit.score for hit in found.hits] == [hit.score for hit in expected.hits]
            assert [(hit.tier, hit.missing) for hit in found.hits] == [
                (hit.tier, hit.missing) for hit in expected.hits
            ]
            assert (found.total, found.further) == (expected.total, expected.further)
            assert found.facets == expected.facets
            assert found.notices == expected.notices
            assert (found.corrected or "").lower() == (expected.corrected or "").lower()
            assert [hit.reasons for hit in found.hits] == [hit.reasons for hit in expected.hits]
            shares = [[reason.share for reason in hit.reasons] for hit in found.hits]
            assert all(0 < share <= 1 for hit in shares for share in hit)


def test_grams_that_many_documents_hold_say_nothing() -> None:
    assert weight("grams", 1000, 250) > 0
    assert weight("grams", 1000, 251) == 0
    assert weight("stems", 1000, 251) > 0
    assert weight("grams", 40, 30) > 0, "among few documents anything is frequent"


def test_the_formula_by_hand() -> None:
    """Two documents; „hort“ stands twice in one text of 3 content words, and the average is 2."""
    backend = MemoryBackend(ANALYZER)
    with backend.writer() as writer:
        writer.put(IndexEntry("a", "r", "", "Hort Hort Schule", "s", "sonstiges"))
        writer.put(IndexEntry("b", "r", "", "Schule", "s", "sonstiges"))
    norm = 1 - 0.75 + 0.75 * 3 / 2
    worth = round(255 * 2 / (2 + 1.2 * norm))
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    # Its stem, its only part, and two grams, _hort and hort_.
    weights = round(64 * idf) + round(64 * 0.5 * idf) + 2 * round(64 * 0.3 * idf)
    (hit,) = backend.search(SearchQuery("Hort")).hits
    # And one for the very form.
    assert hit.score == pytest.approx((worth * weights + 1) * 2.2 / (64 * 255))


def test_the_parts_of_the_formula() -> None:
    assert inverse_document_frequency(10, 10) > 0
    assert inverse_document_frequency(10, 1) > inverse_document_frequency(10, 5)
    assert length_norm(7, 7.0) == length_norm(0, 0.0) == 1.0
    assert impact(1, 100.0) < impact(1, 1.0) < impact(2, 1.0) < impact(10_000, 1.0) == FULL
    assert impact(1, 1e9) == 1, "whatever stands in a document counts"
    assert weight("stems", 10, 1) > weight("parts", 10, 1) > weight("grams", 10, 1)


def entry(title: str, text: str, topics: tuple[str, ...] = ()) -> IndexEntry:
    return IndexEntry("a", "r", title, text, "s", "sonstiges", topics=topics)


def test_priors_prefer_new_documents_and_kinds_and_are_off_by_default() -> None:
    assert not Priors()
    old, new = (
        IndexEntry(str(year), "r", "", "Hort", "s", "x", date=PartialDate(year)) for year in (2010, 2020)
    )
    for priors, first in (
        (Priors(), "2010"),
        (Priors(recency=0.2), "2020"),
        (Priors(doc_types={"x": 1}), "2010"),
    ):
        with whoosh(priors) as backend:
            with backend.writer() as writer:
                writer.put(old)
                writer.put(new)
            assert backend.search(SearchQuery("Hort")).hits[0].entry.id == first
    assert Priors(recency=0.5, half_life=5).thousandths(2015, 2020, "x") == 1250
    assert Priors(recency=0.5).thousandths(0, 2020, "x") == 1000


def test_titles_headings_and_topics_count_more_than_running_text() -> None:
    made = document_words(
        ANALYZER, entry("Quartier", "Kita\n\n## Die Schule\n\nHort", ("mig",)), {"mig": "Migration"}
    )
    assert made.weights == {"quartier": 3, "kita": 1, "die": 2, "schule": 2, "hort": 1, "migration": 2}


def test_lengths_leave_out_stop_words_and_further_readings() -> None:
    made = document_words(ANALYZER, entry("", "Die Schul- und Berufswahl der Kita-Integration"), {})
    assert made.length == 4
    body = made.positions["body"]
    assert body["schulwahl"] == [1]
    assert body["kita"] == body["kitaintegration"] == [5]
    assert body["integration"] == [6]


def test_neighbours_are_content_words_with_at_most_two_stop_words_between() -> None:
    made = document_words(ANALYZER, entry("", "Übergang von der Schule in die und die Kita"), {})
    assert made.pairs == {("ubergang", "schul")}


def test_positions_ascend_although_readings_come_late() -> None:
    made = document_words(ANALYZER, entry("", "Schulwahl Schul- und Berufswahl Schulwahl"), {})
    assert made.positions["body"]["schulwahl"] == [0, 1, 4]


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
    assert stands_in_a_row(positions) is expected
