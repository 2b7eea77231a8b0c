"""Days that are counted: from every day that there is, the first and the last ones included."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.annotate.dates.counted_days import find_relative
from indexer.annotate.dates.mentions import DayOfYear
from indexer.annotate.dates.years import nearest_day, years_around

PHRASES = (
    "Gestern", "vorgestern", "übermorgen", "heute Abend", "morgen Früh", "am vergangenen Wochenende",
    "am kommenden Wochenende", "vergangenen Dienstag", "letzten Montag und Freitag", "nächsten Montag",
    "übernächsten Sonntag", "am gestrigen Montag", "am morgigen Sonntag", "am Dienstag",
    "am Montag vor drei Wochen", "am Mittwoch der vergangenen Woche", "am Freitag der kommenden Woche",
    "am Montag dieser Woche", "letzte Woche Freitag", "kommende Woche am Donnerstagabend",
)  # fmt: skip
EXTREMES = [date.min, date.min + timedelta(days=1), date(1, 2, 28), date(9999, 11, 30), date.max]


@given(st.dates(), st.lists(st.sampled_from(PHRASES), max_size=4).map(", ".join))
@example(date.max, ", ".join(PHRASES))
@example(date.min, ", ".join(PHRASES))
def test_no_day_of_publication_is_too_early_or_too_late(published: date, text: str) -> None:
    for mention in find_relative(text, published):
        assert abs((mention.day - published).days) <= 60
        assert mention.last is None or mention.last >= mention.day


@pytest.mark.parametrize("days", [60, 61])
def test_from_the_third_month_of_the_calendar_on_days_are_counted(days: int) -> None:
    assert [one.day for one in find_relative("Gestern", date.min + timedelta(days=days))] == [
        date.min + timedelta(days=days - 1)
    ]


@pytest.mark.parametrize("published", EXTREMES)
def test_years_and_nearest_days_stay_in_the_calendar(published: date) -> None:
    assert all(1 <= year <= 9999 for year in years_around(published))
    assert published.year in years_around(published)
    assert nearest_day(DayOfYear(2, 28), published) is not None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Letzte Woche Freitag roch es nach Dill.", date(2023, 6, 9)),
        ("Vergangene Woche am Mittwoch trafen sich 40.", date(2023, 6, 7)),
        ("Nächste Woche Donnerstag geht es weiter.", date(2023, 6, 22)),
        ("Diese Woche Freitag ist Schluss.", date(2023, 6, 16)),
    ],
)
def test_a_weekday_behind_its_week(text: str, day: date) -> None:
    assert [one.day for one in find_relative(text, date(2023, 6, 14))] == [day]


def test_a_weekday_behind_its_week_with_a_date_is_left_to_that() -> None:
    assert list(find_relative("Letzte Woche Freitag, 9. Juni, roch es nach Dill.", date(2023, 6, 14))) == []
