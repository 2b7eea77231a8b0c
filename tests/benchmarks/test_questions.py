"""Questions taken from the documents."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.documents import demo_texts, make_entries
from benchmarks.engine import BenchQuery, Task
from benchmarks.questions import Sampler, misspellings
from kb.model import IndexEntry

ENTRIES = make_entries(demo_texts(Path(__file__).parents[2] / "corpus"), 150)


@pytest.fixture(scope="module")
def drawn() -> dict[Task, list[BenchQuery]]:
    return Sampler(ENTRIES).questions(20)


def words(entry: IndexEntry) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-zÄÖÜäöüß]{4,}", entry.text)}


def test_every_task_has_different_questions(drawn: dict[Task, list[BenchQuery]]) -> None:
    assert set(drawn) == set(Task)
    for task, queries in drawn.items():
        assert len({query.text for query in queries}) == 20
        assert {query.task for query in queries} == {task}


def test_the_same_documents_give_the_same_questions(drawn: dict[Task, list[BenchQuery]]) -> None:
    assert Sampler(ENTRIES).questions(20) == drawn


@pytest.mark.parametrize("task", [Task.WORDS, Task.FILTERED, Task.SNIPPETS])
def test_some_document_holds_all_words(drawn: dict[Task, list[BenchQuery]], task: Task) -> None:
    for query in drawn[task]:
        asked = set(query.text.lower().split())
        assert 2 <= len(asked) <= 3
        assert any(asked <= words(entry) and passes(entry, query) for entry in ENTRIES)


def passes(entry: IndexEntry, query: BenchQuery) -> bool:
    return all(set(wanted) & set(entry.facet_values(facet)) for facet, wanted in query.filters.items())


def test_filters_come_alone_and_in_pairs(drawn: dict[Task, list[BenchQuery]]) -> None:
    assert {len(query.filters) for query in drawn[Task.FILTERED]} == {1, 2}
    assert not any(query.filters for query in drawn[Task.WORDS])


def test_phrases_stand_somewhere_as_they_are(drawn: dict[Task, list[BenchQuery]]) -> None:
    for query in drawn[Task.PHRASE]:
        assert query.text == f'"{query.plain}"'
        assert any(query.plain in entry.text for entry in ENTRIES)


def test_prefixes_begin_longer_words(drawn: dict[Task, list[BenchQuery]]) -> None:
    for query in drawn[Task.PREFIX]:
        assert query.text == f"{query.plain}*"
        assert any(
            word.startswith(query.plain) and len(word) >= 8 for entry in ENTRIES for word in words(entry)
        )


def test_mistyped_words_stand_nowhere_but_the_other_one_does(drawn: dict[Task, list[BenchQuery]]) -> None:
    everything = set().union(*(words(entry) for entry in ENTRIES))
    for query in drawn[Task.CORRECTION]:
        right, wrong = query.text.lower().split()
        assert right in everything
        assert wrong not in everything


def test_questions_are_whole_sentences(drawn: dict[Task, list[BenchQuery]]) -> None:
    assert all(query.text.endswith("?") and len(query.text.split()) >= 12 for query in drawn[Task.QUESTION])


@given(st.text(alphabet="abcdefgäöüß", min_size=4, max_size=20), st.integers())
def test_a_slip_changes_one_place_and_keeps_the_first_letter(word: str, seed: int) -> None:
    wrongs = list(misspellings(word, Random(seed)))
    assert wrongs
    for wrong in wrongs:
        assert wrong != word
        assert wrong[0] == word[0]
        assert abs(len(wrong) - len(word)) <= 1
