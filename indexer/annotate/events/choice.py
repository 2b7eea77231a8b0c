"""Which of a document's dates is its event's: each is observed and weighed, the best taken if sure enough."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.annotate.data.weights import CONSTANT, read_weights
from indexer.annotate.events.marks import EARLY_SHARE, LATE_SHARE
from kb.model import EventTag
from kb.model.kinds import ANNOUNCEMENT, REPORT

WEIGHTS = "event_weights.tsv"
COLUMN = "gewicht"
_KINDS = {REPORT: "Bericht", ANNOUNCEMENT: "Ankündigung"}
_OTHER = "andere Art"
# An event is claimed from this probability on: precision before recall. Measured on unseen sets by
# tools/fit_events.py, which prints what other values give.
SURE = 0.5
# A weekday or a month alone („am Freitag“, „im Mai“) needs so many points of the words around it besides.
BARE_POINTS = 2.2
# With fewer a date is said to be something else („am 4. Juli 2008 gegründet“).
LEAST_POINTS = -1.0
# A date this near to publication, on the side that the kind says, is likely its event's.
_NEAR_DAYS = 45
_FAR_DAYS = 330
_YEARS_AWAY_DAYS = 400


@dataclass(frozen=True, slots=True)
class Option:
    """One date with what is seen of it; ``tag`` is what would be claimed."""

    tag: EventTag
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the features of a date are made of; ``share`` is its place in the text from 0 to 1."""

    points: float
    day: date | None
    month_only: bool
    year_stated: bool
    counted: str
    sentence: str
    other_near: bool
    in_title: bool
    share: float
    heads_text: bool
    dateline: bool
    open_span: bool
    named: bool


class EventChoice:
    """A logistic regression over the features of each date.

    Its weights in ``data/event_weights.tsv`` were learnt by ``tools/fit_events.py`` from labelled documents.
    """

    def __init__(self) -> None:
        self._weights = {name: row[COLUMN] for name, row in read_weights(WEIGHTS, (COLUMN,)).items()}

    def probability(self, option: Option) -> float:
        """How likely an option is the event's date, 0 to 1."""
        total = self._weights[CONSTANT]
        total += sum(self._weights.get(name, 0.0) * value for name, value in option.features.items())
        return 1 / (1 + math.exp(-total))

    def best(self, options: list[Option]) -> EventTag | None:
        """The likeliest option if it is sure enough."""
        ranked = max(options, key=self.probability, default=None)
        return ranked.tag if ranked is not None and self.probability(ranked) >= SURE else None


@dataclass(frozen=True, slots=True)
class Others:
    """What the other dates of a text are to one: their number, and the points of the best."""

    count: int
    best: float | None

    @classmethod
    def of_each(cls, seen: Sequence[Seen], published: date | None) -> Iterator[Others]:
        """What they are to each date, in order; what is years from publication is no rival of the others."""
        near = [not _is_years_away(one.day, published) for one in seen]
        best = heapq.nlargest(2, (one.points for one, is_near in zip(seen, near, strict=True) if is_near))
        for one, is_near in zip(seen, near, strict=True):
            others = best[1:] if is_near and one.points == best[0] else best
            yield cls(sum(near) - is_near, others[0] if others else None)


def _is_years_away(day: date | None, published: date | None) -> bool:
    return day is not None and published is not None and abs((day - published).days) > _YEARS_AWAY_DAYS


def features(
    seen: Seen, others: Others, doc_type: str | None, published: date | None, *, note: bool
) -> Iterator[tuple[str, float]]:
    """Name and value of all that is seen of a date, apart and together with the kind of the document."""
    kind = _KINDS.get(doc_type or "", _OTHER)
    yield f"{kind}", 1.0
    points = max(-3.0, min(8.0, seen.points))
    yield f"Punkte, {'gezählter Tag' if seen.counted else 'Datum'}", points
    if kind == _OTHER:
        yield f"Punkte, {kind}", points
    if others.best is None:
        yield f"einziges Datum, {kind}", 1.0
    else:
        yield "Abstand zum besten anderen", max(-4.0, min(4.0, seen.points - others.best))
    yield "viele Daten", math.log1p(others.count)
    yield f"{seen.sentence}, {kind}", 1.0
    yield f"{_side(seen.day, published, doc_type)}, {kind}", 1.0
    if seen.share >= LATE_SHARE:
        yield f"am Schluss, {kind}", 1.0
    if seen.share <= EARLY_SHARE:
        yield f"am Anfang, {kind}", 1.0
    if seen.counted:
        yield f"{seen.counted}, {kind}", 1.0
    marks = {
        f"nur Monat, {kind}": seen.month_only,
        "mit Jahr": seen.year_stated,
        f"Wort für anderes Datum, {kind}": seen.other_near,
        "im Titel": seen.in_title,
        "eröffnet den Text": seen.heads_text,
        "Datumszeile": seen.dateline,
        "Ende oder Anfang einer Frist": seen.open_span,
        "Veranstaltung kurz davor": seen.named,
        f"Notiz, {kind}": note,
        f"Notiz, Veranstaltung kurz davor, {kind}": note and seen.named,
        f"Notiz, Frist, {kind}": note and seen.open_span,
    }
    for name, holds in marks.items():
        if holds:
            yield name, 1.0


def _side(day: date | None, published: date | None, doc_type: str | None) -> str:
    """Where a date lies from publication."""
    if day is None or published is None:
        return "Lage unbekannt"
    ahead = (day - published).days * (-1 if doc_type == REPORT else 1)
    if ahead < 0:
        return "auf der falschen Seite"
    if ahead <= _NEAR_DAYS:
        return "kurz davor oder danach"
    return "davor oder danach" if ahead <= _FAR_DAYS else "weit weg"
