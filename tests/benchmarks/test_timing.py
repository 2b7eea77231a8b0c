"""Who is asked when, and what is kept of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from benchmarks.documents import one_more
from benchmarks.engine import ALL_TASKS, Answer, BenchQuery, Found, Listener, Task
from benchmarks.timing import (
    Turns,
    measure_additions,
    measure_task,
    measure_worst,
    rotated,
    schedule,
    worst_inputs,
)
from kb.errors import InvalidQueryError
from kb.model import IndexEntry

QUESTIONS = [BenchQuery(Task.WORDS, f"frage {number}", f"frage {number}") for number in range(6)]


class ListEngine:
    """An engine in a list: what holds every word of the question, in the order added."""

    def __init__(self, asked: list[str], name: str, tasks: frozenset[Task] = ALL_TASKS) -> None:
        self.tasks = tasks
        self.updatable = True
        self._asked = asked
        self._name = name
        self._entries: list[IndexEntry] = []

    def fill(self, entries: Iterable[IndexEntry], listen: Listener) -> None:
        self._entries = list(entries)
        listen(len(self._entries))

    def open(self) -> None:
        """Nothing to do."""

    def search(self, query: BenchQuery) -> Answer:
        self._asked.append(self._name)
        if len(query.text) > 2000:
            raise InvalidQueryError("zu lang")
        found = [entry for entry in self._entries if all(word in entry.text for word in query.plain.split())]
        return Answer(len(found), tuple(Found(entry.id, entry.title, entry.text) for entry in found[:10]))

    def add(self, entry: IndexEntry) -> None:
        self._entries.append(entry)

    def close(self) -> None:
        """Nothing to do."""


def filled(asked: list[str], name: str, count: int = 6) -> ListEngine:
    engine = ListEngine(asked, name)
    engine.fill([one_more(number, f"frage {number}") for number in range(count)], lambda done: None)
    return engine


def test_each_turn_another_one_begins() -> None:
    assert [rotated("abc", turn) for turn in range(4)] == [list("abc"), list("bca"), list("cab"), list("abc")]
    assert rotated([], 3) == []


def test_all_answer_a_question_before_the_next_and_begin_equally_often() -> None:
    order = list(schedule("abc", questions=6, repetitions=2))
    rounds = [order[at : at + 3] for at in range(0, len(order), 3)]
    assert all(len({number for number, _ in one}) == 1 for one in rounds)
    assert all({key for _, key in one} == set("abc") for one in rounds)
    assert set(Counter(one[0][1] for one in rounds).values()) == {4}


def test_the_same_question_begins_with_another_engine_at_its_repetition() -> None:
    beginners = [key for at, (number, key) in enumerate(schedule("abc", 4, 3)) if number == 1 and at % 3 == 0]
    assert len(set(beginners)) == 3


def test_measuring_keeps_a_row_a_question_and_compares_with_the_first_engine() -> None:
    asked: list[str] = []
    engines = {"ours": filled(asked, "ours"), "other": filled(asked, "other", count=3)}
    heard: list[int] = []
    found = measure_task(engines, QUESTIONS, Turns(3, 60), lambda: heard.append(1))
    assert [len(row) for row in found["ours"].times] == [3] * 6
    assert len(heard) == 2 * 6 * 3
    assert found["ours"].hits == 6
    assert found["ours"].agreement == 1.0
    assert found["other"].hits == 3
    assert found["other"].agreement == 0.5
    assert min(found["ours"].per_question) > 0


def test_an_engine_that_cannot_do_a_task_is_left_out() -> None:
    asked: list[str] = []
    engines = {"ours": filled(asked, "ours"), "ranker": ListEngine(asked, "ranker", frozenset({Task.PHRASE}))}
    assert list(measure_task(engines, QUESTIONS, Turns(1, 60), lambda: None)) == ["ours"]
    assert set(asked) == {"ours"}


def test_an_engine_whose_time_is_up_sits_out() -> None:
    asked: list[str] = []
    engines = {"ours": filled(asked, "ours"), "other": filled(asked, "other")}
    found = measure_task(engines, QUESTIONS, Turns(5, budget=1e-9), lambda: None)
    assert [len(one.times) for one in found.values()] == [1, 1]
    assert len(asked) == 2


def test_warming_up_is_not_measured() -> None:
    asked: list[str] = []
    engines = {"ours": filled(asked, "ours")}
    found = measure_task(engines, QUESTIONS[:2], Turns(1, 60), lambda: None, warm_up=QUESTIONS[2:])
    assert len(asked) == 6
    assert len(found["ours"].times) == 2


def test_additions_are_timed_until_they_are_found() -> None:
    engine = filled([], "ours")
    times = measure_additions({"ours": engine}, 100)
    assert len(times["ours"]) == 5
    assert engine.search(BenchQuery(Task.WORDS, "", "Quirlzapfenbolm")).total == 1


def test_refusing_a_terrible_input_is_an_answer() -> None:
    outcomes = {one.label: one.outcome for one in measure_worst(filled([], "ours"))}
    assert set(outcomes) == set(worst_inputs())
    assert outcomes["5.000 Zeichen"] == "abgelehnt: zu lang"
    assert outcomes["`*a*`"] == "0 Treffer"


@pytest.mark.parametrize(
    ("label", "size"),
    [("5.000 Zeichen", 5000), ("5.000 Zeichen ohne Leerzeichen", 5000), ("knapp unter 2.000 Zeichen", 1990)],
)
def test_terrible_inputs_are_as_long_as_they_say(label: str, size: int) -> None:
    assert len(worst_inputs()[label]) == size
