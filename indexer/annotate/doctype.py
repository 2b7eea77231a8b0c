"""The kind of a document, from phrases, tense and structure, with the words that decided."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from indexer.annotate.cues import CueHit, CueSet
from indexer.annotate.events import Candidate
from indexer.annotate.language import German
from indexer.annotate.reading import Reading
from indexer.annotate.rule_files import read_data
from indexer.annotate.tense import past_tense, perfects
from indexer.annotate.years import about, full_date, nearest_day
from kb.model import DocTypeTag, Evidence

OTHER = "sonstiges"
REPORT = "veranstaltungsbericht"
ANNOUNCEMENT = "ankuendigung"
GUIDE = "handreichung_konzept"
PRACTICE = "praxisbeispiel"
# A text that says who it is for, how it is done and what it costs is a practice example, whatever its words.
_MIN_CARD_FIELDS = 2
_CARD_FIELD_POINTS = 0.6
# Points from which a kind is claimed: one clear phrase in a title, or two or three in the text.
MIN_POINTS = 2.0
# Report and announcement need an event; without one their phrases ("erzählte", "kostenlos") mean little.
WITHOUT_EVENT = {REPORT: 0.6, ANNOUNCEMENT: 0.4}
# A page that reports one event and announces the next is a report: from these points on a report wins over an
# announcement that has up to this factor more.
REPORT_POINTS = 3.0
REPORT_FACTOR = 1.2
# Words at the beginning of a text within which an event must be named.
_OPENING_TOKENS = 120
# An event this near to its publication is what the page is about.
_NEAR_DAYS = 200
# A date from these points on is probably, from those on certainly an event's.
_LIKELY_POINTS = 1.5
_CLEAR_POINTS = 2.5
# What an event shortly before publication adds to a report.
_RECENT_POINTS = 1.5
_SHOWN = 6
_IMPERATIVE = re.compile(r"(?<![\w,] )\b[A-ZÄÖÜ][a-zäöüß]{2,}(?:e?n|ern|eln) Sie\b")
_CLOCK_LINE = re.compile(r"^[^\w\n]{0,8}(?:ab |um |von )?\d{1,2}[.:]\d\d\b", re.MULTILINE)
# So many lines that are or begin with a question make an interview or a list of questions.
_QUESTION_LINE = re.compile(r"^[^\w\n]{0,6}[A-ZÄÖÜ][^\n?.!]{8,120}\?(?=\s)", re.MULTILINE)
_QUESTIONS = 3

Vote = tuple[float, Evidence | None]
Votes = dict[str, list[Vote]]


class DocTypeClassifier:
    """Weighs the cues of ``data/doctype.toml``, the tense and the structure."""

    def __init__(self, language: German) -> None:
        data = read_data("doctype.toml")
        self._cues = CueSet("doctype.toml", language)
        labels = "|".join(re.escape(label) for label in data["labels"])
        self._label_line = re.compile(
            rf"^[^\w\n]{{0,8}}(?:{labels})[^\w\n]{{0,4}}:[^\w\n]{{0,6}}\w[^\n]{{0,200}}", re.MULTILINE
        )

    def classify(
        self,
        reading: Reading,
        dates: Sequence[Candidate],
        relative: Mapping[str, float] = MappingProxyType({}),
        *,
        card_fields: int = 0,
    ) -> DocTypeTag:
        """The kind with most points, ``sonstiges`` where no kind has enough.

        ``relative`` says how clearly an event is dated from the day of publication, ``past`` and ``future``;
        ``card_fields`` how many fields of a practice card the text fills.
        """
        hits = self._cues.hits(reading)
        votes = self._votes(reading, dates, hits)
        for label, vote in _relative_days(relative):
            votes[label].append(vote)
        if card_fields >= _MIN_CARD_FIELDS:
            votes[PRACTICE].append((_CARD_FIELD_POINTS * card_fields, None))
        has_event = (
            _names_event(hits)
            or any(candidate.points >= _CLEAR_POINTS for candidate in dates)
            or any(value >= 0 for value in relative.values())
        )
        points = self.points(votes, has_event=has_event)
        best = _choose(points)
        return _tag(best, hits, [vote[1] for vote in votes[best] if vote[1]])

    @staticmethod
    def points(votes: Votes, *, has_event: bool) -> dict[str, float]:
        """Points by kind; without an event those of reports and announcements shrink."""
        points = {
            label: sum(vote[0] for vote in given) for label, given in votes.items() if label != "veranstaltung"
        }
        for label in (REPORT, ANNOUNCEMENT):
            points[label] = points.get(label, 0.0) * (1 if has_event else WITHOUT_EVENT[label])
        return points

    def _votes(self, reading: Reading, dates: Sequence[Candidate], hits: Sequence[CueHit]) -> Votes:
        votes: Votes = defaultdict(list)
        for hit in hits:
            votes[hit.cue.label].append((hit.points, None))
        for label, vote in self._structure(reading, dates):
            votes[label].append(vote)
        return votes

    def _structure(self, reading: Reading, dates: Sequence[Candidate]) -> Iterator[tuple[str, Vote]]:
        text = reading.document.text
        head = list(self._label_line.finditer(text))
        if len(head) >= 2:
            yield ANNOUNCEMENT, (2.0, _quote(reading, head[0], "Angaben zum Termin als Liste"))
        clock = list(_CLOCK_LINE.finditer(text))
        if len(clock) >= 3:
            yield ANNOUNCEMENT, (1.0, _quote(reading, clock[0], "Programm mit Uhrzeiten"))
        orders = list(_IMPERATIVE.finditer(text))
        if orders:
            points = sum(0.9 / rank**0.7 for rank in range(1, len(orders) + 1))
            yield GUIDE, (points, _quote(reading, orders[0], "Anweisung an die Lesenden"))
        questions = list(_QUESTION_LINE.finditer(text))
        if len(questions) >= _QUESTIONS:
            yield OTHER, (2.5, _quote(reading, questions[0], "Fragen und Antworten"))
        yield REPORT, (2.0 * past_share(reading), None)
        yield from _timing(reading, dates)
        yield from _date_sentence(reading, dates)


def past_share(reading: Reading) -> float:
    """Sentences in the past tense, as a share of all (at most 1)."""
    is_past = past_tense()
    past = sum(1 for word in reading.words if is_past(word))
    sentences = 1 + sum(1 for word in reading.words if word in (".", "!", "?"))
    return min(1.0, (past + perfects(reading.words)) / sentences)


def _timing(reading: Reading, dates: Sequence[Candidate]) -> Iterator[tuple[str, Vote]]:
    """Whether the event, or the likeliest date of one, lies after or before the day of publication."""
    published = about(reading.document.published)
    stated = reading.document.event
    if stated is not None:
        day, certainty = full_date(stated.start), 1.5
    elif dates and dates[0].points >= _LIKELY_POINTS:
        first = dates[0].mention
        day = full_date(first.start_date()) or (published and nearest_day(first.first, published))
        sure = first.year or (day is not None and day.weekday() == first.weekday)
        certainty = (1.0 if sure else 0.75) * (1.0 if dates[0].points >= _CLEAR_POINTS else 0.75)
    else:
        return
    if day is None or published is None or abs((day - published).days) > _NEAR_DAYS:
        return
    if day > published:
        yield ANNOUNCEMENT, (2.0 * certainty, None)
        yield REPORT, (-2.0 * certainty, None)
    else:
        yield REPORT, (_RECENT_POINTS * certainty, None)


def _relative_days(points: Mapping[str, float]) -> Iterator[tuple[str, Vote]]:
    """„Vergangenen Dienstag“ and „kommenden Dienstag“ in a sentence about an event."""
    for direction, label in (("past", REPORT), ("future", ANNOUNCEMENT)):
        if points.get(direction, -1.0) >= 0:
            yield label, (1.0, None)


def _date_sentence(reading: Reading, dates: Sequence[Candidate]) -> Iterator[tuple[str, Vote]]:
    """The tense of the sentence that names the date: „fand statt“ or „findet statt“."""
    if not dates or dates[0].in_title or dates[0].points < 2.0:
        return
    mention = dates[0].mention
    span = reading.tokens_at(mention.start, mention.end)
    if span is None:
        return
    sentence = reading.sentence(span.start)
    words = [token.text for token in reading.body[sentence.start : sentence.end]]
    evidence = reading.quote(sentence, "Satz mit dem Termin")
    if perfects(words) or any(past_tense()(word) for word in words):
        yield REPORT, (1.0, evidence)
    elif any(word in past_tense().announcing for word in words):
        yield ANNOUNCEMENT, (1.5, evidence)


def _names_event(hits: Iterable[CueHit]) -> bool:
    for hit in hits:
        if hit.cue.label == "veranstaltung":
            in_title = any(item.end == 0 for item in hit.evidence)
            return in_title or any(span.start < _OPENING_TOKENS for span in hit.spans)
    return False


def _choose(points: dict[str, float]) -> str:
    best = max(points, key=lambda label: (points[label], label), default=OTHER)
    if points.get(best, 0.0) < MIN_POINTS:
        return OTHER
    report = points.get(REPORT, 0.0)
    if best == ANNOUNCEMENT and report >= REPORT_POINTS and report * REPORT_FACTOR >= points[ANNOUNCEMENT]:
        return REPORT
    return best


def _quote(reading: Reading, match: re.Match[str], rule: str) -> Evidence:
    return reading.quote_chars(match.start(), match.end(), rule)


def _tag(label: str, hits: Iterable[CueHit], more: Iterable[Evidence]) -> DocTypeTag:
    chosen = sorted((hit for hit in hits if hit.cue.label == label), key=lambda hit: -hit.points)
    evidence = [*[item for hit in chosen for item in hit.evidence][:_SHOWN], *more]
    return DocTypeTag(label, tuple(sorted(evidence, key=lambda item: (item.start, item.end))))
