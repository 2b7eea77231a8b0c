"""What the styles of a Word file say about text: hidden, struck, a heading, a line of a directory.

Hidden and struck are *toggle properties* (ECMA-376, part 1, 17.7.3): a character's style turns around what the
paragraph's style says, and what stands with the text itself holds whatever both say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from crawler.extract.office.style_names import MAX_LEVEL, is_directory_style, tag_of_style

TOGGLES = ("vanish", "strike", "dstrike")
_OFF = frozenset({"0", "false", "off", "none"})
_MAX_CHAIN = 40


def is_on(element: etree._Element | None) -> bool | None:
    """What a property that is either on or off says; None where it is not there."""
    if element is None:
        return None
    value = element.get(etree.QName(etree.QName(element).namespace, "val").text)
    return value is None or value.casefold() not in _OFF


@dataclass(frozen=True, slots=True)
class Style:
    """One style; ``toggles`` has what it says itself, ``outline`` is the level of a heading from 0."""

    id: str
    name: str
    based_on: str | None = None
    toggles: Mapping[str, bool] = field(default_factory=dict)
    outline: int | None = None


class WordStyles:
    """The styles of one file, with what they inherit."""

    def __init__(self, root: etree._Element | None = None) -> None:
        self._by_id: dict[tuple[str, str], Style] = {}
        self._defaults: dict[str, str] = {}
        if root is not None:
            self._read(root)
        self.toggled = lru_cache(maxsize=4096)(self._toggled)
        self.tag = lru_cache(maxsize=4096)(self._tag)
        self.is_directory = lru_cache(maxsize=4096)(self._is_directory)

    def _read(self, root: etree._Element) -> None:
        w = f"{{{etree.QName(root).namespace}}}"
        for node in root.iterfind(f"{w}style"):
            kind, style_id = node.get(f"{w}type", "paragraph"), node.get(f"{w}styleId", "")
            name, based = node.find(f"{w}name"), node.find(f"{w}basedOn")
            outline = node.find(f"{w}pPr/{w}outlineLvl")
            said = {toggle: is_on(node.find(f"{w}rPr/{w}{toggle}")) for toggle in TOGGLES}
            self._by_id[kind, style_id] = Style(
                style_id,
                (name.get(f"{w}val") if name is not None else None) or style_id,
                based.get(f"{w}val") if based is not None else None,
                {toggle: value for toggle, value in said.items() if value is not None},
                outline_level(outline),
            )
            if is_true(node.get(f"{w}default")):
                self._defaults[kind] = style_id

    def chain(self, kind: str, style_id: str | None) -> Iterator[Style]:
        """A style (None: the usual one) and what it is based on; without a definition its id is its name."""
        wanted = style_id if style_id is not None else self._defaults.get(kind)
        for _ in range(_MAX_CHAIN):
            if wanted is None:
                return
            style = self._by_id.get((kind, wanted), Style(wanted, wanted))
            yield style
            wanted = style.based_on

    def _toggled(self, toggle: str, paragraph: str | None, character: str | None) -> bool:
        """Whether styles of a paragraph and of its characters turn a property on."""
        said = (
            next((style.toggles[toggle] for style in self.chain(*wanted) if toggle in style.toggles), False)
            for wanted in (("paragraph", paragraph), ("character", character))
        )
        return next(said) != next(said)

    def _tag(self, paragraph: str | None) -> str | None:
        """The element that a style of paragraphs means, by the first name or level in its chain."""
        for style in self.chain("paragraph", paragraph):
            tag = tag_of_style(style.name)
            if tag is not None:
                return tag
            if style.outline is not None:
                return tag_of_level(style.outline)
        return None

    def _is_directory(self, paragraph: str | None) -> bool:
        return paragraph is not None and any(
            is_directory_style(style.name) for style in self.chain("paragraph", paragraph)
        )

    def is_named(self, kind: str, style_id: str | None, names: frozenset[str]) -> bool:
        """Whether a style or one that it is based on has one of these (case folded) names."""
        return style_id is not None and any(
            style.name.casefold() in names for style in self.chain(kind, style_id)
        )


def is_true(value: str | None) -> bool:
    """Whether an attribute is on."""
    return value is not None and value.casefold() not in _OFF


def outline_level(element: etree._Element | None) -> int | None:
    """The level that ``w:outlineLvl`` states, from 0; 9 is body text."""
    if element is None:
        return None
    value = element.get(etree.QName(etree.QName(element).namespace, "val").text, "")
    return int(value) if value.isdecimal() and len(value) < 3 else None


def tag_of_level(level: int) -> str | None:
    """The heading of a level from 0; None for levels beyond those of a page."""
    return f"h{level + 1}" if level < MAX_LEVEL else None
