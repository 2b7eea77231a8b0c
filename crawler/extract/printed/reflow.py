"""From the lines of printed pages to paragraphs: hyphens joined, page furniture dropped. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from crawler.extract.data import words
from crawler.extract.lines.language import DEFAULT, stop_words
from crawler.extract.printed.headings import Paragraph, mark_headings
from crawler.extract.printed.hyphens import HYPHENS, WordStock, join_lines, words_of

_SENTENCE_END = re.compile(r"[.!?:…][“”\"«‘’)]*$")
_BULLET = re.compile(r"[•▪●■◦‣∙\uf0b7\uf0a7]\s*")
_DASH_BULLET = re.compile(r"[–-]\s+")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+\S")
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:Seite|S\.|Page)\s*\d{1,4}|\d{1,3})(?:\s*(?:von|/|of|\|)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.IGNORECASE,
)
_OPEN_CHARS = 1_000  # of a paragraph's end, which the next line is joined to
_EDGE_SHARE = 0.10  # of the page's height: where running heads and page numbers stand
_MAX_RUNNING_CHARS = 120
_GAP = 1.35  # a line advance of more than this many usual ones starts a paragraph
_COLUMN_SLACK = 12.0  # points by which lines of one column may differ at their left edge


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; coordinates in points from the page's lower left, all 0 where unknown."""

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    height: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in reading order; ``height`` in points; ``is_picture``: printed, without text."""

    lines: tuple[Line, ...]
    height: float = 0.0
    is_picture: bool = False


def reflow(pages: Sequence[Page], corpus_words: Mapping[str, int] | None = None) -> str:
    """Paragraphs separated by blank lines, list items by line ends, headings with their marks.

    ``corpus_words`` tell, with the words of the pages themselves, which hyphens belong to a word.
    """
    kept = drop_furniture(pages)
    stock = words_of((line.text for page in kept for line in page.lines), corpus_words or {})
    paragraphs: list[_Growing] = []
    previous: Line | None = None
    for page in kept:
        advance, edges = _usual_advance(page), _right_edges(page)
        first = True
        for line in page.lines:
            joined = previous is not None and bool(paragraphs)
            if joined and previous is not None:
                joined = _runs_on(previous, line) if first else not _breaks(previous, line, advance, edges)
            before = paragraphs[-1].edges if paragraphs else ""
            if joined and not _starts_item(line.text, before):
                paragraphs[-1].add(line, stock)
            else:
                paragraphs.append(_Growing([_item(line.text, before)], line.height, line.bold))
            previous, first = line, False
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


def drop_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without page numbers and without heads and feet that run through several pages."""
    edges = [_edge_lines(page) for page in pages]
    counts = Counter(key for lines in edges for key in {_running_key(line) for line in lines})
    needed = max(2, round(0.3 * len(pages)))
    result = []
    for page, at_edge in zip(pages, edges, strict=True):
        dropped = {
            line
            for line in at_edge
            if _PAGE_NUMBER.fullmatch(line.text.strip()) or counts[_running_key(line)] >= needed
        }
        result.append(Page(tuple(line for line in page.lines if line not in dropped), page.height))
    return result if any(page.lines for page in result) else list(pages)


def _edge_lines(page: Page) -> set[Line]:
    lines = [line for line in page.lines if len(line.text) <= _MAX_RUNNING_CHARS]
    if page.height and all(line.height for line in lines):
        low, high = _EDGE_SHARE * page.height, (1 - _EDGE_SHARE) * page.height
        return {line for line in lines if line.bottom < low or line.bottom > high}
    return (
        {*lines[:2], *lines[-2:]} if len(lines) > 4 else {*lines[:1], *lines[-1:]} if len(lines) > 2 else set()
    )


def _running_key(line: Line) -> str:
    return re.sub(r"\d+", "#", " ".join(line.text.split())).casefold()


def _usual_advance(page: Page) -> float:
    steps = [upper.bottom - lower.bottom for upper, lower in zip(page.lines, page.lines[1:], strict=False)]
    usual = [step for step, line in zip(steps, page.lines, strict=False) if 0 < step < 2.5 * line.height]
    return median(usual) if usual else 0.0


def _right_edges(page: Page) -> dict[Line, float]:
    """For every line the right edge of its column: the longest line that starts at about the same place."""
    if not any(line.height for line in page.lines):
        widest = max((len(line.text) for line in page.lines), default=0)
        return dict.fromkeys(page.lines, float(widest))
    columns: list[list[Line]] = []
    for line in sorted(page.lines, key=lambda line: line.left):
        if not columns or line.left - columns[-1][0].left > _COLUMN_SLACK:
            columns.append([])
        columns[-1].append(line)
    edges = [max(0.0, max(line.right for line in column)) for column in columns]
    return {line: edge for column, edge in zip(columns, edges, strict=True) for line in column}


def _breaks(upper: Line, lower: Line, advance: float, edges: dict[Line, float]) -> bool:
    """Whether a paragraph ends between two lines of one page."""
    if _is_open(upper.text) or (upper.text[-1:] in HYPHENS and lower.text[:1].islower()):
        return False
    step = upper.bottom - lower.bottom
    if upper.height and lower.height:
        if _differs(upper, lower):
            return True
        if advance and step > _GAP * advance:
            return True
        filled = (upper.right - upper.left) / max(edges.get(upper, upper.right) - upper.left, 1.0)
    else:
        filled = len(upper.text) / max(edges.get(upper, 0.0), 1.0)
    if filled < 0.85 and (upper.bold is not lower.bold or _SENTENCE_END.search(upper.text)):
        return True
    return filled < 0.6 and not lower.text[:1].islower() and not upper.text.endswith((",", "-"))


def _differs(upper: Line, lower: Line) -> bool:
    return abs(upper.height - lower.height) > 0.15 * max(upper.height, lower.height)


def _is_open(text: str) -> bool:
    """Whether a line ends with „und“, „der“ or their like, as no paragraph and no heading does."""
    last = re.search(r"(?<![^\W\d_])[^\W\d_]+$", text)
    return last is not None and last[0] in words("suspended.txt") | stop_words(DEFAULT)


def _runs_on(last: Line, first: Line) -> bool:
    """Whether a paragraph goes on over the page's end."""
    if _differs(last, first) or last.bold is not first.bold:
        return False
    if last.text[-1:] in HYPHENS:
        return True
    return first.text[:1].islower() and not _SENTENCE_END.search(last.text)


def _starts_item(text: str, before: str) -> bool:
    if _BULLET.match(text):
        return True
    in_list = before.startswith("- ") or before.endswith(":")
    if _DASH_BULLET.match(text):
        return in_list
    return bool(_NUMBERED.match(text)) and (before.endswith(":") or bool(_NUMBERED.match(before)))


def _item(text: str, before: str) -> str:
    match = _BULLET.match(text)
    if match is None and (before.startswith("- ") or before.endswith(":")):
        match = _DASH_BULLET.match(text)
    return f"- {text[match.end() :]}" if match else text


def _lay_out(paragraphs: Sequence[str]) -> str:
    return "".join(_separated([paragraph.strip() for paragraph in paragraphs if paragraph.strip()]))


def _separated(paragraphs: Sequence[str]) -> Iterator[str]:
    for index, paragraph in enumerate(paragraphs):
        if index:
            listed = all(
                one.startswith("- ") or _NUMBERED.match(one) for one in paragraphs[index - 1 : index + 1]
            )
            yield "\n" if listed else "\n\n"
        yield paragraph
