"""The extractor that the rest of the house knows: looks at the bytes and asks the right format module."""

from __future__ import annotations

from dataclasses import replace

from crawler.extract.input.detect import Kind, detect
from crawler.extract.input.limits import file_too_large, text_too_long
from crawler.extract.input.options import ExtractOptions
from kb.errors import FundstelleError, UnreadableInputError
from kb.model import ExtractedText, RawContent, YearSpan


class ContentExtractor:
    """``kb.ports.Extractor`` for all formats of ``detect``; safe to share between threads.

    A format is one module, loaded when the first such file comes; a new one is a ``Kind`` in
    ``detect`` and a line in ``_read``.
    """

    def __init__(self, options: ExtractOptions | None = None) -> None:
        self._options = options or ExtractOptions()

    def extract(self, content: RawContent) -> ExtractedText:
        """See ``kb.ports.Extractor``."""
        self._check_size(content)
        try:
            extracted = _read(content, self._options)
        except FundstelleError:
            raise
        except MemoryError as error:
            raise UnreadableInputError(
                "die Datei braucht zum Lesen zu viel Speicher",
                subject=content.name,
                remedy="die Datei aufteilen",
            ) from error
        except Exception as error:  # parsers fed with hostile bytes raise anything, RecursionError included
            raise UnreadableInputError(
                f"die Datei ist nicht lesbar ({type(error).__name__})",
                subject=content.name,
                remedy="die Datei prüfen oder neu speichern",
            ) from error
        if len(extracted.text) > self._options.max_text_chars:
            raise text_too_long(len(extracted.text), self._options.max_text_chars, content.name)
        return _believed(replace(extracted, title=extracted.title[:300]), self._options.years)

    def _check_size(self, content: RawContent) -> None:
        if not content.data:
            raise UnreadableInputError(
                "die Datei ist leer", subject=content.name, remedy="eine Datei mit Inhalt angeben"
            )
        if len(content.data) > self._options.max_file_bytes:
            raise file_too_large(len(content.data), self._options.max_file_bytes, content.name)


def _believed(extracted: ExtractedText, years: YearSpan) -> ExtractedText:
    """Without dates that nobody can have meant: a page is not worse for what its system writes."""
    event = extracted.event
    if event is not None:
        event = replace(event, end=years.believed(event.end)) if years.holds(event.start) else None
    published, modified = years.believed(extracted.published), years.believed(extracted.modified)
    return replace(extracted, published=published, modified=modified, event=event)


def _read(content: RawContent, options: ExtractOptions) -> ExtractedText:
    match detect(content):
        case Kind.HTML:
            from crawler.extract.web.html import extract_html

            return extract_html(content, options.selectors)
        case Kind.PDF:
            from crawler.extract.printed.pdf import extract_pdf

            return extract_pdf(content, options)
        case Kind.DOCX:
            from crawler.extract.office.docx import extract_docx

            return extract_docx(content, options)
        case Kind.ODT:
            from crawler.extract.office.odt import extract_odt

            return extract_odt(content, options)
        case Kind.MARKDOWN | Kind.TEXT as kind:
            from crawler.extract.plain import extract_plain

            return extract_plain(content, kind)
