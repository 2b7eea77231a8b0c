"""German date expressions in running text: single days, ranges, months, with and without a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from kb.model import PartialDate

_MONTH_NAMES = (
    "Januar|Jänner|Jan.", "Februar|Feb.", "März|Maerz|Mrz.", "April|Apr.", "Mai", "Juni|Jun.", "Juli|Jul.",
    "August|Aug.", "September|Sept.|Sep.", "Oktober|Okt.", "November|Nov.", "Dezember|Dez.",
)  # fmt: skip
# Month names and abbreviations as texts write them → 1 to 12.
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split("|")}
# Weekdays as datetime counts them; Sonnabend is Samstag.
WEEKDAYS = {
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5,
    "sonntag": 6,
}  # fmt: skip


class Precision(StrEnum):
    """How much a mention says."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """Month and perhaps day, as a mention without a year gives them."""

    month: int
    day: int | None = None

    def in_year(self, year: int | None) -> PartialDate | None:
        """The date in a year, or None where no calendar has it or nothing is left to say."""
        try:
            return PartialDate(year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: code-point offsets, first and last day, and the years where they are stated.

    ``weekday`` is the one written before the first day (0 is Monday): it tells years apart.
    """

    start: int
    end: int
    first: DayOfYear
    last: DayOfYear | None = None
    year: int | None = None
    last_year: int | None = None
    weekday: int | None = None

    @property
    def precision(self) -> Precision:
        """Whether days are named."""
        return Precision.MONTH if self.first.day is None else Precision.DAY

    def start_date(self, year: int | None = None) -> PartialDate | None:
        """The first day, in the stated year or else the given one."""
        return self.first.in_year(self.year or year)

    def end_date(self, year: int | None = None) -> PartialDate | None:
        """The last day, None for a single day."""
        if self.last is None:
            return None
        known = self.last_year or self.year or year
        if known is not None and self.last_year is None and self.last.month < self.first.month:
            known += 1
        return self.last.in_year(known)


_D = r"(?:0?[1-9]|[12]\d|3[01])"
_M = r"(?:0?[1-9]|1[0-2])"
YEAR = r"(?:(?:19|20)\d\d)"
_NAME = rf"(?:{'|'.join(re.escape(name) for name in MONTHS)})"
_WEEKDAY = rf"(?:(?:{'|'.join(day.capitalize() for day in WEEKDAYS)})s?|(?:Mo|Di|Mi|Do|Fr|Sa|So)\.)"
# „bis“, „und“, a slash or a dash; a weekday may follow: „Montag, 7., bis Mittwoch, 9. Mai“.
_TO = (
    r"\s{0,3},?\s{0,3}(?P<to>/|bis(?:\s{1,3}(?:zum|einschließlich|zum\s{1,3}einschließlich))?|und|u\.|&|–|—|-)"
    r"\s{0,3}"
    rf"(?:{_WEEKDAY},?\s{{1,3}}(?:den\s{{1,3}}|dem\s{{1,3}})?)?"
)
_DAY_PATTERNS = (
    # 30. November bis 1. Dezember 2018; 30. Dezember 2018 bis 2. Januar 2019
    rf"(?P<d1>{_D})\.\s?(?P<n1>{_NAME})(?:\s{{1,3}}(?P<y1>{YEAR}))?{_TO}"
    rf"(?P<d2>{_D})\.\s?(?P<n2>{_NAME})(?:\s{{1,3}}(?P<y2>{YEAR}))?",
    # 29./30. November 2018; 7. bis 9. Mai
    rf"(?P<d1>{_D})\.?{_TO}(?P<d2>{_D})\.\s?(?P<n2>{_NAME})(?:\s{{1,3}}(?P<y2>{YEAR}))?",
    # 30.11.–1.12.2018; 29./30.11.2018; 07.05.2019 bis 09.05.2019
    rf"(?P<d1>{_D})\.(?:\s?(?P<m1>{_M})\.(?:\s?(?P<y1>{YEAR}))?)?{_TO}"
    rf"(?P<d2>{_D})\.\s?(?P<m2>{_M})\.(?:\s?(?P<y2>{YEAR}|\d\d)(?!\d))?",
    # 26. Juni 2019
    rf"(?P<d1>{_D})\.\s?(?P<n1>{_NAME})(?:\s{{1,3}}(?P<y1>{YEAR}))?",
    # 2018-11-29
    rf"(?P<y1>{YEAR})-(?P<m1>0[1-9]|1[0-2])-(?P<d1>0[1-9]|[12]\d|3[01])(?!\d)",
    # 29.11.2018, 29.11.18, 29.11.
    rf"(?P<d1>{_D})\.\s?(?P<m1>{_M})\.(?:\s?(?P<y1>{YEAR}|\d\d)(?!\d|\s?(?:Uhr|:\d)))?(?!\d)",
)
# November 2018; Ende April (the year is inferred)
_MONTH_PATTERNS = (
    rf"\b(?:(?:Anfang|Mitte|Ende)\s{{1,3}})?(?P<n1>{_NAME})\s{{1,3}}(?P<y1>{YEAR})(?!\d)",
    rf"\b(?:Anfang|Mitte|Ende)\s{{1,3}}(?P<n1>{_NAME})(?!\w)",
)
# „Donnerstag, 16. März“, „am Dienstag (15.9.)“, „Fr., 3.“
_WEEKDAY_BEFORE = re.compile(
    rf"(?P<weekday>{_WEEKDAY})(?:abend|morgen|nachmittag)?,?\s{{0,2}}(?:[(]|,|(?:de[nm]|am)\s)?\s{{0,2}}$"
)
# Where a day can begin, and what a month without a day begins with: looking there alone is a fifth of the work.
_DAY_START = re.compile(
    r"[0-9]{1,2}(?=\.|\s{0,3}(?:,\s{0,3})?(?:/|bis|und|u\.|&|–|—|-))|(?:19|20)[0-9]{2}(?=-)"
)
_NO_START = re.compile(r"[\d.,/-]")
_DAYS = tuple(map(re.compile, _DAY_PATTERNS))
_MONTH_START = re.compile(rf"(?:Anfang|Mitte|Ende|{'|'.join(map(re.escape, MONTHS))})\s")
_MONTHS = tuple(map(re.compile, _MONTH_PATTERNS))
_GROUPS = ("d1", "m1", "n1", "y1", "d2", "m2", "n2", "y2", "to")


