"""Whoosh as its documentation shows it: our tokens in three fields, an OR of terms, BM25F, groupedby."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh import sorting
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.scoring import BM25F

from benchmarks.engine import ALL_TASKS, PAGE, Answer, BenchQuery, Found, Listener, Task
from benchmarks.fields import FIELD_WEIGHTS, FieldAnalysis, fold, learn_splitter
from kb.model import FACETS, IndexEntry

_VOCABULARY = "vocabulary.json"
_LISTEN_EVERY = 200
# Facets of which a document may have several values.
_SEVERAL = frozenset({"topic", "place"})
# What our own engine gives Whoosh to build with; its default is 128.
_POOL_MB = 256


class PlainWhoosh:
    """Stems and parts make hits, grams only rank, as in the product.

    ``AndMaybe`` gives wrong pages with ``limit=10`` (of 30 questions' first ten, 6 % were those of
    ``limit=None``). With ``limit=None`` it is still the fastest right way: at 10,000 documents words took
    94 ms, one OR over the three fields 338 ms with ``limit=10`` and 158 ms without.
    """

    tasks = ALL_TASKS
    updatable = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._analysis = FieldAnalysis.empty()
        if (folder / _VOCABULARY).exists():
            self._analysis = FieldAnalysis.load(folder / _VOCABULARY)

    def fill(self, entries: Iterable[IndexEntry], listen: Listener) -> None:
        """See ``Engine.fill``."""
        self._folder.mkdir(parents=True)
        self._analysis = FieldAnalysis(learn_splitter(entry.text for entry in entries))
        self._analysis.save(self._folder / _VOCABULARY)
        writer = whoosh_index.create_in(str(self._folder), _schema()).writer(limitmb=_POOL_MB)
        for number, entry in enumerate(entries, start=1):
            writer.add_document(**self._document(entry))
            if number % _LISTEN_EVERY == 0:
                listen(number)
        writer.commit()

    def open(self) -> None:
        """See ``Engine.open``."""
        self._index: Any = whoosh_index.open_dir(str(self._folder))
        self._searcher: Any = self._index.searcher(weighting=BM25F())

    def search(self, query: BenchQuery) -> Answer:
        """See ``Engine.search``."""
        asked = self._query(query)
        options: dict[str, Any] = {"limit": None}
        if query.filters:
            options["filter"] = whoosh_query.And(
                [
                    whoosh_query.Or([whoosh_query.Term(facet, value) for value in values])
                    for facet, values in query.filters.items()
                ]
            )
        if query.wants_facets:
            facets = sorting.Facets()
            for facet in FACETS:
                facets.add_field(facet, maptype=sorting.Count, allow_overlap=facet in _SEVERAL)
            options["groupedby"] = facets
        results = self._searcher.search(asked, **options)
        counts = {facet: _counts(results.groups(facet)) for facet in FACETS} if query.wants_facets else {}
        page = tuple(
            Found(hit["id"], hit["title"], hit["text"], _snippet(hit) if query.wants_snippets else "")
            for hit in results[:PAGE]
        )
        return Answer(len(results), page, counts)

    def add(self, entry: IndexEntry) -> None:
        """See ``Engine.add``."""
        writer = self._index.writer()
        writer.add_document(**self._document(entry))
        writer.commit()
        self._searcher = self._searcher.refresh()

    def close(self) -> None:
        """See ``Engine.close``."""
        self._searcher.close()

    def _document(self, entry: IndexEntry) -> dict[str, str]:
        fields = self._analysis.analysed_fields(f"{entry.title}\n{entry.text}")
        document = {facet: ",".join(entry.facet_values(facet)) for facet in FACETS}
        return document | {
            "id": entry.id,
            "title": entry.title,
            "text": entry.text,
            "body": " ".join(fields.body),
            "parts": " ".join(fields.parts),
            "grams": " ".join(fields.grams),
        }

    def _query(self, query: BenchQuery) -> Any:
        fields = self._analysis.query_fields(query.plain)
        if query.task is Task.PHRASE:
            return whoosh_query.Phrase("body", fields.row)
        if query.task is Task.PREFIX:
            return whoosh_query.Prefix("body", fold(query.plain))
        terms = [
            whoosh_query.Term(name, term, boost=FIELD_WEIGHTS[name])
            for name, terms in (("body", fields.body), ("parts", fields.parts))
            for term in terms
        ]
        if query.task is Task.CORRECTION:
            reader = self._searcher.reader()
            terms += [
                whoosh_query.FuzzyTerm("body", term, maxdist=1, prefixlength=1)
                for term in fields.body
                if ("body", term) not in reader
            ]
        grams = [whoosh_query.Term("grams", gram, boost=FIELD_WEIGHTS["grams"]) for gram in fields.grams]
        hits = whoosh_query.Or(terms)
        return whoosh_query.AndMaybe(hits, whoosh_query.Or(grams)) if grams else hits


def _schema() -> Any:
    tokens = SpaceSeparatedTokenizer()
    return whoosh_fields.Schema(
        id=whoosh_fields.ID(stored=True, unique=True),
        title=whoosh_fields.STORED(),
        text=whoosh_fields.STORED(),
        body=whoosh_fields.TEXT(analyzer=tokens, stored=True),
        parts=whoosh_fields.TEXT(analyzer=tokens, phrase=False),
        grams=whoosh_fields.TEXT(analyzer=tokens, phrase=False),
        **{facet: whoosh_fields.KEYWORD(commas=True, sortable=facet not in _SEVERAL) for facet in FACETS},
    )


def _counts(groups: Mapping[str | None, int]) -> dict[str, int]:
    """Documents without a value are counted under None."""
    return {value: number for value, number in groups.items() if value is not None}


def _snippet(hit: Any) -> str:
    snippet: str = hit.highlights("body", top=2)
    return snippet
