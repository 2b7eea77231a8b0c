"""Answers come in the order of their items, whatever becomes of the processes that make them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import pytest

from indexer.side_by_side import SideBySide


def double(item: int) -> int:
    if item < 0:
        raise ValueError(f"{item} is negative")
    return 2 * item


def doubling() -> Callable[[int], int]:
    return double


def dying_in_helpers(parent: int) -> Callable[[int], int]:
    def work(item: int) -> int:
        if item == 7 and os.getpid() != parent:
            os._exit(3)
        return 2 * item

    return work


def all_answers(work: SideBySide[int, int], items: range) -> list[int]:
    found: list[int] = []
    try:
        for item in items:
            work.submit(item)
            found += work.answers()
        return found + list(work.answers(to_the_end=True))
    finally:
        work.close()


@pytest.mark.parametrize("processes", [1, 2])
def test_answers_come_in_order(processes: int) -> None:
    assert all_answers(SideBySide(doubling, processes), range(100)) == [2 * item for item in range(100)]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_the_work_raises_is_raised_here(processes: int) -> None:
    work = SideBySide(doubling, processes)
    work.submit(-1)
    with pytest.raises(ValueError, match="-1 is negative"):
        list(work.answers(to_the_end=True))
    work.close()


@pytest.mark.kill
def test_a_process_that_dies_loses_nothing() -> None:
    work: SideBySide[int, int] = SideBySide(partial(dying_in_helpers, os.getpid()), 2)
    assert all_answers(work, range(30)) == [2 * item for item in range(30)]