def find_dates(text: str) -> list[DateMention]:
    """All date expressions in order; of overlapping readings the one that says most."""
    found: list[DateMention] = []
    read = bytearray(len(text))  # an impossible day (31. April) is read too, so that its month is not
    for match in _readings(text):
        if read.find(1, match.start(), match.end()) >= 0:
            continue
        read[match.start() : match.end()] = b"\1" * (match.end() - match.start())
        mention = _mention(match)
        if mention is not None:
            found.append(replace(mention, weekday=_weekday_before(text, mention.start)))
    return sorted(found, key=lambda mention: mention.start)


def _readings(text: str) -> Iterator[re.Match[str]]:
    """What each pattern finds, as if it were searched for in the whole text."""
    numbers = (match.start() for match in _DAY_START.finditer(text))
    days = [start for start in numbers if not start or not _NO_START.match(text, start - 1)]
    months = [match.start() for match in _MONTH_START.finditer(text)]
    for patterns, starts in ((_DAYS, days), (_MONTHS, months)):
        for pattern in patterns if starts else ():
            done = 0
            for start in starts:
                match = pattern.match(text, start) if start >= done else None
                if match is not None:
                    done = match.end()
                    yield match


def _mention(match: re.Match[str]) -> DateMention | None:
    groups = match.groupdict()
    parts: dict[str, str | None] = {name: groups.get(name) for name in _GROUPS}
    month = _month(parts["m1"], parts["n1"])
    last_month = _month(parts["m2"], parts["n2"])
    if month is None:
        month = last_month
    if month is None:
        return None
    first_day, last_day = parts["d1"], parts["d2"]
    first = DayOfYear(month, int(first_day) if first_day else None)
    year, last_year = _year(parts["y1"]), _year(parts["y2"])
    last = DayOfYear(last_month, int(last_day)) if last_month and last_day else None
    if last is not None and not _is_range(first, last, parts["to"] or ""):
        last = None
    if year is None and last_year is not None:
        year = last_year - 1 if last and last.month < first.month else last_year
    if first.day is not None and first.in_year(year or 2000) is None:
        return None
    if last is not None and last.in_year(last_year or year or 2000) is None:
        return None
    return DateMention(match.start(), match.end(), first, last, year, last_year)


def _is_range(first: DayOfYear, last: DayOfYear, link: str) -> bool:
    """„7. und 8. Mai“ is two days in a row, „7. und 21. Mai“ two events."""
    if first.day is None or last.day is None or first == last:
        return False
    if first.month == last.month and last.day < first.day:
        return False
    if link.startswith("bis") or link in ("–", "—", "-"):
        return True
    return (first.month == last.month and last.day - first.day == 1) or (
        (last.month - first.month) % 12 == 1 and last.day == 1 and first.day >= 28
    )


def _month(number: str | None, name: str | None) -> int | None:
    if number:
        return int(number)
    return MONTHS[name] if name else None


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _weekday_before(text: str, start: int) -> int | None:
    match = _WEEKDAY_BEFORE.search(text[max(0, start - 24) : start])
    return None if match is None else weekday_number(match["weekday"])


def weekday_number(name: str) -> int | None:
    """Of a whole name or its two-letter abbreviation."""
    plain = name.lower().rstrip(".")
    return next((number for day, number in WEEKDAYS.items() if plain.startswith(day) or day[:2] == plain), None)
