"""A part of a Word file while it is made readable: its elements by their names in either namespace."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from crawler.extract.office.word_styles import WordStyles


class WordXml:
    """What both halves of the repair need: finding elements, making them."""

    def __init__(self, root: etree._Element, styles: WordStyles) -> None:
        self._root, self._styles = root, styles
        self._w = f"{{{etree.QName(root).namespace}}}"

    def _all(self, *names: str) -> list[etree._Element]:
        """The elements of these names in document order, as a list, since the tree is changed on the way."""
        return list(self._root.iter(*(self._w + name for name in names)))

    def _value(self, node: etree._Element | None, name: str = "val") -> str | None:
        return node.get(self._w + name) if node is not None else None

    def _has_text(self, node: etree._Element) -> bool:
        return any(text.text and text.text.strip() for text in node.iter(f"{self._w}t"))

    def _new(self, name: str, text: str | None = None) -> etree._Element:
        made = etree.Element(self._w + name)
        made.text = text
        return made

    def _paragraph(self, node: etree._Element) -> etree._Element | None:
        return next(node.iterancestors(f"{self._w}p"), None)

    def _style_of(self, paragraph: etree._Element) -> str | None:
        return self._value(paragraph.find(f"{self._w}pPr/{self._w}pStyle"))


def replace(node: etree._Element, by: Iterable[etree._Element]) -> None:
    """Put elements in the place of one; texts between elements mean nothing in Word's XML."""
    parent = node.getparent()
    if parent is not None:
        for new in by:
            node.addprevious(new)
        parent.remove(node)


def remove(nodes: Iterable[etree._Element]) -> None:
    """Take elements out of their parents."""
    for node in nodes:
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
