"""Every engine, small: what it finds, filters, counts and adds is right, or its times would mean nothing."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.documents import demo_texts, make_entries, one_more
from benchmarks.engine import BenchQuery, Engine, Task
from benchmarks.engines import ENGINES, is_installed, make_engine
from benchmarks.questions import Sampler
from kb.model import FACETS, IndexEntry
from tests.conftest import require

ENTRIES = make_entries(demo_texts(Path(__file__).parents[2] / "corpus"), 60)
DRAWN = Sampler(ENTRIES).questions(12)
BY_ID = {entry.id: entry for entry in ENTRIES}


@pytest.fixture(scope="module", params=list(ENGINES))
def key(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    require("bench", available=is_installed(name), reason=f"{name} ist nicht installiert (Extra bench)")
    return name


@pytest.fixture(scope="module")
def folder(key: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / key
    heard: list[int] = []
    make_engine(key, path).fill(ENTRIES, heard.append)
    return path


@pytest.fixture
def engine(key: str, folder: Path) -> Engine:
    """Opened anew, as by a server that did not build the index."""
    opened = make_engine(key, folder)
    opened.open()
    return opened


def asks(engine: Engine, task: Task) -> list[BenchQuery]:
    if task not in engine.tasks:
        pytest.skip("this engine cannot do it")
    return DRAWN[task]


def test_hits_come_with_their_title_and_text(engine: Engine) -> None:
    for query in asks(engine, Task.WORDS):
        answer = engine.search(query)
        assert 1 <= len(answer.hits) <= 10
        assert answer.total >= len(answer.hits)
        for hit in answer.hits:
            assert (hit.title, hit.text) == (BY_ID[hit.id].title, BY_ID[hit.id].text)


def test_a_document_with_all_words_is_among_the_first(engine: Engine) -> None:
    for query in asks(engine, Task.WORDS):
        asked = query.text.lower().split()
        holders = {entry.id for entry in ENTRIES if all(word in entry.text.lower() for word in asked)}
        assert holders & {hit.id for hit in engine.search(query).hits}


def test_filters_hold_and_facets_count_the_hits(engine: Engine) -> None:
    for query in asks(engine, Task.FILTERED):
        answer = engine.search(query)
        assert 1 <= answer.total < len(ENTRIES)
        assert all(passes(BY_ID[hit.id], query) for hit in answer.hits)
        if answer.total <= len(answer.hits):
            for facet in set(FACETS) - set(query.filters):
                values = Counter(value for hit in answer.hits for value in BY_ID[hit.id].facet_values(facet))
                assert positive(answer.facets.get(facet, {})) == dict(values)


def passes(entry: IndexEntry, query: BenchQuery) -> bool:
    return all(set(wanted) & set(entry.facet_values(facet)) for facet, wanted in query.filters.items())


def positive(counts: object) -> dict[str, int]:
    assert hasattr(counts, "items")
    return {str(value): number for value, number in counts.items() if number}


def test_phrases_are_found_where_they_stand(engine: Engine) -> None:
    for query in asks(engine, Task.PHRASE):
        answer = engine.search(query)
        holders = {entry.id for entry in ENTRIES if query.plain in entry.text}
        assert answer.total >= len(holders)
        assert {hit.id for hit in answer.hits} <= holders or answer.total > len(holders)


def test_snippets_mark_something(engine: Engine) -> None:
    for query in asks(engine, Task.SNIPPETS):
        snippets = [hit.snippet for hit in engine.search(query).hits]
        assert any("<mark>" in one or "<b" in one for one in snippets)
    for query in DRAWN[Task.WORDS]:
        assert not any(hit.snippet for hit in engine.search(query).hits)


def test_whole_questions_are_answered(engine: Engine) -> None:
    for query in asks(engine, Task.QUESTION):
        assert engine.search(query).hits


def test_prefixes_and_slips_are_answered(engine: Engine) -> None:
    for task in (Task.PREFIX, Task.CORRECTION):
        for query in DRAWN[task] if task in engine.tasks else []:
            assert engine.search(query).total >= 0


def test_an_added_document_is_found_by_the_next_search(key: str, tmp_path: Path) -> None:
    engine = make_engine(key, tmp_path / key)
    if not engine.updatable:
        pytest.skip("this engine builds anew")
    engine.fill(ENTRIES, lambda done: None)
    engine.open()
    query = BenchQuery(Task.WORDS, "Quirlzapfen", "Quirlzapfen")
    assert engine.search(query).total == 0
    engine.add(one_more(len(ENTRIES), "Quirlzapfen"))
    assert [hit.id for hit in engine.search(query).hits] == [f"d{len(ENTRIES):06}"]
    engine.close()


def test_the_extra_names_what_the_engines_need() -> None:
    pyproject = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    bought = {"fundstelle", "sqlite3", "whoosh"}
    assert [
        one.package
        for one in ENGINES.values()
        if one.package not in bought and f'"{one.package}>=' not in pyproject
    ] == []
    assert find_spec("sqlite3") is not None
