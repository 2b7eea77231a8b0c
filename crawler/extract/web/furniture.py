"""What stands around every text of a website: navigation, consent, teasers, comments, ways to share."""

from __future__ import annotations

from crawler.extract.input.markup import Element, drop, elements
from crawler.extract.web.signs import signs

_NEVER = ("html", "body", "main", "head", "h1")
_USELESS = ("script", "style", "svg", "iframe", "canvas", "object", "embed", "link", "select", "textarea", "input")


def strip_furniture(root: Element) -> None:
    """Cut away what ``data/furniture.toml`` knows, never what holds the main heading.

    Comments may be longer than the text; anything else with most of the text is the text.
    """
    every = list(elements(root))
    holders = _holders(every)
    for one in every:
        if one.tag not in _NEVER and one not in holders and signs("comments").fit(one):
            drop(one)
    lengths = _lengths(every)
    most = lengths.get(root, 0) / 2
    gone: set[Element] = set()
    for one in every:
        if one.tag in _NEVER or one in holders or one.getparent() in gone:
            if one.getparent() in gone:
                gone.add(one)
            continue
        if _is_furniture(one) and lengths[one] <= most:
            gone.add(one)
            drop(one)


def _is_furniture(one: Element) -> bool:
    if signs("furniture").fit(one):
        return not signs("facts").fit(one) or one.tag == "nav"
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
        own = len(one.text.strip()) if one.text and one.tag not in _USELESS else 0
        for child in one:
            own += len(child.tail.strip()) if child.tail else 0
        lengths[one] = lengths.get(one, 0) + own
        parent = one.getparent()
        if parent is not None:
            lengths[parent] = lengths.get(parent, 0) + lengths[one]
    return lengths
