"""What stands on pages beside their text: running heads and feet, page numbers. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from crawler.extract.printed.known import marks
from crawler.extract.printed.page import Line, Page, body_size

_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:Seite|S\.|Page)\s*\d{1,4}|\d{1,3})(?:\s*(?:von|/|of|\|)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.IGNORECASE,
)
_EDGE_SHARE = 0.10  # of the page's height: where running heads and page numbers stand
_MAX_RUNNING_CHARS = 120
_LARGER = 1.12
_SPREAD = 0.75  # em a character, on the average; a word takes a half
_NUMBER = re.compile(r"\d+")
_BARE_NUMBER = re.compile(r"[-–—|.]? ?\d{1,4} ?[-–—|.]?")
_FEWEST_NUMBERS = 3
_WORD = re.compile(r"[^\W\d_]+")
_LABEL_CHARS = 20


def drop_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without page numbers and without heads and feet that run through several pages."""
    edges = [_edge_lines(page) for page in pages]
    body = body_size(pages)
    counts = Counter(key for lines in edges for key in {_running_key(line) for line in lines})
    headings = _numbered_headings(edges, counts, body)
    numbers = _numbers_alone(pages)
    result = []
    for page, at_edge in zip(pages, edges, strict=True):
        dropped = numbers & {page.lines[0], page.lines[-1]} if page.lines else set()
        dropped |= {
            line
            for line in at_edge
            if _PAGE_NUMBER.fullmatch(line.text.strip())
            or (counts[_running_key(line)] >= _needed(line, len(pages), body) and line not in headings)
        }
        result.append(page.with_lines(line for line in page.lines if line not in dropped))
    return result if any(page.lines for page in result) else list(pages)


def _numbers_alone(pages: Sequence[Page]) -> set[Line]:
    """First and last lines that are nothing but a number which goes with the pages, wherever they stand."""
    found: dict[int, set[Line]] = {}
    for number, page in enumerate(pages):
        for line in {page.lines[0], page.lines[-1]} if page.lines else ():
            if _BARE_NUMBER.fullmatch(line.text.strip()):
                found.setdefault(number - int(_NUMBER.findall(line.text)[0]), set()).add(line)
    return {line for lines in found.values() if len(lines) >= _FEWEST_NUMBERS for line in lines}


def _needed(line: Line, pages: int, body: float) -> int:
    """On how many pages a line must stand to be a running one; as large as a heading, on most of them."""
    if _is_prominent(line, body):
        return max(3, round(0.6 * pages)) if pages > 2 else 2
    return max(2, round(0.3 * pages))


def _is_prominent(line: Line, body: float) -> bool:
    return bool(body) and (line.height >= _LARGER * body or (line.bold and line.height >= 0.95 * body))


def _numbered_headings(edges: Sequence[set[Line]], counts: Mapping[str, int], body: float) -> set[Line]:
    """Lines such as „Workshop 1“, „Workshop 2“ that are alike but for a number which is not the page's.

    They are headings if they are set as such, or if their numbers do not go with the pages.
    """
    groups: dict[str, list[tuple[int, Line]]] = {}
    for number, lines in enumerate(edges):
        for line in lines:
            if counts[_running_key(line)] > 1 and _NUMBER.search(line.text):
                groups.setdefault(_running_key(line), []).append((number, line))
    found: set[Line] = set()
    for group in groups.values():
        if len({line.text for _, line in group}) < len(group) or _is_labelled(group[0][1].text):
            continue
        if not _goes_with_pages(group) or all(_is_set_as_heading(line, body) for _, line in group):
            found.update(line for _, line in group)
    return found


def _goes_with_pages(group: Sequence[tuple[int, Line]]) -> bool:
    """Whether one of the numbers in lines that are alike is that of the page."""
    numbers = [[int(found[-9:]) for found in _NUMBER.findall(line.text)] for _, line in group]
    places = range(min(map(len, numbers)))
    return any(
        len({page - found[place] for (page, _), found in zip(group, numbers, strict=True)}) == 1
        for place in places
    )


def _is_set_as_heading(line: Line, body: float) -> bool:
    """Larger than the text; or bold, beginning with a word, and no number far behind it at the margin."""
    if not _is_prominent(line, body):
        return False
    is_larger = line.height >= _LARGER * body
    return is_larger or (
        line.text[:1].isalpha() and line.right - line.left <= _SPREAD * line.height * len(line.text)
    )


def _is_labelled(text: str) -> bool:
    """Whether a number of the line is said to be the page's: „Bericht, Seite 3“, „Folie 4“, „3 | 12“."""
    for match in _NUMBER.finditer(text):
        before = text[max(0, match.start() - _LABEL_CHARS) : match.start()].rstrip(" .")
        label = _WORD.findall(before)[-1:]
        if label and before.endswith(label[0]) and label[0].casefold() in marks().page_labels:
            return True
    return not any(map(str.isalpha, text))


def _edge_lines(page: Page) -> set[Line]:
    lines = [line for line in page.lines if len(line.text) <= _MAX_RUNNING_CHARS]
    if page.height and all(line.height for line in lines):
        low, high = _EDGE_SHARE * page.height, (1 - _EDGE_SHARE) * page.height
        return {line for line in lines if line.bottom < low or line.bottom > high}
    return (
        {*lines[:2], *lines[-2:]} if len(lines) > 4 else {*lines[:1], *lines[-1:]} if len(lines) > 2 else set()
    )


def _running_key(line: Line) -> str:
    return _NUMBER.sub("#", " ".join(line.text.split())).casefold()
