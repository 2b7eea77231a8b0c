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
from crawler.extract.office.odf_names import NAMESPACES, attribute, name_of, qualified
from crawler.extract.office.odf_styles import OdfStyles
from crawler.extract.office.package import (
    EMBEDDED_LOST,
    OPEN_DOCUMENT,
    Reading,
    check_unpacked,
    parse_xml,
    with_properties,
)
from crawler.extract.office.tables import fill_spans
from crawler.extract.office.typed_lists import make_lists
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import ExtractedText, RawContent

# Marks, directories, changes that were taken back, what stands for pictures: none of it is the author's text.
_DROPPED = frozenset(
    {"text:tracked-changes", "office:annotation", "office:annotation-end", "text:sequence-decls", "text:script"}
    | {"text:table-of-content", "text:alphabetical-index", "text:illustration-index", "text:table-index"}
    | {"text:object-index", "text:user-index", "text:bibliography-source", "office:forms", "office:scripts"}
    | {"draw:image", "draw:object", "draw:object-ole", "svg:title", "svg:desc", "text:note-citation"}
    | {"text:placeholder", "text:ruby-text", "table:covered-table-cell", "text:hidden-paragraph"}
)
# An element of a document → the element of a page that means the same.
_SAME = {
    "text:list-item": "li",
    "text:list-header": "li",
    "table:table": "table",
    "table:table-row": "tr",
    "text:line-break": "br",
    "draw:text-box": "div",
}
_PROPERTIES = (("title", "dc:title"), ("creator", "meta:initial-creator"), ("language", "dc:language"))
_MANIFEST = "META-INF/manifest.xml"
_LINK_LOST = "ein verknüpfter Abschnitt steht nicht in der Datei und wurde nicht gelesen"
_MAX_SPACES = 80
_MAX_HEADING = 6
_MAX_REPEATED = 64


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
            reading = _read(archive)
    except (UnreadableInputError, InputTooLargeError):
        raise
    except Exception as error:  # broken archives and broken XML raise whatever they lead to
        raise OPEN_DOCUMENT.broken(content) from error
    return with_properties(reading, content, OPEN_DOCUMENT)


def _check_password(archive: zipfile.ZipFile, content: RawContent) -> None:
    if _MANIFEST in archive.namelist() and b"encryption-data" in archive.read(_MANIFEST):
        raise UnreadableInputError(
            "das Dokument ist mit einem Kennwort geschützt",
            subject=content.name,
            remedy="in LibreOffice ohne Kennwort speichern",
        )


def _read(archive: zipfile.ZipFile) -> Reading:
    document = parse_xml(archive.read("content.xml"))
    names = archive.namelist()
    roots = [document, *([parse_xml(archive.read("styles.xml"))] if "styles.xml" in names else [])]
    soup = BeautifulSoup("<body></body>", "lxml")
    page = soup.body
    assert page is not None
    lost = dict.fromkeys([EMBEDDED_LOST] if _embeds(archive) else [])
    body = document.find("office:body/office:text", NAMESPACES)
    if body is not None:
        translation = _Translation(soup, OdfStyles(roots))
        translation.fill(page, body)
        page.append(translation.notes)
        lost |= dict.fromkeys(translation.lost)
    fill_spans(page, soup)
    make_lists(page, soup)
    return Reading(tidy_text(to_markdown(page)), _properties(archive), tuple(lost))


def _embeds(archive: zipfile.ZipFile) -> bool:
    """Whether texts or tables of their own stand in the file; charts and formulas count as pictures."""
    if _MANIFEST not in archive.namelist():
        return False
    entries = (dict(node.attrib) for node in parse_xml(archive.read(_MANIFEST)).iter("{*}file-entry"))
    named = ({etree.QName(key).localname: str(value) for key, value in entry.items()} for entry in entries)
    kinds = ("opendocument.text", "opendocument.spreadsheet", "opendocument.presentation")
    return any(entry.get("full-path") != "/" and entry.get("media-type", "").endswith(kinds) for entry in named)


