"""SQLite FTS5: our tokens in three columns, ranked by its bm25(), facets by GROUP BY over the hits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.engine import ALL_TASKS, PAGE, Answer, BenchQuery, Found, Listener, Task
from benchmarks.fields import FIELD_WEIGHTS, FieldAnalysis, fold, learn_splitter
from kb.model import FACETS, IndexEntry

_VOCABULARY = "vocabulary.json"
_LISTEN_EVERY = 500
_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT, text TEXT, body TEXT);
CREATE TABLE facets (number INTEGER, facet TEXT, value TEXT, PRIMARY KEY (number, facet, value)) WITHOUT ROWID;
CREATE INDEX facet_values ON facets (facet, value, number);
-- FTS5 keeps no copy of the tokens; for snippets it reads the stems from here.
CREATE VIEW tokens AS SELECT number, body, '' AS parts, '' AS grams FROM documents;
CREATE VIRTUAL TABLE words USING fts5(body, parts, grams, content='tokens', content_rowid='number',
    tokenize="unicode61 remove_diacritics 0 tokenchars '_'");
"""
_SCORE = "bm25(words, {body}, {parts}, {grams})".format(**FIELD_WEIGHTS)
_IN_FACET = " AND +words.rowid IN (SELECT number FROM facets WHERE facet = ? AND value IN ({marks}))"
_COUNTS = "SELECT facet, value, count(*) FROM hits JOIN facets USING (number) GROUP BY facet, value"
_SNIPPET = "snippet(words, 0, '<mark>', '</mark>', '…', 40)"


class SqliteFts:
    """One database file, filled in one transaction and optimised."""

    tasks = ALL_TASKS - {Task.CORRECTION}
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
        self._connect()
        self._connection.executescript(_SCHEMA)
        with self._connection:
            for number, entry in enumerate(entries, start=1):
                self._insert(entry)
                if number % _LISTEN_EVERY == 0:
                    listen(number)
        with self._connection:
            self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def open(self) -> None:
        """See ``Engine.open``."""
        self._connect()
        self._connection.execute("CREATE TEMP TABLE hits (number INTEGER PRIMARY KEY, score REAL)")

    def search(self, query: BenchQuery) -> Answer:
        """See ``Engine.search``."""
        match = self._match(query)
        if query.wants_facets:
            return self._with_facets(query, match)
        # Snippets and texts are fetched for the page alone: FTS5 would otherwise cut one for every hit.
        page = self._connection.execute(
            f"SELECT rowid, {_SCORE} AS score FROM words WHERE words MATCH ? ORDER BY score LIMIT ?",
            (match, PAGE),
        ).fetchall()
        (total,) = self._connection.execute(
            "SELECT count(*) FROM words WHERE words MATCH ?", (match,)
        ).fetchone()
        snippets: dict[int, str] = {}
        if query.wants_snippets:
            marks = ",".join("?" * len(page))
            snippets = dict(
                self._connection.execute(
                    f"SELECT rowid, {_SNIPPET} FROM words WHERE words MATCH ? AND rowid IN ({marks})",
                    (match, *(number for number, _ in page)),
                )
            )
        return Answer(total, tuple(self._found(number, snippets.get(number, "")) for number, _ in page))

    def add(self, entry: IndexEntry) -> None:
        """See ``Engine.add``."""
        with self._connection:
            self._insert(entry)

    def close(self) -> None:
        """See ``Engine.close``."""
        self._connection.close()

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self._folder / "search.sqlite")
        # 64 MB instead of 2: a server would be given as much.
        self._connection.execute("PRAGMA cache_size = -64000")

    def _insert(self, entry: IndexEntry) -> None:
        fields = self._analysis.analysed_fields(f"{entry.title}\n{entry.text}")
        body = " ".join(fields.body)
        number = self._connection.execute(
            "INSERT INTO documents (id, title, text, body) VALUES (?, ?, ?, ?)",
            (entry.id, entry.title, entry.text, body),
        ).lastrowid
        self._connection.execute(
            "INSERT INTO words (rowid, body, parts, grams) VALUES (?, ?, ?, ?)",
            (number, body, " ".join(fields.parts), " ".join(fields.grams)),
        )
        values = [(number, facet, value) for facet in FACETS for value in entry.facet_values(facet)]
        self._connection.executemany("INSERT OR IGNORE INTO facets VALUES (?, ?, ?)", values)

    def _match(self, query: BenchQuery) -> str:
        """A query of FTS5.

        It has no optional terms. What shares a stem or part with the question shares a gram with it too, so
        AND lets the grams rank without making hits; OR over all three columns took five times as long.
        """
        fields = self._analysis.query_fields(query.plain)
        if query.task is Task.PHRASE:
            return f'body : "{" ".join(fields.row)}"'
        if query.task is Task.PREFIX:
            return f'body : "{fold(query.plain)}" *'
        hits = f"body : ({_any(fields.body)}) OR parts : ({_any(fields.parts)})"
        return f"({hits}) AND grams : ({_any(fields.grams)})" if fields.grams else hits

    def _with_facets(self, query: BenchQuery, match: str) -> Answer:
        """All hits once into a table of their own, then page and counts from there."""
        where, values = "", [match]
        for facet, wanted in query.filters.items():
            where += _IN_FACET.format(marks=",".join("?" * len(wanted)))
            values += [facet, *wanted]
        run = self._connection.execute
        run("DELETE FROM hits")
        total = run(
            f"INSERT INTO hits SELECT words.rowid, {_SCORE} FROM words WHERE words MATCH ?{where}", values
        ).rowcount
        page = run("SELECT number FROM hits ORDER BY score LIMIT ?", (PAGE,)).fetchall()
        counts: dict[str, dict[str, int]] = {}
        for facet, value, count in run(_COUNTS):
            counts.setdefault(facet, {})[value] = count
        self._connection.commit()
        return Answer(total, tuple(self._found(number, "") for (number,) in page), counts)

    def _found(self, number: int, snippet: str) -> Found:
        row = self._connection.execute("SELECT id, title, text FROM documents WHERE number = ?", (number,))
        doc_id, title, text = row.fetchone()
        return Found(doc_id, title, text, snippet)


def _any(terms: Sequence[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)
