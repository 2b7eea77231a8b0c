"""One point of a date expression, a day or a month, and what links it to the next."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from indexer.annotate.dates.mentions import DayOfYear
from indexer.annotate.dates.words import DATA, MONTHS, WEEKDAYS, YEAR, any_of, month_number

# „18“ is 2018, „98“ is 1998.
_LAST_SHORT_YEAR = 49
# A year with 29 February, where none is known; and one without, to see what follows what.
_LEAP_YEAR, _PLAIN_YEAR = 2000, 2001

_LINKS = DATA["links"]
_YEARS_ON = {
    re.sub(r"\s+", " ", word): int(number) for number, words in DATA["year_words"].items() for word in words
}
_D = r"(?:0?[1-9]|[12]\d|3[01])"
_M = r"(?:0?[1-9]|1[0-2])"
_B = r"[^\S\n]"


def _month(names: Collection[str]) -> str:
    """A month in words; an abbreviation may lack its full stop where a year follows.

    „29. Nov 2018“, but not „der 2. Jan Müller“; „des 9. Novembers“.
    """
    whole = [name for name in names if not name.endswith(".")]
    shortened = [name[:-1] for name in names if name.endswith(".")]
    return (
        rf"(?:(?:{'|'.join(whole)})(?:(?<=er)s)?(?![^\W\d_])"
        rf"|(?:{'|'.join(shortened)})(?:\.|(?=\s{{1,3}}(?:{YEAR}|['’‘´]\d\d)(?!\d))))"
    )


MONTH = _month(MONTHS)
# Without a day its case counts: „im Mai“, „MAI 2019“.
WRITTEN_MONTHS = (*MONTHS, *map(str.upper, MONTHS))
MONTH_ALONE = _month(WRITTEN_MONTHS)
_UHR = rf"{_B}?(?:Uhr|h)(?!\w)"
# „18.30-20 Uhr“ behind a date's full stop is no year.
_NO_CLOCK = rf"(?!:\d|{_UHR}|{_B}?(?:[–-]|bis){_B}?\d{{1,2}}(?:[.:]\d\d)?{_UHR})"
_WEEKDAY_NAMES = "|".join(day.capitalize() for day in WEEKDAYS)
_SHORT_WEEKDAY = r"(?:Mo|Di|Mi|Do|Fr|Sa|So)\.?"
_ENCLOSED_WEEKDAY = rf"\((?:{_WEEKDAY_NAMES}|{_SHORT_WEEKDAY})\)"
_YEAR_WORD = rf"\s{{1,3}}(?P<word>{any_of(_YEARS_ON)})"
_POINT = re.compile(
    # 2018-11-29
    rf"(?P<iso>{YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    # 29.11.2018, 29.11.18, 29. 11. 18, 29.11.
    rf"|(?P<day>{_D})\.(?P<gap>{_B}{{0,2}})(?P<month>{_M})\."
    rf"(?:\s{{0,3}}(?P<year>{YEAR})(?!\d)|(?P<blank>{_B}{{0,2}})(?P<short>\d\d)(?!\d){_NO_CLOCK}"
    rf"|{_B}?['’‘´](?P<elided>\d\d)(?!\d))?(?!\d|\.\d)"
    # 29. November 2018, 29. Nov. ’18, 29 November 2018, November 2018
    rf"|(?:(?P<named_day>{_D})(?:\.\s{{0,3}}(?:{_ENCLOSED_WEEKDAY}\s{{1,3}})?|\s{{1,3}}(?=(?i:{MONTH})\s{{1,3}}{YEAR}(?!\d))))?(?P<name>(?i:{MONTH}))"
    rf"(?:\s{{1,3}}(?:des{_B}{{1,3}}Jahres\s{{1,3}})?(?P<named_year>{YEAR})(?!\d)|\s{{1,3}}\((?P<closed_year>{YEAR})\)|{_B}{{0,3}}['’‘´](?P<named_elided>\d\d)(?!\d)"
    rf"|{_B}{{1,3}}(?P<named_short>\d\d)(?=[,;)]|\.?{_B}{{0,3}}(?:\n|\Z))(?![^\n]{{0,20}}\bUhr))?"
    # 29., and 29 before „–“
    rf"|(?P<bare>{_D})(?P<stop>\.)?(?![.:,]?\d)"
)
_WORD_BEHIND = re.compile(_YEAR_WORD)
# „2. Mai- und Juniwoche“, „Mai-Feier“, but „Mai-Juni 2019“
_SUSPENDED = re.compile(r"-\s{1,3}(?:und|oder|bzw|sowie|bis)\b")
_COMPOUND = re.compile(rf"-(?!{_B}?{MONTH})")
_TIME_OF_DAY = "(?:abend|morgen|vormittag|nachmittag|mittag|nacht)?"
_IN_LINK = rf"(?:(?:(?:{_WEEKDAY_NAMES}){_TIME_OF_DAY}s?|{_SHORT_WEEKDAY}),?\s{{1,3}}(?:de[nm]\s{{1,3}})?\(?)"
_LINK = re.compile(
    rf"\)?(?:\s{{0,3}},)?\s{{0,3}}(?:(?P<range>{any_of(_LINKS['range'])})|(?P<list>{any_of(_LINKS['list'])}))\s{{0,3}}"
    rf"(?:{any_of([*_LINKS['before_point'], *DATA['parts_of_month']['words']])}\s{{1,3}})?{_IN_LINK}?"
    rf"|\s{{0,2}}(?P<comma>,)\s{{1,3}}{_IN_LINK}?"
)
_CLOCK = r"\d{1,2}(?:[.:]\d\d)?"
_TO = rf"\s{{0,3}}(?:–|—|-|bis|und){_B}{{0,3}}"
# What may stand between a point and its link: „(Do)“, „, 14 Uhr“, „von 9.00 bis 17.00 Uhr“, „ (9-17h)“
_BETWEEN = re.compile(
    rf"(?:\s?{_ENCLOSED_WEEKDAY})?"
    rf"(?:(?:\s{{0,2}},)?\s{{0,3}}\(?(?:(?:um|ab|von|gegen|jeweils|ca\.)\s{{1,3}}){{0,2}}"
    rf"(?:{_CLOCK}{_UHR}(?:{_TO}{_CLOCK}{_UHR})?|{_CLOCK}{_TO}{_CLOCK}{_UHR}|\d{{1,2}}:\d\d(?:{_TO}\d{{1,2}}:\d\d)?(?!\d))\)?)?"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A day or a month as it is written.

    ``own_month``: it names its month itself; ``sure``: in words, or with a year in four digits; ``dotted``: a
    full stop or a month stands behind the day.
    """

    start: int
    end: int
    day: int | None
    month: int | None
    year: int | None = None
    years_on: int | None = None
    own_month: bool = True
    sure: bool = False
    dotted: bool = True

    @property
    def part(self) -> DayOfYear:
        """Month and day."""
        return DayOfYear(self.month, self.day)

    def is_possible(self) -> bool:
        """Whether a calendar has it."""
        return self.part.in_year(self.year or _LEAP_YEAR) is not None