def _properties(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Title, language, and who wrote it first; the last to save it is not taken for the author."""
    if "meta.xml" not in archive.namelist():
        return {}
    meta = parse_xml(archive.read("meta.xml"))
    found = {
        name: tidy_line("".join(node.itertext()))
        for name, tag in _PROPERTIES
        if (node := meta.find(f".//{tag}", NAMESPACES)) is not None
    }
    return {name: value for name, value in found.items() if value}


class _Translation:
    """Makes a page of a text: ``notes`` are its footnotes, ``lost`` what of it is not in the file."""

    def __init__(self, soup: BeautifulSoup, styles: OdfStyles) -> None:
        self._soup, self._styles = soup, styles
        self.notes = soup.new_tag("ol")
        self.lost: list[str] = []

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
        name = name_of(node)
        if name in _DROPPED or self._is_unseen(name, node):
            return None
        match name:
            case "text:s":
                count = attribute(node, "text:c", "1")
                parent.append(" " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES))
                return None
            case "text:tab":
                parent.append(" ")
                return None
            case "text:number":  # of a list's item its own mark says it
                parent.append(f"{node.text or ''} " if parent.name in _HEADINGS else "")
                return None
            case "text:note":
                item = self._soup.new_tag("li")
                self.notes.append(item)
                parent.append(f"[{len(self.notes.contents)}]")
                return item
            case "text:section":
                self._note_loss(node)
                return parent
        tag = self._tag(name, node)
        if tag is None:
            return parent
        parent.append(tag)
        return tag

    def _is_unseen(self, name: str, node: etree._Element) -> bool:
        """Whether readers of the pages do not see what a node holds."""
        match name:
            case "text:p" | "text:h":
                style = attribute(node, "text:style-name")
                marks = node.iter(qualified("text:hidden-paragraph"))
                return (
                    self._styles.is_unseen("paragraph", style)
                    or self._styles.is_directory(style)
                    or any(attribute(mark, "text:is-hidden") == "true" for mark in marks)
                )
            case "text:span" | "text:a":
                return self._styles.is_unseen("text", attribute(node, "text:style-name"))
            case "text:section":
                display = attribute(node, "text:display")
                return display == "none" or (
                    display == "condition" and attribute(node, "text:is-hidden") == "true"
                )
            case "text:hidden-text":
                return attribute(node, "text:is-hidden", "true") == "true"
            case "table:table-row":
                return attribute(node, "table:visibility") in ("collapse", "filter")
            case "loext:content-control":
                return attribute(node, "loext:showing-place-holder") == "true"
        return attribute(node, "draw:display") == "none"

    def _note_loss(self, section: etree._Element) -> None:
        sources = section.iterfind(qualified("text:section-source"))
        if (
            any(attribute(source, "xlink:href") for source in sources)
            and not "".join(section.itertext()).strip()
        ):
            self.lost.append(_LINK_LOST)

    def _tag(self, name: str, node: etree._Element) -> Tag | None:
        match name:
            case "text:h":
                level = attribute(node, "text:outline-level", "1")
                return self._soup.new_tag(f"h{min(int(level) if level.isdecimal() else 1, _MAX_HEADING)}")
            case "text:p":
                return self._soup.new_tag(self._styles.tag(attribute(node, "text:style-name")) or "p")
            case "text:a":
                return self._soup.new_tag("a", attrs={"href": attribute(node, "xlink:href")})
            case "text:list":
                return None if _is_numbering(node) else self._soup.new_tag(self._list(node))
            case "text:list-item" | "text:list-header" if _is_numbering(node):
                return None
            case "table:table-cell":
                return self._cell(node)
        return self._soup.new_tag(_SAME[name]) if name in _SAME else None

    def _list(self, node: etree._Element) -> str:
        """``ol`` or ``ul``: a list within another one has its style, on the next level."""
        around = list(node.iterancestors(qualified("text:list")))
        names = (attribute(one, "text:style-name") for one in (node, *around))
        return "ol" if self._styles.is_counted(next(filter(None, names), ""), len(around)) else "ul"

    def _cell(self, node: etree._Element) -> Tag:
        row = node.getparent()
        rows = row.getparent() if row is not None else None
        heads = rows is not None and name_of(rows) == "table:table-header-rows"
        repeated = attribute(node, "table:number-columns-repeated", "1")
        wide = attribute(node, "table:number-columns-spanned", "1")
        if repeated != "1" and repeated.isdecimal():  # the same, mostly nothing, in some cells
            wide = str(min(int(repeated[:4]), _MAX_REPEATED))
        spans = {"colspan": wide, "rowspan": attribute(node, "table:number-rows-spanned", "1")}
        return self._soup.new_tag("th" if heads else "td", attrs=spans)


_HEADINGS = frozenset(f"h{level}" for level in range(1, _MAX_HEADING + 1))


def _is_numbering(node: etree._Element) -> bool:
    """Whether a list, or an item of one, only counts headings."""
    return next(node.iter(qualified("text:h")), None) is not None


def _pieces(target: Tag, node: etree._Element) -> Iterator[tuple[Tag, etree._Element | str]]:
    """The content of a node in order: text, child, the text behind the child."""
    if node.text:
        yield target, node.text
    for child in node:
        if isinstance(child.tag, str):
            yield target, child
        if child.tail:
            yield target, child.tail
