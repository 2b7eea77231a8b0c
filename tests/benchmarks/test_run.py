"""A whole run, small, in processes of its own, and the command in front of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.documents import demo_texts, save_entries
from benchmarks.results import Run
from benchmarks.run import RunOptions, describe_machine, run_benchmarks
from benchmarks.timing import Turns
from benchmarks.worker import WorkerError, build_elsewhere
from tests.conftest import require

CORPUS = Path(__file__).parents[2] / "corpus"


class Heard:
    """Remembers the pieces of work and the last number of each."""

    def __init__(self) -> None:
        self.done: dict[str, int] = {}

    def begin(self, label: str, total: int) -> Callable[[int], None]:
        self.done[label] = 0
        return lambda done: self.done.__setitem__(label, done)


def options(folder: Path, sizes: tuple[int, ...], *engines: str) -> RunOptions:
    return RunOptions(engines, sizes, 5, Turns(2, 60), folder, "Probe")


def test_a_run_measures_everything_and_leaves_no_index_behind(tmp_path: Path) -> None:
    require("bench", available=find_spec("psutil") is not None, reason="psutil fehlt (Extra bench)")
    texts = demo_texts(CORPUS)
    heard = Heard()
    run = run_benchmarks(texts, options(tmp_path, (100,), "ours", "sqlite"), heard, lambda run: None)
    (size,) = run.sizes
    assert (size.documents, size.recombined) == (100, 100 - len(texts))
    assert size.worst
    for one in size.engines.values():
        assert one.build.seconds > 0
        assert one.build.disk > 10_000
        assert one.memory.opened_seconds > 0
        assert one.memory.resident > one.memory.private > 1_000_000
        assert len(one.visible_ms) == 5
        assert {len(task.times) for task in one.tasks.values()} == {5}
    assert "correction" in size.engines["ours"].tasks
    assert "correction" not in size.engines["sqlite"].tasks
    assert heard.done["Wörter"] == 5 * 2 * 2
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_keeps_the_sizes_that_were_finished_and_no_index(tmp_path: Path) -> None:
    require("bench", available=find_spec("psutil") is not None, reason="psutil fehlt (Extra bench)")

    class Interrupting(Heard):
        def begin(self, label: str, total: int) -> Callable[[int], None]:
            if label == "Analyse" and total == 120:
                raise KeyboardInterrupt
            return super().begin(label, total)

    kept: list[Run] = []
    with pytest.raises(KeyboardInterrupt):
        run_benchmarks(demo_texts(CORPUS), options(tmp_path, (120, 100), "sqlite"), Interrupting(), kept.append)
    assert [size.documents for run in kept for size in run.sizes] == [100]
    assert list(tmp_path.iterdir()) == []
    again = options(tmp_path, (120, 100), "sqlite")
    whole = run_benchmarks(demo_texts(CORPUS), again, Heard(), lambda run: None, kept[-1])
    assert [size.documents for size in whole.sizes] == [100, 120]
    assert whole.sizes[0] is kept[-1].sizes[0]


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    save_entries([], tmp_path / "documents.jsonl")
    (tmp_path / "index").write_text("eine Datei, wo der Ordner hin soll", "utf-8")
    with pytest.raises(WorkerError, match=r"build sqlite: .*FileExistsError"):
        build_elsewhere("sqlite", tmp_path / "index", tmp_path / "documents.jsonl", lambda done: None)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--data", "gibt-es-nicht.jsonl"], "gibt-es-nicht.jsonl: nicht lesbar"),
        (["--sizes", "viele"], "viele: keine Zahlen von Dokumenten"),
        (["--sizes", "5"], "5: keine Zahlen von Dokumenten"),
        (["--engines", "ours,elastic"], "elastic: diese Maschine gibt es nicht"),
    ],
)
def test_wrong_options_are_answered_in_one_line(arguments: list[str], problem: str) -> None:
    require("bench", available=find_spec("matplotlib") is not None, reason="Extra bench fehlt")
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert problem in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_the_machine_is_described_without_naming_it() -> None:
    described = describe_machine()
    assert os.uname().nodename not in described
    assert "Python 3." in described
