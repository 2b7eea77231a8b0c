"""Answers come in the order of their items, whatever becomes of the processes that make them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import pytest

from indexer.side_by_side import SideBySide
from tests.limits import SECONDS

# Where nothing else runs, processes are copies of the one that starts them: nothing is made or sent anew.
_ALONE = """
import os
from indexer.side_by_side import SideBySide

def never():
    raise AssertionError("made anew")

parent = os.getpid()
work = SideBySide(never, lambda item: (2 * item, os.getpid() == parent), processes=2)
for item in range(50):
    work.submit(item)
assert list(work.answers(to_the_end=True)) == [(2 * item, False) for item in range(50)]
work.close()
"""


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
    assert all_answers(SideBySide(doubling, double, processes=processes), range(100)) == [
        2 * item for item in range(100)
    ]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_the_work_raises_is_raised_here(processes: int) -> None:
    work = SideBySide(doubling, double, processes=processes)
    work.submit(-1)
    with pytest.raises(ValueError, match="-1 is negative"):
        list(work.answers(to_the_end=True))
    work.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes safely")
def test_a_process_that_is_alone_is_copied() -> None:
    subprocess.run([sys.executable, "-c", _ALONE], check=True, timeout=SECONDS)


@pytest.mark.kill
def test_a_process_that_dies_loses_nothing() -> None:
    dying = partial(dying_in_helpers, os.getpid())
    work: SideBySide[int, int] = SideBySide(dying, dying(), processes=2)
    assert all_answers(work, range(30)) == [2 * item for item in range(30)]
