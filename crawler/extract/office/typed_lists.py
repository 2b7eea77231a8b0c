"""Lists whose marks somebody typed: paragraphs that begin with the same bullet, one below the other."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, NavigableString, Tag

# „•“ and the like; a stroke or the letter that Word draws as a ring only before a tab or blank.
_BULLET = re.compile(r"\s{0,20}(?:([•●○◦▪▫■□►▶▸‣➢➤➔→✓✔·⁃❖◆])\s{0,20}|([-–—o*])(?:\t\s{0,20}|\s{1,20}))(?=\S)")
_FEWEST = 2


def make_lists(page: Tag, maker: BeautifulSoup) -> None:
    """Put runs of such paragraphs into lists, without their bullets; ``maker`` makes the elements."""
    run: list[Tag] = []
    for paragraph in page.find_all("p"):
        if run and (_bullet(paragraph) != _bullet(run[0]) or _next(run[-1]) is not paragraph):
            _close(run, maker)
            run = []
        if _bullet(paragraph) is not None and paragraph.find_parent("li") is None:
            run.append(paragraph)
    _close(run, maker)


def _close(run: list[Tag], maker: BeautifulSoup) -> None:
    if len(run) < _FEWEST:
        return
    listing = maker.new_tag("ul")
    run[0].insert_before(listing)
    for paragraph in run:
        first = _first_text(paragraph)
        if first is not None:
            first.replace_with(_BULLET.sub("", first, count=1))
        paragraph.name = "li"
        listing.append(paragraph)


def _bullet(paragraph: Tag) -> str | None:
    first = _first_text(paragraph)
    found = _BULLET.match(paragraph.get_text()) if first is not None else None
    # The bullet and the blank behind it stand in one piece of text, so that they can be taken.
    return found[1] or found[2] if found and first is not None and len(first) >= found.end() else None


def _first_text(paragraph: Tag) -> NavigableString | None:
    return next((text for text in paragraph.find_all(string=True) if text.strip()), None)


def _next(paragraph: Tag) -> object:
    """The next element, with nothing but white space between."""
    return paragraph.find_next_sibling()
