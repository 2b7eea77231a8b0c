"""Floors for what the search finds in the demonstration corpus; floors only go up."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.backends.whoosh_backend import WhooshBackend
from indexer.evaluation.search import EvalReport, measure, read_judgements, read_queries
from indexer.german import GermanAnalyzer, load_synonyms
from indexer.updating.update import update_index
from kb.corpus import DirectoryCorpus
from kb.model import Annotations, DocTypeTag, Document

CORPUS = Path(__file__).parents[2] / "corpus"
HERE = Path(__file__).parent / "demo"
QUERIES = read_queries(HERE / "queries.jsonl")
JUDGEMENTS = read_judgements(HERE / "qrels.tsv")

# What was reached when the floor was set, less .005: kind of query → nDCG@10.
FLOORS = {
    "compound": 0.899,
    "umlaut": 0.995,
    "gender": 0.994,
    "abbreviation": 0.848,
    "place": 0.995,
    "words": 0.878,
}


class NoAnnotator:
    """Ranking knows texts only; what annotators conclude has floors of its own."""

    version = ""

    def annotate(self, document: Document) -> Annotations:
        return Annotations(DocTypeTag("sonstiges"))


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> WhooshBackend:
    analyzer = GermanAnalyzer()
    synonyms = load_synonyms(CORPUS / "synonyms.txt", analyzer)
    made = WhooshBackend(tmp_path_factory.mktemp("index"), analyzer, synonyms=synonyms)
    update_index(DirectoryCorpus(CORPUS), made, NoAnnotator())
    return made


def report(backend: WhooshBackend, kind: str = "") -> EvalReport:
    chosen = [query for query in QUERIES if query.id.startswith(kind)]
    return measure(backend, chosen, JUDGEMENTS, k=10)


def test_every_query_is_judged_and_every_judged_document_exists(backend: WhooshBackend) -> None:
    assert len(QUERIES) >= 40
    assert {query.id for query in QUERIES} == set(JUDGEMENTS)
    assert {query.id.rsplit("-", 1)[0] for query in QUERIES} == set(FLOORS)
    judged = {doc_id for relevance in JUDGEMENTS.values() for doc_id in relevance}
    assert judged <= set(backend.revisions())
    assert len(judged) >= 40


def test_all_queries_together(backend: WhooshBackend) -> None:
    reached = report(backend)
    assert reached.ndcg >= 0.932
    assert reached.mrr >= 0.949
    assert reached.recall >= 0.963


@pytest.mark.parametrize(("kind", "floor"), FLOORS.items())
def test_kinds_of_queries(backend: WhooshBackend, kind: str, floor: float) -> None:
    assert report(backend, kind).ndcg >= floor
