"""Two printed lines as one: does the hyphen between them go, stay, or stand for a word left out?

The document's own words decide first, then the corpus's, then the rules of spelling.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from crawler.extract.data import words

HYPHENS = "-\u2010\u00ad"
_SOFT = "\u00ad"
_GENDER_MARKS = "*:_"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_FIRST = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_ADDRESS = re.compile(r"www\.|https?://|\S@", re.IGNORECASE)
# So much of a paragraph is looked at to see how its last word is written.
_TAIL_CHARS = 500
_ENDING = re.compile(r"(?<=\w{4})(?:e[nrsm]?|n|s)$")


@dataclass(frozen=True, slots=True)
class WordStock:
    """Known words: ``exact`` as the document spells them, ``own`` and ``corpus`` by ``key``, counted."""

    exact: frozenset[str] = frozenset()
    own: Mapping[str, int] = field(default_factory=dict)
    corpus: Mapping[str, int] = field(default_factory=dict)

    def prefers(self, one: str, other: str) -> bool | None:
        """Whether the first spelling is the usual one; None where neither is known, or both alike."""
        for known in (self.own, self.corpus):
            first, second = known.get(key(one), 0), known.get(key(other), 0)
            if first != second:
                return first > second
        return None


def key(word: str) -> str:
    """A word without case and without its ending: „Quartiersmanagements“ speaks for „Quartiersmanagement“."""
    return _ENDING.sub("", word.casefold().replace("\u2010", "-"))


def words_of(lines: Iterable[str], corpus: Mapping[str, int]) -> WordStock:
    """The words that stand whole in the lines of a document, beside those of the corpus."""
    found: Counter[str] = Counter()
    is_broken = False
    for line in lines:
        names = _WORD.findall(line)
        if is_broken and names and line.lstrip().startswith(names[0]):
            names = names[1:]
        is_broken = line[-1:] in HYPHENS and line[-1:] != ""
        found.update(names[:-1] if is_broken else names)
    counts: Counter[str] = Counter()
    for word, count in found.items():
        counts[key(word)] += count
    return WordStock(frozenset(found), counts, corpus)


@lru_cache(maxsize=2)
def read_stock(path: str | None) -> Mapping[str, int]:
    """The words of the corpus (``WORD<TAB>COUNT`` a line) as ``kb index`` wrote them; none without the file."""
    if path is None:
        return {}
    counts: Counter[str] = Counter()
    try:
        for line in Path(path).read_text("utf-8").splitlines():
            word, _, count = line.partition("\t")
            counts[key(word)] += int(count)
    except (OSError, ValueError):  # derived data: without it the rules decide
        return {}
    return counts


NOTHING_KNOWN = WordStock()


def join_lines(head: str, tail: str, stock: WordStock = NOTHING_KNOWN) -> str:
    """Two printed lines as one, the hyphen between them repaired."""
    tail = tail.lstrip()
    if len(head) < 2 or head[-1] not in HYPHENS or not tail:
        return f"{head} {tail}".strip()
    if head[-1] == _SOFT:
        return head[:-1] + tail
    stem = head[:-1]
    if stem[-1] in _GENDER_MARKS and tail.startswith("in"):
        return stem + tail
    end = stem[-_TAIL_CHARS:]
    if stem[-1].isspace() and tail[0].islower() and _is_suspending(end.split()):
        return f"{stem}-{tail}"  # „Schulverwaltung und -entwicklung“
    if not stem[-1].isalnum():
        return f"{head} {tail}"
    last, first = _last_word(end), _FIRST.match(tail)
    if last is None or first is None or _ADDRESS.search(end.split()[-1]):
        return f"{stem}-{tail}" if tail[0].isalnum() else f"{head} {tail}"
    if _goes(last, first[0], stock):
        return stem + tail
    is_suspended = first[0].casefold() in words("suspended.txt")
    return f"{stem}- {tail}" if is_suspended else f"{stem}-{tail}"


def _last_word(text: str) -> str | None:
    """The word with which a text ends, with all its members; from behind, where it is found at once."""
    start = len(text)
    while start and (_is_letter(text[start - 1]) or _is_hyphen_within(text, start - 1)):
        start -= 1
    return text[start:] or None


def _is_hyphen_within(text: str, at: int) -> bool:
    """Whether a hyphen stands between two letters."""
    return (
        text[at] in "-\u2010" and 0 < at < len(text) - 1 and all(map(_is_letter, text[at - 1] + text[at + 1]))
    )


def _is_letter(char: str) -> bool:
    return char.isalnum() and not char.isdecimal()


def _is_suspending(before: list[str]) -> bool:
    return bool(before) and before[-1].casefold().rstrip(".") in words("suspended.txt")


def _goes(last: str, first: str, stock: WordStock) -> bool:
    """Whether the hyphen between two pieces of a word goes."""
    joined, kept = last + first, f"{last}-{first}"
    if last.isupper() and first.isupper() and len(first) > 1 and len(last) > 1:
        return stock.prefers(joined, kept) is True  # a heading in capitals: „QUARTIERS-/MANAGEMENT“
    if first[0].isupper():
        return (
            joined in stock.exact
        )  # „Nord-/Stadt“; but „Schüler-/Innen“ where the document has „SchülerInnen“
    known = stock.prefers(joined, kept)
    if known is None and "-" in last + first:  # „Nordrhein-West-/falen“, „Make-or-/buy-Entscheidung“
        parts = last.rpartition("-")[2], first.partition("-")[0]
        known = stock.prefers("".join(parts), "-".join(parts))
        if known is None:
            known = stock.prefers(last + parts[1], f"{last}-{parts[1]}")
    if known is not None:
        return known
    if first.casefold() in words("suspended.txt"):
        return False
    part = last.rpartition("-")[2]
    return not _is_abbreviation(part)


def _is_abbreviation(part: str) -> bool:
    """„E-/mail“, „EU-/weit“, „KAoA-/bezogen“: no printer breaks such words, so the hyphen is their own."""
    return len(part) == 1 or sum(map(str.isupper, part)) > 1