@dataclass(frozen=True, slots=True)
class Link:
    """What joins two points, and where it ends; ``comma`` is a comma alone."""

    end: int
    is_range: bool
    comma: bool


def read_point(text: str, start: int) -> Point | None:
    """The point that begins at an offset."""
    match = _POINT.match(text, start)
    if match is None:
        return None
    if match["iso"]:
        numbers = [int(number) for number in match["iso"].split("-")]
        return Point(start, match.end(), numbers[2], numbers[1], numbers[0], sure=True)
    if match["bare"]:
        return Point(start, match.end(), int(match["bare"]), None, own_month=False, dotted=bool(match["stop"]))
    if match["name"]:
        return _named(text, match)
    short, end = match["short"] or match["elided"], match.end()
    if match["blank"] and not match["gap"]:  # „am 29.11. 15 Kinder“
        short, end = None, match.end("month") + 1
    year = int(match["year"]) if match["year"] else _long_year(short)
    years_on, end = (None, end) if year else read_years_on(text, end)
    sure = match["year"] is not None or years_on is not None
    return Point(start, end, int(match["day"]), int(match["month"]), year, years_on, sure=sure)


def _named(text: str, match: re.Match[str]) -> Point | None:
    """A month in words, with a day or without."""
    day = int(match["named_day"]) if match["named_day"] else None
    behind = match.end("name")
    if _SUSPENDED.match(text, behind) or (day is None and _COMPOUND.match(text, behind)):
        return None
    short, end = match["named_elided"] or match["named_short"], match.end()
    if day is None and match["named_short"]:  # „im Mai 18“
        short, end = None, behind
    written = match["named_year"] or match["closed_year"]
    year = int(written) if written else _long_year(short)
    years_on, end = (None, end) if year else read_years_on(text, end)
    return Point(match.start(), end, day, month_number(match["name"]), year, years_on, sure=True)


def read_years_on(text: str, end: int) -> tuple[int | None, int]:
    """„Des vergangenen Jahres“: how many years on, and where it ends."""
    match = _WORD_BEHIND.match(text, end)
    return (None, end) if match is None else (_YEARS_ON[re.sub(r"\s+", " ", match["word"])], match.end())


def _long_year(short: str | None) -> int | None:
    if short is None:
        return None
    return int(short) + (2000 if int(short) <= _LAST_SHORT_YEAR else 1900)


def read_link(text: str, point: Point) -> Link | None:
    """What joins a point to the next one; clock times between are read over."""
    between = _BETWEEN.match(text, point.end)
    for start in dict.fromkeys((between.end() if between else point.end, point.end)):
        match = _LINK.match(text, start)
        if match is not None:
            return Link(match.end(), bool(match["range"]), bool(match["comma"]))
    return None


def follows(before: Point, after: Point, *, by_range: bool) -> bool:
    """Whether two points are a span: by „bis“ all that lies ahead, else only what is next to each other."""
    years = before.year, after.year
    if before.day is None or after.day is None:
        months = ((after.year or 0) - (before.year or 0)) * 12 if all(years) else 0
        months += (after.month or 0) - (before.month or 0)
        return months > 0 if by_range else months == 1
    if all(years):
        first, last = (_day(one, one.year) for one in (before, after))
        if first is None or last is None:
            return False
        return last > first if by_range else (last - first).days == 1
    if by_range:
        return before.month != after.month or after.day > before.day
    first, last = _day(before, _PLAIN_YEAR), _day(after, _PLAIN_YEAR)
    if first is None or last is None:  # 29 February
        return after.day == 1 and after.month == 3
    return (last - first).days in (1, 1 - 365)


def _day(point: Point, year: int | None) -> date | None:
    try:
        return date(year or _PLAIN_YEAR, point.month or 1, point.day or 1)
    except ValueError:
        return None
