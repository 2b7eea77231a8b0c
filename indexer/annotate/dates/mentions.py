"""What a date expression says: the day in the year, the year where it is stated, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from kb.model import PartialDate


class Precision(StrEnum):
    """How much a mention says."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """Month and perhaps day, as a mention without a year gives them; of a week its number and 1 (Monday) to 7.

    Without both it is the year alone.
    """

    month: int | None = None
    day: int | None = None
    week: int | None = None

    def in_year(self, year: int | None) -> PartialDate | None:
        """The date in a year, or None where no calendar has it or nothing is left to say."""
        try:
            if self.week is None:
                return PartialDate(year, self.month, self.day)
            if year is None or self.day is None:
                return None
            day = date.fromisocalendar(year, self.week, self.day)
            return PartialDate(day.year, day.month, day.day)
        except ValueError:
            return None

    def is_earlier(self, other: DayOfYear) -> bool:
        """Whether its month or week comes before another's."""
        return (self.week or self.month or 0) < (other.week or other.month or 0)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: code-point offsets, first and last day, and the years where they are stated.

    ``weekday`` is the one written before the first day (0 is Monday): it tells years apart. ``years_on`` counts
    from the year of publication („des vergangenen Jahres“ is -1); ``side`` is what „im vergangenen Mai“ says.
    ``bare`` is „im November“ without anything that says which.
    """

    start: int
    end: int
    first: DayOfYear
    last: DayOfYear | None = None
    year: int | None = None
    last_year: int | None = None
    weekday: int | None = None
    years_on: int | None = None
    side: Literal["past", "future"] | None = None
    bare: bool = False

    @property
    def precision(self) -> Precision:
        """Whether days are named, or months."""
        if self.first.day is not None:
            return Precision.DAY
        return Precision.YEAR if self.first.month is None else Precision.MONTH

    def start_date(self, year: int | None = None) -> PartialDate | None:
        """The first day, in the stated year or else the given one."""
        return self.first.in_year(self.year or year)

    def end_date(self, year: int | None = None) -> PartialDate | None:
        """The last day, None for a single day."""
        if self.last is None:
            return None
        known = self.last_year or self.year or year
        if known is not None and self.last_year is None and self.last.is_earlier(self.first):
            known += 1
        return self.last.in_year(known)
