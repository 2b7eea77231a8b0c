"""What the styles of an OpenDocument file say about text: hidden, struck, a title, a counted list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import etree

from crawler.extract.office.odf_names import attribute, name_of, qualified
from crawler.extract.office.style_names import is_directory_style, tag_of_style

_TEXT_PROPERTIES = qualified("style:text-properties")
_MAX_CHAIN = 40
_MAX_LEVELS = 10


class OdfStyles:
    """The styles of content.xml and styles.xml; automatic ones come before named ones."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._lists: dict[str, tuple[bool, ...]] = {}
        for root in roots:
            for group in ("office:automatic-styles", "office:styles"):
                for style in (style for holder in root.iterfind(qualified(group)) for style in holder):
                    self._note(style)
        self.is_unseen = lru_cache(maxsize=4096)(self._is_unseen)
        self.tag = lru_cache(maxsize=4096)(self._tag)
        self.is_directory = lru_cache(maxsize=4096)(self._is_directory)

    def _note(self, style: etree._Element) -> None:
        name = attribute(style, "style:name")
        if name_of(style) == "style:style":
            self._styles.setdefault((attribute(style, "style:family"), name), style)
        elif name_of(style) == "text:list-style":
            levels = [False] * _MAX_LEVELS
            for level in style:
                number = attribute(level, "text:level", "1")
                if number.isdecimal() and 1 <= int(number[:3]) <= _MAX_LEVELS:
                    is_number = name_of(level) == "text:list-level-style-number"
                    levels[int(number) - 1] = is_number and attribute(level, "style:num-format", "1") != ""
            self._lists.setdefault(name, tuple(levels))

    def is_counted(self, list_style: str, level: int) -> bool:
        """Whether the items of a list (``level`` from 0) are counted."""
        levels = self._lists.get(list_style, ())
        return level < len(levels) and levels[level]

    def _chain(self, family: str, name: str) -> Iterator[tuple[str, etree._Element | None]]:
        """Name and style, and those that it varies; a file need not write the family of an automatic style."""
        for _ in range(_MAX_CHAIN):
            if not name:
                return
            style = self._styles.get((family, name))
            style = style if style is not None else self._styles.get(("", name))
            yield name, style
            if style is None:
                return
            name = attribute(style, "style:parent-style-name")

    def _is_unseen(self, family: str, name: str) -> bool:
        """Whether text of this style is hidden or struck; the nearest style that says something counts."""
        hidden = struck = None
        for _, style in self._chain(family, name):
            for properties in style.iterfind(_TEXT_PROPERTIES) if style is not None else ():
                display = attribute(properties, "text:display")
                line = attribute(properties, "style:text-line-through-style")
                kind = attribute(properties, "style:text-line-through-type")
                if hidden is None and display:
                    hidden = display == "none"
                if struck is None and (line or kind):
                    struck = "none" not in (line, kind)
        return bool(hidden or struck)

    def _tag(self, paragraph: str) -> str | None:
        """The element that a paragraph's style means, if it is not a plain one."""
        tags = (tag_of_style(name) for name, _ in self._chain("paragraph", paragraph))
        return next((tag for tag in tags if tag is not None), None)

    def _is_directory(self, paragraph: str) -> bool:
        return any(is_directory_style(name) for name, _ in self._chain("paragraph", paragraph))
