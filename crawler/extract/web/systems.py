"""Rules for content management systems (``data/systems.toml``): where the text stands, what is none of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml import etree
from lxml.cssselect import CSSSelector

from crawler.extract.input.markup import Element, drop

_FILE = files("crawler.extract.data") / "systems.toml"
# An element with less text in its paragraphs is a frame of the page, not its text; announcements are short.
_FEW_CHARS = 200


@dataclass(frozen=True, slots=True)
class System:
    """One system, as the comments of the data file explain it."""

    id: str
    generator: str
    signs: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    comment: str | None = None


@cache
def systems() -> Mapping[str, System]:
    """All known systems by id."""
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    return {
        name: System(
            name,
            table["generator"],
            tuple(table.get("signs", ())),
            tuple(table.get("main", ())),
            tuple(table.get("remove", ())),
            table.get("comment"),
        )
        for name, table in tables.items()
    }


def system_of(page: Element) -> System | None:
    """The system that made a page: by its own word, else by the files that its head names."""
    head = page.find("head")
    if head is None:
        return None
    tags = (one for one in head.iter("meta") if (one.get("name") or "").lower() == "generator")
    named = [(one.get("content") or "").strip().casefold() for one in tags]
    for system in systems().values():
        if any(name.startswith(system.generator.casefold()) for name in named):
            return system
    return next((one for one in systems().values() if _selector(one.signs)(head)), None)


def strip_by_system(page: Element, system: System) -> None:
    """Cut away what the system adds to a text, unless that holds the main heading."""
    for one in _selector(system.remove)(page):
        if one.find(".//h1") is None:
            drop(one)


def rooms_by_system(page: Element, system: System) -> list[Element]:
    """The elements that may hold the main text, the best first; none where no rule finds enough text."""
    found: list[Element] = []
    if system.comment is not None:
        marks = (one for one in page.iter(etree.Comment) if (one.text or "").strip() == system.comment)
        parent = next((mark.getparent() for mark in marks), None)
        if parent is not None and parent.tag not in ("body", "html", "head") and _is_text(parent):
            found.append(parent)
    for selector in system.main:
        named = [one for one in _selector((selector,))(page) if _is_text(one)]
        # Several of them are a listing of texts, each cut short: the next wider rule takes all of them.
        if len(named) == 1:
            found.append(named[0])
    return found


@cache
def _selector(rules: tuple[str, ...]) -> CSSSelector:
    return CSSSelector(", ".join(rules), translator="html")


def _is_text(element: Element) -> bool:
    letters = 0
    for one in element.iter("p", "li", "td", "dd"):
        letters += sum(len(text.strip()) for text in one.itertext())
        if letters >= _FEW_CHARS:
            return True
    return False
