"""A printed page as lines in reading order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; coordinates in points from the page's lower left, all 0 where unknown.

    ``height`` is the size of its font, ``weight`` that of its letters (100 to 900), and ``bold`` whether they
    are heavier than those of the document's text.
    """

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    height: float = 0.0
    bold: bool = False
    weight: int = 400


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in reading order; ``height`` in points; ``is_picture``: little text, much picture."""

    lines: tuple[Line, ...]
    height: float = 0.0
    is_picture: bool = False

    def with_lines(self, lines: Iterable[Line]) -> Page:
        """The page with these lines instead."""
        return replace(self, lines=tuple(lines))


def body_size(pages: Sequence[Page]) -> float:
    """The size in points that most characters have, to a tenth; 0 where unknown."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.height, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def with_boldness(pages: Sequence[Page]) -> list[Page]:
    """The pages with lines marked that are clearly heavier than most of the text."""
    weights: Counter[int] = Counter()
    for page in pages:
        for line in page.lines:
            weights[line.weight] += len(line.text)
    usual = weights.most_common(1)[0][0] if weights else 400
    return [
        page.with_lines(replace(line, bold=line.weight >= usual + _CLEARLY_HEAVIER) for line in page.lines)
        for page in pages
    ]


_CLEARLY_HEAVIER = 150


def even(pages: Sequence[Page]) -> list[Page]:
    """The pages with one size where a text recognition has given nearly every line another."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.height] += len(line.text)
    total = sizes.total()
    if not total or sizes.most_common(1)[0][1] >= _COMMON * total or len(sizes) < _FEWEST_SIZES:
        return list(pages)
    middle = _weighted_median(sizes)
    return [
        page.with_lines(
            replace(line, height=middle) if abs(line.height - middle) <= _UNEVEN * middle else line
            for line in page.lines
        )
        for page in pages
    ]


_COMMON = 0.3
_FEWEST_SIZES = 8
_UNEVEN = 0.25


def _weighted_median(sizes: Counter[float]) -> float:
    half, seen = sizes.total() / 2, 0
    for size in sorted(sizes):
        seen += sizes[size]
        if seen >= half:
            return size
    return 0.0
