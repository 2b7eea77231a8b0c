"""Dates as sources state them: whole, only a month, only a year, or without a year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

_ISO = re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d\d)(?:-(?P<d>\d\d))?)?|--(?P<nm>\d\d)-(?P<nd>\d\d)")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date in ISO 8601, reduced where the source says less.

    ``2018-11-29``, ``2018-11``, ``2018``, or ``--06-26`` when no year can be known
    (the form of ISO 8601:2000 for a truncated year).

    Raises:
        ValueError: for a day that no calendar has, a day without a month, or nothing at all.
    """

    year: int | None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.year is None and (self.month is None or self.day is None):
            raise ValueError("a date without a year needs month and day")
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        if self.year is not None and not 1 <= self.year <= 9999:
            raise ValueError(f"year {self.year} is out of range")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(f"month {self.month} is out of range")
        if self.month is not None and self.day is not None:
            longest = monthrange(self.year or 2000, self.month)[1]  # 2000 is a leap year
            if not 1 <= self.day <= longest:
                raise ValueError(f"day {self.day} is out of range")

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read one of the four forms; a time after ``T`` or a space is dropped."""
        match = _ISO.fullmatch(re.split(r"[T ]", text.strip(), maxsplit=1)[0])
        if match is None:
            raise ValueError(f"{text!r} is not a date like 2018-11-29, 2018-11, 2018 or --06-26")
        if match["nm"]:
            return cls(None, int(match["nm"]), int(match["nd"]))
        month, day = match["m"], match["d"]
        return cls(int(match["y"]), int(month) if month else None, int(day) if day else None)

    def __str__(self) -> str:
        if self.year is None:
            return f"--{self.month:02}-{self.day:02}"
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """(year, month, day) with 0 for what is not known, so that unknown sorts as oldest."""
        return (self.year or 0, self.month or 0, self.day or 0)


@dataclass(frozen=True, slots=True)
class YearSpan:
    """The years in which a date is believed, both included.

    Programs write 0001-01-01 and 9999-12-31 where they know no date; nobody means them.
    """

    first: int = 1500
    last: int = 2100

    def holds(self, date: PartialDate) -> bool:
        """Whether a date may be meant; one without a year always may."""
        return date.year is None or self.first <= date.year <= self.last

    def believed(self, date: PartialDate | None) -> PartialDate | None:
        """The date, or None where nobody can have meant it."""
        return date if date is not None and self.holds(date) else None

    def __str__(self) -> str:
        return f"{self.first} bis {self.last}"


@dataclass(frozen=True, slots=True)
class Event:
    """When an event took place; ``inferred`` marks a year that the text does not state.

    ``place`` is where, in one line with the municipality last („Kulturhaus, Görlitz“), as far as the *source*
    says so as data.
    """

    start: PartialDate
    end: PartialDate | None = None
    inferred: bool = False
    place: str | None = None
