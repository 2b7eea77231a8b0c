"""German date expressions in running text: days, lists and ranges of them, weeks and months.

    expression ─ point (times? link point)*      „Mo, 29.3., 14 Uhr bis Di, 30.3.2019“
    point ────── 2019-05-07 | 7. Mai year? | 7.5.year? | 7. | Mai year?
    link ─────── bis, – | und, /, comma; then perhaps „am“ and a weekday

A point without month or year has that of the next one to its right. What follows each other day by day is one
mention with first and last day; what does not is another, unless it shares its month. Words stand in
``data/dates.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from indexer.annotate.dates.mentions import DateMention, DayOfYear
from indexer.annotate.dates.points import (
    MONTH_ALONE,
    WRITTEN_MONTHS,
    Point,
    follows,
    read_link,
    read_point,
    read_years_on,
)
from indexer.annotate.dates.words import DATA, WEEKDAYS, YEAR, any_of, weekday_number

_NO_DATES, _BARE, _PARTS, _LINKS = DATA["no_dates"], DATA["bare_months"], DATA["parts_of_month"], DATA["links"]
# So many points has an expression at most, and so far before it stands what it is.
_MOST_POINTS = 24
_BEFORE_CHARS = 30
_BESIDE = 4
_WEEK_NUMBER = r"(?:0?[1-9]|[1-4]\d|5[0-3])"
_WEEKS = rf"(?:{'|'.join(sorted(DATA['weeks']['words'], reverse=True))})(?![^\W\d_])"
_WEEK_YEAR = rf"(?:\s{{0,2}}[/,(]?\s{{0,2}}(?:(?:des|im)\s{{1,3}}Jahre?s?\s{{1,3}})?(?P<year>{YEAR})(?!\d))?"
_RANGE, _LIST = any_of(_LINKS["range"]), any_of(_LINKS["list"])
_WEEK_LINK = rf"\s{{0,2}}(?:(?P<range>{_RANGE})|{_LIST})\s{{0,2}}(?:(?:zur|der)\s{{1,3}})?"
_WEEKDAY = rf"(?:(?:{'|'.join(day.capitalize() for day in WEEKDAYS)})s?|(?:Mo|Di|Mi|Do|Fr|Sa|So)\.)"
# „Donnerstag, 16. März“, „am Dienstag (15.9.)“, „Fr., 3.“
_WEEKDAY_BEFORE = re.compile(
    rf"(?P<weekday>{_WEEKDAY})(?:abend|morgen|nachmittag)?,?\s{{0,2}}(?:[(]|,|(?:de[nm]|am)\s)?\s{{0,2}}\Z"
)
# Where an expression can begin: looking there alone is a fifth of the work. What must not stand before is asked
# afterwards, since a pattern that begins with it is tried at every character.
_DAY_START = re.compile(
    r"[0-9]{1,2}(?=\.|\s{0,3}(?:[/&+–—−‑‐-]|bis|und|u\.|sowie|wie\s)|\s{1,3}(?i:j[aäu]|f[e]|m[aär]|a[pu]|s[e]|o[k]|n[o]|d[e]))"
    r"|(?:19|20)[0-9]{2}(?=-)"
)
_NO_DAY_AFTER = frozenset("0123456789.,/-")
_WORD_START = re.compile(
    "|".join(
        sorted(
            {*_PARTS["words"], *DATA["weeks"]["words"], *(name.rstrip(".") for name in WRITTEN_MONTHS)},
            reverse=True,
        )
    )
)
_WEEK = re.compile(_WEEKS)
_MONTH = re.compile(MONTH_ALONE)
_YEAR = re.compile(rf"{any_of(_PARTS['words'])}\s{{1,3}}(?P<year>{YEAR})(?![\w-]|[./]\d)")
_WEEKS_BEHIND = re.compile(
    rf"{_WEEKS}\s{{0,2}}(?P<first>{_WEEK_NUMBER})(?!\d)(?:{_WEEK_LINK}(?:KW\s{{0,2}})?(?P<last>{_WEEK_NUMBER})(?!\d))?{_WEEK_YEAR}"
)
_NUMBER = re.compile(r"(?<![\d.,/-])\d{1,2}")
_WEEKS_BEFORE = re.compile(
    rf"(?P<first>{_WEEK_NUMBER})\.?(?:{_WEEK_LINK}(?P<last>{_WEEK_NUMBER}))?\.\s{{0,2}}{_WEEKS}{_WEEK_YEAR}"
)
# „am Mittwoch der 12. Kalenderwoche“, „KW 12 (Mittwoch)“: the day of the week that is meant.
_DAY_OF_WEEK_BEFORE = re.compile(
    rf"(?P<weekday>{_WEEKDAY})(?:abend|morgen|nachmittag)?,?\s{{1,3}}(?:in\s{{1,3}})?(?:der\s{{1,3}})?\Z"
)
_DAY_OF_WEEK_BEHIND = re.compile(
    rf"\s{{0,2}}(?:[(,]\s{{0,2}})(?:am\s{{1,3}})?(?P<weekday>{_WEEKDAY})(?=[),;. ])"
)
_BETWEEN = re.compile(
    rf"(?i:\b{any_of(_LINKS['between'])})\s{{1,3}}(?:dem\s{{1,3}})?(?:{_WEEKDAY},?\s{{1,3}}(?:dem\s{{1,3}})?)?\Z"
)
_PART_BEFORE = re.compile(rf"\b{any_of(_PARTS['words'])}\s{{1,3}}\Z")
_NO_YEAR = re.compile(rf"(?i:\b{any_of(_PARTS['no_year_after'])})\s{{1,3}}\Z")
_BARE_BEFORE = re.compile(
    rf"\b(?:{any_of(_BARE['before'])}|(?P<past>{any_of(_BARE['past'])})|(?P<future>{any_of(_BARE['future'])}))\s{{1,3}}\Z"
)
_EVERY_YEAR = re.compile(rf"\s{{1,3}}{any_of(_BARE['every_year'])}")
_NUMBERED = re.compile(
    rf"(?:[^\W\d_]|(?<!\w){any_of(_NO_DATES['after'])}:?\s{{0,2}}"
    rf"|(?<!\w){any_of(_NO_DATES['after_number'])}:?[\d()/ +.-]{{0,20}})\Z"
)
_COUNTED = re.compile(rf"[–—-]{{0,2}}\s?{any_of(_NO_DATES['before'])}")


@dataclass(frozen=True, slots=True)
class _Expression:
    """Points in order, each with whether „bis“ stands before it; ``end`` is where reading ended."""

    points: Sequence[Point]
    ranges: Sequence[bool]
    end: int


def find_dates(text: str) -> list[DateMention]:
    """All date expressions in order; of overlapping readings the one that says most."""
    found: list[DateMention] = []
    read = bytearray(len(text))  # an impossible day (31. April) is read too, so that its month is not
    starts = (match.start() for match in _WORD_START.finditer(text))
    words = [
        start for start in starts if not start or not (text[start - 1].isalnum() or text[start - 1] in "-_")
    ]
    for readings in (_days(text), _weeks(text, words, read), _months(text, words, read), _years(text, words)):
        for start, end, mentions in readings:
            if read.find(1, start, end) < 0:
                read[start:end] = b"\1" * (end - start)
                found += mentions
    return sorted(found, key=lambda mention: mention.start)


_Reading = tuple[int, int, list[DateMention]]


def _days(text: str) -> Iterator[_Reading]:
    """Expressions of days: where each stands, and what it says."""
    done = 0
    for match in _DAY_START.finditer(text):
        start = match.start()
        if start < done or (start and text[start - 1] in _NO_DAY_AFTER):
            continue
        expression = _expression(text, start, named=False)
        done = expression.end
        if expression.points:
            numbered = _is_numbered(text, expression)
            yield start, expression.points[-1].end, [] if numbered else list(_mentions(text, expression))


def _months(text: str, words: Iterable[int], read: Sequence[int]) -> Iterator[_Reading]:
    """„Mai und Juni 2019“, „Ende April“, „im November“; without such a word a month needs its year.

    ``read`` says of each character whether another expression holds it.
    """
    done = 0
    for start in words:
        if start < done or read[start] or not _MONTH.match(text, start):
            continue
        expression = _expression(text, start, named=True)
        done = expression.end
        if expression.points:
            yield from _of_months(text, start, expression)


def _of_months(text: str, start: int, expression: _Expression) -> Iterator[_Reading]:
    end = expression.points[-1].end
    before = text[max(0, start - _BEFORE_CHARS) : start]
    part, bare = _PART_BEFORE.search(before), _BARE_BEFORE.search(before)
    start -= len(part[0]) if part else 0
    first, *others = _mentions(text, expression)
    if first.year is None and first.years_on is None:
        if not (part or bare) or _EVERY_YEAR.match(text, end):
            return
        if bare:
            first = replace(first, side=_side(bare), bare=True)
    yield start, end, [replace(first, start=start), *others]


def _side(bare: re.Match[str]) -> Literal["past", "future"] | None:
    if bare["past"]:
        return "past"
    return "future" if bare["future"] else None


def _years(text: str, words: Iterable[int]) -> Iterator[_Reading]:
    """„Ende 2019“."""
    for start in words:
        match = _YEAR.match(text, start)
        if match and _NO_YEAR.search(text[max(0, start - _BEFORE_CHARS) : start]) is None:
            yield start, match.end(), [DateMention(start, match.end(), DayOfYear(), year=int(match["year"]))]


def _weeks(text: str, words: Iterable[int], read: bytearray) -> Iterator[_Reading]:
    """„KW 12/2019“, „in der 12. und 13. Kalenderwoche“: from Monday to Sunday, as ISO 8601 counts weeks.

    A weekday beside a single week is that day of it. Beside its days („6. bis 10. Mai (KW 19)“) a week says
    nothing.
    """
    for word in filter(None, (_WEEK.match(text, start) for start in words)):
        begin = max(0, word.start() - _BEFORE_CHARS)
        numbers = (match.start() for match in _NUMBER.finditer(text, begin, word.start()))
        before = (_WEEKS_BEFORE.match(text, number) for number in numbers)
        match = next((one for one in before if one), None) or _WEEKS_BEHIND.match(text, word.start())
        if match is None or match.end() < word.end():
            continue
        beside = max(0, match.start() - _BESIDE), match.end() + _BESIDE
        if read.find(1, *beside) >= 0:
            continue
        first, last = int(match["first"]), int(match["last"] or match["first"])
        if last < first or (not match["range"] and last - first > 1):
            last = first
        year = int(match["year"]) if match["year"] else None
        monday, sunday = DayOfYear(day=1, week=first), DayOfYear(day=7, week=last)
        years_on, end = (None, match.end()) if year else read_years_on(text, match.end())
        mention = DateMention(match.start(), end, monday, sunday, year, year, years_on=years_on)
        if first == last:
            mention = _day_of_week(text, mention, first)
        possible = year is None or (mention.start_date() and (mention.last is None or mention.end_date()))
        yield mention.start, mention.end, [mention] if possible else []


def _day_of_week(text: str, mention: DateMention, week: int) -> DateMention:
    """„Am Mittwoch der 12. Kalenderwoche“ is one day of the week."""
    before = _DAY_OF_WEEK_BEFORE.search(text[max(0, mention.start - _BEFORE_CHARS) : mention.start])
    behind = _DAY_OF_WEEK_BEHIND.match(text, mention.end)
    found = before or behind
    weekday = weekday_number(found["weekday"]) if found else None
    if found is None or weekday is None:
        return mention
    start = mention.start - len(found[0]) if found is before else mention.start
    end = mention.end if found is before else found.end("weekday")
    return replace(mention, start=start, end=end, first=DayOfYear(day=weekday + 1, week=week), last=None)


def _expression(text: str, start: int, *, named: bool) -> _Expression:
    """The points from an offset on, up to the last that knows its month; ``named``: months without days.

    Where no month comes, reading ended at the last point, so that a long list of numbers is read once.
    """
    points: list[Point] = []
    ranges: list[bool] = []
    is_range, comma, at, whole = False, False, start, 0
    while len(points) < _MOST_POINTS:
        point = read_point(text, at)
        if point is None or (point.day is None) != named or (comma and not point.dotted):
            break
        points.append(point)
        ranges.append(is_range)
        whole = len(points) if point.month else whole
        link = read_link(text, point)
        if link is None or (link.comma and not point.dotted):
            break
        at, is_range, comma = link.end, link.is_range, link.comma
    end = points[whole - 1].end if whole else points[-1].start if points else start
    return _Expression(points[:whole], ranges[:whole], end)


def _is_numbered(text: str, expression: _Expression) -> bool:
    """„§ 29.3.“, „Version 3.11.14“, „12.5. Uhr“: numbers that only look like days."""
    points = expression.points
    if any(point.sure for point in points):
        return False
    start, last = points[0].start, points[-1]
    if _NUMBERED.search(text[max(0, start - _BEFORE_CHARS) : start]):
        return True
    return last.year is None and _COUNTED.match(text, last.end) is not None


def _mentions(text: str, expression: _Expression) -> Iterator[DateMention]:
    """What the points say together: spans, and what stands beside them."""
    points = _completed(expression)
    before = text[max(0, points[0].start - _BEFORE_CHARS) : points[0].start]
    between = len(points) > 1 and _BETWEEN.search(before) is not None
    run: list[Point] = []
    open_ended = False  # whether the run still takes what follows
    end = points[0].end
    for number, point in enumerate(points):
        by_range = expression.ranges[number] or (between and number == 1)
        goes_on = open_ended and _goes_on(run, point, by_range=by_range)
        if run and not goes_on and expression.points[number - 1].own_month:
            yield from _of_run(text, run, end)
            run = []
        if not run:
            run, open_ended = [point], True
        elif goes_on:
            run.append(point)
        else:
            open_ended = False
        end = point.end
    yield from _of_run(text, run, end)


def _goes_on(run: Sequence[Point], point: Point, *, by_range: bool) -> bool:
    same = (point.part, point.year) == (run[-1].part, run[-1].year)
    return same or follows(run[-1], point, by_range=by_range)


def _of_run(text: str, run: Sequence[Point], end: int) -> Iterator[DateMention]:
    first, last = run[0], run[-1]
    if not all(point.is_possible() for point in run):
        return
    years_on = first.years_on if first.years_on is not None else last.years_on
    several = last.part != first.part or last.year != first.year
    yield DateMention(
        first.start,
        end,
        first.part,
        last.part if several else None,
        first.year,
        last.year if several else None,
        _weekday_before(text, first.start),
        None if first.year else years_on,
    )


def _completed(expression: _Expression) -> list[Point]:
    """The points with month and year of what stands to their right."""
    points = list(expression.points)
    for number in range(len(points) - 2, -1, -1):
        point, following = points[number], points[number + 1]
        month, day = point.month, point.day or 0
        if month is None and following.month is not None:
            # „vom 29. bis 1. Dezember“ begins in November.
            back = expression.ranges[number + 1] and day > (following.day or day)
            month = (following.month - 2) % 12 + 1 if back else following.month
        year, years_on = point.year, point.years_on
        if year is None and years_on is None and month is not None:
            over = month > (following.month or month)
            year = following.year - over if following.year else None
            years_on = following.years_on - over if following.years_on is not None else None
        points[number] = replace(point, month=month, year=year, years_on=years_on)
    return points


def _weekday_before(text: str, start: int) -> int | None:
    match = _WEEKDAY_BEFORE.search(text[max(0, start - 24) : start])
    return None if match is None else weekday_number(match["weekday"])
