"""The best one or two sentences of a text for a query, as safe HTML with the matched words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import islice

from indexer.answer.marks import Marker, Place
from indexer.answer.running_text import running_text
from indexer.german import SentenceSplitter

# Two lines of a result list.
MAX_CHARS = 300
# How far apart matches may lie to be shown together, and what is read around them to find sentence ends.
_WINDOW = 250
_MARGIN = 400
# A sentence of this length stands well without one from another paragraph; a heading does not.
_ENOUGH = 80
# What is analysed of a text in which no word alone gives a wanted term.
_MAX_ANALYSED = 20_000
# Windows tried when the best one's matches were in a link's address.
_MAX_TRIES = 5

_SPACE = re.compile(r"\s")
_INK = re.compile(r"\S")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_ELLIPSIS = "…"


class SnippetMaker:
    """Makes snippets for one query, with an index generation's sentence splitter."""

    def __init__(self, marker: Marker, splitter: SentenceSplitter) -> None:
        self._marker = marker
        self._splitter = splitter

    def snippet(self, text: str) -> str:
        """HTML of at most about ``MAX_CHARS`` characters; without a match, the beginning of the text.

        Words alone are good enough to choose a place; what stands there is then analysed.
        """
        for find in (self._marker.words, self._tokens) if self._marker.wanted else ():
            for window in islice(_best_windows(find(text)), _MAX_TRIES):
                made = self._around(text, window)
                if made:
                    return made
        return self._beginning(text)

    def _tokens(self, text: str) -> list[Place]:
        return self._marker.tokens(text[:_MAX_ANALYSED])

    def _around(self, text: str, window: list[Place]) -> str:
        start, end = window[0].start, max(match.end for match in window)
        first = max(text.rfind("\n", 0, start) + 1, _next_space(text, start - _MARGIN, start))
        line_end = _line_end(text, end)
        if line_end - first < _ENOUGH:  # a heading or list item: the next line may say more
            more = _INK.search(text, line_end)
            line_end = _line_end(text, more.start()) if more else line_end
        last = min(line_end, _previous_space(text, end + _MARGIN, end))
        passage = running_text(text[first:last])
        places = self._marker.tokens(passage)
        if not places:
            return ""
        sentences = list(self._splitter.spans(passage))
        begin, stop = _choose(sentences, places, passage)
        return _render(passage, begin, stop, places)

    def _beginning(self, text: str) -> str:
        head = running_text(_without_headings(text[: 3 * _MARGIN]))[: 2 * MAX_CHARS]
        spans = self._splitter.spans(head)
        begin, stop = next(spans, (0, 0))
        for _, end in spans:
            if end - begin > MAX_CHARS:
                break
            stop = end
        return _render(head[begin:stop], 0, stop - begin, self._marker.tokens(head[begin:stop]))


def _best_windows(matches: list[Place]) -> Iterator[list[Place]]:
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
    terms = [{token.mark.query for token in tokens if begin <= token.start < stop} for begin, stop in sentences]
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
    spans = [
        (t.start, t.end) for t in sorted(tokens, key=lambda t: t.start) if t.start >= begin and t.end <= stop
    ]
    first, last = begin, stop
    if stop - begin > MAX_CHARS:
        anchor = spans[0][0] if spans else begin
        if anchor - begin > MAX_CHARS // 3:
            first = _next_space(passage, anchor - MAX_CHARS // 3, anchor)
        last = min(
            stop, _previous_space(passage, first + MAX_CHARS, spans[0][1] if spans else first + MAX_CHARS)
        )
    parts = [f"{_ELLIPSIS} " if first > begin else ""]
    at = first
    for start, end in spans:
        if start >= at and end <= last:
            marked = _shown(passage, start, end, snippet_begin=first)
            parts += [_shown(passage, at, start, snippet_begin=first), f"<mark>{marked}</mark>"]
            at = end
    parts += [_shown(passage, at, last, snippet_begin=first), f" {_ELLIPSIS}" if last < stop else ""]
    return "".join(parts).strip()


def _shown(passage: str, begin: int, end: int, *, snippet_begin: int) -> str:
    """A piece of the snippet, escaped; a line break after a heading or list item becomes a dash."""

    def line_break(match: re.Match[str]) -> str:
        before = passage[snippet_begin : begin + match.start()].rstrip()
        return " " if not before or before[-1] in ".!?:;,–-" else " – "

    joined = _LINE_BREAK.sub(line_break, passage[begin:end])
    return escape(_BLANKS.sub(" ", joined.replace("\u00ad", "")))


def _without_headings(text: str) -> str:
    """Markdown without its leading headings, which repeat the title; all of it if there is nothing else."""
    body = re.sub(r"\A(?:\s*#{1,6}[ \t][^\n]*\n)+", "", text)
    return body if body.strip() else text


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
