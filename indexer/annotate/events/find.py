"""The event's own date: which of a text's dates it is, and which year where none is stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from indexer.annotate.dates.counted_days import Direction, RelativeMention, find_relative
from indexer.annotate.dates.datelines import day_of_dateline, is_dateline, written_on
from indexer.annotate.dates.expressions import find_dates
from indexer.annotate.dates.mentions import DateMention, DayOfYear, Precision
from indexer.annotate.dates.named_days import find_calendar_days
from indexer.annotate.dates.years import full_date, inferred_year, nearest_day, nearest_on_side, years_around
from indexer.annotate.events.choice import (
    BARE_POINTS,
    LEAST_POINTS,
    EventChoice,
    Option,
    Others,
    Seen,
    features,
)
from indexer.annotate.events.marks import Candidate, Marks, opens_span
from indexer.annotate.phrases.cues import CueSet
from indexer.annotate.phrases.matching import PatternIndex
from indexer.annotate.text.reading import Reading
from kb.model import Event, EventTag, Evidence, PartialDate
from kb.model.kinds import ANNOUNCEMENT, REPORT

# For the kind of a document: „vergangenen Dienstag“ says more than „am Dienstag“.
_RELATIVE_POINTS = 1.3
# „Am 15. März folgt ein Seminar“: a day so near on the other side is the next event's, not one of last year.
_NEXT_DAYS = 90
_STATED_RULE = "Datum der Veranstaltung"
_COUNTED_RULE = "Tag, vom Datum der Veröffentlichung gerechnet"


@dataclass(frozen=True, slots=True)
class _Dated:
    """A claim that could be made, and what is seen of its date."""

    tag: EventTag
    seen: Seen


class EventFinder:
    """Finds the dates of a text (words in ``data/events.toml``) and chooses the event's among them."""

    def __init__(self, patterns: PatternIndex) -> None:
        self._cues = CueSet("events.toml", patterns)
        self._choice = EventChoice()

    def dates(self, reading: Reading) -> FoundDates:
        """The dates of one document, for its kind first and then for its event."""
        return FoundDates(reading, self._cues, self._choice)


@dataclass(frozen=True)
class FoundDates:
    """The dates of one document; the words around them are looked up once, and only if there is a date."""

    reading: Reading
    cues: CueSet
    choice: EventChoice

    @cached_property
    def marks(self) -> Marks:
        """Where the cue words stand."""
        return Marks.of(self.cues, self.reading)

    @cached_property
    def _mentions(self) -> list[DateMention]:
        return [m for m in find_dates(self.reading.text) if self.reading.layout.counts(m.start)]

    @cached_property
    def _days_of_others(self) -> set[DayOfYear]:
        """Days that are said to be something else wherever they are named: „Sitzung am 27. September“."""
        return {mention.first for mention in self._mentions if self.marks.near_other(mention)}

    @cached_property
    def candidates(self) -> list[Candidate]:
        """All dates of title and text, best first; the same day named twice adds up."""
        reading = self.reading
        title = [Candidate(mention, 2.5, in_title=True) for mention in find_dates(reading.document.title)]
        body = [Candidate(m, self.marks.points(m) - _dateline(m, self._published)) for m in self._mentions]
        return _summed([*title, *body])

    @property
    def relative(self) -> Mapping[str, float]:
        """How clearly a day counted from publication is an event's, by ``past`` and ``future``."""
        best: dict[str, float] = {}
        if self._published is None:
            return best
        for mention in find_relative(self.reading.text, self._published):
            if self.reading.layout.counts(mention.start):
                needed = BARE_POINTS if mention.bare else _RELATIVE_POINTS
                points = self.marks.points(_as_date(mention)) - needed
                best[mention.direction] = max(best.get(mention.direction, -9.0), points)
        return best

    def event(self, doc_type: str | None) -> EventTag | None:
        """The event of a document whose kind is known, or None: never a guess without a mark."""
        if self.reading.document.event is not None:
            return EventTag(replace(self.reading.document.event, place=None))
        return self.choice.best(self.options(doc_type))

    def options(self, doc_type: str | None) -> list[Option]:
        """Every date of the document as a possible event, with what is seen of it."""
        written = written_on(day_of_dateline(self.reading.text), self._published)
        dated = [*self._dated(doc_type), *self._counted(doc_type, written)]
        if any(_is_clear(one.seen) for one in dated):
            dated = [one for one in dated if not one.seen.dateline]
        day = self._published or written
        return [
            Option(one.tag, dict(features(one.seen, others, doc_type, day, note=self.reading.is_note)))
            for one, others in zip(dated, Others.of_each([one.seen for one in dated], day), strict=True)
        ]

    @property
    def _published(self) -> date | None:
        return full_date(self.reading.document.published)

    def _dated(self, doc_type: str | None) -> Iterator[_Dated]:
        """The dates that are written out."""
        text, title = self.reading.text, self.reading.document.title
        for candidate in self.candidates:
            mention = candidate.mention
            tag = _resolve(candidate, self.reading, doc_type)
            if tag is None or candidate.points < (BARE_POINTS if mention.bare else LEAST_POINTS):
                continue
            body = not candidate.in_title
            seen = Seen(
                candidate.points,
                _likely_day(tag, mention, doc_type, self._published),
                month_only=mention.precision is not Precision.DAY,
                year_stated=mention.year is not None,
                counted="",
                sentence=self.marks.sentence(mention) if body else "Titel",
                other_near=mention.first in self._days_of_others,
                in_title=candidate.in_title,
                share=mention.start / max(1, len(text)) if body else 0.0,
                heads_text=body and self.marks.heads_text(mention),
                dateline=is_dateline(text if body else title, mention.start, mention.end),
                open_span=mention.last is None and opens_span(text if body else title, mention.start),
                named=body and self.marks.names_event(mention),
            )
            yield _Dated(tag, seen)

    def _counted(self, doc_type: str | None, written: date | None) -> Iterator[_Dated]:
        """„Vergangenen Dienstag“, „gestern“, „am ersten Novembersamstag“: counted from the day of writing."""
        text = self.reading.text
        for mention, name in _counted_days(text, doc_type, written):
            if not self.reading.layout.counts(mention.start):
                continue
            as_date = _as_date(mention)
            points = self.marks.points(as_date)
            if mention.bare and points < BARE_POINTS:
                continue
            rule = _STATED_RULE if mention.stated else _COUNTED_RULE
            evidence = self.reading.quote_chars(mention.start, mention.end, rule)
            last = _partial(mention.last) if mention.last else None
            tag = EventTag(Event(_partial(mention.day), last, inferred=not mention.stated), (evidence,))
            yield _Dated(
                tag,
                Seen(
                    points,
                    mention.day,
                    month_only=False,
                    year_stated=False,
                    counted=name,
                    sentence=self.marks.sentence(as_date),
                    other_near=self.marks.near_other(as_date),
                    in_title=False,
                    share=mention.start / max(1, len(text)),
                    heads_text=False,
                    dateline=False,
                    open_span=opens_span(text, mention.start),
                    named=self.marks.names_event(as_date),
                ),
            )


