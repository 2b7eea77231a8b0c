"""Floors for what the search finds in a set of practice texts, by kind of query; floors only go up."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from indexer.backends.whoosh_backend import WhooshBackend
from indexer.evaluation.search import EvalReport, evaluate, measure, read_judgements, read_queries
from indexer.german import GermanAnalyzer, load_synonyms

SYNONYMS = Path(__file__).parents[2] / "corpus" / "synonyms.txt"
HERE = Path(__file__).parent / "search"
QUERIES = read_queries(HERE / "queries.jsonl")
JUDGEMENTS = read_judgements(HERE / "qrels.tsv")
DOCUMENTS: list[dict[str, str]] = [
    json.loads(line) for line in (HERE / "docs.jsonl").read_text("utf-8").splitlines()
]

# What was reached when the floor was set, less .005: kind of query → nDCG@10.
FLOORS = {
    "compound": 0.861,
    "paraphrase": 0.686,
    "typo": 0.957,
    "umlaut": 0.911,
    "abbreviation": 0.939,
    "place": 0.995,
    "programme": 0.88,
    "question": 0.916,
    "gender": 0.947,
    "words": 0.87,
}

# What practice texts look like; each must occur, or the set no longer tests it.
FEATURES = {
    "soft hyphens": r"\w\u00ad\w",
    "words broken at the line's end": r"[a-zäöüß]-\n[a-zäöüß]",
    "letter-spaced headings": r"(?:\b\w ){5}",
    "decomposed umlauts": r"[aouAOU]\u0308",
    "umlauts as ae, oe, ue": r"Muetter",
    "umlauts without dots": r"\bUbergangsmanagement",
    "gender star": r"\w\*innen",
    "gender colon": r"\w:innen",
    "gender gap": r"\w_innen",
    "gender stroke": r"\w/-innen",
    "gender brackets": r"\w\(innen\)",
    "inner capital": r"[a-z]Innen\b",
    "both forms": r"\b(\w+)innen und \1",
    "suspended hyphens": r"\w- und \w",
    "abbreviations with dots": r"\bbzw\.",
}


def kind(query_id: str) -> str:
    return query_id.rsplit("-", 1)[0]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> WhooshBackend:
    analyzer = GermanAnalyzer()
    synonyms = load_synonyms(SYNONYMS, analyzer)
    made = WhooshBackend(tmp_path_factory.mktemp("index"), analyzer, synonyms=synonyms)
    evaluate(HERE, made)
    return made


def report(backend: WhooshBackend, wanted: str = "") -> EvalReport:
    chosen = [query for query in QUERIES if wanted in ("", kind(query.id))]
    return measure(backend, chosen, JUDGEMENTS, k=10)


def test_the_set_is_whole() -> None:
    ids = [document["id"] for document in DOCUMENTS]
    assert len(ids) >= 88
    assert max(Counter(ids).values()) == 1
    assert len(QUERIES) >= 138
    assert max(Counter(query.id for query in QUERIES).values()) == 1
    assert max(Counter(query.text for query in QUERIES).values()) == 1
    assert {query.id for query in QUERIES} == set(JUDGEMENTS)
    judged = {doc_id for relevance in JUDGEMENTS.values() for doc_id in relevance}
    assert judged <= set(ids)
    assert len(judged) >= 80
    assert {grade for relevance in JUDGEMENTS.values() for grade in relevance.values()} == {1, 2}


def test_no_kind_rests_on_a_few_queries() -> None:
    counts = Counter(kind(query.id) for query in QUERIES)
    assert set(counts) == set(FLOORS)
    assert min(counts.values()) >= 12


def test_documents_are_as_long_as_practice_texts() -> None:
    lengths = {document["id"]: len(document["text"].split()) for document in DOCUMENTS}
    assert {doc_id: length for doc_id, length in lengths.items() if not 80 <= length <= 250} == {}


@pytest.mark.parametrize(("name", "pattern"), FEATURES.items())
def test_the_texts_are_as_broken_as_real_ones(name: str, pattern: str) -> None:
    text = "\n".join(f"{document['title']}\n{document['text']}" for document in DOCUMENTS)
    assert re.search(pattern, text), name


def test_a_typo_is_in_no_document() -> None:
    """A misspelt word that a text happens to hold would be found without any correction."""
    held = set(re.findall(r"\w+", " ".join(document["text"] for document in DOCUMENTS).lower()))
    for query in QUERIES:
        if kind(query.id) == "typo":
            words = unicodedata.normalize("NFC", query.text).lower().split()
            assert not held.issuperset(words), query.text


def test_all_queries_together(backend: WhooshBackend) -> None:
    reached = report(backend)
    assert reached.ndcg >= 0.891
    assert reached.mrr >= 0.926
    assert reached.recall >= 0.906


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_kinds_of_queries(backend: WhooshBackend, name: str, floor: float) -> None:
    assert report(backend, name).ndcg >= floor
