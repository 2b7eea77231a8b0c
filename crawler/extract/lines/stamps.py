"""Lines that say when a text appeared or was changed: „Veröffentlicht am 12. März 2019, geändert am 14.3.“"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from crawler.extract.data import lists, pairs, words
from crawler.extract.lines.dates import DateSpan, dates_in
from crawler.extract.lines.tidy import tidy_line
from kb.model import PartialDate

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_BREAK = re.compile(r"[|·•–—/,;()»›>]| - ")
_CLOCK = re.compile(
    r"\b(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?(?: ?(?:Uhr|h)\b)?|\b\d{1,2} ?Uhr\b", re.IGNORECASE
)
# From … to …: when an event takes place. Of times of day, and of days („12.–14. März“, „12. März bis“).
_HOURS = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?(?: ?Uhr)? ?(?:[–—-]|bis) ?\d{1,2}(?:[:.]\d\d)? ?(?:Uhr|h)\b", re.IGNORECASE
)
_DAYS = re.compile(r"\d\. ?(?:[–—/-]|bis|und|u\.|\+) ?\d{1,2}\.|\b(?:bis|ab|seit)\b", re.IGNORECASE)
_AFTER_DATELINE = re.compile(r"^(?: ?[.:–—)|-]|$|, ?$| \()")
# „von ida.beispiel“: a user's name.
_USER = re.compile(r"\b((?:von|by) [^\W\d_]{1,40})[._-][\w.-]{1,40}", re.IGNORECASE)
_MAX_CHARS = 200
_DATELINE_CHARS, _PLACE_WORDS = 120, 6
_MAX_FOREIGN = 9


class Said(Enum):
    """What is said beside a date."""

    PUBLISHED = "published"
    MODIFIED = "modified"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The first date of each sort in a line that is a stamp."""

    published: PartialDate | None = None
    modified: PartialDate | None = None
    plain: PartialDate | None = None
    # Words that are neither known in such lines nor behind „von“: names, sections, or what the line is about.
    foreign: int = 0


def read_stamp(line: str) -> Stamp | None:
    """What a line that only tells dates, names and where it is filed says; None of any other line."""
    if len(line) > 2 * _MAX_CHARS or _DIGIT.search(line) is None:
        return None
    line = tidy_line(line)
    if not 4 <= len(line) <= _MAX_CHARS:
        return None
    spans = _spans(line)
    foreign = _foreign(line, spans) if spans and not _HOURS.search(line) else None
    if foreign is None:
        return None
    found: dict[Said, PartialDate] = {}
    end = 0
    for number, span in enumerate(spans):
        label = line[end : span.start]
        if number and _joins(label):
            return None  # from one day to another
        said = _said(label)
        if said is Said.NOTHING and number == 0:
            if _DAYS.search(line[span.start : span.end]) or _is_of_a_happening(label):
                return None
            behind = line[span.end : spans[1].start if len(spans) > 1 else len(line)]
            said = _said(behind) if len(spans) == 1 else said
        found.setdefault(said, span.date)
        end = span.end
    plain = found.get(Said.NOTHING)
    plain = plain if plain is not None and plain.day is not None else None
    published, modified = found.get(Said.PUBLISHED), found.get(Said.MODIFIED)
    return Stamp(published, modified, plain, foreign) if published or modified or plain else None


def read_dateline(text: str) -> PartialDate | None:
    """The day of „Görlitz, 12. März 2019. Das Bildungsbüro …“, a paragraph, or of a line that is only that."""
    beginning = tidy_line(text[:_DATELINE_CHARS])
    span = next(dates_in(beginning), None)
    if span is None or span.date.day is None or span.date.year is None:
        return None
    before, behind = beginning[: span.start].rstrip().lstrip("("), beginning[span.end :]
    first, _, last = before.rpartition(" ")
    place = first if last in ("den", "am", "der") else before
    is_one = place.endswith((",", ")")) and _is_place(place.rstrip(" ,)"))
    return span.date if is_one and _AFTER_DATELINE.match(behind) else None


