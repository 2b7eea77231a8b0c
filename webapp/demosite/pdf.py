"""A document as a PDF of two or three pages, as an office would export it; the only user of reportlab."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from kb.model import Document
from webapp.demosite.pages import SITE_NAME, german_date

# The standard fonts need no file and know the characters of Windows-1252: umlauts, quotation marks, dashes, €.
_FONT, _BOLD = "Helvetica", "Helvetica-Bold"
_BODY = ParagraphStyle("body", fontName=_FONT, fontSize=10.5, leading=15, spaceAfter=7)
_ITEM = ParagraphStyle("item", parent=_BODY, leftIndent=16, bulletIndent=4, spaceAfter=3)
_HEADING = ParagraphStyle("heading", parent=_BODY, fontName=_BOLD, fontSize=13, leading=17, spaceBefore=10)
_TITLE = ParagraphStyle("title", parent=_BODY, fontName=_BOLD, fontSize=19, leading=24, spaceAfter=10)
_SMALL = ParagraphStyle("small", parent=_BODY, fontSize=9, leading=12, spaceAfter=14, textColor="#555555")
_INLINE = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"}


def render_pdf(document: Document) -> bytes:
    """Title, byline and text, with running head and page numbers; the same bytes for the same document."""
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=2.5 * cm,
        rightMargin=2.5 * cm,
        topMargin=2.8 * cm,
        bottomMargin=2.5 * cm,
        title=document.title,
        author=", ".join(document.authors) or document.publisher or "",
        subject=german_date(document.published),
        lang=document.language,
        invariant=1,
    )
    template.build(list(_story(document)), onFirstPage=_frame, onLaterPages=_frame)
    return out.getvalue()


def _story(document: Document) -> Iterator[Flowable]:
    yield Paragraph(_safe(document.title), _TITLE)
    byline = [*document.authors, document.publisher or "", german_date(document.published)]
    yield Paragraph(_safe(" · ".join(part for part in byline if part)), _SMALL)
    tokens = MarkdownIt("commonmark", {"html": False}).parse(document.text)
    counters: list[int | None] = []  # one entry per open list: the last number, or None for bullets
    style = _BODY
    for token in tokens:
        match token.type:
            case "heading_open":
                style = _HEADING
            case "bullet_list_open":
                counters.append(None)
            case "ordered_list_open":
                counters.append(int(token.attrGet("start") or 1) - 1)
            case "bullet_list_close" | "ordered_list_close":
                counters.pop()
                yield Spacer(1, 4)
            case "list_item_open" if counters[-1] is not None:
                counters[-1] += 1
            case "inline":
                yield _paragraph(token, style, counters)
                style = _BODY


def _paragraph(token: Token, style: ParagraphStyle, counters: Sequence[int | None]) -> Paragraph:
    text = _inline(token.children or [])
    if not counters:
        return Paragraph(text, style)
    number = counters[-1]
    return Paragraph(text, _ITEM, bulletText=f"{number}." if number is not None else "•")


def _inline(children: Sequence[Token]) -> str:
    pieces = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        else:
            pieces.append(_INLINE.get(child.type, _safe(child.content)))
    return "".join(pieces)


def _safe(text: str) -> str:
    """Markup escaped; characters beyond the font as their plain relatives, or left out."""
    return escape("".join(_printable(character) for character in text))


def _printable(character: str) -> str:
    for candidate in (character, unicodedata.normalize("NFKD", character)):
        kept = candidate.encode("cp1252", errors="ignore").decode("cp1252")
        if kept:
            return kept
    return ""


def _frame(canvas: Canvas, template: SimpleDocTemplate) -> None:
    width, height = A4
    canvas.saveState()
    canvas.setFont(_FONT, 8.5)
    canvas.setFillGray(0.35)
    canvas.drawString(2.5 * cm, height - 1.6 * cm, SITE_NAME)
    canvas.drawRightString(width - 2.5 * cm, 1.4 * cm, f"Seite {canvas.getPageNumber()}")
    canvas.restoreState()
