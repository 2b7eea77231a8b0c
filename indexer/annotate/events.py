"""The event's own date: which of a text's dates it is, and which year where none is stated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from indexer.annotate.counted_days import find_nth_days, find_relative
from indexer.annotate.cues import CueSet
from indexer.annotate.dates import (
    DateMention,
    DayOfYear,
    Precision,
    find_dates,
)
from indexer.annotate.language import German
from indexer.annotate.layout import BlockKind
from indexer.annotate.reading import Reading
from indexer.annotate.spans import SpanIndex, TokenSpan
from indexer.annotate.tense import past_tense, perfects
from indexer.annotate.years import (
    about,
    full_date,
    inferred_year,
    nearest_day,
    nearest_on_side,
    years_around,
)
from kb.model import Event, EventTag, Evidence, PartialDate

# Points from which a date is the event's. Reports and announcements have an event; other kinds (minutes,
# studies, practice examples) seldom, so that theirs must stand in the title. Precision before recall.
THRESHOLDS = {"veranstaltungsbericht": 2.5, "ankuendigung": 2.5}
OTHER_THRESHOLD = 4.5
# The only day that a report or an announcement names needs less.
ONLY_THRESHOLD = 2.1
# A date shortly before a report or shortly after an announcement is likely its event's.
_SHORTLY_DAYS = 45
_SHORTLY_POINTS = 0.8
# „Am 15. März folgt ein Seminar“: a day so near on the other side is the next event's, not one of last year.
_NEXT_DAYS = 90
_AM = re.compile(
    r"(?:\b(?:am|vom|de[nm]|Am|Vom|beim|im)|tag,|tag|(?:tag|abend) ?[(]|\b(?:Mo|Di|Mi|Do|Fr|Sa|So)\.,?)\s*$"
)
_LABEL = re.compile(
    r"(?:Termine?|Wann|Datum(?: und Uhrzeit| und Ort)?|Zeit|Veranstaltungsdatum)\W{1,6}[^\n]{0,30}$"
)
_CLOCK = re.compile(
    r"^[^\n]{0,40}?\b(?:ab |um |von )?\d{1,2}(?:[.:]\d\d)?(?:\s*(?:–|-|bis)\s*\d{1,2}(?:[.:]\d\d)?)?\s*Uhr"
)
# „am 21. September in Rostock“, „am 4. Mai 2016, im Rathaus“
_WHERE = re.compile(r"^(?:\s+\d{4})?,?\s{1,2}(?:in|im|ins|nach|ab)\s+(?:de[mr]\s+)?[A-ZÄÖÜ\d]")
_BEFORE_WORDS = 6
# Deadlines seldom name their weekday, and a date that heads a text is what it is about.
_WEEKDAY_POINTS = 0.5
_HEAD_POINTS = 1.0
_HEAD_CHARS = 80
_EARLY_SHARE = 0.25
# „Vergangenen Dienstag“ says more than „am Dienstag“; both need an event or the past in their sentence.
_RELATIVE_POINTS = 1.3
_BARE_POINTS = 2.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One date with its points; ``in_title`` mentions have no offsets in the text."""

    mention: DateMention
    points: float
    in_title: bool = False


