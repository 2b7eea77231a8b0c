"""Files as people hand them in, made on the spot: PDF, Word and web pages with German text."""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from crawler.extract import ContentExtractor, ExtractOptions, Selectors
from kb.model import ExtractedText, RawContent

PARAGRAPH = (
    "Am 12. März trafen sich rund 80 Fachkräfte aus Schul- und Jugendämtern im Rathaus von Musterstadt, "
    "um über die Übergänge von der Schule in den Beruf zu beraten. Lehrer*innen und "
    "Schulsozialarbeiter:innen berichteten aus ihrem Alltag; im Mittelpunkt standen Ausgangslagen, "
    "Rahmenbedingungen und Prozesse der Zusammenarbeit."
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMED = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2", "Zitat": "Zitat"}


def read(
    data: bytes,
    name: str,
    *,
    url: str | None = None,
    content_type: str | None = None,
    options: ExtractOptions | None = None,
) -> ExtractedText:
    return ContentExtractor(options).extract(RawContent(data, name, url, content_type))


def page(body: str, *, head: str = "", lang: str = "de") -> bytes:
    return f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'.encode()


def read_page(
    body: str, *, head: str = "", lang: str = "de", selectors: Selectors | None = None
) -> ExtractedText:
    options = ExtractOptions(selectors=selectors) if selectors is not None else None
    url = "https://bildung.example/aktuelles/fachtag"
    return read(page(body, head=head, lang=lang), url, url=url, content_type="text/html", options=options)


def pdf(pages: Sequence[Sequence[str]], *, title: str = "", author: str = "", head: str = "") -> bytes:
    """Lines as they stand, 14 points apart, "" a gap; ``head`` is the running head, pages are numbered."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for number, lines in enumerate(pages, start=1):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(60, 812, head)
        canvas.drawString(280, 30, f"Seite {number} von {len(pages)}")
        canvas.setFont("Helvetica", 11)
        y = 770
        for line in lines:
            canvas.drawString(60, y, line)
            y -= 14
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def printed(lines: Sequence[tuple[str, float, bool]]) -> bytes:
    """One page of (text, size in points, bold) lines; where size or boldness change, a gap."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    y, before = 780.0, (0.0, False)
    for text, size, bold in lines:
        if (size, bold) != before:
            y -= 10
        canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        canvas.drawString(60, y, text)
        y, before = y - 1.3 * size, (size, bold)
    canvas.save()
    return out.getvalue()


def partly_scanned(pages: int, *, text_on: Sequence[int], numbered: bool = False) -> bytes:
    """Pages that are pictures, but for some with ``PARAGRAPH``; ``numbered``: with their numbers as text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 11)
        if number in text_on:
            for row, line in enumerate(textwrap.wrap(PARAGRAPH, 80)):
                canvas.drawString(60, 770 - 14 * row, line)
        else:
            canvas.drawInlineImage(Image.new("L", (60, 80), 200), 40, 40, 515, 760)
        if numbered:
            canvas.drawString(280, 20, f"Seite {number} von {pages}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def encrypted(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt("geheim", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(paragraphs: Sequence[tuple[str, str]], *, table: str = "", core: str = "") -> bytes:
    """A minimal Word file from (style id, text) pairs; style "" is normal text, "•" a list item."""
    body = "".join(_paragraph(style, text) for style, text in paragraphs) + table
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in _NAMED.items()
    )
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": _relations("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relations("styles", "styles.xml", "numbering", "numbering.xml"),
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{_W}">'
        f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
    }
    if core:
        parts["docProps/core.xml"] = (
            "<cp:coreProperties "
            'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/">{core}</cp:coreProperties>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx_table(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{_paragraph('', cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def _paragraph(style: str, text: str) -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    if style == "•":
        properties = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _relations(*pairs: str) -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    lines = (
        f'<Relationship Id="r{index}" Type="{base}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(zip(pairs[::2], pairs[1::2], strict=True))
    )
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(lines)
        + "</Relationships>"
    )
