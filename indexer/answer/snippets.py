"""The best one or two sentences of a text for a query, as safe HTML with the matched words marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from typing import NamedTuple

from indexer.answer.found import FoundText
from indexer.answer.marks import Place
from kb.running_text import running_text

# Two lines of a result list.
MAX_CHARS = 300
# How far apart matches may lie to be shown together, and what is read around them to find sentence ends.
_WINDOW = 250
_MARGIN = 400
# A sentence of this length stands well without one from another paragraph; a heading does not.
_ENOUGH = 80
# Matches of one text that are weighed against each other; a text of 100 kB hardly has as many.
_MAX_PLACES = 2_000
# Windows tried when the best one's matches were in a link's address.
_MAX_TRIES = 5

_SPACE = re.compile(r"\s")
_INK = re.compile(r"\S")
_LINE_BREAK = re.compile(r"(?<!\s)\s*\n\s*")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_ODD_BLANKS = ("\t", "\u00a0", "\u00ad", "  ")
_ELLIPSIS = "…"
_HEADINGS = re.compile(r"(?:\s*#{1,6}[ \t][^\n]*\n)+")
# Where none of these stands, nor one of the last where a line begins, there is no Markdown. One sign after the
# other is looked for, which takes a twentieth of the time of a pattern.
_MARKUP = tuple("<>[]*_`|~\\#•=")
_LINE_MARKUP = re.compile(r"^[ \t]*[-+:]", re.MULTILINE)
# What is not shown as it stands.
_SPECIAL = (*"\n\t\u00a0\u00ad&<>\"'", "  ")
# Code points for private use, of a plane in which no font has anything: end of a sentence, end of a word, and
# from the third on the beginning of one word each.
_STOP, _END, _FIRST = "\U0010f000", "\U0010f001", 0x10F002
_SIGNS = re.compile("([\U0010f000-\U0010fffd])")

# Past the constructor of a named tuple, which is a Python function.
_new = tuple.__new__


def snippet(found: FoundText) -> str:
    """HTML of at most about ``MAX_CHARS`` characters; without a match, the beginning of the text."""
    places = found.in_text[:_MAX_PLACES]
    for window in islice(_best_windows(places), _MAX_TRIES):
        made = _around(found, window)
        if made:
            return made
    return _beginning(found)


class _Passage(NamedTuple):
    """A piece of a text without Markdown: what stands where, and (begin, end) of its sentences."""

    text: str
    places: list[Place]
    sentences: list[tuple[int, int]]


def _passage(found: FoundText, first: int, last: int) -> _Passage:
    piece = found.entry.text[first:last]
    places: list[Place] = [
        _new(Place, (start - first, end - first, mark))
        for start, end, mark in found.in_text[bisect_left(found.in_text, (first,)) :]
        if end <= last
    ]
    ends = found.ends[bisect_right(found.ends, first) : bisect_left(found.ends, last)]
    stops = [end - first for end in ends]
    if _has_markup(piece):
        piece, places, stops = _without_markup(piece, places, stops)
    sentences, begin = [], 0
    for stop in (*stops, len(piece)):
        while begin < stop and piece[begin].isspace():
            begin += 1
        if begin < stop:
            sentences.append((begin, stop))
        begin = stop
    return _Passage(piece, places, sentences or [(0, len(piece))])


def _has_markup(piece: str) -> bool:
    if any(sign in piece for sign in _MARKUP):
        return True
    lines = "\n" in piece or piece[:1] in " \t-+:"
    return lines and _LINE_MARKUP.search(piece) is not None


def _without_markup(piece: str, places: list[Place], stops: list[int]) -> tuple[str, list[Place], list[int]]:
    """Signs that no text has are set where words begin and end, and where sentences end; what is left of them
    without Markdown tells where those are. Words in the address of a link go with it."""
    piece = _SIGNS.sub("\ufffd", piece)  # should a text have some after all
    signs = [(stop, 0, _STOP) for stop in stops]
    apart, at = [], 0
    for place in places:
        if place.start >= at:
            apart.append(place)
            signs += [(place.start, 2, chr(_FIRST + len(apart) - 1)), (place.end, 1, _END)]
            at = place.end
    pieces, at = [], 0
    for where, _, sign in sorted(signs):
        pieces += [piece[at:where], sign]
        at = where
    rest = running_text("".join([*pieces, piece[at:]]))
    text, kept, left, size, begin = [], [], [], 0, None
    for part in _SIGNS.split(rest):
        if part == _STOP:
            left.append(size)
        elif part == _END:
            if begin is not None:
                kept.append(Place(begin[0], size, begin[1].mark))
            begin = None
        elif len(part) == 1 and ord(part) >= _FIRST:
            begin = (size, apart[ord(part) - _FIRST])
        else:
            text.append(part)
            size += len(part)
    return "".join(text), kept, left


def _around(found: FoundText, window: Sequence[Place]) -> str:
    text = found.entry.text
    start, end = window[0].start, max(place.end for place in window)
    first = max(text.rfind("\n", 0, start) + 1, _next_space(text, start - _MARGIN, start))
    line_end = _line_end(text, end)
    if line_end - first < _ENOUGH:  # a heading or list item: the next line may say more
        more = _INK.search(text, line_end)
        line_end = _line_end(text, more.start()) if more else line_end
    last = min(line_end, _previous_space(text, end + _MARGIN, end))
    passage = _passage(found, first, last)
    if not passage.places:
        return ""
    begin, stop = _choose(passage.sentences, passage.places, passage.text)
    return _render(passage.text, begin, stop, passage.places)


def _beginning(found: FoundText) -> str:
    text = found.entry.text
    first = _after_headings(text)
    passage = _passage(found, first, min(len(text), first + 3 * _MARGIN))
    begin, stop = passage.sentences[0]
    for _, end in passage.sentences:
        if end - begin > MAX_CHARS:
            break
        stop = end
    return _render(passage.text, begin, stop, passage.places)


def _best_windows(matches: Sequence[Place]) -> Iterator[Sequence[Place]]:
    """Groups of matches near each other: most distinct terms first, then most matches, then the earliest."""
    windows: list[tuple[int, int, int]] = []
    counts: dict[int, int] = {}
    last = 0
    for first, match in enumerate(matches):
        while (last < len(matches) and matches[last].end - match.start <= _WINDOW) or last <= first:
            counts[matches[last].mark.query] = counts.get(matches[last].mark.query, 0) + 1
            last += 1
        windows.append((-len(counts), first - last, first))
        counts[match.mark.query] -= 1
        if not counts[match.mark.query]:
            del counts[match.mark.query]
    shown: list[tuple[int, int]] = []
    for _, size, first in sorted(windows):
        span = (first, first - size)
        if all(span[1] <= other[0] or span[0] >= other[1] for other in shown):
            shown.append(span)
            yield matches[span[0] : span[1]]


def _choose(sentences: list[tuple[int, int]], tokens: list[Place], passage: str) -> tuple[int, int]:
    """The sentence with most distinct terms, with the better neighbour where both fit."""
    terms: list[set[int]] = [set() for _ in sentences]
    begins = [begin for begin, _ in sentences]
    for token in tokens:
        at = bisect_right(begins, token.start) - 1
        if at >= 0 and token.start < sentences[at][1]:
            terms[at].add(token.mark.query)
    if not any(terms):  # the match lies across sentences (Schul-↵wahl): show where it begins
        terms = [{0} if begin <= tokens[0].end <= stop else set() for begin, stop in sentences]
    best = max(range(len(sentences)), key=lambda index: (len(terms[index]), -index))
    begin, stop = sentences[best]
    # More words first; then a neighbour in the same paragraph, then a sentence that needs none.
    choices = [(len(terms[best]), 2 if stop - begin >= _ENOUGH else 0, (begin, stop))]
    for other in (best + 1, best - 1):
        if 0 <= other < len(sentences):
            first, second = sentences[min(best, other)], sentences[max(best, other)]
            if second[1] - first[0] <= MAX_CHARS:
                closeness = 1 if "\n" in passage[first[1] : second[0]] else 3
                choices.append((len(terms[best] | terms[other]), closeness, (first[0], second[1])))
    return max(choices, key=lambda choice: choice[:2])[2]


def _render(passage: str, begin: int, stop: int, tokens: Iterable[Place]) -> str:
    """Cut to ``MAX_CHARS`` around the first matches, escape, and mark."""
    spans = [(t.start, t.end) for t in tokens if t.start >= begin and t.end <= stop]
    first, last = begin, stop
    if stop - begin > MAX_CHARS:
        anchor = spans[0][0] if spans else begin
        if anchor - begin > MAX_CHARS // 3:
            first = _next_space(passage, anchor - MAX_CHARS // 3, anchor)
        last = min(
            stop, _previous_space(passage, first + MAX_CHARS, spans[0][1] if spans else first + MAX_CHARS)
        )
    plain = not any(sign in passage[first:last] for sign in _SPECIAL)

    def shown(begin: int, end: int) -> str:
        return passage[begin:end] if plain else _shown(passage, begin, end, snippet_begin=first)

    parts = [f"{_ELLIPSIS} " if first > begin else ""]
    at = first
    for start, end in spans:
        if start >= at and end <= last:
            parts += [shown(at, start), "<mark>", shown(start, end), "</mark>"]
            at = end
    parts.append(shown(at, last))
    if last < stop:
        parts.append(f" {_ELLIPSIS}")
    return "".join(parts).strip()


def _shown(passage: str, begin: int, end: int, *, snippet_begin: int) -> str:
    """A piece of the snippet, escaped; a line break after a heading or list item becomes a dash."""

    def line_break(match: re.Match[str]) -> str:
        before = passage[snippet_begin : begin + match.start()].rstrip()
        return " " if not before or before[-1] in ".!?:;,–-" else " – "

    piece = passage[begin:end]
    if "\n" in piece:
        piece = _LINE_BREAK.sub(line_break, piece)
    if any(blank in piece for blank in _ODD_BLANKS):
        piece = _BLANKS.sub(" ", piece.replace("\u00ad", ""))
    return escape(piece)


def _after_headings(text: str) -> int:
    """Where Markdown's leading headings end, which repeat the title; 0 if there is nothing else."""
    match = _HEADINGS.match(text)
    return match.end() if match is not None and text[match.end() :].strip() else 0


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


def _next_space(text: str, start: int, limit: int) -> int:
    """The first word beginning at or after ``start``, at most ``limit``; 0 for a start before the text."""
    if start <= 0:
        return 0
    match = _SPACE.search(text, start - 1, limit)
    return match.end() if match else limit


def _previous_space(text: str, end: int, limit: int) -> int:
    """The last word end at or before ``end``; where one word fills all of it, ``end`` itself."""
    if end >= len(text):
        return len(text)
    for at in range(end, limit, -1):
        if text[at].isspace():
            return at
    return end if end - limit < MAX_CHARS // 2 else limit
