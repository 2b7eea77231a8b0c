"""Addresses without end: calendars, sessions, filters, paths that repeat themselves; each is left in time."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

# So many pages of one shape in a row without a document, and the shape is left; an honest archive with ten
# documents on each listing page needs none of them.
BARREN_PAGES = 50
# So many different queries on one path, with documents or not: filters that can be combined, or a calendar.
QUERIES_A_PATH = 300
_MAX_SEGMENTS = 20
_MAX_LENGTH = 2_000
_YEARS_AHEAD = 2
_EARLIEST_YEAR = 1990
# A year that is a date's: a part of the path or a value, alone or with month and day; "Agenda-2030" is a title.
_YEAR = re.compile(
    r"(?:(?<=[/=])|(?<=[0-9]\.)(?<![0-9]{3}\.))((?:19|2[0-9])[0-9]{2})(?=$|[/&?]|[-.][0-9]{1,2}(?![0-9]))"
)
# Whole words: "Praevention" has an event in it and "Bildungsdaten" a date.
_CALENDAR = re.compile(
    r"(?<![a-z])(?:kalender|calendar|termine?|veranstaltung(?:en|skalender)?|events?|monat|month|woche|week|tag|day"
    r"|date|datum)(?![a-z])",
    re.IGNORECASE,
)
# Names of parameters are dropped by a list (see ``urls``); this is an id inside a path: letters and digits
# that change places at least three times, which no words do.
_SESSION = re.compile(
    r"/(?:\(S\([a-z0-9]{16,}\)\)|(?:sid|sess|session|phpsessid|jsessionid)[-_=/](?=[a-z]*(?:[0-9]+[a-z]+){3})[a-z0-9]{12,})",
    re.IGNORECASE,
)


class Traps:
    """What one run has seen of each shape of address."""

    def __init__(self, this_year: int) -> None:
        self._this_year = this_year
        self._barren: Counter[str] = Counter()
        self._queries: Counter[str] = Counter()

    def refusal(self, url: str) -> str | None:
        """Why an address looks like one of endlessly many, in German, or None; counts it."""
        parts = urlsplit(url)
        if len(url) > _MAX_LENGTH or repeats(parts.path):
            return "endloser Pfad: die Adresse wiederholt sich oder ist überlang"
        if _SESSION.search(parts.path):
            return "Sitzungskennung im Pfad"
        if _CALENDAR.search(f"{parts.path}?{parts.query}") and self._is_far_off(f"{parts.path}?{parts.query}"):
            return "Kalenderblatt in ferner Zukunft oder Vergangenheit"
        if parts.query:
            place = f"{parts.netloc}{parts.path}"
            self._queries[place] += 1
            if self._queries[place] > QUERIES_A_PATH:
                return f"mehr als {QUERIES_A_PATH} Filter oder Kalenderblätter unter einer Adresse"
        if self._barren[shape(url)] >= BARREN_PAGES:
            return f"{BARREN_PAGES} gleichartige Adressen in Folge brachten kein Dokument"
        return None

    def note(self, url: str, *, is_document: bool) -> None:
        """Learn from a page that was read."""
        self._barren[shape(url)] = 0 if is_document else self._barren[shape(url)] + 1

    def _is_far_off(self, target: str) -> bool:
        years = [int(year) for year in _YEAR.findall(target)]
        return any(year > self._this_year + _YEARS_AHEAD or year < _EARLIEST_YEAR for year in years)


def shape(url: str) -> str:
    """An address with its numbers and the values of its parameters taken out."""
    parts = urlsplit(url)
    names = ",".join(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    return f"{parts.netloc}{re.sub('[0-9]+', '#', parts.path)}?{names}"


def repeats(path: str) -> bool:
    """Whether a path has the same one to three segments three times in a row, or is absurdly deep."""
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > _MAX_SEGMENTS:
        return True
    for length in (1, 2, 3):
        for start in range(len(segments) - 3 * length + 1):
            block = segments[start : start + length]
            if segments[start : start + 3 * length] == block * 3:
                return True
    return False
