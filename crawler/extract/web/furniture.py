"""What stands around every text of a website: navigation, consent, teasers, comments, ways to share."""

from __future__ import annotations

from collections.abc import Callable

from crawler.extract.data import entries
from crawler.extract.input.markup import Element, drop, elements
from crawler.extract.web.facts import is_fact_box
from crawler.extract.web.files import leads_to_file
from crawler.extract.web.signs import signs

_LONG_PARAGRAPH, _LITTLE_PROSE = 100, 500
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
    lengths, prose = _lengths(every)
    most, most_prose = lengths.get(root, 0) / 2, prose.get(root, 0) / 2
    gone: set[Element] = set()
    for one in every:
        if one.getparent() in gone:
            gone.add(one)
        elif one.tag not in _NEVER and one not in holders and lengths[one] <= most and is_unwanted(one):
            # On a page full of teasers the text is less than half, but it has the paragraphs.
            if one.tag != "nav" and prose.get(one, 0) > max(most_prose, _LITTLE_PROSE):
                continue
            gone.add(one)
            drop(one)


def _is_data(one: Element) -> bool:
    return one.tag == "script" and "json" in (one.get("type") or "").lower()


def _is_furniture(one: Element) -> bool:
    if signs("furniture").fit(one):
        return one.tag == "nav" or not is_fact_box(one)
    if signs("teasers").fit(one):
        return _has_heading(one) and any(_leads_on(link) for link in one.iter("a"))
    return signs("cards").fit(one) and _points_on(one)


def _has_heading(one: Element) -> bool:
    return any(True for _ in one.iter("h2", "h3", "h4", "h5"))


def _points_on(card: Element) -> bool:
    """Whether a card leads to another page: its heading is linked, or its last link says „Weiterlesen“."""
    links = [one for one in card.iter("a") if _leads_on(one)]
    headings = list(card.iter("h2", "h3", "h4", "h5"))
    if not links or not headings:
        return False
    linked = {link for heading in headings for link in (*heading.iter("a"), *heading.iterancestors("a"))}
    if not linked.isdisjoint(links):
        return True
    label = " ".join("".join(links[-1].itertext()).split()).casefold().strip(" .…»›→")
    return label in entries("controls.txt") or label.startswith(("mehr ", "weiter", "zum ", "zur "))


def _leads_on(link: Element) -> bool:
    return not (link.get("href") or "#").startswith(("#", "mailto:", "tel:")) and not leads_to_file(link)


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


def _lengths(every: list[Element]) -> tuple[dict[Element, int], dict[Element, int]]:
    """Letters of all text of every element, and of its long paragraphs, counted from the inside."""
    lengths: dict[Element, int] = {}
    prose: dict[Element, int] = {}
    for one in reversed(every):
        own = len(one.text.strip()) if one.text and one.tag not in _UNREAD else 0
        for child in one:
            own += len(child.tail.strip()) if child.tail else 0
        lengths[one] = lengths.get(one, 0) + own
        parent = one.getparent()
        if parent is not None:
            lengths[parent] = lengths.get(parent, 0) + lengths[one]
            long = lengths[one] if one.tag == "p" and lengths[one] >= _LONG_PARAGRAPH else prose.get(one, 0)
            if long:
                prose[parent] = prose.get(parent, 0) + long
    return lengths, prose
