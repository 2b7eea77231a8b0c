"""From raw results to the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.aims import aims, growth_aims, whoosh_aims
from benchmarks.engine import Task
from benchmarks.figures import decimal, grouped
from benchmarks.plot import draw_growth, draw_latency
from benchmarks.report import render, table
from benchmarks.results import (
    BuildResult,
    EngineResult,
    MemoryResult,
    Run,
    SizeResult,
    TaskResult,
    WorstResult,
    load_run,
    percentile,
    save_run,
)
from tests.conftest import require


def task(*times: float) -> TaskResult:
    return TaskResult(tuple((time, time, time) for time in times), hits=10 * len(times), agreement=0.75)


def engine(*times: float, seconds: float = 10.0) -> EngineResult:
    return EngineResult(
        BuildResult(seconds, 5_000_000, 300_000_000),
        MemoryResult(155_000_000, 100_000_000, 0.5),
        {Task.WORDS: task(*times), Task.FILTERED: task(*times)},
        (20.0, 30.0, 900.0),
    )


SIZE = SizeResult(
    documents=50_000,
    recombined=30_000,
    mean_chars=1136.4,
    analysis_seconds=50.0,
    engines={
        "ours": engine(1.0, 2.0),
        "tantivy": engine(0.5, 4.0),
        "bm25s": replace(engine(0.3, 0.4), tasks={Task.WORDS: task(0.3, 0.4)}, visible_ms=()),
        "whoosh": engine(12.0, 30.0, seconds=25.0),
    },
    worst=(WorstResult("`*a*`", 120.0, "0 Treffer"), WorstResult("a|b", 1.0, "abgelehnt: zu lang")),
)
RUN = Run(
    machine="2 Kerne, 8 GB Arbeitsspeicher, Python 3.11.7",
    data="eine Datei mit 20.000 Texten",
    repetitions=3,
    questions=2,
    versions={"ours": "0.1.0", "tantivy": "0.27.0"},
    sizes=(replace(SIZE, documents=1_000, recombined=0, worst=()), SIZE),
)


@pytest.mark.parametrize(
    ("value", "written"), [(0.061, "0,06"), (7.94, "7,94"), (12.34, "12,3"), (138.4, "138"), (1240.0, "1.240")]
)
def test_numbers_are_written_as_germans_do(value: float, written: str) -> None:
    assert decimal(value) == written
    assert grouped(1234567) == "1.234.567"


def test_the_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(list(range(1, 101)), 0.95) == 95
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_one_disturbed_repetition_does_not_count() -> None:
    found = TaskResult(((1.0, 90.0, 1.1), (2.0, 2.1, 80.0)), hits=4, agreement=1.0)
    assert found.p95 == 2.1
    assert found.first_times == [1.0, 2.0]
    assert found.mean_hits == 2.0


def test_raw_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    save_run(RUN, tmp_path / "deep" / "results.json")
    assert load_run(tmp_path / "deep" / "results.json") == RUN


def test_aims_say_what_was_reached_and_by_how_much_not() -> None:
    found = {aim.label: aim for aim in aims(SIZE)}

    def verdict(label: str) -> tuple[float, bool, float]:
        aim = found[label]
        return aim.found, aim.reached, round(aim.missed_by, 2)

    filtered = "Wörter mit Filter und Facetten, neben tantivy"
    assert verdict(f"{filtered}: p50") == (2.0, False, 2.0)  # 1 ms against tantivy's 0.5
    assert verdict(f"{filtered}: p95") == (0.5, True, 0.5)  # 2 against 4
    whoosh = {aim.label.split(": ")[1]: aim for aim in whoosh_aims(RUN.sizes)}
    assert whoosh["Wörter mit Filter und Facetten, p50"].found == 12.0
    assert (whoosh["Indexieren"].found, whoosh["Indexieren"].reached) == (2.5, True)
    assert list(whoosh_aims([replace(SIZE, engines={"ours": SIZE.engines["ours"]})])) == []
    assert verdict("Indexieren: Dokumente je Sekunde neben tantivy") == (1.0, True, 1.0)
    assert verdict("Größe des Index neben tantivy")[0] == 1.0
    assert found["ein neues Dokument ist zu finden (Median)"].found == 30.0
    assert not found["die schlimmste Eingabe"].reached


def test_half_a_million_documents_have_aims_of_their_own() -> None:
    slow = replace(SIZE.engines["ours"], memory=MemoryResult(1, 1, 1.5), tasks={Task.WORDS: task(7.0, 8.0)})
    large = replace(SIZE, documents=500_000, engines={"ours": slow, "tantivy": SIZE.engines["tantivy"]})
    opened, words = growth_aims(SIZE, large)
    assert (opened.found, opened.reached) == (1.5, False)
    assert (words.label, words.found) == ("500.000 Dokumente, Wörter: p50 gegen 50.000", 7.0)
    assert list(growth_aims(SIZE, SIZE)) == []
    page = render(replace(RUN, sizes=(*RUN.sizes, large)), "")
    assert "## Ziele, bei 50.000 Dokumenten" in page
    assert "| Wörter | 1,00 / 0,50 | 1,00 / 0,50 | 7,00 / 0,50 | 7,00 / 1,00 |" in page


def test_aims_without_others_are_those_that_need_none() -> None:
    alone = replace(SIZE, engines={"ours": SIZE.engines["ours"]})
    assert [aim.unit for aim in aims(alone)] == ["MB", "ms", "ms"]
    assert aims(replace(SIZE, engines={"tantivy": SIZE.engines["tantivy"]})) == []


def test_the_page_shows_times_ratios_and_what_is_missing() -> None:
    page = render(RUN, "- Eine Anmerkung.")
    assert "| Wörter | 1,00 / 2,00 | 0,50 / 4,00 (×0,50) | 0,30 / 0,40 (×0,30) | 12,0 / 30,0 (×12,0) |" in page
    assert "| Wörter mit Filter und Facetten | 1,00 / 2,00 | 0,50 / 4,00 (×0,50) | – |" in page
    assert "**verfehlt** um den Faktor 1,67" in page
    assert "50.000 Dokumente (30.000 davon aus Absätzen anderer zusammengesetzt)" in page
    assert "| Whoosh | 2.000 | 300 | 5,00 | 0,50 | 155 (100) | 30,0 |" in page
    assert "a\\|b" in page
    assert page.endswith("- Eine Anmerkung.\n")
    assert "/home" not in page


def test_a_small_run_says_that_the_aims_are_meant_for_a_larger_one() -> None:
    hint = "Die Ziele gelten für 50.000 Dokumente"
    assert hint not in render(RUN, "")
    assert hint in render(replace(RUN, sizes=RUN.sizes[:1]), "")
    assert "## Wachstum" not in render(replace(RUN, sizes=RUN.sizes[:1]), "")


def test_an_engine_that_ran_out_of_time_is_named() -> None:
    cut = replace(SIZE.engines["whoosh"], tasks={Task.WORDS: TaskResult(((5.0, 5.0),), 10, 1.0)})
    run = replace(RUN, sizes=(replace(SIZE, engines={**SIZE.engines, "whoosh": cut}),))
    assert "Whoosh, Wörter: 2." in render(run, "")


def test_every_row_of_a_table_has_as_many_cells() -> None:
    lines = [line for line in render(RUN, "").splitlines() if line.startswith("|")]
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | ---: |\n| 1 | 2 |"
    widths = [line.replace("\\|", "").count("|") for line in lines]
    rules = [at for at, line in enumerate(lines) if line.startswith("| ---")]
    for at, end in zip(rules, [*(rule - 1 for rule in rules[1:]), len(lines)], strict=True):
        assert set(widths[at - 1 : end]) == {widths[at]}


def test_pictures_are_the_same_for_the_same_results(tmp_path: Path) -> None:
    require("bench", available=_has_matplotlib(), reason="matplotlib ist nicht installiert (Extra bench)")
    for name, draw in (("a", draw_latency), ("b", draw_growth)):
        first, second = tmp_path / f"{name}1.svg", tmp_path / f"{name}2.svg"
        draw(RUN, first)
        draw(RUN, second)
        assert first.read_bytes() == second.read_bytes()
        assert "Fundstelle" in first.read_text("utf-8")


def _has_matplotlib() -> bool:
    from importlib.util import find_spec

    return find_spec("matplotlib") is not None
