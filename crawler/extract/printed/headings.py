"""Which paragraphs of a printed text are headings: set larger than the rest, or bold and alone. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.extract.lines.titles import as_person

# Body text varies a little with its fonts; a step of headings is at least a point of eleven.
_LARGER = 1.08
_CLEARLY_LARGER = 1.15
_MAX_CHARS = 200
_MAX_LINES = 4
_MAX_BOLD_LINES = 2
# More than this share of a text in headings, and its sizes mean something else: a poster, a set of slides.
_MAX_SHARE = 0.3
_FIRST_LEVEL = 2  # the title is the first
_LAST_LEVEL = 4
# A sentence, an enumeration or a line that goes on is none; a question may be one.
_NO_END = re.compile(r"[.,;:…]$|(?<=\w)[-–]$")
_SECTION_NUMBERS = re.compile(r"(?:(?:\d+(?:\.\d+)*\.?|[IVX]{2,5}\.|[A-Z][.)])\s+)*")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it was printed; ``height`` in points, 0 where unknown."""

    text: str
    height: float = 0.0
    bold: bool = False
    lines: int = 1


def mark_headings(paragraphs: Sequence[Paragraph]) -> list[str]:
    """The texts, ``#`` to ``####`` before headings: the larger, the higher; bold alone is the lowest."""
    body = _body_height(paragraphs)
    if not body:
        return [paragraph.text for paragraph in paragraphs]
    is_bold_text = _share(paragraphs, [one for one in paragraphs if one.bold]) > _MAX_SHARE
    found = {
        index: paragraph
        for index, paragraph in enumerate(paragraphs)
        if _is_heading(paragraph, body, is_bold_text=is_bold_text)
    }
    if not found or _share(paragraphs, list(found.values())) > _MAX_SHARE:
        return [paragraph.text for paragraph in paragraphs]
    levels = _levels(found, body)
    return [
        f"{'#' * levels[_step(paragraph, body)]} {paragraph.text}" if index in found else paragraph.text
        for index, paragraph in enumerate(paragraphs)
    ]


def _body_height(paragraphs: Sequence[Paragraph]) -> float:
    """The height that most characters have."""
    heights: Counter[float] = Counter()
    for paragraph in paragraphs:
        heights[round(paragraph.height, 1)] += len(paragraph.text)
    return heights.most_common(1)[0][0] if heights else 0.0


def _share(all_of_them: Sequence[Paragraph], some: Sequence[Paragraph]) -> float:
    total = sum(len(one.text) for one in all_of_them)
    return sum(len(one.text) for one in some) / total if total else 0.0


def _is_heading(paragraph: Paragraph, body: float, *, is_bold_text: bool) -> bool:
    text = paragraph.text
    if len(text) > _MAX_CHARS or text.lstrip().startswith("- ") or _NO_END.search(text):
        return False
    if as_person(text) is not None:
        return False  # who signed
    if sum(map(str.isalpha, text)) < max(3, 0.5 * len(text.replace(" ", ""))):
        return False  # figures, tables, rules
    numbers = _SECTION_NUMBERS.match(text)
    if not text[numbers.end() if numbers else 0 :][:1].isupper():
        return False
    if paragraph.height >= _CLEARLY_LARGER * body:
        return paragraph.lines <= _MAX_LINES
    is_set_off = paragraph.bold and not is_bold_text
    return is_set_off and paragraph.height >= 0.95 * body and paragraph.lines <= _MAX_BOLD_LINES


def _step(paragraph: Paragraph, body: float) -> float:
    """Headings of one step have about one height; 0 for those that are only bold."""
    return round(paragraph.height) if paragraph.height >= _LARGER * body else 0


def _levels(found: Mapping[int, Paragraph], body: float) -> dict[float, int]:
    """Step → level. A single largest line at the very beginning is the title, a level above all others."""
    counts = Counter(_step(one, body) for one in found.values())
    steps = sorted(counts, reverse=True)
    has_title = 0 in found and _step(found[0], body) == steps[0] > 0 and counts[steps[0]] == 1
    first = _FIRST_LEVEL - 1 if has_title else _FIRST_LEVEL
    return {step: min(first + rank, _LAST_LEVEL) for rank, step in enumerate(steps)}