class EventFinder:
    """Weighs every date of a text by the words around it (``data/events.toml``)."""

    def __init__(self, language: German) -> None:
        self._cues = CueSet("events.toml", language)

    def candidates(self, reading: Reading) -> list[Candidate]:
        """All dates of title and text, best first; the same day named twice adds up."""
        title = [Candidate(mention, 2.5, in_title=True) for mention in find_dates(reading.document.title)]
        mentions = [m for m in find_dates(reading.document.text) if reading.layout.counts(m.start)]
        if not mentions:
            return _summed(title)
        marks = _Marks.of(self._cues, reading)
        published = full_date(reading.document.published)
        return _summed([*title, *(Candidate(m, marks.points(m) - _dateline(m, published)) for m in mentions)])

    def event(self, reading: Reading, doc_type: str, candidates: list[Candidate]) -> EventTag | None:
        """The event of a document whose kind is known, or None: never a guess without a mark."""
        document = reading.document
        if document.event is not None:
            return EventTag(document.event)
        usable = [_timely(candidate, doc_type, document.published) for candidate in candidates]
        usable = [candidate for candidate in usable if candidate.mention.precision is Precision.DAY] or usable
        if doc_type not in THRESHOLDS:
            usable = [candidate for candidate in usable if candidate.in_title]
        best = max(usable, key=lambda candidate: candidate.points, default=None)
        days = [candidate for candidate in usable if candidate.mention.precision is Precision.DAY]
        if best is not None and days == [best] and best.points >= ONLY_THRESHOLD and doc_type in THRESHOLDS:
            return _resolve(best, reading, doc_type)
        if best is None or best.points < THRESHOLDS.get(doc_type, OTHER_THRESHOLD):
            return self._relative(reading, doc_type)
        return _resolve(best, reading, doc_type)

    def relative_points(self, reading: Reading) -> Mapping[str, float]:
        """How clearly a day counted from publication is an event's, by ``past`` and ``future``."""
        published = full_date(reading.document.published)
        best: dict[str, float] = {}
        if published is None:
            return best
        mentions = [
            m for m in find_relative(reading.document.text, published) if reading.layout.counts(m.start)
        ]
        marks = _Marks.of(self._cues, reading) if mentions else None
        for mention in mentions:
            as_date = DateMention(mention.start, mention.end, DayOfYear(mention.day.month, mention.day.day))
            points = (marks.points(as_date) if marks else 0.0) - (
                _BARE_POINTS if mention.bare else _RELATIVE_POINTS
            )
            best[mention.direction] = max(best.get(mention.direction, -9.0), points)
        return best

    def _relative(self, reading: Reading, doc_type: str) -> EventTag | None:
        """„Vergangenen Dienstag“, „am ersten Novembersamstag“: counted from the day of publication."""
        published = full_date(reading.document.published)
        direction = {"veranstaltungsbericht": "past", "ankuendigung": "future"}.get(doc_type)
        if published is None or direction is None:
            return None
        text = reading.document.text
        found = [
            _Counted(mention.start, mention.end, mention.day, mention.bare)
            for mention in find_relative(text, published)
            if mention.direction == direction
        ]
        for nth in find_nth_days(text):
            days = [nth.in_year(year) for year in ([nth.year] if nth.year else years_around(published))]
            day = nearest_on_side(days, published, doc_type)
            if day is not None:
                found.append(_Counted(nth.start, nth.end, day, bare=False))
        return self._counted(reading, found) if found else None

    def _counted(self, reading: Reading, found: Iterable[_Counted]) -> EventTag | None:
        marks = _Marks.of(self._cues, reading)
        for mention in sorted(found, key=lambda one: one.start):
            if not reading.layout.counts(mention.start):
                continue
            as_date = DateMention(mention.start, mention.end, DayOfYear(mention.day.month, mention.day.day))
            if marks.points(as_date) >= (_BARE_POINTS if mention.bare else _RELATIVE_POINTS):
                start = PartialDate(mention.day.year, mention.day.month, mention.day.day)
                rule = "Tag, vom Datum der Veröffentlichung gerechnet"
                evidence = reading.quote_chars(mention.start, mention.end, rule)
                return EventTag(Event(start, inferred=True), (evidence,))
        return None