def _is_place(name: str) -> bool:
    """A few words with capitals: „Frankfurt am Main“, „Halle (Saale“, „Görlitz/Zittau“."""
    found, words_within = name.replace("/", " ").split(), _list("place_words")
    if not 0 < len(found) <= _PLACE_WORDS or not found[0][:1].isupper() or found[0].casefold() in words_within:
        return False  # „Am Samstag“
    if not {word.casefold() for word in found}.isdisjoint(_no_places()):
        return False
    return all(word.lstrip("(")[:1].isupper() or word in words_within for word in found)


def _spans(line: str) -> list[DateSpan]:
    """Full days; months only where no day is named, and a year only behind a word that says what it is."""
    every = [span for span in dates_in(line) if span.date.year is not None]
    spans = [span for span in every if span.date.month is not None]
    days = [span for span in spans if span.date.day is not None]
    if spans or len(every) != 1:
        # „Presseinformation 12/2019“ is its number.
        return days or [span for span in spans if "/" not in line[span.start : span.end]]
    label = {word.casefold() for word in _WORD.findall(line[: every[0].start])}
    is_told = not label.isdisjoint(_list("years")) and not line[every[0].end :].strip(" .")
    return every if is_told else []


def is_label(line: str) -> bool:
    """Whether a line is nothing but the label of the next: „Veröffentlicht am:“, „Datum“, „Termin:“."""
    found = [word.casefold() for word in _WORD.findall(line)]
    if not found or len(found) > 4:
        return False
    labels = _list("published") | _list("modified") | _list("other") | {"datum", "date"}
    return not labels.isdisjoint(found) and all(word in labels or word in _known() for word in found)


def is_of_event(line: str) -> bool:
    """Whether it begins with a word that announcements of events have before a colon: „Ort: Stadthalle“."""
    first, colon, _ = line.partition(":")
    found = [word.casefold() for word in _WORD.findall(first if colon else line)]
    return 0 < len(found) <= (3 if colon else 1) and not _list("event").isdisjoint(found)


def says_modified(label: str) -> bool:
    """Whether words beside a date say that something was changed then."""
    return _said(label) is Said.MODIFIED


def _joins(between: str) -> bool:
    """„–“, „bis“, „und“ between two dates."""
    said = "".join(filter(str.isalnum, between)).casefold()
    return said in ("bis", "und") or (not said and any(dash in between for dash in "–—-"))


def _said(label: str) -> Said:
    found = {word.casefold() for word in _WORD.findall(label)}
    if not found.isdisjoint(_list("modified")):
        return Said.MODIFIED
    return Said.PUBLISHED if not found.isdisjoint(_list("published")) else Said.NOTHING


def _is_of_a_happening(label: str) -> bool:
    """„Sommerfest am 12. März 2019“: something was on that day."""
    near = _BREAK.split(label)[-1].strip(" :")
    found = [word.casefold() for word in _WORD.findall(near)]
    if not found or found[-1] not in _list("prepositions"):
        return False
    return any(word not in _known() for word in found)


def _foreign(line: str, spans: list[DateSpan]) -> int | None:
    """How many words it has that no such line needs; None with words of events or such as make a sentence."""
    for span in reversed(spans):
        line = f"{line[: span.start]} | {line[span.end :]}"
    line = _USER.sub(r"\1", _CLOCK.sub(" ", line))
    if _DAYS.search(line):
        return None
    foreign = 0
    for piece in _BREAK.split(line):
        found = _WORD.findall(piece)
        before = ""
        for word in found:
            folded = word.casefold()
            if folded in _list("other"):
                return None
            is_name = before in ("von", "by", "durch") or (len(found) == 1 and len(word) <= 4)  # „mdr“: a sign
            before = folded
            if is_name or folded in _known() or len(word) == 1:
                continue
            foreign += 1
            if word[0].islower() and folded not in _list("particles"):
                return None
    return foreign if foreign <= _MAX_FOREIGN else None


@cache
def _no_places() -> frozenset[str]:
    months = {spelling.casefold() for _, spelling in pairs("months.tsv")}
    named = (_list(name) for name in ("published", "modified", "other", "weekdays"))
    return frozenset(months).union(*named)


@cache
def _list(name: str) -> frozenset[str]:
    known = lists("stamps.toml")
    return frozenset((*known["other"], *known["event"]) if name == "other" else known[name])


@cache
def _known() -> frozenset[str]:
    months = {spelling.casefold() for _, spelling in pairs("months.tsv")}
    return words("byline_words.txt") | months | _list("published") | _list("modified") | _list("filler")
