"""How good the search is: rankings against judgements, on a folder of documents, queries and qrels.

nDCG with the gain 2^rel − 1 and the discount log2(rank + 1) (Burges et al. 2005, "Learning to rank using
gradient descent"; the ideal ranking is over all judged documents, cut at k), the reciprocal rank of the
first relevant document, and recall, all at k, as means over the queries that have a relevant document.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from kb.errors import ConfigurationError, FundstelleError, InvalidQueryError
from kb.model import IndexEntry, SearchQuery, normalise_line, normalise_text
from kb.ports import SearchBackend

# Each query is timed on a warm engine; the first few open files and fill caches.
_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class EvalReport:
    """Means over ``queries`` queries; milliseconds for one query with its page of k hits, snippets, facets.

    ``failures`` says which documents are not among those searched.
    """

    queries: int
    ndcg: float
    mrr: float
    recall: float
    p50_ms: float
    p95_ms: float
    failures: tuple[FundstelleError, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a set."""

    id: str
    text: str


# query id → document id → relevance (0: judged and not relevant)
Judgements = Mapping[str, Mapping[str, int]]


def evaluate(
    folder: Path, backend: SearchBackend, queries_file: Path | None = None, *, k: int = 10
) -> EvalReport:
    """Fill an empty backend with ``docs.jsonl`` and run the queries against ``qrels.tsv``.

    Raises:
        ConfigurationError: a file is missing or a line wrong; names file and line.
    """
    judgements = read_judgements(folder / "qrels.tsv")
    queries = read_queries(queries_file or folder / "queries.jsonl")
    with backend.writer(rebuild=True) as writer:
        for entry in read_entries(folder / "docs.jsonl"):
            writer.put(entry)
    return replace(measure(backend, queries, judgements, k=k), failures=tuple(writer.refused.values()))


def measure(backend: SearchBackend, queries: Sequence[Query], judgements: Judgements, *, k: int) -> EvalReport:
    """Run queries over a filled backend."""
    judged = [query for query in queries if any(judgements.get(query.id, {}).values())]
    if not judged:
        raise ConfigurationError(
            "keine Anfrage hat ein Urteil", remedy="Kennungen in queries.jsonl und qrels.tsv vergleichen"
        )
    for query in judged[:_WARM_UP]:
        _ranking(backend, query.text, k)
    gains: list[float] = []
    ranks: list[float] = []
    recalls: list[float] = []
    times: list[float] = []
    for query in judged:
        started = time.perf_counter()
        ranking = _ranking(backend, query.text, k)
        times.append((time.perf_counter() - started) * 1000)
        relevance = judgements[query.id]
        gains.append(ndcg(ranking, relevance, k))
        ranks.append(reciprocal_rank(ranking, relevance, k))
        recalls.append(recall(ranking, relevance, k))
    return EvalReport(
        queries=len(judged),
        ndcg=fmean(gains),
        mrr=fmean(ranks),
        recall=fmean(recalls),
        p50_ms=_percentile(times, 0.5),
        p95_ms=_percentile(times, 0.95),
    )


def ndcg(ranking: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """Normalised discounted cumulative gain at k; 0 where nothing is relevant."""
    ideal = _dcg(sorted(relevance.values(), reverse=True)[:k])
    return _dcg([relevance.get(doc_id, 0) for doc_id in ranking[:k]]) / ideal if ideal else 0.0


def reciprocal_rank(ranking: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """One over the rank of the first relevant document within k; 0 where there is none."""
    return next(
        (1 / rank for rank, doc_id in enumerate(ranking[:k], start=1) if relevance.get(doc_id, 0) > 0), 0.0
    )


def recall(ranking: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """The share of the relevant documents that are within the first k."""
    relevant = {doc_id for doc_id, grade in relevance.items() if grade > 0}
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def _dcg(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _ranking(backend: SearchBackend, text: str, k: int) -> list[str]:
    try:
        return [hit.entry.id for hit in backend.search(SearchQuery(text, limit=k)).hits]
    except InvalidQueryError:
        return []


def _percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def read_entries(path: Path) -> Iterator[IndexEntry]:
    """The documents of a set as index entries without annotations."""
    for fields in _json_lines(path):
        text = normalise_text(str(fields.get("text", "")))
        yield IndexEntry(
            id=normalise_line(str(fields["id"])),
            revision="",
            title=normalise_line(str(fields.get("title") or "")),
            text=text,
            source="eval",
            doc_type="sonstiges",
        )


def read_queries(path: Path) -> list[Query]:
    """The queries of a set."""
    return [
        Query(normalise_line(str(fields["id"])), str(fields.get("text", ""))) for fields in _json_lines(path)
    ]


def read_judgements(path: Path) -> Judgements:
    """``query id <tab> document id <tab> relevance`` a line."""
    judgements: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        columns = line.split("\t")
        try:
            query_id, doc_id, grade = columns
            judgements.setdefault(query_id, {})[doc_id] = int(grade)
        except ValueError as error:
            raise ConfigurationError(
                "die Zeile ist kein Urteil",
                subject=f"{path}:{number}",
                remedy="Anfrage, Dokument, Zahl mit Tabulator trennen",
            ) from error
    return judgements


def _json_lines(path: Path) -> Iterator[Mapping[str, object]]:
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ConfigurationError("die Zeile ist kein JSON", subject=f"{path}:{number}") from error
        if not isinstance(fields, dict) or not normalise_line(str(fields.get("id", ""))):
            raise ConfigurationError("der Zeile fehlt id", subject=f"{path}:{number}")
        yield fields


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "nicht lesbar",
            subject=str(path),
            remedy="einen Ordner mit docs.jsonl, queries.jsonl und qrels.tsv angeben",
        ) from error
