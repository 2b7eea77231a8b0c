"""From the lines of printed pages to paragraphs: hyphens joined, lists and headings marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from crawler.extract.data import words
from crawler.extract.lines.language import DEFAULT, stop_words
from crawler.extract.printed.edges import right_edges
from crawler.extract.printed.headings import Paragraph, mark_headings
from crawler.extract.printed.hyphens import HYPHENS, WordStock, join_lines, words_of
from crawler.extract.printed.lists import NUMBERED, Bullet, Depths, bullet_of, bullets_of
from crawler.extract.printed.page import Line, Page, body_size

_SENTENCE_END = re.compile(r"[.!?:…][“”\"«‘’)]*$")
_OPEN_CHARS = 1_000  # of a paragraph's end, which the next line is joined to
_GAP = 1.35  # a line advance of more than this many usual ones starts a paragraph
_HEADING_GAP = 1.55  # the same between lines of a heading, in its size
_FULL_LINE_CHARS = 30
_SLIGHT_GAP = 1.12
_SHIFT = 6.0  # points
_UNFILLED, _HARDLY_FILLED = 0.8, 0.45
_SECTION = re.compile(r"\d+(?:\.\d+)*\.? ")


def reflow(pages: Sequence[Page], corpus_words: Mapping[str, int] | None = None) -> str:
    """Paragraphs separated by blank lines, list items by line ends, headings with their marks.

    ``corpus_words`` tell, with the words of the pages themselves, which hyphens belong to a word.
    """
    stock = words_of((line.text for page in pages for line in page.lines), corpus_words or {})
    body = body_size(pages)
    paragraphs: list[_Growing] = []
    depths = Depths()
    previous: Line | None = None
    was_full = False
    for page in pages:
        advance, edges, bullets = _usual_advance(page), right_edges(page), bullets_of(page.lines)
        for index, line in enumerate(page.lines):
            before = paragraphs[-1].edges if paragraphs else ""
            if previous is None:
                joined = False
            elif index == 0:
                joined = _runs_on(previous, line, was_full=was_full and _is_full(line, edges))
            else:
                joined = not _breaks(previous, line, advance, edges, body)
            bullet = bullets.get(index) or _bullet_in_list(line.text, before)
            if bullet is not None:
                is_elsewhere = index == 0 or (
                    previous is not None and line.bottom > previous.bottom + line.height
                )
                level = depths.level(bullet, line, is_elsewhere=is_elsewhere)
                paragraphs.append(_Growing([f"{'  ' * level}- {bullet.rest}"], line.height, line.bold))
            elif joined and not _starts_number(line.text, before):
                paragraphs[-1].add(line, stock)
            else:
                depths.end()
                paragraphs.append(_Growing([line.text], line.height, line.bold))
            previous = line
        was_full = previous is not None and _is_full(previous, edges)
    return _lay_out(mark_headings([paragraph.whole() for paragraph in paragraphs]))


@dataclass(slots=True)
class _Growing:
    """A paragraph that lines are added to; only its last piece is touched, so that a long one costs no more."""

    pieces: list[str]
    height: float
    bold: bool
    lines: int = 1

    def add(self, line: Line, stock: WordStock) -> None:
        """Join a line to the end."""
        last = join_lines(self.pieces.pop(), line.text, stock)
        end = len(last) - _OPEN_CHARS
        if end > _OPEN_CHARS and not last[end].isspace():
            self.pieces.append(last[:end])
            last = last[end:]
        self.pieces.append(last)
        self.bold, self.lines = self.bold and line.bold, self.lines + 1

    @property
    def edges(self) -> str:
        """Its beginning and its end, by which list items are known."""
        return self.pieces[0] if len(self.pieces) == 1 else self.pieces[0] + self.pieces[-1][-1:]

    def whole(self) -> Paragraph:
        """The paragraph as it is."""
        return Paragraph("".join(self.pieces), self.height, self.bold, self.lines)


def _usual_advance(page: Page) -> float:
    steps = [upper.bottom - lower.bottom for upper, lower in zip(page.lines, page.lines[1:], strict=False)]
    usual = [step for step, line in zip(steps, page.lines, strict=False) if 0 < step < 3 * line.height]
    return median(usual) if usual else 0.0


def _filled(line: Line, edges: Mapping[Line, float]) -> float:
    """How much of its column a line fills, 0 to 1."""
    if line.height:
        return (line.right - line.left) / max(edges.get(line, line.right) - line.left, 1.0)
    return len(line.text) / max(edges.get(line, 0.0), 1.0)


def _is_full(line: Line, edges: Mapping[Line, float]) -> bool:
    """Whether nothing more of its paragraph would have gone into the line."""
    return bool(line.height) and len(line.text) >= _FULL_LINE_CHARS and _filled(line, edges) >= 0.85


def _breaks(upper: Line, lower: Line, advance: float, edges: Mapping[Line, float], body: float) -> bool:
    """Whether a paragraph ends between two lines of one page."""
    if upper.text[-1:] in HYPHENS and lower.text[:1].islower():
        return False
    located = bool(upper.height and lower.height)
    filled = _filled(upper, edges)
    if located and (_differs(upper, lower) or _changes_weight(upper, lower, filled, advance)):
        return True
    if located and filled < _UNFILLED and _is_shifted(upper, lower):
        return True
    if located and advance:
        usual = max(_GAP * advance, _HEADING_GAP * upper.height if upper.height > 1.1 * body else 0.0)
        if upper.bottom - lower.bottom > usual and not (_is_open(upper.text) and lower.text[:1].islower()):
            return True
    if _is_open(upper.text):
        return False
    if filled < 0.85 and (upper.bold is not lower.bold or _SENTENCE_END.search(upper.text)):
        return True
    if located and filled < _HARDLY_FILLED and upper.height <= 1.1 * body:
        return not upper.text.endswith((",", "-"))
    return filled < 0.6 and not lower.text[:1].islower() and not upper.text.endswith((",", "-"))


def _changes_weight(upper: Line, lower: Line, filled: float, advance: float) -> bool:
    """Whether a heading ends with the upper line; bold words at a paragraph's beginning may fill a line too."""
    if upper.bold is lower.bold:
        return False
    if filled < 0.85:
        return True
    is_apart = bool(advance) and upper.bottom - lower.bottom > _SLIGHT_GAP * advance
    return upper.bold and not lower.text[:1].islower() and (is_apart or _SECTION.match(upper.text) is not None)


