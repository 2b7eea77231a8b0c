"""Loops give the same compiled and not, and are compiled when it pays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ranking import compiling
from indexer.ranking.compiling import Loop, compiled, patient


def _made() -> Any:
    """A loop that nobody has called, with a helper; tells what its arguments were."""

    @compiled
    def add_up(values, seen):  # type: ignore[no-untyped-def]
        total = 0
        for value in values:
            total += value
        seen[0] = total
        return total

    return add_up


def _is_compiled(loop: Any) -> bool:
    return hasattr(loop.__call__, "py_func")


def test_a_loop_is_compiled_by_its_first_call_and_is_then_the_dispatcher() -> None:
    loop, seen = _made(), np.zeros(1, dtype=np.int64)
    assert not _is_compiled(loop)
    assert loop(np.arange(4), seen) == 6
    assert _is_compiled(loop)
    assert loop(np.arange(5), seen) == 10
    assert seen.tolist() == [10]


def test_the_patient_compile_only_after_their_patience() -> None:
    loop, seen = _made(), np.zeros(1, dtype=np.int64)
    with patient(3600):
        assert loop(np.arange(4), seen) == 6
        assert loop(np.arange(4), seen) == 6
    assert not _is_compiled(loop)
    with patient(1e-9):
        assert loop(np.arange(5), seen) == 10
        assert not _is_compiled(loop), "what is under way goes on"
        assert loop(np.arange(6), seen) == 15
    assert _is_compiled(loop)


def test_patience_ends_with_its_block() -> None:
    before = compiling._patience
    with pytest.raises(KeyError), patient(5):
        raise KeyError
    assert compiling._patience == before


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.integers(0, 2))
def test_whole_numbers_end_as_they_do_in_compiled_loops(numbers: list[int], errors: int) -> None:
    """Digests are products of 64 bits whose upper ones are lost."""
    from indexer.ranking.kernels import delete_letters, rows_of
    from indexer.ranking.keys import MIX

    assert isinstance(rows_of, Loop)
    table = np.array(sorted(set(numbers)), dtype=np.uint64)
    asked = np.array([*numbers, 7, 2**63], dtype=np.uint64)
    expected, found = (np.empty(len(asked), dtype=np.int64) for _ in range(2))
    rows_of(table, asked, expected)
    rows_of.plainly(table, asked, found)
    assert found.tolist() == expected.tolist()
    letters = np.array(numbers, dtype=np.uint64).view(np.uint8).reshape(-1, 8)
    for first, second in zip(
        delete_letters(letters, errors, np.uint64(MIX)),
        delete_letters.plainly(letters, errors, np.uint64(MIX)),
        strict=True,
    ):
        assert first.dtype == second.dtype
        assert first.tolist() == second.tolist()
