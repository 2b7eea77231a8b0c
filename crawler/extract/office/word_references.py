"""What a part of a Word file refers to and is not there: mammoth would give the whole file up for it."""

from __future__ import annotations

from collections.abc import Mapping, Set

from lxml import etree

# Notes of the reference's kind stand in a part of this name.
NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


def note_ids(root: etree._Element, kind: str) -> frozenset[str]:
    """The ids of the footnotes or endnotes of a part."""
    w = f"{{{etree.QName(root).namespace}}}"
    return frozenset(note.get(f"{w}id", "") for note in root.iterfind(f"{w}{kind}"))


def drop_dangling(root: etree._Element, notes: Mapping[str, Set[str]], related: Set[str]) -> None:
    """Take references to notes and addresses that are not there, spans that are no numbers, and all pictures.

    ``notes`` are the ids of the notes by kind, ``related`` those of the part's relationships.
    """
    w = f"{{{etree.QName(root).namespace}}}"
    for name, kind in NOTES.items():
        for reference in list(root.iter(w + name)):
            if reference.get(f"{w}id") not in notes.get(kind, frozenset()):
                _remove(reference)
    for link in root.iter(f"{w}hyperlink"):
        for attribute in [name for name in link.attrib if etree.QName(name).localname == "id"]:
            if link.get(attribute) not in related:
                del link.attrib[attribute]
    for span in root.iter(f"{w}gridSpan"):
        if not (span.get(f"{w}val") or "").isdecimal():
            span.set(f"{w}val", "1")
    # Boxes with text were taken out of drawings before.
    for picture in list(root.iter(f"{w}drawing", "{urn:schemas-microsoft-com:vml}imagedata")):
        _remove(picture)


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
