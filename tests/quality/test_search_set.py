"""Floors for what the search finds in the project's own retrieval set; floors only go up."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.backends.whoosh_backend import WhooshBackend
from indexer.evaluation import EvalReport, measure, read_entries, read_judgements, read_queries
from indexer.german import GermanAnalyzer, load_synonyms

SYNONYMS = Path(__file__).parents[2] / "corpus" / "synonyms.txt"
HERE = Path(__file__).parent / "search"
QUERIES = read_queries(HERE / "queries.jsonl")
JUDGEMENTS = read_judgements(HERE / "qrels.tsv")
ENTRIES = list(read_entries(HERE / "docs.jsonl"))

# What was reached when the floor was set, less .005: kind of query → nDCG@10.
FLOORS = {
    "compound": 0.959,
    "synonym": 0.905,
    "typo": 0.982,
    "umlaut": 0.995,
    "abbreviation": 0.97,
    "place": 0.995,
    "programme": 0.995,
    "question": 0.97,
    "gender": 0.995,
    "words": 0.995,
}


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> WhooshBackend:
    analyzer = GermanAnalyzer()
    made = WhooshBackend(tmp_path_factory.mktemp("index"), analyzer, synonyms=load_synonyms(SYNONYMS, analyzer))
    with made.writer() as writer:
        for entry in ENTRIES:
            writer.put(entry)
    return made


def report(backend: WhooshBackend, kind: str = "") -> EvalReport:
    chosen = [query for query in QUERIES if not kind or query.id.startswith(f"{kind}-")]
    return measure(backend, chosen, JUDGEMENTS, k=10)


def test_the_set_is_whole() -> None:
    assert len(ENTRIES) >= 60
    assert len(QUERIES) >= 60
    assert {query.id for query in QUERIES} == set(JUDGEMENTS)
    assert {query.id.rsplit("-", 1)[0] for query in QUERIES} == set(FLOORS)
    assert {doc_id for judged in JUDGEMENTS.values() for doc_id in judged} <= {entry.id for entry in ENTRIES}
    assert {grade for judged in JUDGEMENTS.values() for grade in judged.values()} == {1, 2}


def test_all_queries_together(backend: WhooshBackend) -> None:
    reached = report(backend)
    assert reached.ndcg >= 0.965
    assert reached.mrr >= 0.978
    assert reached.recall >= 0.962


@pytest.mark.parametrize(("kind", "floor"), FLOORS.items())
def test_kinds_of_queries(backend: WhooshBackend, kind: str, floor: float) -> None:
    assert report(backend, kind).ndcg >= floor
