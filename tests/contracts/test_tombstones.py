"""What every Tombstones must do; a second store is tested by being listed in ``STORES``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.corpus import TombstoneFile
from kb.errors import StorageError
from kb.model import names_of
from kb.ports import Tombstones

STORES: dict[str, Callable[[Path], Tombstones]] = {"file": TombstoneFile}
DAY = date(2026, 5, 4)
NAMES = names_of("hof/über-brücken", ["//hof.example/brücken", "//hof.example/b%C3%BCcken.pdf"])


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Tombstones:
    return STORES[request.param](tmp_path)


def test_each_name_alone_is_enough(store: Tombstones) -> None:
    assert (store.all(), store.find(NAMES)) == ((), None)
    stone = store.add(NAMES, DAY, "Bitte der\nAbgebildeten")
    assert stone.reason == "Bitte der Abgebildeten"
    assert [store.find([name]) for name in NAMES] == [stone] * 3
    assert store.find(names_of("hof/anderes", ["//hof.example/"])) is None
    assert stone.told() == "am 04.05.2026 auf Wunsch gelöscht (Bitte der Abgebildeten)"


def test_it_lasts_and_holds_no_word_of_what_it_forbids(store: Tombstones, tmp_path: Path) -> None:
    stone = store.add(NAMES, DAY, "")
    assert STORES["file"](tmp_path).all() == (stone,)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"hof" not in written
    assert "brücken".encode() not in written


def test_added_again_it_stays_as_it_was(store: Tombstones) -> None:
    first = store.add(NAMES, DAY, "Bitte")
    assert store.add(NAMES[:1], date(2027, 1, 1), "noch einmal") == first
    assert store.all() == (first,)


def test_another_process_sees_it_at_once_and_may_lift_it(store: Tombstones, tmp_path: Path) -> None:
    other = STORES["file"](tmp_path)
    assert other.find(NAMES) is None
    kept, stone = store.add(names_of("bleibt"), DAY, ""), store.add(NAMES, DAY, "")
    assert other.find(NAMES) == stone
    other.lift(stone)
    other.lift(stone)
    assert (store.find(NAMES), store.all()) == (None, (kept,))


@given(reason=st.text(max_size=40))
def test_any_reason_is_read_again(tmp_path_factory: pytest.TempPathFactory, reason: str) -> None:
    folder = tmp_path_factory.mktemp("stones")
    stone = TombstoneFile(folder).add(NAMES, DAY, reason)
    assert TombstoneFile(folder).all() == (stone,)


@pytest.mark.parametrize(
    "line", ["Unsinn", "2026-05-04\tBitte\t", "2026-05-04\tBitte\tabc", "gestern\t\t" + "a" * 64]
)
def test_a_broken_line_stops_everything(tmp_path: Path, line: str) -> None:
    """A guess could bring back what must not be."""
    (tmp_path / "forgotten.tsv").write_text(f"# Kopf\n{line}\n", "utf-8")
    with pytest.raises(StorageError, match="Zeile 2"):
        TombstoneFile(tmp_path).find(NAMES)
