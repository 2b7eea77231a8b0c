"""What speaks for a document's kind: phrases, tense, structure and dates, each as a number with its words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.annotate.data.files import read_data
from indexer.annotate.dates.years import about, full_date, nearest_day
from indexer.annotate.events.marks import LATE_SHARE, Candidate
from indexer.annotate.kind.counts import Counts
from indexer.annotate.phrases.cues import CueHit, CueSet
from indexer.annotate.phrases.matching import PatternIndex
from indexer.annotate.phrases.tense import Tense, is_past, perfects, tense_of
from indexer.annotate.text.layout import BlockKind
from indexer.annotate.text.reading import Reading
from kb.model import Evidence

# The cues of this label say that there is an event at all: in the title, or among the first words.
_EVENT_LABEL = "veranstaltung"
_OPENING_TOKENS = 120
ONLY_ANNOUNCED = "angekündigter Termin, kein Bericht"
_PAST_SENTENCES = "Sätze in der Vergangenheit"
_ANNOUNCING = "Termin in einem ankündigenden Satz"
# Groups of doctype.toml that tell of what was; fewer points than these are background.
_TELLING = ("Stattgefunden", "Ablauf in der Vergangenheit", "Rede und Austausch")
_TOLD = 1.5
# As the tense of the date's sentence is named in data/doctype_weights.tsv.
_SENTENCES = {
    Tense.PAST: "Termin in einem Satz der Vergangenheit",
    Tense.ANNOUNCING: _ANNOUNCING,
    None: "Termin in einem anderen Satz",
}
# An event this near to its publication is what the page is about.
_NEAR_DAYS = 200
# A date from these points on is probably, from those on certainly an event's.
_LIKELY_POINTS = 1.5
_CLEAR_POINTS = 2.5
# Words on a page are counted per so many words, so that long pages do not weigh more than short ones.
_PER_WORDS = 200
_FEWEST_WORDS = 40
# Beyond a page and a half, length says no more about the kind.
_MOST_WORDS = 450
_IMPERATIVE = re.compile(r"(?<![\w,] )\b[A-ZÄÖÜ][a-zäöüß]{2,}(?:e?n|ern|eln) Sie\b")
_CLOCK_LINE = re.compile(r"^[^\w\n]{0,8}(?:ab |um |von )?\d{1,2}[.:]\d\d\b", re.MULTILINE)
_CLOCK_LINES = 3
# So many lines that are or begin with a question make an interview or a list of questions.
_QUESTION_LINE = re.compile(r"^[^\w\n]{0,6}[A-ZÄÖÜ][^\n?.!]{8,120}\?(?=\s)", re.MULTILINE)
_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Feature:
    """One observation: its name in ``data/doctype_weights.tsv``, a number from 0 on, the words that show it."""

    name: str
    value: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """What the other annotators have seen: dates, days counted from publication, fields of a practice card."""

    dates: Sequence[Candidate]
    relative: Mapping[str, float]
    card_fields: int = 0


class DocTypeFeatures:
    """Reads the features of a document (phrases and counted words in ``data/doctype.toml``)."""

    def __init__(self, patterns: PatternIndex) -> None:
        data = read_data("doctype.toml")
        self._cues = CueSet("doctype.toml", patterns)
        self._counts = Counts(data["count"])
        labels = "|".join(re.escape(label) for label in data["labels"])
        self._label_line = re.compile(
            rf"^[^\w\n]{{0,8}}(?:{labels})[^\w\n]{{0,4}}:[^\w\n]{{0,6}}\w[^\n]{{0,200}}", re.MULTILINE
        )

    def of(self, reading: Reading, observed: Observed) -> list[Feature]:
        """Every feature whose value is not 0."""
        hits = self._cues.hits(reading)
        found = [*_phrases(hits, observed), *self._counted(reading), *self._structure(reading)]
        found += [*_dates(reading, observed), *_date_sentence(reading, observed.dates)]
        found = [feature for feature in found if feature.value]
        return [*found, *_together(found)]

    def _counted(self, reading: Reading) -> Iterator[Feature]:
        per = _PER_WORDS / max(_FEWEST_WORDS, len(reading.words))
        text, title = reading.document.text, reading.document.title
        body = self._counts.of(text, ((block.start, block.end) for block in reading.layout.blocks))
        titled = self._counts.of(title, [(0, len(title))])
        for name in self._counts.names:
            if name in body:
                times, start, end = body[name]
                is_word = any(map(str.isalnum, text[start:end]))  # a question mark explains nothing
                words = (reading.quote_chars(start, end, name),) if is_word else ()
                yield Feature(name, math.log1p(times * per), words)
            if name in titled:
                yield Feature(f"{name} (Titel)", 1.0)

    def _structure(self, reading: Reading) -> Iterator[Feature]:
        text = reading.document.text
        head = list(self._label_line.finditer(text))
        if len(head) >= 2:
            yield _quoted(reading, head[0], "Angaben zum Termin als Liste")
        clock = list(_CLOCK_LINE.finditer(text))
        if len(clock) >= _CLOCK_LINES:
            yield _quoted(reading, clock[0], "Programm mit Uhrzeiten")
        orders = list(_IMPERATIVE.finditer(text)) if "n Sie" in text else ()
        if orders:
            value = sum(1 / rank**0.7 for rank in range(1, len(orders) + 1))
            yield _quoted(reading, orders[0], "Anweisung an die Lesenden", value)
        questions = list(_QUESTION_LINE.finditer(text))
        if len(questions) >= _QUESTIONS:
            yield _quoted(reading, questions[0], "Fragen und Antworten als Absätze")
        headings = sum(1 for block in reading.layout.blocks if block.kind is BlockKind.HEADING)
        yield Feature("Überschriften", math.log1p(headings))
        yield Feature("Länge", math.log(min(_MOST_WORDS, max(_FEWEST_WORDS, len(reading.words)))))
        yield Feature(_PAST_SENTENCES, past_share(reading))


def _phrases(hits: Sequence[CueHit], observed: Observed) -> Iterator[Feature]:
    names_event = False
    for hit in hits:
        titles = tuple(item for item in hit.evidence if item.end == 0)
        if titles:
            yield Feature(f"{hit.cue.name} (Titel)", 1.0, titles)
        yield Feature(hit.cue.name, hit.points + len(titles), hit.evidence)
        if hit.cue.label == _EVENT_LABEL:
            names_event = bool(titles) or any(span.start < _OPENING_TOKENS for span in hit.spans)
    clear = any(candidate.points >= _CLEAR_POINTS for candidate in observed.dates)
    yield Feature("Veranstaltung genannt", float(names_event))
    yield Feature("Termin genannt", float(clear))
    yield Feature("Veranstaltung oder Termin genannt", float(names_event or clear))


def past_share(reading: Reading) -> float:
    """Sentences in the past tense, as a share of all (at most 1)."""
    past = sum(map(is_past, reading.words))
    sentences = 1 + sum(map(reading.words.count, (".", "!", "?")))
    return min(1.0, (past + perfects(reading.words)) / sentences)


def _together(found: Iterable[Feature]) -> Iterator[Feature]:
    """What two observations say together: the past without an event, an announced date without a report."""
    values = {feature.name: feature.value for feature in found}
    if "Veranstaltung oder Termin genannt" not in values:
        yield Feature("Vergangenheit ohne Veranstaltung", values.get(_PAST_SENTENCES, 0.0))
    told = sum(values.get(name, 0.0) for name in _TELLING)
    if _ANNOUNCING in values:
        yield Feature(ONLY_ANNOUNCED if told < _TOLD else "angekündigter Termin, Bericht", 1.0)
    elif told < _TOLD:
        yield Feature("weder angekündigter Termin noch Bericht", 1.0)


def _dates(reading: Reading, observed: Observed) -> Iterator[Feature]:
    headed = any(
        reading.layout.kind_at(candidate.mention.start) is BlockKind.HEADING
        for candidate in observed.dates
        if not candidate.in_title
    )
    yield Feature("Termin in einer Überschrift", float(headed))
    yield Feature("Anzahl der Termine", math.log1p(len(observed.dates)))
    yield Feature("Felder eines Praxisbeispiels", float(observed.card_fields))
    for direction, name in (
        ("past", "Tag kurz vor der Veröffentlichung"),
        ("future", "Tag kurz nach der Veröffentlichung"),
    ):
        yield Feature(name, float(observed.relative.get(direction, -1.0) >= 0))
    yield from _timing(reading, observed.dates)


def _timing(reading: Reading, dates: Sequence[Candidate]) -> Iterator[Feature]:
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
    yield Feature(f"Termin {'nach' if day > published else 'vor'} der Veröffentlichung", certainty)


def _date_sentence(reading: Reading, dates: Sequence[Candidate]) -> Iterator[Feature]:
    """The tense of the sentence that names the date; a report names the next one in its last sentences."""
    if not dates or dates[0].in_title or dates[0].points < _LIKELY_POINTS:
        return
    mention = dates[0].mention
    span = reading.tokens_at(mention.start, mention.end)
    if span is None:
        return
    sentence = reading.sentence(span.start)
    name = _SENTENCES[tense_of(reading.words[sentence.start : sentence.end])]
    late = mention.start > LATE_SHARE * len(reading.document.text)
    quoted = (reading.quote(sentence, "Satz mit dem Termin"),)
    yield Feature(f"{name}, am Schluss" if late else name, 1.0, quoted)


def _quoted(reading: Reading, match: re.Match[str], name: str, value: float = 1.0) -> Feature:
    return Feature(name, value, (reading.quote_chars(match.start(), match.end(), name),))
