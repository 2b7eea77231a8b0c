"""Days that are counted from the day of writing: „vergangenen Dienstag“, „letzte Woche Freitag“, „gestern“."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from indexer.annotate.dates.words import WEEKDAYS, weekday_number

Direction = Literal["past", "future"]
_RELATIVE = re.compile(
    rf"\b(?P<when>vergangene[nr]?|vorige[nr]?|letzte[nr]?|kommende[nr]?|nächste[nr]?|übernächste[nr]?"
    rf"|gestrigen|heutigen|morgigen|diesem|am)\s+"
    rf"(?P<weekday>(?:{'|'.join(day.capitalize() for day in WEEKDAYS)}))(?P<more>s|\w*)\b"
    rf"(?:,?\s+(?:(?:in\s+)?der\s+)?(?P<week>dies|vergangen|letzt|vorig|kommend|nächst)e[nr]\s+Woche"
    rf"|\s+vor\s+(?P<ago>einer|zwei|drei)\s+Wochen?"
    rf"|\s+(?:und|bis)\s+(?P<until>{'|'.join(day.capitalize() for day in WEEKDAYS)})\b)?"
    rf"(?!,?\s*(?:de[nm]\s+)?[(]?\d{{1,2}}\.)",
    re.IGNORECASE,
)
# „letzte Woche Freitag“, „kommende Woche am Donnerstag“
_IN_WEEK = re.compile(
    rf"Woche,?\s+(?:am\s+)?(?P<weekday>(?:{'|'.join(day.capitalize() for day in WEEKDAYS)}))"
    rf"(?:abend|nachmittag|morgen|vormittag|mittag)?\b(?!,?\s*(?:de[nm]\s+)?[(]?\d{{1,2}}\.)"
)
_WHICH_WEEK = re.compile(r"\b(?P<week>vergangene|vorige|letzte|kommende|nächste|diese)\s{1,3}\Z", re.IGNORECASE)
_WHICH_CHARS = 16
# „gestern Abend“, „am vergangenen Wochenende“
_NEAR = re.compile(
    r"\b(?:(?P<adverb>vorgestern|gestern|(?:heute|morgen)(?=\s(?:Vormittag|Mittag|Nachmittag|Abend|Früh|Morgen)\b)"
    r"|heute(?=\s(?:ab|um|von)\s\d)|übermorgen)"
    r"|(?P<side>vergangene|vorige|letzte|kommende|nächste)[ns]\s+Wochenende)\b",
    re.IGNORECASE,
)
_ADVERBS = {"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2}
_SATURDAY = 5
# No counted day is further away than „am Montag vor drei Wochen“.
_FURTHEST = timedelta(days=60)
_FIRST_DAY, _LAST_DAY = date.min + _FURTHEST, date.max - _FURTHEST
_WEEKS_AGO = {"einer": 1, "zwei": 2, "drei": 3}
_NEIGHBOURS = {"gestrigen": -1, "heutigen": 0, "morgigen": 1}
_TIMES_OF_DAY = ("", "s", "abend", "nachmittag", "morgen", "vormittag", "mittag")


@dataclass(frozen=True, slots=True)
class RelativeMention:
    """„vergangenen Dienstag“: offsets and the day meant, counted from the day of publication.

    ``bare`` is „am Dienstag“ without a word that says which one; ``last`` the Sunday of a weekend; ``stated``:
    the text says the year, and nothing is counted from publication.
    """

    start: int
    end: int
    day: date
    direction: Direction
    bare: bool = False
    last: date | None = None
    stated: bool = False


def find_relative(text: str, published: date) -> Iterator[RelativeMention]:
    """Days before and after the day of publication: „letzten“, „kommenden“, and „am“, which can be both.

    From the first and last days that there are nothing can be counted.
    """
    if not _FIRST_DAY <= published <= _LAST_DAY:
        return
    yield from _near_days(text, published)
    of_weeks = list(_days_of_weeks(text, published))
    yield from of_weeks
    told = {mention.end for mention in of_weeks}
    for match in _RELATIVE.finditer(text):
        if match.end("more") in told:  # „vergangene Woche am Mittwoch“ is not „am Mittwoch“
            continue
        weekday = weekday_number(match["weekday"])
        when = match["when"].lower()
        if weekday is None or match["more"].lower() not in _TIMES_OF_DAY:
            continue
        if match["week"]:
            day = _day_of_week(weekday, match["week"].lower(), published)
            if day <= published:
                yield RelativeMention(match.start(), match.end(), day, "past")
            else:
                yield RelativeMention(match.start(), match.end(), day, "future")
            continue
        known = _known_day(match, weekday, published)
        if known is not None:
            yield RelativeMention(match.start(), match.end(), known, "past" if known <= published else "future")
            continue
        bare = when in ("am", "diesem")
        if match["more"] == "s" and bare:
            continue
        if bare or when.startswith(("vergang", "vorig", "letzt")):
            # „am Dienstag“ can be the day of publication itself, „vergangenen Dienstag“ cannot.
            back = (published.weekday() - weekday) % 7 or (0 if bare else 7)
            yield _with_last(match, published - timedelta(days=back), "past", bare=bare)
        if bare or when.startswith(("kommend", "nächst")):
            ahead = (weekday - published.weekday() - 1) % 7 + 1
            yield _with_last(match, published + timedelta(days=ahead), "future", bare=bare)


def _with_last(match: re.Match[str], day: date, direction: Direction, *, bare: bool) -> RelativeMention:
    """„Am kommenden Samstag und Sonntag“ has a last day."""
    until = weekday_number(match["until"]) if match["until"] else None
    last = None if until is None else day + timedelta(days=(until - day.weekday()) % 7)
    return RelativeMention(match.start(), match.end(), day, direction, bare, last if last != day else None)


def _near_days(text: str, published: date) -> Iterator[RelativeMention]:
    """„Gestern“, „heute Abend“, „am kommenden Wochenende“."""
    for match in _NEAR.finditer(text):
        if match["side"]:
            saturday = published + timedelta(days=(_SATURDAY - published.weekday()) % 7)
            past = match["side"].lower() in ("vergangene", "vorige", "letzte")
            day = saturday - timedelta(days=7) if past else saturday
            last = day + timedelta(days=1)
            yield RelativeMention(match.start(), match.end(), day, "past" if past else "future", last=last)
            continue
        days = _ADVERBS[match["adverb"].lower()]
        day = published + timedelta(days=days)
        if days <= 0:
            yield RelativeMention(match.start(), match.end(), day, "past")
        if days >= 0:
            yield RelativeMention(match.start(), match.end(), day, "future")


def _known_day(match: re.Match[str], weekday: int, published: date) -> date | None:
    """„Am Dienstag vor zwei Wochen“, „am gestrigen Dienstag“, „übernächsten Freitag“: one day and no other.

    „Gestrig“ is nothing where the weekday is another: the text stood elsewhere on an earlier day.
    """
    when = match["when"].lower()
    if match["ago"]:
        back = (published.weekday() - weekday) % 7
        return published - timedelta(days=back + 7 * _WEEKS_AGO[match["ago"].lower()])
    if when.startswith("übernächst"):
        return published + timedelta(days=(weekday - published.weekday() - 1) % 7 + 8)
    day = published + timedelta(days=_NEIGHBOURS[when]) if when in _NEIGHBOURS else None
    return day if day is not None and day.weekday() == weekday else None


def _days_of_weeks(text: str, published: date) -> Iterator[RelativeMention]:
    """„Letzte Woche Freitag“."""
    for match in _IN_WEEK.finditer(text):
        weekday = weekday_number(match["weekday"])
        which = _WHICH_WEEK.search(text[max(0, match.start() - _WHICH_CHARS) : match.start()])
        if which is not None and weekday is not None:
            day = _day_of_week(weekday, which["week"].lower().removesuffix("e"), published)
            start = match.start() - len(which[0])
            yield RelativeMention(start, match.end(), day, "past" if day <= published else "future")


def _day_of_week(weekday: int, which: str, published: date) -> date:
    """„Am Mittwoch der vergangenen Woche“: weeks begin on Monday."""
    weeks = {"dies": 0, "kommend": 1, "nächst": 1}.get(which, -1)
    return published + timedelta(days=weekday - published.weekday() + 7 * weeks)
