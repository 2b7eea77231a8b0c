"""PDF files: pypdfium2 gives printed characters, the files beside this one make a text of them."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

import pypdfium2

from crawler.extract.input.limits import text_too_long
from crawler.extract.input.options import ExtractOptions
from crawler.extract.lines.bylines import split_names, take_byline
from crawler.extract.lines.default_names import is_default_author
from crawler.extract.lines.language import guess_language
from crawler.extract.lines.tidy import tidy_text
from crawler.extract.lines.titles import without_title
from crawler.extract.printed.beside import with_neighbours
from crawler.extract.printed.columns import in_reading_order
from crawler.extract.printed.contents import without_contents
from crawler.extract.printed.cover import printed_date, printed_title
from crawler.extract.printed.fields import values_of
from crawler.extract.printed.filled import with_values
from crawler.extract.printed.furniture import drop_furniture
from crawler.extract.printed.garbled import has_unknown_letters, is_garbled
from crawler.extract.printed.glyphs import GlyphReader, Row
from crawler.extract.printed.hyphens import read_stock
from crawler.extract.printed.known import marks
from crawler.extract.printed.lettering import (
    size_of,
    squeezed_leaders,
    text_of,
    weight_of,
    with_plain_bullet,
    words_of_rows,
)
from crawler.extract.printed.merged import taken_apart
from crawler.extract.printed.page import Line, Page, even, with_boldness
from crawler.extract.printed.pictured import is_picture, numbered, unread_pages
from crawler.extract.printed.reflow import reflow
from crawler.extract.printed.turning import turning_of
from kb.errors import UnreadableInputError
from kb.model import ExtractedText, RawContent

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_XFA = (pypdfium2.raw.FORMTYPE_XFA_FULL, pypdfium2.raw.FORMTYPE_XFA_FOREGROUND)
_MAX_REQUEST_CHARS = 2_000
_FEW_GLYPHS = 300  # of a page that may be a scan with a line stamped on it
_PDFIUM = Lock()  # PDFium may be called by one thread at a time only


def extract_pdf(content: RawContent, options: ExtractOptions) -> ExtractedText:
    """Read a PDF; its time stamps are left alone, for many servers make the file anew at each download.

    Raises:
        UnreadableInputError: it is encrypted, broken or without a text layer.
        InputTooLargeError: its text is beyond the limit.
    """
    with _PDFIUM:
        pages, properties, is_xfa = _read(content, options)
    pages = drop_furniture(with_boldness(even(pages)))
    warnings = unread_pages(pages)
    pages, garbled = _legible(pages, content)
    kept = [
        page.with_lines(
            replace(line, text=text) for line in page.lines if (text := squeezed_leaders(line.text))
        )
        for page in without_contents(pages)
    ]
    if is_xfa and _asks_for_a_reader(pages):
        raise UnreadableInputError(
            "das Formular zeigt seinen Text nur in Adobe Reader (XFA)",
            subject=content.name,
            remedy="dort öffnen und als gewöhnliche PDF-Datei drucken",
        )
    text = tidy_text(reflow(kept, read_stock(options.words_file)))
    if not any(map(str.isalnum, text)):
        raise UnreadableInputError(
            "die PDF-Datei enthält keinen Text, vermutlich ist sie ein Scan",
            subject=content.name,
            remedy="eine Texterkennung (OCR) darüber laufen lassen",
        )
    title = printed_title(properties.get("Title", ""), kept, text, content.name)
    names = split_names(properties.get("Author", ""))
    named = [name for name in names if not is_default_author(name)]
    byline = take_byline(without_title(text, title.title), named)
    return ExtractedText(
        title=title.title,
        text=byline.text,
        published=byline.published or printed_date(kept),
        authors=tuple(named) or title.authors,
        language=guess_language(text),
        warnings=(*warnings, *garbled),
    )


def _asks_for_a_reader(pages: list[Page]) -> bool:
    """Whether the pages have nothing but the request to open the form elsewhere."""
    said = " ".join(line.text for page in pages for line in page.lines).casefold()
    return len(said) <= _MAX_REQUEST_CHARS and any(words in said for words in marks().reader_requests)


def _legible(pages: list[Page], content: RawContent) -> tuple[list[Page], tuple[str, ...]]:
    """The pages without pages and lines that nobody can read, and the warnings that name them."""
    texts = ["\n".join(line.text for line in page.lines) for page in pages]
    unread = [number for number, text in enumerate(texts, start=1) if is_garbled(text)]
    if is_garbled("\n".join(texts)) or (unread and len(unread) == sum(map(bool, texts))):
        raise UnreadableInputError(
            "die Textebene der PDF-Datei ist beschädigt: ihre Zeichen ergeben keine Wörter",
            subject=content.name,
            remedy="eine Texterkennung (OCR) darüber laufen lassen",
        )
    kept, partly = [], []
    for number, page in enumerate(pages, start=1):
        legible = [line for line in page.lines if number not in unread and not has_unknown_letters(line.text)]
        kept.append(page.with_lines(legible))
        if number not in unread and len(legible) < len(page.lines):
            partly.append(number)
    why = "nicht lesbar: die Zeichen der Textebene ergeben keine Wörter"
    told = [f"{numbered(unread)} {'ist' if len(unread) == 1 else 'sind'} {why}"] if unread else []
    if partly:
        told.append(f"einzelne Zeilen sind {why} ({numbered(partly)})")
    return kept, tuple(told)


def _read(content: RawContent, options: ExtractOptions) -> tuple[list[Page], dict[str, str], bool]:
    try:
        document = pypdfium2.PdfDocument(content.data)
        try:
            kind = document.get_formtype()
            if kind != pypdfium2.raw.FORMTYPE_NONE:
                document.init_forms()
            pages, total, reader = [], 0, GlyphReader()
            for index in range(len(document)):
                page = _page(document[index], reader)
                total += sum(len(line.text) for line in page.lines)
                if total > options.max_text_chars:
                    raise text_too_long(total, options.max_text_chars, content.name)
                pages.append(page)
            return pages, document.get_metadata_dict(), kind in _XFA
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


def _page(page: pypdfium2.PdfPage, reader: GlyphReader) -> Page:
    text_page = page.get_textpage()
    try:
        printed = list(reader.rows(text_page))
        turning = turning_of(printed, page.get_cropbox())
        along = words_of_rows(
            list(taken_apart(turning.rows([row for row in printed if row[0].face.turn == turning.turn])))
        )
        others = words_of_rows([row for row in printed if row[0].face.turn != turning.turn])
        filled = with_values(along, (value.moved(turning.box(value.box)) for value in values_of(page)))
        lines = [_line(with_plain_bullet(row)) for row in [*in_reading_order(filled), *others]]
        says_little = sum(map(len, printed)) <= _FEW_GLYPHS
        return Page(tuple(with_neighbours(lines)), turning.height, is_picture=says_little and is_picture(page))
    finally:
        text_page.close()
        page.close()


def _line(row: Row) -> Line:
    size = size_of(row)
    usual = next(glyph for glyph in row if glyph.face.size == size)
    return Line(
        text_of(row),
        row[0].left,
        row[-1].right,
        usual.bottom,
        size or usual.top - usual.bottom,
        weight=weight_of(row),
    )
