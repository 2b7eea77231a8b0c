from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.data import pairs
from crawler.extract.lines.dates import Moment, dates_in, read_date, read_moment
from kb.model import PartialDate

_SPELLINGS = [(int(number), spelling) for number, spelling in pairs("months.tsv")]
_FULL = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August"]
_FULL += ["September", "Oktober", "November", "Dezember"]
DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Veröffentlicht am 12. März 2019", "2019-03-12"),
        ("Dienstag, 12. Maerz 2019, 14:30 Uhr", "2019-03-12"),
        ("12.3.2019", "2019-03-12"),
        ("Stand: 12.03.19", "2019-03-12"),
        ("05.05.98", "1998-05-05"),
        ("2019-03-12T23:30:00+01:00", "2019-03-12"),
        ("20190312", "2019-03-12"),
        ("Tue, 12 Mar 2019 10:00:00 GMT", "2019-03-12"),
        ("March 12, 2019", "2019-03-12"),
        ("12./13. März 2019", "2019-03-12"),
        ("12.–13.03.2019", "2019-03-12"),
        ("12. und 13. Mai 2020", "2020-05-12"),
        ("am 29./30.November 2018 in Dortmund", "2018-11-29"),
        ("1. Jänner 2020", "2020-01-01"),
        ("Ausgabe März 2019", "2019-03"),
        ("Stand 03/2019", "2019-03"),
        ("2019-03", "2019-03"),
        ("2019/03/12", "2019-03-12"),
        ("Nr. 12 / 07.05.2019", "2019-05-07"),
        ("© 2019", "2019"),
        ("Am 26. Juni endete die Reihe", "--06-26"),
    ],
)
def test_german_spellings(text: str, expected: str | None) -> None:
    assert (str(read_date(text)) if read_date(text) else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-12-31T23:00:00Z", "2019-01-01"),
        ("2019-06-30T22:00:00.000+0000", "2019-07-01"),
        ("20190630T220000Z", "2019-07-01"),
        ("2019-06-30T18:30:00-05:00", "2019-07-01"),
        ("2019-07-01T00:00:00+02:00", "2019-07-01"),
        ("2019-06-30 23:59", "2019-06-30"),
        ("Tue, 31 Dec 2019 23:30:00 GMT", "2020-01-01"),
        ("Tue, 31 Dec 2019 23:30:00 +0100", "2019-12-31"),
    ],
)
def test_moments_have_their_day_in_germany(text: str, expected: str) -> None:
    assert str(read_date(text)) == expected


def test_a_moment_knows_its_time_in_germany() -> None:
    assert read_moment("2018-11-29T23:00:00Z") == Moment(PartialDate(2018, 11, 30), 0)
    assert read_moment("2018-11-29T19:30") == Moment(PartialDate(2018, 11, 29), 19 * 60 + 30)
    assert read_moment("29. November 2018") == Moment(PartialDate(2018, 11, 29))
    assert read_moment("im Herbst") is None


def test_every_date_of_a_line() -> None:
    line = "Erstellt am 3.5.2019, geändert am 31.02.2019 und am 5. Mai 2019"
    assert [str(span.date) for span in dates_in(line)] == ["2019-05-03", "2019-05-05"]
    assert [line[span.start : span.end] for span in dates_in(line)] == ["3.5.2019", "5. Mai 2019"]


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2019",
        "30. Februar 2020",
        "2019-13-01",
        "Version 1.2.3",
        "7.500 Euro",
        "Nr. 2019/12",
        "2.015",
        "Maifest",
        "",
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert read_date(text) is None


@given(
    DATES, st.sampled_from(["{d}. {name} {y}", "Veröffentlicht: {d:02}. {name} {y}, 9 Uhr", "{d}.{name} {y}"])
)
def test_every_day_in_words(day: date, spelling: str) -> None:
    text = spelling.format(d=day.day, name=_FULL[day.month - 1], y=day.year)
    assert read_date(text) == PartialDate(day.year, day.month, day.day)


@given(
    DATES,
    st.sampled_from(["{d}.{m}.{y}", "am {d:02}.{m:02}.{y}", "{y}-{m:02}-{d:02}", "{y}-{m:02}-{d:02}T12:00Z"]),
)
def test_every_day_in_figures(day: date, spelling: str) -> None:
    text = spelling.format(d=day.day, m=day.month, y=day.year)
    assert read_date(text) == PartialDate(day.year, day.month, day.day)


@given(st.sampled_from(_SPELLINGS), st.integers(1900, 2099), st.booleans())
def test_every_month_in_every_spelling(month: tuple[int, str], year: int, dotted: bool) -> None:
    number, name = month
    assert read_date(f"{name}{'.' if dotted else ''} {year}") == PartialDate(year, number)
    assert read_date(f"{name.upper()} {year}") == PartialDate(year, number)


@given(st.text())
def test_any_text_gives_a_date_or_none(text: str) -> None:
    assert isinstance(read_date(text), PartialDate | None)


@given(st.text(st.sampled_from("0123456789.-/ März Juni")))
def test_any_figures_give_a_date_or_none(text: str) -> None:
    assert isinstance(read_date(text), PartialDate | None)


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T00:00:00", "9999-12-31", "9999-12", "0000-00-00"])
def test_what_systems_write_that_know_no_date_is_none(text: str) -> None:
    assert read_date(text) is None
