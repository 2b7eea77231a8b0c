"""From the characters of a page to its tree: lxml, whatever the markup is like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from lxml import etree, html

# The parser stops at 2,048 levels and loses what stands deeper; nobody nests so deep who means it.
_MOST_LEVELS = 2_000
# The tree of lxml has no types; all that is read of an element are tag, text, tail, attributes and relatives.
Element = Any


def parse_page(markup: str) -> Element:
    """The root of a page, ``<html>``; a page of nothing is an empty one.

    A page that is nested too deep for the parser comes as one paragraph with its words.
    """
    # A parser of its own each time: one must not be shared between threads.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    data = markup.encode("utf-8", errors="replace")
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return html.document_fromstring(b"<html><body></body></html>")
    return _flat(markup) if _is_deep(root) else root


def _is_deep(root: Element) -> bool:
    """Whether an element lies deeper than the parser keeps count; followed along the last children alone."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MOST_LEVELS:
            return True
    return False


def _flat(markup: str) -> Element:
    page = html.document_fromstring(b"<html><head></head><body><p></p></body></html>")
    words = BeautifulSoup(markup, "lxml").get_text(" ")
    page.find(".//p").text = "".join(letter for letter in words if _is_storable(letter))
    return page


def _is_storable(letter: str) -> bool:
    return (letter >= " " and letter not in "\ufffe\uffff") or letter in "\t\n\r"


def names(listed: str) -> frozenset[str]:
    """Names of elements, as they are listed with blanks between."""
    return frozenset(listed.split())


def elements(root: Element) -> Iterator[Element]:
    """All elements in the order of the page, without comments and instructions."""
    found: Iterator[Element] = root.iter("*")
    return found


def drop(element: Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is not None:
        parent_tail = element.tail
        if parent_tail:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + parent_tail
            else:
                parent.text = (parent.text or "") + parent_tail
        element.tail = None
        parent.remove(element)
