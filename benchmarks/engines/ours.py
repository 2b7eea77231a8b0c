"""Our engine, asked through the port that the website uses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.engine import ALL_TASKS, PAGE, Answer, BenchQuery, Found, Listener
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer, load_synonyms
from kb.model import IndexEntry, SearchQuery, Tier

_SYNONYMS = Path(__file__).parents[2] / "corpus" / "synonyms.txt"
_LISTEN_EVERY = 200


class Ours:
    """The product's backend with its shipped synonyms."""

    tasks = ALL_TASKS
    updatable = True

    def __init__(self, folder: Path) -> None:
        analyzer = GermanAnalyzer()
        self._backend = WhooshBackend(folder, analyzer, synonyms=load_synonyms(_SYNONYMS, analyzer))

    def fill(self, entries: Iterable[IndexEntry], listen: Listener) -> None:
        """See ``Engine.fill``."""
        with self._backend.writer(rebuild=True) as writer:
            for number, entry in enumerate(entries, start=1):
                writer.put(entry)
                if number % _LISTEN_EVERY == 0:
                    listen(number)

    def open(self) -> None:
        """See ``Engine.open``."""
        self._backend.search(SearchQuery(limit=0))

    def search(self, query: BenchQuery) -> Answer:
        """See ``Engine.search``; further documents take their time, but only hits are counted and compared."""
        results = self._backend.search(
            SearchQuery(
                query.text,
                filters=query.filters,
                limit=PAGE,
                explain=query.wants_snippets,
                count=query.wants_facets,
            )
        )
        hits = tuple(
            Found(hit.entry.id, hit.entry.title, hit.entry.text, hit.snippet)
            for hit in results.hits
            if hit.tier is Tier.HIT
        )
        return Answer(results.total, hits, results.facets)

    def add(self, entry: IndexEntry) -> None:
        """See ``Engine.add``."""
        with self._backend.writer() as writer:
            writer.put(entry)

    def close(self) -> None:
        """See ``Engine.close``."""