def _counted_days(
    text: str, doc_type: str | None, written: date | None
) -> Iterator[tuple[RelativeMention, str]]:
    """Days counted from the day of writing, on the side that the kind says, and how they are counted.

    Without a day of writing these are the days of the calendar whose year is stated.
    """
    side = {REPORT: "past", ANNOUNCEMENT: "future"}.get(doc_type or "")
    calendar_days = list(find_calendar_days(text))
    known = {day.start for day in calendar_days}  # „am letzten Samstag im September“ is not „letzten Samstag“
    for mention in find_relative(text, written) if written else ():
        if mention.start in known:
            continue
        if mention.direction == side or (side is None and not mention.bare):
            yield mention, "Wochentag" if mention.bare else "gezählter Tag"
    for named in calendar_days:
        years = [named.year] if named.year else years_around(written) if written else ()
        days = [named.in_year(year) for year in years]
        day = nearest_on_side(days, written, doc_type) if written else next(iter(days), None)
        if day is not None:
            direction: Direction = "past" if written is None or day <= written else "future"
            last = day + timedelta(days=named.days - 1) if named.days > 1 else None
            stated = named.year is not None
            yield (
                RelativeMention(named.start, named.end, day, direction, last=last, stated=stated),
                "gezählter Tag",
            )


def _is_clear(seen: Seen) -> bool:
    """A day in the text beside which a dateline is only the day of writing."""
    return not seen.dateline and not seen.month_only and seen.points >= BARE_POINTS


def _as_date(mention: RelativeMention) -> DateMention:
    return DateMention(mention.start, mention.end, DayOfYear(mention.day.month, mention.day.day))


def _partial(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def _likely_day(
    tag: EventTag, mention: DateMention, doc_type: str | None, published: date | None
) -> date | None:
    """The day that a date means: without year and weekday one soon after a report, not that of last year."""
    day = full_date(tag.event.start)
    told = mention.year or mention.weekday is not None or mention.years_on is not None
    if published is None or told or mention.first.day is None:
        return day
    nearest = nearest_day(mention.first, published)
    sign = -1 if doc_type == REPORT else 1
    if nearest is not None and -_NEXT_DAYS <= sign * (nearest - published).days < 0:
        return nearest
    return day


def _summed(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The same first day named again adds half; the mention that says most is kept."""
    by_day: dict[DayOfYear, Candidate] = {}
    for candidate in candidates:
        mention = candidate.mention
        key = mention.first
        other = by_day.get(key)
        if other is None or (other.mention.year and mention.year and other.mention.year != mention.year):
            if other is None or candidate.points > other.points:
                by_day[key] = candidate
            continue
        fuller = max(candidate, other, key=lambda c: (c.points, bool(c.mention.year), bool(c.mention.last)))
        known = replace(
            fuller.mention,
            year=fuller.mention.year or mention.year or other.mention.year,
            last=fuller.mention.last or mention.last or other.mention.last,
        )
        high, low = sorted((candidate.points, other.points), reverse=True)
        by_day[key] = Candidate(known, high + max(0.0, low) / 2, fuller.in_title)
    return sorted(by_day.values(), key=lambda candidate: (-candidate.points, candidate.mention.start))


def _dateline(mention: DateMention, published: date | None) -> float:
    """„Cottbus, 2. Februar 2023.“: the day of publication is seldom the event's."""
    return 1.5 if published is not None and full_date(mention.start_date()) == published else 0.0


def _resolve(candidate: Candidate, reading: Reading, doc_type: str | None) -> EventTag | None:
    mention = candidate.mention
    year = mention.year or inferred_year(mention, reading.document, doc_type)
    start = mention.start_date(year)
    if start is None:
        return None
    end = mention.end_date(year)
    rule = _STATED_RULE if mention.year or year is None else "Datum, Jahr erschlossen"
    if candidate.in_title:
        evidence = Evidence(0, 0, reading.document.title[mention.start : mention.end], rule)
    else:
        evidence = reading.quote_chars(mention.start, mention.end, rule)
    return EventTag(Event(start, end, inferred=mention.year is None and year is not None), (evidence,))
