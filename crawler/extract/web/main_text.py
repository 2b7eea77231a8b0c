"""The main text of a page as Markdown."""

from __future__ import annotations

import logging
from copy import deepcopy

import trafilatura

from crawler.extract.input.markup import Element, drop
from crawler.extract.lines.tidy import tidy_text
from crawler.extract.lines.titles import plain_line, without_title
from crawler.extract.markdown import to_markdown
from crawler.extract.web.leads import blocks_behind, find_headline, with_lead
from crawler.extract.web.measure import Known, Measures
from crawler.extract.web.selection import Selection
from crawler.extract.web.systems import System, rooms_by_system
from crawler.extract.web.teasers import without_furniture_lines, without_teasers

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every odd page; our report names them

_NAMED = ("main", "article")


def main_text(page: Element, system: System | None, title: str | None, base_url: str | None) -> str:
    """The text of a page without its furniture; the tree is pruned to it."""
    body = page.find("body")
    body = page if body is None else body
    measures = Measures(body, Known(_known_texts(page)))
    headline = find_headline(measures, title)
    behind = blocks_behind(headline, page, measures)
    selection = Selection(body, measures, _named_rooms(page, system), headline)
    room = selection.prune()
    _drop_title(room, title or "")
    text = tidy_text(to_markdown(room, base_url=base_url))
    text = without_furniture_lines(without_teasers(text))
    return with_lead(without_title(text, title or ""), behind)


def _drop_title(room: Element, title: str) -> None:
    """The headings that repeat the title: behind a picture or a kicker they are not the first line."""
    wanted = plain_line(title).casefold()
    for one in list(room.iter("h1", "h2")):
        if plain_line(" ".join("".join(one.itertext()).split())).casefold() == wanted and one is not room:
            drop(one)


def _known_texts(page: Element) -> list[str]:
    """What an extractor of good repute takes for the text, by its blocks."""
    try:
        found = trafilatura.bare_extraction(
            deepcopy(page), include_comments=False, include_formatting=False, include_links=False
        )
    except Exception:  # parsers of hostile markup raise anything; the page has a second reader
        logging.getLogger(__name__).debug("trafilatura gave up", exc_info=True)
        return []
    text = getattr(found, "text", None) or ""
    return str(text).split("\n")


def _named_rooms(page: Element, system: System | None) -> list[Element]:
    """Where a page says that its text stands, the best first."""
    rooms = rooms_by_system(page, system) if system is not None else []
    rooms += [one for one in page.iter() if one.get("itemprop") == "articleBody"]
    rooms += [one for one in page.iter() if one.tag == "main" or one.get("role") == "main"]
    rooms += page.iter("article")
    return list(dict.fromkeys(rooms))