@dataclass(frozen=True, slots=True)
class _Counted:
    """A day counted from the day of publication; ``bare`` where only a weekday is named."""

    start: int
    end: int
    day: date
    bare: bool


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where the cue words stand, as token spans by label."""

    reading: Reading
    spans: dict[str, SpanIndex]

    @classmethod
    def of(cls, cues: CueSet, reading: Reading) -> _Marks:
        spans: dict[str, list[TokenSpan]] = {"noun": [], "verb": [], "other": []}
        for hit in cues.hits(reading):
            spans[hit.cue.label].extend(hit.spans)
        return cls(reading, {label: SpanIndex(found) for label, found in spans.items()})

    def points(self, mention: DateMention) -> float:
        """How much the surroundings speak for a date being the event's."""
        reading, text = self.reading, self.reading.document.text
        span = reading.tokens_at(mention.start, mention.end)
        if span is None:
            return 0.0
        sentence = reading.sentence(span.start)
        before = text[max(0, mention.start - 60) : mention.start].rsplit("\n", 1)[-1]
        points = 0.5 if mention.precision is Precision.DAY else -1.0
        points += 0.5 if mention.start < _EARLY_SHARE * len(text) else 0.0
        points += 0.7 if _AM.search(before) else 0.0
        points += _WEEKDAY_POINTS if mention.weekday is not None else 0.0
        points += _HEAD_POINTS if self._heads_text(mention) else 0.0
        points += 2.5 if _LABEL.search(before) else 0.0
        points += 0.7 if mention.last is not None else 0.0
        points += 0.7 if _CLOCK.match(text[mention.end : mention.end + 60]) else 0.0
        points += 1.5 if self._any("noun", sentence) else 0.0
        points += 1.5 if self._any("verb", sentence) else 0.8 if self._dated(sentence) else 0.0
        points += 0.7 if _WHERE.match(text[mention.end : mention.end + 40]) else 0.0
        points += 1.0 if reading.layout.kind_at(mention.start) is BlockKind.HEADING else 0.0
        window = TokenSpan(max(sentence.start, span.start - _BEFORE_WORDS), span.start)
        points -= 4.0 if window.start < window.end and self._any("other", window) else 0.0
        return points

    def _heads_text(self, mention: DateMention) -> bool:
        """A short line at the beginning opens with the date: „29./30. April 2019, Stadthalle Ludwigslust“."""
        block = self.reading.layout.block_at(mention.start)
        return (
            block is not None
            and block.start == mention.start < _HEAD_CHARS
            and block.end - mention.end <= _HEAD_CHARS
            and self.reading.document.text[block.end - 1] not in ".!?"
        )

    def _dated(self, window: TokenSpan) -> bool:
        """A verb of the past, or one that announces."""
        words = [token.text for token in self.reading.body[window.start : window.end]]
        tense = past_tense()
        return any(tense(word) or word in tense.announcing for word in words) or perfects(words) > 0

    def _any(self, label: str, window: TokenSpan) -> bool:
        return self.spans[label].near(window)


def _summed(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The same first day named again adds half; the mention that says most is kept."""
    by_day: dict[tuple[int, int | None], Candidate] = {}
    for candidate in candidates:
        mention = candidate.mention
        key = (mention.first.month, mention.first.day)
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


def _timely(candidate: Candidate, doc_type: str, published: PartialDate | None) -> Candidate:
    """A report's event is not after its publication but often shortly before, an announcement's the reverse."""
    sign = {"veranstaltungsbericht": -1, "ankuendigung": 1}.get(doc_type)
    seen = about(published)
    day = full_date(candidate.mention.start_date())
    if sign is None or seen is None:
        return candidate
    if day is None and candidate.mention.first.day is not None and candidate.mention.year is None:
        day = nearest_day(candidate.mention.first, seen)
    if day is None:
        return candidate
    ahead = sign * (day - seen).days
    exact = full_date(published) is not None
    next_one = candidate.mention.weekday is None and -_NEXT_DAYS <= ahead < 0  # a weekday tells the year
    if exact and (ahead < 0 if candidate.mention.year else next_one):
        return replace(candidate, points=candidate.points - 3.0)
    if 0 <= ahead <= _SHORTLY_DAYS and candidate.points > 0:
        return replace(candidate, points=candidate.points + _SHORTLY_POINTS)
    return candidate


def _resolve(candidate: Candidate, reading: Reading, doc_type: str) -> EventTag | None:
    mention = candidate.mention
    year = mention.year or inferred_year(mention, reading.document, doc_type)
    start = mention.start_date(year)
    if start is None:
        return None
    end = mention.end_date(year)
    rule = "Datum der Veranstaltung" if mention.year or year is None else "Datum, Jahr erschlossen"
    if candidate.in_title:
        evidence = Evidence(0, 0, reading.document.title[mention.start : mention.end], rule)
    else:
        evidence = reading.quote_chars(mention.start, mention.end, rule)
    return EventTag(Event(start, end, inferred=mention.year is None and year is not None), (evidence,))
