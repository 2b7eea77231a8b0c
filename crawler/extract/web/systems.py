"""Rules for content management systems (``data/systems.toml``): where the text stands, what is none of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bs4 import BeautifulSoup, Comment, Tag

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


def system_of(soup: BeautifulSoup) -> System | None:
    """The system that made a page: by its own word, else by the files that its head names."""
    if soup.head is None:
        return None
    tags = soup.head.find_all("meta", attrs={"name": "generator"})
    named = [str(tag.get("content", "")).strip().casefold() for tag in tags]
    for system in systems().values():
        if any(name.startswith(system.generator.casefold()) for name in named):
            return system
    return next((one for one in systems().values() if soup.head.select_one(", ".join(one.signs))), None)


def strip_by_system(soup: BeautifulSoup, system: System) -> None:
    """Cut away what the system adds to a text, unless that holds the main heading."""
    for tag in soup.select(", ".join(system.remove)):
        if not tag.decomposed and tag.find("h1") is None:
            tag.decompose()


def room_by_system(soup: BeautifulSoup, system: System) -> Tag | None:
    """The element with the main text; None where no rule finds one with enough of it."""
    if system.comment is not None:
        mark = soup.find(string=lambda text: isinstance(text, Comment) and text.strip() == system.comment)
        parent = mark.parent if mark is not None else None
        if isinstance(parent, Tag) and parent.name not in ("body", "html", "head") and _is_text(parent):
            return parent
    for selector in system.main:
        found = [tag for tag in soup.select(selector) if _is_text(tag)]
        # Several of them are a listing of texts, each cut short: the next wider rule takes all of them.
        if len(found) == 1:
            return found[0]
    return None


def _is_text(tag: Tag) -> bool:
    paragraphs = tag.find_all(["p", "li", "td", "dd"])
    return sum(len(one.get_text(strip=True)) for one in paragraphs) >= _FEW_CHARS
