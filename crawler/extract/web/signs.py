"""Classes, identifiers and roles by which ``data/furniture.toml`` knows what an element is."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from crawler.extract.input.markup import Element

_FILE = files("crawler.extract.data") / "furniture.toml"
_APART = re.compile(r"[\W\d_]+")


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
        return self.name(element.get("class") or "", element.get("id") or "")

    def name(self, classes: str, identifier: str = "") -> bool:
        """Whether classes or an identifier bear one."""
        if not classes and not identifier:
            return False
        key = (classes, identifier)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
            found = self._known[key] = self._is_named(f"{classes} {identifier}".lower())
        return found

    def _is_named(self, names: str) -> bool:
        if any(piece in names for piece in self._not_pieces):
            return False
        if any(piece in names for piece in self._pieces):
            return True
        if not self._names.isdisjoint(names.split()):
            return True
        return bool(self._words) and not self._words.isdisjoint(_APART.split(names))


@cache
def signs(name: str) -> Signs:
    """A table of the data file by its name."""
    return Signs(_tables()[name])


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))
