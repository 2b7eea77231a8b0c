"""Every spelling of days, ranges, months and weeks that is read, as tables; and what looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.annotate.dates.expressions import find_dates
from indexer.annotate.events.find import EventFinder
from indexer.annotate.phrases.matching import PatternIndex
from indexer.annotate.text.language import german
from indexer.annotate.text.reading import read
from kb.model.kinds import REPORT
from tests.indexer.annotate.conftest import document

HERE = Path(__file__).parent
FINDER = EventFinder(PatternIndex())


def _rows() -> list[tuple[str, ...]]:
    lines = (HERE / "spellings.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]


NO_DATES = [
    line for line in (HERE / "no_dates.txt").read_text("utf-8").splitlines() if not line.startswith("//")
]


def test_the_table_is_long_and_no_row_stands_twice() -> None:
    spellings = [row[0] for row in _rows()]
    assert len(spellings) == len(set(spellings)) >= 120


@pytest.mark.parametrize(("spelling", "start", "end", "inferred"), _rows())
def test_spellings(spelling: str, start: str, end: str, inferred: str) -> None:
    text = f"{spelling} trafen sich in Dortmund vierzig Fachkräfte zum Fachtag. Sie sprachen über Schulen."
    reading = read(document(text, published="2019-06-15"), german())
    tag = FINDER.dates(reading).event(REPORT)
    assert tag is not None
    event = tag.event
    assert (str(event.start), str(event.end or ""), event.inferred) == (start, end, inferred == "ja")


@pytest.mark.parametrize("text", NO_DATES)
def test_what_only_looks_like_a_date(text: str) -> None:
    assert find_dates(text) == []
