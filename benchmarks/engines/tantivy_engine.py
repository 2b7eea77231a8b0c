"""tantivy by its Python binding: our tokens in three text fields, facet values as numbers in fast fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import tantivy

from benchmarks.engine import ALL_TASKS, PAGE, Answer, BenchQuery, Found, Listener, Task
from benchmarks.fields import FIELD_WEIGHTS, FieldAnalysis, Fields, fold, learn_splitter
from kb.model import FACETS, IndexEntry

_VOCABULARY = "vocabulary.json"
_VALUES = "values.json"
_TOKENS = "tokens"
_LISTEN_EVERY = 500
_LONG_WORD = 8
# These are not ranked by grams.
_UNRANKED = frozenset({Task.PHRASE, Task.PREFIX})
# All values of a facet, as our engine counts them. Numbers instead of words: counting five facets of 20,000
# documents took 0.09 ms instead of 0.14.
_AGGREGATIONS = {facet: {"terms": {"field": facet, "size": 1000}} for facet in FACETS}


class Tantivy:
    """Stems and parts make hits, grams only rank, as in the product; weights are boosts."""

    tasks = ALL_TASKS
    updatable = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._analysis = FieldAnalysis.empty()
        if (folder / _VOCABULARY).exists():
            self._analysis = FieldAnalysis.load(folder / _VOCABULARY)
        # Facet values by their numbers, and back.
        self._values: list[str] = []
        self._numbers: dict[str, int] = {}
        if (folder / _VALUES).exists():
            self._values = json.loads((folder / _VALUES).read_text("utf-8"))
            self._numbers = {value: number for number, value in enumerate(self._values)}

    def fill(self, entries: Iterable[IndexEntry], listen: Listener) -> None:
        """See ``Engine.fill``; threads and memory are tantivy's own choice, merges are waited for."""
        self._folder.mkdir(parents=True)
        self._analysis = FieldAnalysis(learn_splitter(entry.text for entry in entries))
        self._analysis.save(self._folder / _VOCABULARY)
        index = self._index()
        writer = index.writer()
        for number, entry in enumerate(entries, start=1):
            writer.add_document(self._document(entry))
            if number % _LISTEN_EVERY == 0:
                listen(number)
        writer.commit()
        writer.wait_merging_threads()
        self._save_values()

    def open(self) -> None:
        """See ``Engine.open``."""
        self._opened = self._index()
        self._writer: tantivy.IndexWriter | None = None
        self._searcher = self._opened.searcher()

    def search(self, query: BenchQuery) -> Answer:
        """See ``Engine.search``."""
        fields = self._analysis.query_fields(query.plain)
        matching = self._matching(query, fields)
        asked = matching
        if query.task not in _UNRANKED:
            ranking = [(tantivy.Occur.Should, self._term("grams", gram)) for gram in fields.grams]
            asked = tantivy.Query.boolean_query([(tantivy.Occur.Must, matching), *ranking])
        narrowed = self._filtered(asked, query.filters)
        counted: dict[str, dict[str, int]] = {}
        if query.wants_facets:
            # Counting needs no ranking: without the grams it takes half the time. Every document has one
            # source, so the sum of its counts is the number of hits and the search need not count.
            found = self._searcher.aggregate(self._filtered(matching, query.filters), _AGGREGATIONS)
            counted = {
                facet: {
                    self._values[int(bucket["key"])]: bucket["doc_count"] for bucket in found[facet]["buckets"]
                }
                for facet in FACETS
            }
            hits = self._searcher.search(narrowed, limit=PAGE, count=False).hits
            total = sum(counted["source"].values())
        else:
            result = self._searcher.search(narrowed, limit=PAGE)
            hits, total = result.hits, int(result.count)
        documents = [self._searcher.doc(address) for _, address in hits]
        snippets = [""] * len(documents)
        if query.wants_snippets:
            maker = tantivy.SnippetGenerator.create(self._searcher, asked, self._schema, "body")
            snippets = [str(maker.snippet_from_doc(document).to_html()) for document in documents]
        page = tuple(_found(document, snippet) for document, snippet in zip(documents, snippets, strict=True))
        return Answer(total, page, counted)

    def add(self, entry: IndexEntry) -> None:
        """See ``Engine.add``."""
        if self._writer is None:
            self._writer = self._opened.writer()
        known = len(self._values)
        self._writer.add_document(self._document(entry))
        self._writer.commit()
        if len(self._values) > known:
            self._save_values()
        self._opened.reload()
        self._searcher = self._opened.searcher()

    def close(self) -> None:
        """See ``Engine.close``."""
        if self._writer is not None:
            self._writer.wait_merging_threads()

    def _index(self) -> tantivy.Index:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in ("title", "text"):
            # Text fields are always indexed; bytes can be kept alone.
            builder.add_bytes_field(name, stored=True)
        builder.add_text_field("body", stored=True, tokenizer_name=_TOKENS, index_option="position")
        for name in ("parts", "grams"):
            builder.add_text_field(name, tokenizer_name=_TOKENS, index_option="freq")
        for facet in FACETS:
            builder.add_unsigned_field(facet, indexed=True, fast=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema, str(self._folder))
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer(_TOKENS, analyzer)
        return index

    def _document(self, entry: IndexEntry) -> tantivy.Document:
        fields = self._analysis.analysed_fields(f"{entry.title}\n{entry.text}")
        document = tantivy.Document()
        document.add_text("id", entry.id)
        document.add_bytes("title", entry.title.encode())
        document.add_bytes("text", entry.text.encode())
        document.add_text("body", " ".join(fields.body))
        document.add_text("parts", " ".join(fields.parts))
        document.add_text("grams", " ".join(fields.grams))
        for facet in FACETS:
            for value in entry.facet_values(facet):
                document.add_unsigned(facet, self._number(value))
        return document

    def _number(self, value: str) -> int:
        number = self._numbers.setdefault(value, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        return number

    def _save_values(self) -> None:
        (self._folder / _VALUES).write_text(json.dumps(self._values, ensure_ascii=False), "utf-8")

    def _matching(self, query: BenchQuery, fields: Fields) -> tantivy.Query:
        """What makes a hit."""
        if query.task is Task.PHRASE and len(fields.row) > 1:
            return tantivy.Query.phrase_query(self._schema, "body", fields.row)
        if query.task is Task.PREFIX:
            return tantivy.Query.regex_query(self._schema, "body", f"{fold(query.plain)}.*")
        named = (("body", fields.body), ("parts", fields.parts))
        terms = [self._term(name, term) for name, own in named for term in own]
        if query.task is Task.CORRECTION:
            unknown = [term for term in fields.body if not self._searcher.doc_freq("body", term)]
            terms += [self._fuzzy(term) for term in unknown]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])

    def _term(self, name: str, term: str) -> tantivy.Query:
        option = "position" if name == "body" else "freq"
        asked = tantivy.Query.term_query(self._schema, name, term, option)
        return tantivy.Query.boost_query(asked, FIELD_WEIGHTS[name])

    def _fuzzy(self, term: str) -> tantivy.Query:
        distance = 2 if len(term) >= _LONG_WORD else 1
        return tantivy.Query.fuzzy_term_query(self._schema, "body", term, distance)

    def _filtered(self, asked: tantivy.Query, filters: Mapping[str, tuple[str, ...]]) -> tantivy.Query:
        if not filters:
            return asked
        narrowing = []
        for facet, values in filters.items():
            terms = [
                tantivy.Query.term_query(self._schema, facet, self._numbers[value])
                for value in values
                if value in self._numbers
            ]
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
            narrowing.append(tantivy.Query.const_score_query(wanted, 0.0))
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, asked), *((tantivy.Occur.Must, one) for one in narrowing)]
        )


def _found(document: tantivy.Document, snippet: str) -> Found:
    title, text = (bytes(document.get_first(name)).decode() for name in ("title", "text"))
    return Found(document.get_first("id"), title, text, snippet)
