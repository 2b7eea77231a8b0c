"""What stands around every text of a website: navigation, consent, teasers, comments, ways to share."""

from __future__ import annotations

from collections.abc import Callable

from crawler.extract.input.markup import Element, drop, elements
from crawler.extract.web.facts import is_fact_box
from crawler.extract.web.signs import signs

_NEVER = ("html", "body", "main", "head", "h1")
_UNREAD = frozenset({"script", "style", "svg", "canvas", "object", "embed", "select", "textarea", "iframe"})


def strip_furniture(root: Element) -> None:
    """Cut away what tells nothing of the page itself, as ``data/furniture.toml`` knows it.

    What holds the main heading stays, and so does what has most of the text; but comments may be longer.
    """
    every = list(elements(root))
    holders = _holders(every)
    for one in every:
        is_read = one.tag not in _UNREAD or _is_data(one)
        if not is_read or (one.tag not in _NEVER and one not in holders and signs("comments").fit(one)):
            drop(one)
    _strip(root, holders, _is_furniture)


def strip_beside(root: Element) -> None:
    """Cut away what stands beside a text and may tell its day and its author: ways to share, tags, tools."""
    _strip(root, _holders(list(elements(root))), lambda one: signs("beside").fit(one) and not is_fact_box(one))


def _strip(root: Element, holders: set[Element], is_unwanted: Callable[[Element], bool]) -> None:
    every = list(elements(root))
    lengths = _lengths(every)
    most = lengths.get(root, 0) / 2
    gone: set[Element] = set()
    for one in every:
        if one.getparent() in gone:
            gone.add(one)
        elif one.tag not in _NEVER and one not in holders and lengths[one] <= most and is_unwanted(one):
            gone.add(one)
            drop(one)


def _is_data(one: Element) -> bool:
    return one.tag == "script" and "json" in (one.get("type") or "").lower()


def _is_furniture(one: Element) -> bool:
    if signs("furniture").fit(one):
        return one.tag == "nav" or not is_fact_box(one)
    if signs("teasers").fit(one):
        return one.find(".//a") is not None and any(True for _ in one.iter("h2", "h3", "h4", "h5"))
    return False


def _holders(every: list[Element]) -> set[Element]:
    """The elements around a main heading or a ``<main>``."""
    found: set[Element] = set()
    for one in every:
        if one.tag in ("h1", "main"):
            for above in one.iterancestors():
                if above in found:
                    break
                found.add(above)
    return found


def _lengths(every: list[Element]) -> dict[Element, int]:
    """Letters of the text of every element, counted from the inside; scripts have none."""
    lengths: dict[Element, int] = {}
    for one in reversed(every):
        own = len(one.text.strip()) if one.text and one.tag not in _UNREAD else 0
        for child in one:
            own += len(child.tail.strip()) if child.tail else 0
        lengths[one] = lengths.get(one, 0) + own
        parent = one.getparent()
        if parent is not None:
            lengths[parent] = lengths.get(parent, 0) + lengths[one]
    return lengths
