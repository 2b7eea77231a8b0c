"""bm25s: three sparse score matrices, one per field, added with the fields' weights."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from benchmarks.engine import PAGE, Answer, BenchQuery, Found, Listener, Task
from benchmarks.fields import FIELD_WEIGHTS, FieldAnalysis, Fields, learn_splitter
from kb.model import IndexEntry

_VOCABULARY = "vocabulary.json"
_DOCUMENTS = "documents.json"
_LISTEN_EVERY = 500


class Bm25s:
    """Ranks words and nothing else: no filters, facets, phrases, prefixes, snippets or updates."""

    tasks = frozenset({Task.WORDS, Task.QUESTION})
    updatable = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fields: dict[str, Any] = {}
        self._documents: list[tuple[str, str, str]] = []
        self._analysis = FieldAnalysis.empty()
        if (folder / _VOCABULARY).exists():
            self._analysis = FieldAnalysis.load(folder / _VOCABULARY)

    def fill(self, entries: Iterable[IndexEntry], listen: Listener) -> None:
        """See ``Engine.fill``; tokens become numbers at once, so that grams fit into memory."""
        self._folder.mkdir(parents=True)
        self._analysis = FieldAnalysis(learn_splitter(entry.text for entry in entries))
        self._analysis.save(self._folder / _VOCABULARY)
        numbers: dict[str, dict[str, int]] = {name: {} for name in FIELD_WEIGHTS}
        rows: dict[str, list[list[int]]] = {name: [] for name in FIELD_WEIGHTS}
        for number, entry in enumerate(entries, start=1):
            fields = self._analysis.analysed_fields(f"{entry.title}\n{entry.text}")
            for name, tokens in _named(fields).items():
                known = numbers[name]
                rows[name].append([known.setdefault(token, len(known)) for token in tokens])
            if number % _LISTEN_EVERY == 0:
                listen(number)
        for name, ids in rows.items():
            index = bm25s.BM25()
            index.index((ids, numbers[name]), show_progress=False)
            index.save(str(self._folder / name), show_progress=False)
        documents = [(entry.id, entry.title, entry.text) for entry in entries]
        (self._folder / _DOCUMENTS).write_text(json.dumps(documents, ensure_ascii=False), "utf-8")

    def open(self) -> None:
        """See ``Engine.open``."""
        for name in FIELD_WEIGHTS:
            self._fields[name] = bm25s.BM25.load(str(self._folder / name), show_progress=False)
        self._documents = json.loads((self._folder / _DOCUMENTS).read_text("utf-8"))

    def search(self, query: BenchQuery) -> Answer:
        """See ``Engine.search``; what shares a stem or part is a hit, grams only rank."""
        fields = _named(self._analysis.query_fields(query.plain))
        scores = self._scores("body", fields["body"]) + self._scores("parts", fields["parts"])
        matched = scores > 0
        ranked = np.where(matched, scores + self._scores("grams", fields["grams"]), 0.0)
        total = int(matched.sum())
        size = min(PAGE, total)
        first = np.argpartition(-ranked, size - 1)[:size] if size else np.zeros(0, dtype=np.int64)
        page = first[np.argsort(-ranked[first], kind="stable")]
        return Answer(total, tuple(Found(*self._documents[number]) for number in page.tolist()))

    def add(self, entry: IndexEntry) -> None:
        """An index of bm25s cannot grow."""
        raise NotImplementedError("bm25s builds anew")

    def close(self) -> None:
        """See ``Engine.close``."""

    def _scores(self, name: str, tokens: list[str]) -> NDArray[np.float32]:
        index = self._fields[name]
        known = [token for token in tokens if token in index.vocab_dict]
        if not known:
            return np.zeros(len(self._documents), dtype=np.float32)
        scores: NDArray[np.float32] = index.get_scores(known)
        return scores * np.float32(FIELD_WEIGHTS[name])


def _named(fields: Fields) -> dict[str, list[str]]:
    return {"body": fields.body, "parts": fields.parts, "grams": fields.grams}
