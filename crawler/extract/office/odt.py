"""OpenDocument texts (ODF 1.3): content.xml as HTML, which the house's own converter reads."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO

from bs4 import BeautifulSoup, Tag
from lxml import etree

from crawler.extract.input.options import ExtractOptions
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.extract.markdown import to_markdown
from crawler.extract.office.package import OPEN_DOCUMENT, check_unpacked, with_properties
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import ExtractedText, RawContent

_NS = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
_PREFIXES = {uri: prefix for prefix, uri in _NS.items()}
# Marks, directories and changes that were taken back: none of it is the author's text.
_DROPPED = frozenset(
    {"text:tracked-changes", "office:annotation", "office:annotation-end", "text:note", "text:sequence-decls"}
    | {"text:table-of-content", "text:alphabetical-index", "text:illustration-index", "text:table-index"}
    | {"text:bibliography", "office:forms", "draw:image", "draw:object"}
)
# An element of a document → the element of a page that means the same.
_SAME = {
    "text:list": "ul",
    "text:list-item": "li",
    "text:list-header": "li",
    "table:table": "table",
    "table:table-row": "tr",
    "table:table-cell": "td",
    "text:line-break": "br",
    "draw:text-box": "div",
}
# Styles of paragraphs as LibreOffice names them in its files, whatever the language of the program.
_STYLES = {"Title": "h1", "Quotations": "blockquote"}
_PROPERTIES = (("title", "dc:title"), ("creator", "meta:initial-creator"), ("language", "dc:language"))
_MAX_SPACES = 80
_MAX_HEADING = 6


def extract_odt(content: RawContent, options: ExtractOptions) -> ExtractedText:
    """Read a document.

    Raises:
        UnreadableInputError: it is broken, protected by a password, or holds no text.
        InputTooLargeError: it unpacks to far more than a file may have.
    """
    try:
        with zipfile.ZipFile(BytesIO(content.data)) as archive:
            check_unpacked(archive, content, options)
            _check_password(archive, content)
            body = _parse(archive.read("content.xml"))
            properties = _properties(archive)
        text = tidy_text(to_markdown(_page(body)))
    except (UnreadableInputError, InputTooLargeError):
        raise
    except Exception as error:  # broken archives and broken XML raise whatever they lead to
        raise OPEN_DOCUMENT.broken(content) from error
    return with_properties(text, properties, content, OPEN_DOCUMENT)


def _check_password(archive: zipfile.ZipFile, content: RawContent) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
        raise UnreadableInputError(
            "das Dokument ist mit einem Kennwort geschützt",
            subject=content.name,
            remedy="in LibreOffice ohne Kennwort speichern",
        )


def _parse(xml: bytes) -> etree._Element:
    # No entities and no network: a document from a stranger must not read files or grow by itself.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(xml, parser)


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title, language, and who wrote it first; the last to save it is not taken for the author."""
    if "meta.xml" not in archive.namelist():
        return {}
    meta = _parse(archive.read("meta.xml"))
    found = {
        name: tidy_line("".join(node.itertext()))
        for name, tag in _PROPERTIES
        if (node := meta.find(f".//{tag}", _NS)) is not None
    }
    return {name: value for name, value in found.items() if value}


def _page(document: etree._Element) -> Tag:
    """The document's text as the elements of a page."""
    soup = BeautifulSoup("<body></body>", "lxml")
    assert soup.body is not None
    body = document.find("office:body/office:text", _NS)
    if body is not None:
        _Translation(soup, _parents(document), _numbered(document)).fill(soup.body, body)
    return soup.body


def _parents(document: etree._Element) -> Mapping[str, str]:
    """Automatic style → the named style that it varies."""
    styles = document.iterfind("office:automatic-styles/style:style", _NS)
    name, parent = f"{{{_NS['style']}}}name", f"{{{_NS['style']}}}parent-style-name"
    return {style.get(name, ""): style.get(parent, "") for style in styles}


def _numbered(document: etree._Element) -> frozenset[str]:
    """List styles whose first level is counted."""
    name = f"{{{_NS['style']}}}name"
    styles = document.iterfind("office:automatic-styles/text:list-style", _NS)
    return frozenset(
        style.get(name, "")
        for style in styles
        if len(style) and _name(style[0]) == "text:list-level-style-number"
    )


class _Translation:
    def __init__(self, soup: BeautifulSoup, parents: Mapping[str, str], numbered: frozenset[str]) -> None:
        self._soup, self._parents, self._numbered = soup, parents, numbered

    def fill(self, target: Tag, node: etree._Element) -> None:
        """Put everything below a node into an element, in order; by a stack, since documents nest deeply."""
        waiting: list[Iterator[tuple[Tag, etree._Element | str]]] = [_pieces(target, node)]
        while waiting:
            for parent, piece in waiting[-1]:
                if isinstance(piece, str):
                    parent.append(piece)
                    continue
                inner = self._put(parent, piece)
                if inner is not None:
                    waiting.append(_pieces(inner, piece))
                    break
            else:
                waiting.pop()

    def _put(self, parent: Tag, node: etree._Element) -> Tag | None:
        """Translate one node; gives the element that takes its content, None where that is dropped."""
        name = _name(node)
        if name in _DROPPED:
            return None
        if name == "text:s":
            count = node.get(f"{{{_NS['text']}}}c", "1")
            parent.append(" " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES))
            return None
        if name == "text:tab":
            parent.append(" ")
            return None
        tag = self._tag(name, node)
        if tag is None:
            return parent
        parent.append(tag)
        return tag

    def _tag(self, name: str, node: etree._Element) -> Tag | None:
        if name == "text:h":
            level = node.get(f"{{{_NS['text']}}}outline-level", "1")
            return self._soup.new_tag(f"h{min(int(level) if level.isdecimal() else 1, _MAX_HEADING)}")
        if name == "text:p":
            style = node.get(f"{{{_NS['text']}}}style-name", "")
            return self._soup.new_tag(_STYLES.get(self._parents.get(style) or style, "p"))
        if name == "text:a":
            return self._soup.new_tag("a", attrs={"href": node.get(f"{{{_NS['xlink']}}}href", "")})
        if name == "text:list" and node.get(f"{{{_NS['text']}}}style-name") in self._numbered:
            return self._soup.new_tag("ol")
        return self._soup.new_tag(_SAME[name]) if name in _SAME else None


def _pieces(target: Tag, node: etree._Element) -> Iterator[tuple[Tag, etree._Element | str]]:
    """The content of a node in order: text, child, the text behind the child."""
    if node.text:
        yield target, node.text
    for child in node:
        if isinstance(child.tag, str):
            yield target, child
        if child.tail:
            yield target, child.tail


def _name(node: etree._Element) -> str:
    """``text:p`` for ``{urn:…:text:1.0}p``, however the file spells its prefixes."""
    qualified = etree.QName(node)
    return f"{_PREFIXES.get(qualified.namespace or '', '')}:{qualified.localname}"
