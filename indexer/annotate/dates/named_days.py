"""Days that a calendar knows: „am ersten Novembersamstag“, „zum Frauentag“, „am dritten Advent“."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

from indexer.annotate.dates.words import DATA, MONTHS, WEEKDAYS, YEAR, any_of, weekday_number

_NAMED = DATA["named_days"]
_NTH = {"erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "letzt": -1}
_MONTH_STEMS = "|".join(sorted({re.escape(name) for name in MONTHS if not name.endswith(".")}))
_WEEKEND = "wochenende"
_DAY_STEMS = "|".join([day.capitalize() for day in WEEKDAYS] + [_WEEKEND.capitalize()])
_SATURDAY = 5
# „am ersten Novembersamstag“, „am letzten Samstag im September“, „am zweiten Juniwochenende 2022“
_NTH_DAY = re.compile(
    rf"\b(?P<nth>erst|zweit|dritt|viert|letzt)en\s+"
    rf"(?:(?P<month1>{_MONTH_STEMS})-?(?P<day1>{_DAY_STEMS})"
    rf"|(?P<day2>{_DAY_STEMS})\s+(?:im|des)\s+(?P<month2>{_MONTH_STEMS})(?:s|es)?)"
    rf"(?:\s+(?P<year>{YEAR}))?(?!\w)",
    re.IGNORECASE,
)
# Before Christmas there are four Sundays of Advent: the first is the one from this day on.
_ADVENT_FROM = (11, 27)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that a calendar finds in any year: offsets, the rule, and the year where it is stated.

    A weekend ends on the day after (``days`` is 2).
    """

    start: int
    end: int
    rule: Callable[[int], date]
    year: int | None
    days: int = 1

    def in_year(self, year: int) -> date:
        """The first day in a year."""
        return self.rule(year)


def find_calendar_days(text: str) -> Iterator[CalendarDay]:
    """All such days, those of weekday and month before those with a name."""
    yield from _nth_days(text)
    yield from _with_names(text)


def _nth_days(text: str) -> Iterator[CalendarDay]:
    for match in _NTH_DAY.finditer(text):
        name = (match["month1"] or match["month2"]).capitalize()
        day = match["day1"] or match["day2"]
        is_weekend = day.lower() == _WEEKEND
        weekday = _SATURDAY if is_weekend else weekday_number(day)
        if weekday is None or name not in MONTHS:
            continue
        rule = _nth_weekday(MONTHS[name], weekday, _NTH[match["nth"].lower()])
        year = int(match["year"]) if match["year"] else None
        yield CalendarDay(match.start(), match.end(), rule, year, 2 if is_weekend else 1)


def _with_names(text: str) -> Iterator[CalendarDay]:
    """„Zum Internationalen Frauentag“, „Pfingstmontag 2018“; a name alone says no day."""
    for match in _NAME.finditer(text):
        year = int(match["year"]) if match["year"] else None
        if year is not None or _BEFORE.search(text[max(0, match.start() - _BEFORE_CHARS) : match.start()]):
            yield CalendarDay(match.start(), match.end(), _RULES[" ".join(match["name"].split())], year)


def _nth_weekday(month: int, weekday: int, nth: int) -> Callable[[int], date]:
    """The n-th such weekday of a month, -1 for the last; a fifth one is never asked for."""

    def rule(year: int) -> date:
        first, length = monthrange(year, month)
        days = range(1 + (weekday - first) % 7, length + 1, 7)
        return date(year, month, days[nth - 1 if nth > 0 else nth])

    return rule


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _after_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


def _after_advent(days: int) -> Callable[[int], date]:
    def rule(year: int) -> date:
        first = date(year, *_ADVENT_FROM)
        return first + timedelta(days=6 - first.weekday() + days)

    return rule


def _rules() -> dict[str, Callable[[int], date]]:
    """Of each name in ``data/dates.toml``, how its day is found."""
    made: list[tuple[dict[str, list[str]], Callable[[str], Callable[[int], date]]]] = [
        (_NAMED["fixed"], lambda key: _fixed(*map(int, key.split("-")))),
        (_NAMED["easter"], lambda key: _after_easter(int(key))),
        (_NAMED["advent"], lambda key: _after_advent(int(key))),
        (_NAMED["nth"], lambda key: _nth_weekday(*map(int, key.split()))),
    ]
    return {name: rule(key) for table, rule in made for key, names in table.items() for name in names}


_RULES = _rules()
# The first letters alone are looked for at most places.
_FIRST = "".join(sorted({re.escape(name[0]) for name in _RULES}))
_NAME = re.compile(
    rf"(?<![\w-])(?=[{_FIRST}])(?P<name>{any_of(_RULES)})(?:\s{{1,3}}(?P<year>{YEAR})(?![\w-]))?(?![\w-])"
)
_BEFORE = re.compile(
    rf"(?<!\w){any_of(_NAMED['before'])}\s{{1,3}}(?:{any_of(_NAMED['adjectives'])}\s{{1,3}})?\Z"
)
_BEFORE_CHARS = 40
