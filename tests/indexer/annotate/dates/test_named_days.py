"""Days of the calendar: by weekday and month, and by name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.dates.named_days import find_calendar_days
from indexer.annotate.dates.words import weekday_number
from indexer.annotate.dates.years import years_around

EXTREMES = [date.min, date.min + timedelta(days=1), date(1, 2, 28), date(9999, 11, 30), date.max]
EVERYTHING = (
    "am letzten Samstag im Dezember, am ersten Januarmontag, am letzten Dezemberwochenende, am Ostermontag, "
    "zum Frauentag, am vierten Advent, am Muttertag, am Rosenmontag"
)


@pytest.mark.parametrize(
    ("text", "year", "day", "days"),
    [
        ("am letzten Samstag im Februar", 2020, date(2020, 2, 29), 1),
        ("am letzten Samstag im Februar", 2021, date(2021, 2, 27), 1),
        ("am ersten Novemberwochenende", 2022, date(2022, 11, 5), 2),
        ("am dritten Advent", 2018, date(2018, 12, 16), 1),
        ("Am ersten Advent", 2022, date(2022, 11, 27), 1),
        ("am 2. Advent", 2023, date(2023, 12, 10), 1),
        ("am Buß- und Bettag", 2023, date(2023, 11, 22), 1),
        ("zum Internationalen Frauentag", 2019, date(2019, 3, 8), 1),
        ("am Internationalen Tag des Ehrenamts", 2011, date(2011, 12, 5), 1),
        ("beim bundesweiten Vorlesetag", 2018, date(2018, 11, 16), 1),
        ("am Pfingstmontag", 2018, date(2018, 5, 21), 1),
        ("an Christi Himmelfahrt", 2024, date(2024, 5, 9), 1),
        ("vom Welttag  des\nBuches", 2015, date(2015, 4, 23), 1),
    ],
)
def test_a_named_day(text: str, year: int, day: date, days: int) -> None:
    (found,) = find_calendar_days(text)
    assert (found.in_year(year), found.days, found.year) == (day, days, None)
    assert text[found.start : found.end] in text


@pytest.mark.parametrize("text", ["Tag des Ehrenamts 2011", "der Vorlesetag 2018", "ersten Advent 2020"])
def test_a_year_behind_a_name_is_its_year(text: str) -> None:
    (found,) = find_calendar_days(text)
    assert found.year == int(text[-4:])


@pytest.mark.parametrize(
    "text",
    [
        "Der Muttertag ist umstritten.", "die Frauentagsfeier", "im Advent", "an Ostern", "am Kindertagesheim",
        "Die Silvester-Party fällt aus.", "Frau Advent", "Tag der Arbeitsuchenden", "zum Neujahrsempfang 2019",
    ],
)  # fmt: skip
def test_a_name_alone_or_in_a_word_says_no_day(text: str) -> None:
    assert list(find_calendar_days(text)) == []


@given(st.integers(1, 9999))
def test_every_year_has_each_day(year: int) -> None:
    found = list(find_calendar_days(EVERYTHING))
    assert len(found) == 8
    assert all(one.in_year(year).year == year for one in found)


@pytest.mark.parametrize("published", EXTREMES)
def test_weekdays_of_months_stay_weekdays(published: date) -> None:
    saturday, monday, weekend, *_ = find_calendar_days(EVERYTHING)
    for year in years_around(published):
        assert [one.in_year(year).weekday() for one in (saturday, monday, weekend)] == [5, 0, 5]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("So.", 6),
        ("Sa", 5),
        ("Sonnabend", 5),
        ("Sonntags", 6),
        ("Mo", 0),
        ("Freitagabend", 4),
        ("Sommer", None),
    ],
)
def test_weekdays_and_their_abbreviations(name: str, number: int | None) -> None:
    assert weekday_number(name) == number
