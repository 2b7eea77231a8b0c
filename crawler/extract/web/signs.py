"""Classes, identifiers and roles by which ``data/furniture.toml`` knows what an element is."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from crawler.extract.input.markup import Element

_FILE = files("crawler.extract.data") / "furniture.toml"
_APART = re.compile(r"[\W\d_]+")
_IDENTIFIER_CHARS = 28
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MOST_KNOWN = 50_000
# What a text is about is no sign of what it is: „tag-newsletter“, „category-social“.
_TOPICS = ("tag-", "category-", "kategorie-", "topic-", "thema-", "rubrik-", "post_tag-", "term-")


class Signs:
    """One table of the data file; asked of thousands of elements, whose classes are few."""

    def __init__(self, table: dict[str, list[str]]) -> None:
        self._tags = frozenset(table.get("tags", ()))
        self._roles = frozenset(table.get("roles", ()))
        self._names = frozenset(table.get("names", ()))
        self._words = frozenset(table.get("words", ()))
        self._pieces = tuple(table.get("pieces", ()))
        self._not_pieces = tuple(table.get("not_pieces", ()))
        self._known: dict[tuple[str, str], bool] = {}

    def fit(self, element: Element) -> bool:
        """Whether the element bears one of the signs."""
        if element.tag in self._tags:
            return True
        role = element.get("role")
        if role is not None and role.lower() in self._roles:
            return True
        classes, identifier = element.get("class") or "", element.get("id") or ""
        # A long identifier is a title, written as an address; and that of a heading is its own.
        if len(identifier) > _IDENTIFIER_CHARS or element.tag in _HEADINGS:
            identifier = ""
        if not classes and not identifier:
            return False
        key = (classes, identifier)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self._is_named(_without_topics(f"{classes} {identifier}".lower()))
        return found

    def _is_named(self, names: str) -> bool:
        if any(piece in names for piece in self._not_pieces):
            return False
        if any(piece in names for piece in self._pieces):
            return True
        if not self._names.isdisjoint(names.split()):
            return True
        return bool(self._words) and not self._words.isdisjoint(_APART.split(names))


def _without_topics(names: str) -> str:
    return " ".join(name for name in names.split() if not name.startswith(_TOPICS))


@cache
def signs(name: str) -> Signs:
    """A table of the data file by its name."""
    return Signs(_tables()[name])


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))
