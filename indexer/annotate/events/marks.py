"""How much the words around a date speak for its being an event's (``data/events.toml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.annotate.dates.mentions import DateMention, Precision
from indexer.annotate.phrases.cues import CueSet
from indexer.annotate.phrases.tense import Tense, tense_of
from indexer.annotate.text.layout import BlockKind
from indexer.annotate.text.reading import Reading
from indexer.annotate.text.spans import SpanIndex, TokenSpan

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
# „bis zum 30. September“, „ab Montag, 6. Mai“, „seit dem 1. März“
_OPEN_SPAN = re.compile(
    r"(?i:\b(?:bis|spätestens|ab|seit|befristet))(?:\s{1,3}(?:zum|dem|spätestens|einschließlich|am|Ende|Mitte|Anfang))?"
    r"(?:\s{1,3}\w{1,12},?)?(?:\s{1,3}de[nm])?\s{1,3}\Z"
)
_OPEN_SPAN_CHARS = 40
_BEFORE_WORDS = 6
_NAMED_WORDS = 10
# Deadlines seldom name their weekday, and a date that heads a text is what it is about.
_WEEKDAY_POINTS = 0.5
_HEAD_POINTS = 1.0
_HEAD_CHARS = 80
# Up to this share of a text a date stands at its beginning, from that one on at its end.
EARLY_SHARE = 0.25
LATE_SHARE = 0.75
# As the tense of a date's sentence is named in data/event_weights.tsv.
_SENTENCES = {
    Tense.PAST: "Satz der Vergangenheit",
    Tense.ANNOUNCING: "ankündigender Satz",
    None: "anderer Satz",
}


def opens_span(text: str, start: int) -> bool:
    """Whether a date is the end of a deadline or the beginning of a duration: „bis zum 30. September“."""
    return _OPEN_SPAN.search(text[max(0, start - _OPEN_SPAN_CHARS) : start]) is not None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One date with its points; ``in_title`` mentions have no offsets in the text."""

    mention: DateMention
    points: float
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the cue words stand, as token spans by label."""

    reading: Reading
    spans: dict[str, SpanIndex]

    @classmethod
    def of(cls, cues: CueSet, reading: Reading) -> Marks:
        """Look the words up in a document."""
        spans: dict[str, list[TokenSpan]] = {"noun": [], "verb": [], "other": [], "after": []}
        for hit in cues.hits(reading):
            spans[hit.cue.label].extend(hit.spans)
        return cls(reading, {label: SpanIndex(found) for label, found in spans.items()})

    def points(self, mention: DateMention) -> float:
        """How much the surroundings speak for a date being the event's."""
        reading, text = self.reading, self.reading.text
        span = reading.tokens_at(mention.start, mention.end)
        if span is None:
            return 0.0
        sentence = reading.sentence(span.start)
        before = text[max(0, mention.start - 60) : mention.start].rsplit("\n", 1)[-1]
        points = 0.5 if mention.precision is Precision.DAY else -1.0
        points += 0.5 if mention.start < EARLY_SHARE * len(text) else 0.0
        points += 0.7 if _AM.search(before) else 0.0
        points += _WEEKDAY_POINTS if mention.weekday is not None else 0.0
        points += _HEAD_POINTS if self.heads_text(mention) else 0.0
        points += 2.5 if _LABEL.search(before) else 0.0
        points += 0.7 if mention.last is not None and mention.precision is Precision.DAY else 0.0
        points += 0.7 if _CLOCK.match(text[mention.end : mention.end + 60]) else 0.0
        points += 1.5 if self._any("noun", sentence) else 0.0
        points += 1.5 if self._any("verb", sentence) else 0.8 if self._tense(sentence) else 0.0
        points += 0.7 if _WHERE.match(text[mention.end : mention.end + 40]) else 0.0
        points += 1.0 if reading.layout.kind_at(mention.start) is BlockKind.HEADING else 0.0
        window = TokenSpan(max(sentence.start, span.start - _BEFORE_WORDS), span.start)
        points -= 4.0 if window.start < window.end and self._any("other", window) else 0.0
        behind = TokenSpan(span.end, min(sentence.end, span.end + _BEFORE_WORDS))
        points -= 4.0 if behind.start < behind.end and self._any("after", behind) else 0.0
        return points

    def heads_text(self, mention: DateMention) -> bool:
        """A short line at the beginning opens with the date: „29./30. April 2019, Stadthalle Ludwigslust“."""
        block = self.reading.layout.block_at(mention.start)
        return (
            block is not None
            and block.start == mention.start < _HEAD_CHARS
            and block.end - mention.end <= _HEAD_CHARS
            and self.reading.text[block.end - 1] not in ".!?"
        )

    def sentence(self, mention: DateMention) -> str:
        """The tense of the sentence that holds a date."""
        span = self.reading.tokens_at(mention.start, mention.end)
        tense = None if span is None else self._tense(self.reading.sentence(span.start))
        return _SENTENCES[tense]

    def _tense(self, sentence: TokenSpan) -> Tense | None:
        return tense_of(self.reading.words[sentence.start : sentence.end])

    def names_event(self, mention: DateMention) -> bool:
        """Whether an event stands shortly before it: „im Workshop ‚Praktikum‘ am 11. Oktober“."""
        span = self.reading.tokens_at(mention.start, mention.end)
        if span is None:
            return False
        sentence = self.reading.sentence(span.start)
        window = TokenSpan(max(sentence.start, span.start - _NAMED_WORDS), span.start)
        return window.start < window.end and self._any("noun", window)

    def near_other(self, mention: DateMention) -> bool:
        """Whether its sentence says „Anmeldeschluss“, „verschoben“ or the like."""
        span = self.reading.tokens_at(mention.start, mention.end)
        if span is None:
            return False
        sentence = self.reading.sentence(span.start)
        return self._any("other", sentence) or self._any("after", sentence)

    def _any(self, label: str, window: TokenSpan) -> bool:
        return self.spans[label].near(window)
