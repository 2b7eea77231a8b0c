"""What one search may cost, counted: postings, terms, positions; never a clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer
from indexer.query.parser import parse_query
from indexer.query.plan import MAX_WORDS, Planner
from indexer.ranking import similar_words
from indexer.ranking import work as limits
from indexer.ranking.search import OneSearch
from indexer.ranking.work import Work
from kb.errors import InvalidQueryError
from kb.model import IndexEntry, SearchQuery

ANALYZER = GermanAnalyzer()
DOCUMENTS = 60


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> WhooshBackend:
    made = WhooshBackend(tmp_path_factory.mktemp("index"), ANALYZER)
    with made.writer() as writer:
        for number in range(DOCUMENTS):
            text = f"und der {'Stadt' if number % 10 else 'Kita'} wort{number} Berufswahl Berufsberatung"
            writer.put(IndexEntry(f"d{number:02}", "r", "", text, "s", "sonstiges"))
    return made


def spent(backend: WhooshBackend, text: str) -> Work:
    """The work of one plan, without correction and relaxation."""
    state = backend._state()
    plan = Planner(ANALYZER, state.learned.splitter).plan(parse_query(text))
    work = Work()
    OneSearch(state.snapshot, state.similar, state.forms, work).hits(plan)
    return work


def test_a_phrase_reads_positions_only_where_all_its_neighbours_stand(backend: WhooshBackend) -> None:
    assert spent(backend, '"Kita wort10"').positions <= 2
    assert spent(backend, '"der Kita"').positions <= 2 * DOCUMENTS / 10
    assert spent(backend, "Kita Stadt").positions == 0
    assert spent(backend, '"und der" +wort10').positions == 1, "only where everything else is true"
    assert spent(backend, 'wort10 -"und der"').positions == 1


def test_a_phrase_of_stop_words_has_an_end(backend: WhooshBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    assert backend.search(SearchQuery('"und der"')).total == DOCUMENTS
    monkeypatch.setattr(limits, "MAX_POSITIONS", DOCUMENTS // 2)
    assert backend.search(SearchQuery('"und der Kita"')).total == DOCUMENTS / 10
    with pytest.raises(InvalidQueryError, match="seltenere Wörter"):
        backend.search(SearchQuery('"und der"'))


def test_grams_are_left_out_when_enough_was_read(
    backend: WhooshBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = spent(backend, "Berufswahl Berufsberatung").postings
    monkeypatch.setattr(limits, "MAX_POSTINGS", 200)
    less = spent(backend, "Berufswahl Berufsberatung").postings
    assert less < full
    assert backend.search(SearchQuery("Berufswahl Berufsberatung")).total == DOCUMENTS, "still found"


def test_a_prefix_counts_its_words(backend: WhooshBackend) -> None:
    assert spent(backend, "berufs*").terms == 2 * 2, "two words, looked up for hits and for scores"
    assert spent(backend, "wort*").terms == 2 * DOCUMENTS


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "Kita",
                "der",
                "berufs*",
                "ODER",
                "UND",
                "NICHT",
                "(",
                ")",
                '"und der"',
                "-Stadt",
                "+Kita",
                "titel:Kita",
            ]
        ),
        max_size=60,
    ).map(" ".join)
)
def test_no_query_reads_more_than_its_words_allow(backend: WhooshBackend, text: str) -> None:
    try:
        work = spent(backend, text)
    except InvalidQueryError:
        return
    # A word has at most 80 grams and a few parts; each list is at most all documents.
    assert work.postings <= 4 * MAX_WORDS * 100 * DOCUMENTS
    assert work.positions <= limits.MAX_POSITIONS
    assert work.terms <= 2 * 17 * (DOCUMENTS + 10)


def test_threads_share_what_was_looked_up(backend: WhooshBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is emptied all the time; nobody must find it empty in between."""
    monkeypatch.setattr(similar_words, "_KEPT", 1)
    queries = ["Berufswahlen", "Berufsberatungen", "Kitas", "Stadtwort"] * 25
    with ThreadPoolExecutor(4) as pool:
        totals = list(pool.map(lambda text: backend.search(SearchQuery(text)).total, queries))
    assert totals == [backend.search(SearchQuery(text)).total for text in queries]
