"""The best one or two sentences of a text for a query, as safe HTML with the matched words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice

from indexer.german import GermanAnalyzer, SentenceSplitter, Token
from indexer.german.surface import WORD
from indexer.markdown_text import running_text

# Two lines of a result list.
MAX_CHARS = 300
# How far apart matches may lie to be shown together, and what is read around them to find sentence ends.
_WINDOW = 250
_MARGIN = 400
# A sentence of this length stands well without one from another paragraph; a heading does not.
_ENOUGH = 80
# What is analysed of a text in which no word alone gives a wanted term.
_MAX_ANALYSED = 20_000
# Matches that are weighed against each other; a text of 100 kB hardly has as many.
_MAX_MATCHES = 2_000
# Windows tried when the best one's matches were in a link's address.
_MAX_TRIES = 5

_SPACE = re.compile(r"\s")
_INK = re.compile(r"\S")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    term: str


class SnippetMaker:
    """Makes snippets with the documents' analyzer and an index generation's sentence splitter; thread-safe."""

    def __init__(self, analyzer: GermanAnalyzer, splitter: SentenceSplitter) -> None:
        self._analyzer = analyzer
        self._splitter = splitter

    def snippet(self, text: str, terms: frozenset[str]) -> str:
        """HTML of at most about ``MAX_CHARS`` characters; without a match, the beginning of the text."""
        for find in (self._words, self._tokens) if terms else ():
            for window in islice(_best_windows(find(text, terms)), _MAX_TRIES):
                made = self._around(text, window, terms)
                if made:
                    return made
        return self._beginning(text, terms)

    def _words(self, text: str, terms: frozenset[str]) -> list[_Match]:
        """Where words stand that alone give a wanted term: five times as fast as analysing the text.

        Good enough to choose a place; what stands there is then analysed.
        """
        found: list[_Match] = []
        known: dict[str, frozenset[str]] = {}
        for match in WORD.finditer(text):
            word = match[0]
            wanted = known.get(word)
            if wanted is None:
                wanted = known[word] = terms.intersection(self._analyzer.terms_of(word))
            if wanted:
                found += [_Match(*match.span(), term) for term in wanted]
                if len(found) >= _MAX_MATCHES:
                    break
        return found

    def _tokens(self, text: str, terms: frozenset[str]) -> list[_Match]:
        """Where wanted terms stand near the beginning, with those that several words give together."""
        tokens = self._analyzer.analyze(text[:_MAX_ANALYSED])
        found = [_Match(token.start, token.end, token.term) for token in tokens if token.term in terms]
        return sorted(found, key=lambda match: match.start)

    def _around(self, text: str, window: list[_Match], terms: frozenset[str]) -> str:
        start, end = window[0].start, max(match.end for match in window)
        first = max(text.rfind("\n", 0, start) + 1, _next_space(text, start - _MARGIN, start))
        line_end = _line_end(text, end)
        if line_end - first < _ENOUGH:  # a heading or list item: the next line may say more
            more = _INK.search(text, line_end)
            line_end = _line_end(text, more.start()) if more else line_end
        last = min(line_end, _previous_space(text, end + _MARGIN, end))
        passage = running_text(text[first:last])
        tokens = [token for token in self._analyzer.analyze(passage) if token.term in terms]
        if not tokens:
            return ""
        sentences = list(self._splitter.spans(passage))
        begin, stop = _choose(sentences, tokens, passage)
        return _render(passage, begin, stop, tokens)

    def _beginning(self, text: str, terms: frozenset[str]) -> str:
        head = running_text(_without_headings(text[: 3 * _MARGIN]))[: 2 * MAX_CHARS]
        spans = self._splitter.spans(head)
        begin, stop = next(spans, (0, 0))
        for _, end in spans:
            if end - begin > MAX_CHARS:
                break
            stop = end
        tokens = [token for token in self._analyzer.analyze(head[begin:stop]) if token.term in terms]
        return _render(head[begin:stop], 0, stop - begin, tokens)


def _best_windows(matches: list[_Match]) -> Iterator[list[_Match]]:
    """Groups of matches near each other: most distinct terms first, then most matches, then the earliest."""
    windows: list[tuple[int, int, int]] = []
    counts: dict[str, int] = {}
    last = 0
    for first, match in enumerate(matches):
        while (last < len(matches) and matches[last].end - match.start <= _WINDOW) or last <= first:
            counts[matches[last].term] = counts.get(matches[last].term, 0) + 1
            last += 1
        windows.append((-len(counts), first - last, first))
        counts[match.term] -= 1
        if not counts[match.term]:
            del counts[match.term]
    shown: list[tuple[int, int]] = []
    for _, size, first in sorted(windows):
        span = (first, first - size)
        if all(span[1] <= other[0] or span[0] >= other[1] for other in shown):
            shown.append(span)
            yield matches[span[0] : span[1]]


def _choose(sentences: list[tuple[int, int]], tokens: list[Token], passage: str) -> tuple[int, int]:
    """The sentence with most distinct terms, with the better neighbour where both fit."""
    terms = [{token.term for token in tokens if begin <= token.start < stop} for begin, stop in sentences]
    if not any(terms):  # the match lies across sentences (Schul-↵wahl): show where it begins
        terms = [{"match"} if begin <= tokens[0].end <= stop else set() for begin, stop in sentences]
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


def _render(passage: str, begin: int, stop: int, tokens: Iterable[Token]) -> str:
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
