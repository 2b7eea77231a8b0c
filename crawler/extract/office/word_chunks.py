"""Other documents inside a Word file (``w:altChunk``): pages and texts are read, of others the loss is told."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping

from bs4 import BeautifulSoup, Tag
from lxml import etree

from crawler.extract.input.charset import decode
from crawler.extract.office.word_package import WordPackage

_REL_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
# A mark for the place of a chunk, which no text holds: the letters are for private use.
_MARK = "\ue0fa{}\ue0fb"
_MAX_CHUNKS = 200
_MAX_CHUNK_BYTES = 20_000_000


def mark_chunks(root: etree._Element, package: WordPackage) -> dict[str, Tag | None]:
    """Put a paragraph with a mark in the place of every chunk; gives mark → page, None where it is not read."""
    w = f"{{{etree.QName(root).namespace}}}"
    related = package.related(package.main)
    found: dict[str, Tag | None] = {}
    for number, chunk in enumerate(list(root.iter(f"{w}altChunk"))):
        target = related.get(next((value for name in _REL_ID if (value := chunk.get(name))), ""))
        known = target is not None and not target.external and target.target in package
        mark = _MARK.format(number)
        found[mark] = _page(package, target.target) if known and target and number < _MAX_CHUNKS else None
        paragraph = etree.Element(f"{w}p")
        etree.SubElement(etree.SubElement(paragraph, f"{w}r"), f"{w}t").text = mark
        chunk.addprevious(paragraph)
        parent = chunk.getparent()
        if parent is not None:
            parent.remove(chunk)
    return found


def fill_chunks(page: Tag, chunks: Mapping[str, Tag | None]) -> None:
    """Put what the chunks hold in the places of their marks."""
    if not chunks:
        return
    for paragraph in page.find_all("p"):
        mark = paragraph.get_text()
        if mark in chunks:
            inside = chunks[mark]
            if inside is not None:
                inside.name = "div"
                paragraph.insert_before(inside)
            paragraph.decompose()


def _page(package: WordPackage, name: str) -> Tag | None:
    data = package.read(name)
    if len(data) > _MAX_CHUNK_BYTES:
        return None
    kind = name.rpartition(".")[2].casefold()
    head = data[:2000].lower()
    if kind in ("mht", "mhtml") or b"mime-version:" in head:
        return _page_of_mail(data)
    if kind in ("htm", "html", "xhtml") or b"<html" in head:
        return _body(decode(data, name=name))
    if kind == "txt" and not head.startswith(b"{\\rtf"):
        return _body("".join(f"<p>{line}</p>" for line in _escaped(decode(data, name=name)).split("\n")))
    return None


def _page_of_mail(data: bytes) -> Tag | None:
    """The first page of a web archive, as browsers and Outlook save it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_content()
            return _body(content if isinstance(content, str) else decode(content, name="mht"))
    return None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _body(html: str) -> Tag | None:
    return BeautifulSoup(html, "lxml").body
