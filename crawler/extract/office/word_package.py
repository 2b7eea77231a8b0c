"""The parts of a Word file by what they are, however a program names them, and a file of the repaired ones."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from crawler.extract.office.package import parse_xml

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Kind of a part, as the end of its relationship's type says it → the name under which mammoth looks for it.
READ_PARTS = {
    "styles": "word/styles.xml",
    "numbering": "word/numbering.xml",
    "footnotes": "word/footnotes.xml",
    "endnotes": "word/endnotes.xml",
}
_MAIN = "word/document.xml"


@dataclass(frozen=True, slots=True)
class Relationship:
    """What one part needs of another; ``target`` is a name in the archive or, if ``external``, an address."""

    kind: str
    target: str
    external: bool


class WordPackage:
    """The parts of an opened Word file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        # Some programs write names with backslashes or in other cases than they refer to them.
        self._names = {_plain(name): name for name in archive.namelist()}
        found = (one.target for one in self.related("").values() if one.kind == "officeDocument")
        self.main = next((target for target in found if target in self), _MAIN)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            KeyError: there is none of this name.
        """
        return self._archive.read(self._names[_plain(name)])

    def related(self, part: str) -> Mapping[str, Relationship]:
        """Id → what a part refers to; "" is the file itself."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self:
            return {}
        return {
            tag.get("Id", ""): _relationship(tag, folder)
            for tag in parse_xml(self.read(rels)).iter(_RELATIONSHIP)
        }

    def parts(self) -> Mapping[str, str]:
        """Kind of the parts of ``READ_PARTS`` → their names here, where they are."""
        usual = {kind: name for kind, name in READ_PARTS.items() if name in self}
        related = self.related(self.main).values()
        return usual | {
            one.kind: one.target for one in related if one.kind in READ_PARTS and one.target in self
        }


def repacked(
    package: WordPackage, repaired: Mapping[str, etree._Element], without: Collection[str] = ()
) -> BytesIO:
    """A Word file with the repaired parts (name → root) in their usual places; no pictures, no ``without``."""
    out = BytesIO()
    parts = {name: READ_PARTS[kind] for kind, name in package.parts().items() if kind not in without}
    usual = {package.main: _MAIN, **parts}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, new in usual.items():
            xml = etree.tostring(repaired[name]) if name in repaired else package.read(name)
            archive.writestr(new, xml)
            rels = _rels_of(name)
            if rels in package:
                archive.writestr(_rels_of(new), package.read(rels))
    out.seek(0)
    return out


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relationship(tag: etree._Element, folder: str) -> Relationship:
    kind, target = tag.get("Type", "").rpartition("/")[2], tag.get("Target", "")
    external = tag.get("TargetMode", "").casefold() == "external"
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, unquote(target).replace("\\", "/"))).lstrip("/")
    return Relationship(kind, target, external)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
