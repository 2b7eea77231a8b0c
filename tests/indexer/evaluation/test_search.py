"""The measures by hand, and what a wrong file in an evaluation folder says."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from indexer.backends.memory import MemoryBackend
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.evaluation.search import evaluate, ndcg, read_judgements, recall, reciprocal_rank
from indexer.german import GermanAnalyzer
from kb.errors import ConfigurationError

ANALYZER = GermanAnalyzer()


def test_ndcg_by_hand() -> None:
    """Gains 2^2−1 = 3 and 2^1−1 = 1; discounts log2 2 = 1, log2 3, log2 4 = 2."""
    grades = {"a": 2, "b": 1, "c": 0}
    assert ndcg(["a", "b"], grades, 10) == 1.0
    assert ndcg(["b", "x", "a"], grades, 10) == pytest.approx((1 + 3 / 2) / (3 + 1 / math.log2(3)))
    assert ndcg(["b", "x", "a"], grades, 2) == pytest.approx(1 / (3 + 1 / math.log2(3)))
    assert ndcg(["x"], grades, 10) == ndcg([], grades, 10) == ndcg(["a"], {"a": 0}, 10) == 0.0


def test_the_ideal_is_cut_at_k_too() -> None:
    assert ndcg(["a"], {"a": 1, "b": 1, "c": 1}, 1) == 1.0


def test_reciprocal_rank_and_recall_by_hand() -> None:
    grades = {"a": 2, "b": 1, "c": 0}
    assert reciprocal_rank(["c", "x", "b", "a"], grades, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["c", "x", "b"], grades, 2) == 0.0
    assert recall(["b", "c"], grades, 10) == 0.5
    assert recall(["x", "y", "a", "b"], grades, 3) == 0.5
    assert recall(["a"], {"a": 0}, 10) == 0.0


DOCUMENTS = [
    {"id": "a", "title": "Übergänge", "text": "Von der Schule in den Beruf"},
    {"id": "b", "title": None, "text": "Schule und Kita"},
    {"id": "c", "text": "Der Garten"},
]
QUERIES = [
    {"id": "q1", "text": "uebergang"},
    {"id": "q2", "text": "Kita"},
    {"id": "q3", "text": "Hort"},
]


def write(folder: Path, *, qrels: str = "q1\ta\t2\n") -> None:
    for name, lines in (("docs.jsonl", DOCUMENTS), ("queries.jsonl", QUERIES)):
        (folder / name).write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    (folder / "qrels.tsv").write_text(qrels, "utf-8")


def test_a_small_set_is_measured(tmp_path: Path) -> None:
    """q1 finds its document first; q2 finds one of two; q3 has no relevant document and does not count."""
    write(tmp_path, qrels="q1\ta\t2\nq2\tb\t1\nq2\tc\t1\nq3\ta\t0\n")
    report = evaluate(tmp_path, WhooshBackend(tmp_path / "index", ANALYZER))
    assert report.queries == 2
    assert report.ndcg == pytest.approx((1 + 1 / (1 + 1 / math.log2(3))) / 2)
    assert report.mrr == 1.0
    assert report.recall == 0.75
    assert 0 < report.p50_ms <= report.p95_ms


def test_other_queries_can_be_asked(tmp_path: Path) -> None:
    write(tmp_path)
    other = tmp_path / "queries.typo.jsonl"
    other.write_text('{"id": "q1", "text": "Uebrgang"}\n', "utf-8")
    assert evaluate(tmp_path, MemoryBackend(ANALYZER), other).ndcg == 0.0
    assert evaluate(tmp_path, MemoryBackend(ANALYZER)).ndcg == 1.0


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("docs.jsonl", '{"id": "a"}\n{kaputt', r"docs\.jsonl:2: "),
        ("docs.jsonl", '["a"]', r"docs\.jsonl:1: "),
        ("queries.jsonl", '{"text": "ohne id"}', r"queries\.jsonl:1: "),
        ("qrels.tsv", "q1 a 1", r"qrels\.tsv:1: .*Tabulator"),
        ("qrels.tsv", "q1\ta\tviel", r"qrels\.tsv:1: "),
        ("qrels.tsv", "andere\ta\t1", "keine Anfrage hat ein Urteil"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, name: str, content: str, expected: str) -> None:
    write(tmp_path)
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match=expected):
        evaluate(tmp_path, MemoryBackend(ANALYZER))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"qrels\.tsv: "):
        read_judgements(tmp_path / "qrels.tsv")
