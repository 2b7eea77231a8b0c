"""Pages of which no text can be read, since they are pictures: scans, and letters drawn as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pypdfium2

from crawler.extract.printed.page import Page

# A logo or a ruling line on an empty back is nothing to warn of.
_PICTURE_SHARE = 0.2
_MANY_PATHS = 40
_PAGE_NUMBER_CHARS = 12  # „Seite 12 von 40“
_LOOKED_AT = 2_000  # objects of a page


def is_picture(page: pypdfium2.PdfPage) -> bool:
    """Whether a good part of the page is covered by pictures, or by drawings that may be letters."""
    raw = pypdfium2.raw
    covered, paths = 0.0, 0
    for seen, item in enumerate(page.get_objects(max_depth=3)):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
        paths += item.type == raw.FPDF_PAGEOBJ_PATH
        if covered > _PICTURE_SHARE * page.get_width() * page.get_height() or paths > _MANY_PATHS:
            return True
        if seen > _LOOKED_AT:
            break
    return False


def unread_pages(pages: Sequence[Page]) -> tuple[str, ...]:
    """The warning that names pages of which nothing was read but what runs through all; none without such."""
    numbers = [number for number, page in enumerate(pages, start=1) if page.is_picture and _says_nothing(page)]
    if not numbers:
        return ()
    one = len(numbers) == 1
    guess = "sie ist vermutlich ein Scan oder ein Bild" if one else "sie sind vermutlich Scans oder Bilder"
    return (f"{numbered(numbers)} {'hat' if one else 'haben'} keinen Text, {guess}",)


def _says_nothing(page: Page) -> bool:
    """Whether there is nothing, or only the number of the page."""
    return sum(character.isalnum() for line in page.lines for character in line.text) <= _PAGE_NUMBER_CHARS


def numbered(numbers: Sequence[int]) -> str:
    """„Seite 3“, „Seiten 2 bis 4“: the subject of a warning."""
    return f"Seite {numbers[0]}" if len(numbers) == 1 else f"Seiten {_listed(numbers)}"


def _listed(numbers: Iterable[int]) -> str:
    """„2 bis 4, 7 und 9“."""
    told: list[str] = []
    for first, last in _spans(numbers):
        told += [f"{first} bis {last}"] if last - first > 1 else [str(first), str(last)][: last - first + 1]
    return " und ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else told[0]


def _spans(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = 0
    for number in numbers:
        if first and number == last + 1:
            last = number
            continue
        if first:
            yield first, last
        first = last = number
    if first:
        yield first, last
