"""Two texts side by side: what is equal, what stands beside what it became, and how much work that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from webapp.desk.alignment import Block, aligned, aligned_lines
from webapp.desk.difference import differences

lines = st.lists(
    st.sampled_from(["", "a", "b", "c", "Garten im Quartier", "Garten am Quartier", "Schule"]), max_size=12
)
many = st.lists(st.integers(0, 90).map(lambda number: f"Wort{number} und mehr"), max_size=80)


class Counted(str):
    """A line that counts how often it is compared or hashed."""

    work = 0

    def __eq__(self, other: object) -> bool:
        Counted.work += 1
        return str.__eq__(self, other)

    def __hash__(self) -> int:
        Counted.work += 1
        return str.__hash__(self)


def check(blocks: Sequence[Block], old: Sequence[str], new: Sequence[str]) -> None:
    a = c = 0
    for block in blocks:
        assert (block.old_start, block.new_start) == (a, c)
        a, c = block.old_end, block.new_end
        assert not block.equal or old[block.old_start : a] == new[block.new_start : c]
    assert (a, c) == (len(old), len(new))


@given(lines | many, lines | many)
def test_blocks_are_all_of_both_texts(old: list[str], new: list[str]) -> None:
    check(aligned_lines(old, new), old, new)
    check(aligned(old, new), old, new)


@given(many, st.integers(0, 80), st.integers(0, 20))
def test_what_was_left_out_is_the_only_change(text: list[str], start: int, count: int) -> None:
    shorter = text[:start] + text[start + count :]
    changed = [block for block in aligned(text, shorter) if not block.equal]
    assert sum(block.old_end - block.old_start for block in changed) == len(text) - len(shorter)
    assert all(block.new_start == block.new_end for block in changed)


def paragraphs(count: int, word: str) -> list[str]:
    return [line for number in range(count) for line in (f"Absatz{number} handelt von {word}.", "")]


def test_changed_paragraphs_stand_beside_what_they_were() -> None:
    old, new = paragraphs(300, "Schulen"), ["Ganz neu davor.", "", *paragraphs(300, "Betrieben")]
    rows = [row for row in differences("\n".join(old), "\n".join(new)) if row.kind == "changed"]
    beside = [row for row in rows if "Schulen" in row.before]
    assert len(beside) == 300
    for number, row in enumerate(beside):
        assert row.before == f"Absatz{number} handelt von <del>Schulen</del>."
        assert row.after == f"Absatz{number} handelt von <ins>Betrieben</ins>."


def work(old: list[str], new: list[str]) -> int:
    Counted.work = 0
    aligned_lines([Counted(line) for line in old], [Counted(line) for line in new])
    return Counted.work


def test_work_grows_with_the_text() -> None:
    kinds: dict[str, Callable[[int], tuple[list[str], list[str]]]] = {
        "changed throughout": lambda n: (paragraphs(n, "Schulen"), paragraphs(n, "Betrieben")),
        "only blank lines": lambda n: (["a", *[""] * n, "b"], ["c", *[""] * (n + 1), "d"]),
        "two alternating": lambda n: (["x", "y"] * n, ["y", "x"] * n),
        "turned around": lambda n: ([f"{i}" for i in range(n)], [f"{i}" for i in reversed(range(n))]),
        "nothing in common": lambda n: ([f"a{i}" for i in range(n)], [f"b{i}" for i in range(n)]),
    }
    for name, kind in kinds.items():
        assert work(*kind(2_000)) < 2.5 * work(*kind(1_000)), name


def test_a_line_of_many_equal_words_is_compared_in_no_time() -> None:
    old, new = "der " * 4_000, "die " * 4_000
    (row,) = differences(old, new)
    assert row.kind == "changed"
