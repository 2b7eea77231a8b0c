"""PDF files: pypdfium2 gives lines in reading order, ``reflow`` makes paragraphs of them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from threading import Lock

import pypdfium2

from crawler.extract.data import entries
from crawler.extract.input.limits import text_too_long
from crawler.extract.input.options import ExtractOptions
from crawler.extract.lines.bylines import split_names, take_byline
from crawler.extract.lines.language import guess_language
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.extract.lines.titles import derive_heading, without_title
from crawler.extract.printed.garbled import is_garbled
from crawler.extract.printed.hyphens import read_stock
from crawler.extract.printed.pictured import is_picture, unread_pages
from crawler.extract.printed.reflow import Line, Page, reflow
from kb.errors import UnreadableInputError
from kb.model import ExtractedText, RawContent

# PDFium's mark for a hyphen at a line's end; it swallows the line end that follows.
_LINE_HYPHEN = "\ufffe"
_LINE_END = re.compile(rf"\r\n|[\r\n]|[{_LINE_HYPHEN}\x02](?:\r\n|[\r\n])?")
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
# Titles that programs invent: file names, „Microsoft Word - Entwurf“, placeholders.
_NO_TITLE = re.compile(
    r"microsoft \w+ - .*|.*\.(?:docx?|pdf|indd|odt|pptx?|xlsx?|rtf|qxp|cdr)|untitled.*|unbenannt.*"
    r"|\(?anonymous\)?|unspecified|(?:dokument|document|präsentation|presentation|folie|slide)\s*\d*",
    re.IGNORECASE,
)
_BOLD = re.compile(r"(?:demi|semi|extra)?bold|black|heavy|halbfett|fett|[-,](?:bd|sb)\b", re.IGNORECASE)
_FONT_NAME_BYTES = 200
_PAGE_NUMBER_CHARS = 12  # „Seite 12 von 40“
_PDFIUM = Lock()  # PDFium may be called by one thread at a time only


def extract_pdf(content: RawContent, options: ExtractOptions) -> ExtractedText:
    """Read a PDF; its time stamps are left alone, for many servers make the file anew at each download.

    Raises:
        UnreadableInputError: it is encrypted, broken or without a text layer.
        InputTooLargeError: its text is beyond the limit.
    """
    with _PDFIUM:
        pages, properties = _read(content, options)
    text = tidy_text(reflow(pages, read_stock(options.words_file)))
    if not any(map(str.isalnum, text)):
        raise UnreadableInputError(
            "die PDF-Datei enthält keinen Text, vermutlich ist sie ein Scan",
            subject=content.name,
            remedy="eine Texterkennung (OCR) darüber laufen lassen",
        )
    if is_garbled(text):
        raise UnreadableInputError(
            "die Textebene der PDF-Datei ist beschädigt: ihre Zeichen ergeben keine Wörter",
            subject=content.name,
            remedy="eine Texterkennung (OCR) darüber laufen lassen",
        )
    heading = derive_heading(text)
    title = tidy_line(properties.get("Title", ""))
    if not any(map(str.isalpha, title)) or _NO_TITLE.fullmatch(title):
        title = heading.title
    refused = entries("not_authors.txt")
    named = [name for name in split_names(properties.get("Author", "")) if name.casefold() not in refused]
    byline = take_byline(without_title(text, title), named)
    return ExtractedText(
        title=title,
        text=byline.text,
        published=byline.published,
        authors=tuple(named) or heading.authors,
        language=guess_language(text),
        warnings=unread_pages(pages),
    )


def _read(content: RawContent, options: ExtractOptions) -> tuple[list[Page], dict[str, str]]:
    try:
        document = pypdfium2.PdfDocument(content.data)
        try:
            pages, total = [], 0
            for index in range(len(document)):
                page = _page(document[index])
                total += sum(len(line.text) for line in page.lines)
                if total > options.max_text_chars:
                    raise text_too_long(total, options.max_text_chars, content.name)
                pages.append(page)
            return pages, document.get_metadata_dict()
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            raise UnreadableInputError(
                "die PDF-Datei ist verschlüsselt",
                subject=content.name,
                remedy="ohne Kennwort speichern und noch einmal versuchen",
            ) from error
        raise UnreadableInputError(
            "die PDF-Datei ist beschädigt", subject=content.name, remedy="neu herunterladen oder neu erzeugen"
        ) from error


def _page(page: pypdfium2.PdfPage) -> Page:
    text_page = page.get_textpage()
    try:
        lines = tuple(_lines(text_page))
        return Page(lines, page.get_height(), is_picture=_says_nothing(lines) and is_picture(page))
    finally:
        text_page.close()
        page.close()


def _says_nothing(lines: Iterable[Line]) -> bool:
    """Whether there is nothing, or only the number of the page."""
    return sum(character.isalnum() for line in lines for character in line.text) <= _PAGE_NUMBER_CHARS


def _lines(text_page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    text = text_page.get_text_range()
    located = len(text) == text_page.count_chars()  # else characters beyond the BMP shift the indices
    start = 0
    for match in [*_LINE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        raw = text[start:end]
        if raw.strip():
            hyphen = "-" if match and match[0][0] in f"{_LINE_HYPHEN}\x02" else ""
            yield _line(text_page, raw, hyphen, start if located else None)
        start = match.end() if match else end


def _line(text_page: pypdfium2.PdfTextPage, raw: str, hyphen: str, start: int | None) -> Line:
    text = raw.strip() + hyphen
    if start is None:
        return Line(text)
    first = start + len(raw) - len(raw.lstrip())
    last = start + len(raw.rstrip()) - 1
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    _, _, right, _ = text_page.get_charbox(last, loose=True)
    bold = _is_bold(text_page, first) and _is_bold(text_page, last)
    return Line(text, left, right, bottom, top - bottom, bold)


def _is_bold(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    """By the name of the font, since few files state its weight."""
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    flags = ctypes.c_int()
    pypdfium2.raw.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME_BYTES, flags)
    return _BOLD.search(name.value.decode("utf-8", errors="replace")) is not None