def _is_shifted(upper: Line, lower: Line) -> bool:
    """Whether a line begins elsewhere than the one above it, as items of a list do; centred lines do not."""
    is_centred = abs(upper.left + upper.right - lower.left - lower.right) < 2 * _SHIFT
    return abs(upper.left - lower.left) > _SHIFT and not is_centred


def _differs(upper: Line, lower: Line) -> bool:
    return abs(upper.height - lower.height) > 0.08 * max(upper.height, lower.height)


def _is_open(text: str) -> bool:
    """Whether a line ends with „und“, „der“ or their like, as no paragraph does and few headings do."""
    last = re.search(r"(?<![^\W\d_])[^\W\d_]+$", text)
    return last is not None and last[0] in words("suspended.txt") | stop_words(DEFAULT)


def _runs_on(last: Line, first: Line, *, was_full: bool) -> bool:
    """Whether a paragraph goes on over the page's end; ``was_full``: both lines fill their columns."""
    if _differs(last, first) or last.bold is not first.bold:
        return False
    if last.text[-1:] in HYPHENS:
        return first.text[:1].isalpha()
    if _SENTENCE_END.search(last.text):
        return False
    return first.text[:1].islower() or (first.text[:1].isalnum() and (was_full or _is_open(last.text)))


def _bullet_in_list(text: str, before: str) -> Bullet | None:
    """The sign of a line where a list is, or is announced."""
    in_list = before.lstrip().startswith("- ") or before.endswith(":")
    return bullet_of(text) if in_list else None


def _starts_number(text: str, before: str) -> bool:
    return bool(NUMBERED.match(text)) and (before.endswith(":") or bool(NUMBERED.match(before)))


def _lay_out(paragraphs: Sequence[str]) -> str:
    return "".join(_separated([paragraph.rstrip() for paragraph in paragraphs if paragraph.strip()]))


def _separated(paragraphs: Sequence[str]) -> Iterator[str]:
    for index, paragraph in enumerate(paragraphs):
        if index:
            listed = all(
                one.lstrip().startswith("- ") or NUMBERED.match(one)
                for one in paragraphs[index - 1 : index + 1]
            )
            yield "\n" if listed else "\n\n"
        yield paragraph
