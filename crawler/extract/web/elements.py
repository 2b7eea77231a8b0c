"""The elements of a page by their names, listed once: another search would walk the whole page again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from bs4 import BeautifulSoup, Tag


class Elements:
    """All elements of a page in order."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.all = [node for node in soup.descendants if isinstance(node, Tag)]
        self._named: dict[str, list[Tag]] = {}
        for tag in self.all:
            self._named.setdefault(tag.name, []).append(tag)

    def named(self, *names: str) -> Iterator[Tag]:
        """Those with one of these names."""
        for name in names:
            yield from self._named.get(name, ())


def around(tag: Tag, most: int = 80) -> Iterator[Tag]:
    """The element itself and those that hold it, from within; so many at most, as pages nest deeply."""
    return islice(chain((tag,), tag.parents), most)


def class_names(tag: Tag) -> list[str]:
    """The classes of an element."""
    value = tag.get("class") or []
    return [value] if isinstance(value, str) else [str(name) for name in value]


def relations(tag: Tag) -> list[str]:
    """The values of ``rel``, in lower case."""
    value = tag.get("rel") or []
    return (value if isinstance(value, str) else " ".join(map(str, value))).lower().split()
