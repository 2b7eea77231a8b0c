"""Word documents: mammoth gives HTML by style, the house's own converter Markdown."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import mammoth
from bs4 import BeautifulSoup
from lxml import etree

from crawler.extract.input.options import ExtractOptions
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.extract.markdown import to_markdown
from crawler.extract.office.package import (
    EMBEDDED_LOST,
    WORD,
    Reading,
    check_unpacked,
    parse_xml,
    with_properties,
)
from crawler.extract.office.tables import fill_spans
from crawler.extract.office.typed_lists import make_lists
from crawler.extract.office.word_chunks import fill_chunks, mark_chunks
from crawler.extract.office.word_package import WordPackage, repacked
from crawler.extract.office.word_references import drop_dangling, note_ids
from crawler.extract.office.word_repair import MARKED, repair
from crawler.extract.office.word_styles import WordStyles
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import ExtractedText, RawContent

# The names of styles are read beforehand (``word_repair``).
_STYLES = "\n".join(
    [
        *(f"p.{MARKED}h{level} => h{level}:fresh" for level in range(1, 7)),
        f"p.{MARKED}blockquote => blockquote:fresh",
    ]
)
_MAY_GO = ("numbering", "styles")
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
# Programs of embedded documents; those of formulas and pictures are none.
_DOCUMENTS = (
    "Word.",
    "Excel.",
    "PowerPoint.",
    "Acro",
    "Package",
    "opendocument.",
    "Visio.",
    "MSProject.",
    "Outlook.",
)
_BACK = "↑"  # mammoth's link from a note to its place
_CHUNK_LOST = "ein eingefügtes Dokument wurde nicht gelesen"


def extract_docx(content: RawContent, options: ExtractOptions) -> ExtractedText:
    """Read a document; date and time of saving are not taken for a publication date.

    Raises:
        UnreadableInputError: it is broken or holds no text.
        InputTooLargeError: it unpacks to far more than a file may have.
    """
    try:
        reading = _read(content, options)
    except (UnreadableInputError, InputTooLargeError):
        raise
    except Exception as error:  # mammoth raises whatever a broken XML leads to: KeyError, ExpatError, ...
        raise WORD.broken(content) from error
    return with_properties(reading, content, WORD)


def _read(content: RawContent, options: ExtractOptions) -> Reading:
    """Check the archive's unpacked size, then read its parts."""
    with zipfile.ZipFile(BytesIO(content.data)) as archive:
        check_unpacked(archive, content, options)
        package = WordPackage(archive)
        parts = package.parts()
        styles = WordStyles(parse_xml(package.read(parts["styles"])) if "styles" in parts else None)
        roots = {
            name: parse_xml(package.read(name))
            for name in (package.main, *(parts[kind] for kind in ("footnotes", "endnotes") if kind in parts))
        }
        chunks = mark_chunks(roots[package.main], package)
        embedded = any(
            (node.get("ProgID") or "").startswith(_DOCUMENTS)
            for root in roots.values()
            for node in root.iter(_OLE)
        )
        notes = {
            kind: note_ids(roots[parts[part]], kind) if part in parts else frozenset[str]()
            for kind, part in (("footnote", "footnotes"), ("endnote", "endnotes"))
        }
        for name, root in roots.items():
            repair(root, styles)
            drop_dangling(root, notes, package.related(name).keys())
        properties = _properties(package)
        html = _html(package, roots)
    page = BeautifulSoup(html, "lxml")
    for back in page.select('li[id^="footnote-"] a, li[id^="endnote-"] a'):
        if back.get_text() == _BACK:
            back.decompose()
    fill_chunks(page, chunks)
    fill_spans(page, page)
    make_lists(page, page)
    lost = [_CHUNK_LOST] if None in chunks.values() else []
    return Reading(tidy_text(to_markdown(page)), properties, (*lost, *([EMBEDDED_LOST] if embedded else [])))


def _html(package: WordPackage, roots: Mapping[str, etree._Element]) -> str:
    """The text as mammoth gives it; lists and names of styles are given up where they are damaged."""
    given_up: tuple[str, ...] = ()
    while True:
        try:
            result: Any = mammoth.convert_to_html(
                repacked(package, roots, without=given_up),
                style_map=_STYLES,
                convert_image=mammoth.images.img_element(lambda image: {}),
            )
            return str(result.value)
        except (KeyError, ValueError, AttributeError, TypeError):
            if len(given_up) == len(_MAY_GO):
                raise
            given_up = _MAY_GO[: len(given_up) + 1]


def _properties(package: WordPackage) -> Mapping[str, str]:
    """Title, author and language that the file states."""
    kinds = {one.kind: one.target for one in package.related("").values()}
    name = kinds.get("core-properties", "docProps/core.xml")
    if name not in package:
        return {}
    core = BeautifulSoup(package.read(name), "xml")
    found = {tag.name: tidy_line(tag.get_text()) for tag in core.find_all(["title", "creator", "language"])}
    return {name: value for name, value in found.items() if value}
