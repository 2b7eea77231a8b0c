"""Partial dates keep exactly what a source says."""

from __future__ import annotations

import pytest
from hypothesis import given

from kb.model import PartialDate
from tests.strategies import partial_dates


@given(partial_dates())
def test_text_and_back(date: PartialDate) -> None:
    assert PartialDate.parse(str(date)) == date


@pytest.mark.parametrize("text", ["2018-11-29", "2018-11", "2018", "--06-26", "--02-29"])
def test_the_four_forms(text: str) -> None:
    assert str(PartialDate.parse(text)) == text


def test_a_time_of_day_is_dropped() -> None:
    assert PartialDate.parse("2018-11-29T08:00:00+01:00") == PartialDate(2018, 11, 29)


@pytest.mark.parametrize(
    "text", ["", "18-11-29", "2018-13", "2019-02-29", "--11", "2018-1-1", "heute", "0000", "--02-30"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|out of range"):
        PartialDate.parse(text)


def test_unknown_parts_sort_as_oldest() -> None:
    dates = [PartialDate.parse(text) for text in ("2018-11-29", "2018", "--06-26", "2018-11", "2019")]
    assert [str(date) for date in sorted(dates, key=lambda date: date.sort_key)] == [
        "--06-26", "2018", "2018-11", "2018-11-29", "2019",
    ]  # fmt: skip
