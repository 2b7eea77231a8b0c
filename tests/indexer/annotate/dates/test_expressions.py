"""German date expressions."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.annotate.dates.counted_days import find_relative
from indexer.annotate.dates.expressions import find_dates
from indexer.annotate.dates.named_days import find_calendar_days
from kb.model import PartialDate


def read(text: str) -> list[str]:
    result = []
    for mention in find_dates(text):
        start, end = mention.start_date(), mention.end_date()
        result.append(f"{start}/{end}" if end else str(start))
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am 29./30. November 2018", ["2018-11-29/2018-11-30"]),
        ("am 29./30.November 2018", ["2018-11-29/2018-11-30"]),
        ("am 29./30.11.2018", ["2018-11-29/2018-11-30"]),
        ("am 29.-30.11.2018", ["2018-11-29/2018-11-30"]),
        ("vom 7. bis 9. Mai 2019", ["2019-05-07/2019-05-09"]),
        ("vom 7. bis zum 9. Mai", ["--05-07/--05-09"]),
        ("30. November bis 1. Dezember 2018", ["2018-11-30/2018-12-01"]),
        ("30. Dezember bis 2. Januar 2019", ["2018-12-30/2019-01-02"]),
        ("30. Dezember 2018 bis 2. Januar 2019", ["2018-12-30/2019-01-02"]),
        ("07.05.2019 bis 09.05.2019", ["2019-05-07/2019-05-09"]),
        ("am 30.11.–1.12.2018", ["2018-11-30/2018-12-01"]),
        ("am 7. und 8. Mai 2019", ["2019-05-07/2019-05-08"]),
        ("am 7. und 21. Mai 2019", ["2019-05-07"]),
        ("Montag, 7., bis Mittwoch, 9. Mai 2019", ["2019-05-07/2019-05-09"]),
        ("Am 26. Juni endete", ["--06-26"]),
        ("am 3. Maerz 2020", ["2020-03-03"]),
        ("am 3. Mrz. 2020, 5. Sept. 2020", ["2020-03-03", "2020-09-05"]),
        ("24.12.19 und 24.12.", ["2019-12-24", "--12-24"]),
        ("2018-11-29T10:00", ["2018-11-29"]),
        ("im November 2018", ["2018-11"]),
        ("am 29. Februar 2019 und am 29. Februar 2020", ["2020-02-29"]),
        ("am 31. April", []),
        ("Version 3.12.1 kostet 12.50 Euro bei § 3.4", []),
        ("um 9.30 Uhr, 14.15 bis 15.45 Uhr", []),
        ("1.035 Einsätze, 10.000 Euro, 17 %", []),
        ("in der 5. Klasse, im 3. Stock", []),
    ],
)
def test_expressions(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@given(first=st.dates(date(1995, 1, 1), date(2045, 12, 31)))
def test_every_day_is_read_back(first: date) -> None:
    months = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()  # noqa: SIM905
    spellings = [
        f"{first.day}. {months[first.month - 1]} {first.year}",
        first.strftime("%d.%m.%Y"),
        first.isoformat(),
    ]
    for spelling in spellings:
        assert read(f"Es war am {spelling} so weit.") == [first.isoformat()]


@given(st.text(alphabet="0123456789./- –bisundMaJuni ,", max_size=60))
def test_offsets_quote_the_expression(text: str) -> None:
    for mention in find_dates(text):
        assert 0 <= mention.start < mention.end <= len(text)
        assert any(character.isdigit() for character in text[mention.start : mention.end])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vergangenen Dienstag", date(2017, 9, 19)),
        ("am letzten Freitag", date(2017, 9, 15)),
        ("kommenden Freitag", date(2017, 9, 29)),
        ("nächsten Montag", date(2017, 9, 25)),
    ],
)
def test_weekdays_around_a_publication(text: str, expected: date) -> None:
    assert [mention.day for mention in find_relative(text, date(2017, 9, 22))] == [expected]  # a Friday


@pytest.mark.parametrize(
    ("text", "day", "direction"),
    [
        ("Am Mittwoch der vergangenen Woche", date(2017, 9, 13), "past"),
        ("am Mittwoch letzter Woche", date(2017, 9, 13), "past"),
        ("am Dienstag, in der vorigen Woche", date(2017, 9, 12), "past"),
        ("am Dienstag dieser Woche", date(2017, 9, 19), "past"),
        ("am Samstag dieser Woche", date(2017, 9, 23), "future"),
        ("am Montag der kommenden Woche", date(2017, 9, 25), "future"),
    ],
)
def test_a_weekday_of_a_named_week(text: str, day: date, direction: str) -> None:
    (mention,) = find_relative(text, date(2017, 9, 22))  # a Friday
    assert (mention.day, mention.direction, mention.bare) == (day, direction, False)


def test_this_friday_is_left_alone() -> None:
    assert list(find_relative("diesen Freitag", date(2017, 9, 22))) == []


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("Am Freitag kamen alle", date(2017, 9, 22), date(2017, 9, 29)),
        ("am Donnerstagabend", date(2017, 9, 21), date(2017, 9, 28)),
        ("am Freitagsmarkt", None, None),
        ("am Freitag, 15. September", None, None),
        ("am Freitag, den 15.9.", None, None),
    ],
)
def test_a_bare_weekday_can_be_the_one_before_or_after(
    text: str, past: date | None, future: date | None
) -> None:
    found = list(find_relative(text, date(2017, 9, 22)))  # a Friday
    assert [mention.day for mention in found] == [day for day in (past, future) if day]
    assert all(mention.bare for mention in found)


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("am ersten Novembersamstag", None, date(2018, 11, 3)),
        ("am letzten Samstag im September 2018", 2018, date(2018, 9, 29)),
        ("jeden zweiten Dienstag des Monats", None, None),
        ("am dritten Montag des Februars", None, date(2018, 2, 19)),
    ],
)
def test_weekdays_of_a_month(text: str, year: int | None, day: date | None) -> None:
    found = list(find_calendar_days(text))
    assert [(mention.year, mention.in_year(2018)) for mention in found] == ([(year, day)] if day else [])


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("Donnerstag, 16. März", 3),
        ("am Dienstag (15.9.)", 1),
        ("Mittwoch, den 8. Juni", 2),
        ("Sa., 3. Mai 2014", 5),
        ("am 3. Mai", None),
    ],
)
def test_the_weekday_before_a_date(text: str, weekday: int | None) -> None:
    assert [mention.weekday for mention in find_dates(text)] == [weekday]


def test_parts_of_a_month_are_read_without_a_year() -> None:
    mention, bare = find_dates("Ende April trafen sich alle, im Mai nicht.")
    assert (bare.first.month, bare.bare, mention.bare) == (5, True, False)
    assert (mention.first.month, mention.first.day, mention.year) == (4, None, None)
    (mention,) = find_dates("Anfang November 2019")
    assert (mention.first.month, mention.year) == (11, 2019)


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("Am Dienstag vor einer Woche ging es um Daten.", date(2022, 9, 22), date(2022, 9, 13)),
        ("Am Montag vor zwei Wochen tagte der Beirat.", date(2019, 5, 14), date(2019, 4, 29)),
        ("Am gestrigen Mittwoch trafen sich alle.", date(2019, 5, 9), date(2019, 5, 8)),
        ("Am morgigen Freitag wird gefeiert.", date(2019, 5, 9), date(2019, 5, 10)),
        ("Gefeiert wird übernächsten Freitag.", date(2015, 9, 13), date(2015, 9, 25)),
        # Der Text stand früher anderswo: was „gestern“ war, ist nicht mehr zu sagen.
        ("Am gestrigen Mittwoch trafen sich alle.", date(2019, 5, 14), None),
    ],
)
def test_days_counted_in_weeks_and_from_yesterday(text: str, published: date, expected: date | None) -> None:
    assert [mention.day for mention in find_relative(text, published)] == ([expected] if expected else [])


# How days that follow each other are written: what stands between two, and between the last two.
_LINKS = (
    (", ", " und "), (", ", " sowie "), (", ", " und am "), ("/", "/"), (" / ", " / "), ("+", "+"),
    (" & ", " & "), (" und ", " und "), (", ", " + "),
)  # fmt: skip
_NAMES = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()  # noqa: SIM905


@given(
    first=st.dates(date(2000, 1, 1), date(2045, 12, 1)),
    days=st.integers(2, 7),
    links=st.sampled_from(_LINKS),
    in_words=st.booleans(),
    months_of_all=st.booleans(),
)
def test_days_that_follow_each_other_are_one_span(
    first: date, days: int, links: tuple[str, str], *, in_words: bool, months_of_all: bool
) -> None:
    every = [first + timedelta(days=number) for number in range(days)]
    assume(months_of_all or every[0].month == every[-1].month)
    written = [
        f"{day.day}. {_NAMES[day.month - 1]}" if in_words else f"{day.day}.{day.month}." for day in every
    ]
    if not months_of_all:
        written[:-1] = [f"{day.day}." for day in every[:-1]]
    year = f" {every[-1].year}" if in_words else str(every[-1].year)
    text = links[0].join(written[:-1]) + links[1] + written[-1] + year
    assert read(f"Es war am {text} so weit.") == [f"{every[0]}/{every[-1]}"]


@given(first=st.dates(date(2000, 1, 1), date(2045, 12, 1)), days=st.integers(1, 300), short=st.booleans())
def test_the_last_day_of_a_range_gives_its_year_to_the_first(first: date, days: int, *, short: bool) -> None:
    last = first + timedelta(days=days)
    begin = f"{first.day}.{first.month}."
    if first.year != last.year and first.month <= last.month:
        begin += str(first.year)
    end = f"{last.day}.{last.month}.{last.year % 100:02}" if short else f"{last.day}.{last.month}.{last.year}"
    assert read(f"vom {begin} bis {end} in Jena") == [f"{first}/{last}"]


date_pieces = st.sampled_from(
    [
        "1.", "3.", "30", "29.", "/", "12.", "2018", "19", "05", "-", "2018-11-29", " ", "\n", ", ", " bis ",
        " und ", "zum ", "Mai", "Januar", "Jan.", "Ende ", "Anfang ", "im ", "November", "Dienstag", " den ",
        "Uhr", "–", "(", "x", "KW ", ". KW", "’18", "Zwischen ", " des Vorjahres",
    ]
)  # fmt: skip


@given(st.lists(date_pieces, max_size=14).map("".join))
def test_mentions_stand_in_order_and_do_not_overlap(text: str) -> None:
    found = find_dates(text)
    for before, after in pairwise(found):
        assert before.end <= after.start
    for mention in found:
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.start_date(2020) is not None or mention.first.week == 53
        start, end = mention.start_date(2019), mention.end_date(2019)
        assert end is None or start is None or end.sort_key > start.sort_key


@given(st.lists(date_pieces, max_size=14).map("".join), st.integers(0, 40))
def test_what_stands_before_an_expression_in_words_does_not_hide_it(text: str, blanks: int) -> None:
    found = find_dates(f"{text} {'.' * blanks} Am 7. und 8. Mai 2031 war es so weit.")
    assert found[-1].start_date() == PartialDate(2031, 5, 7)
