"""Word documents: mammoth gives HTML by style, the house's own converter Markdown."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import mammoth
from bs4 import BeautifulSoup

from crawler.extract.bylines import split_names, take_byline
from crawler.extract.data import entries
from crawler.extract.language import declared_language, guess_language
from crawler.extract.markdown import to_markdown
from crawler.extract.options import ExtractOptions
from crawler.extract.tidy import tidy_line, tidy_text
from crawler.extract.titles import derive_heading, without_title
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import ExtractedText, RawContent

# Style names as Word and LibreOffice write them in German installations; the English ones mammoth knows.
_STYLES = "\n".join(
    [
        *(f"p[style-name='{name}'] => h1:fresh" for name in ("Title", "Titel")),
        *(
            f"p[style-name='{name} {level}'] => h{level}:fresh"
            for name in ("Überschrift", "heading")
            for level in range(1, 7)
        ),
        *(
            f"p[style-name='{name}'] => blockquote:fresh"
            for name in ("Quote", "Zitat", "Intense Quote", "Intensives Zitat")
        ),
    ]
)
_UNPACKED_FACTOR = 4  # a .docx with pictures unpacks to about its size, one of text to several times it


def extract_docx(content: RawContent, options: ExtractOptions) -> ExtractedText:
    """Read a document; date and time of saving are not taken for a publication date.

    Raises:
        UnreadableInputError: it is broken or holds no text.
        InputTooLargeError: it unpacks to far more than a file may have.
    """
    try:
        properties = _open(content, options)
        text = _text(content.data)
    except (UnreadableInputError, InputTooLargeError):
        raise
    except Exception as error:  # mammoth raises whatever a broken XML leads to: KeyError, ExpatError, ...
        raise UnreadableInputError(
            "das Word-Dokument ist beschädigt", subject=content.name, remedy="in Word öffnen und neu speichern"
        ) from error
    if not any(map(str.isalnum, text)):
        raise UnreadableInputError(
            "das Word-Dokument enthält keinen Text",
            subject=content.name,
            remedy="eine Datei mit Inhalt angeben",
        )
    heading = derive_heading(text)
    title = properties.get("title") or heading.title
    refused = entries("not_authors.txt")
    named = [name for name in split_names(properties.get("creator", "")) if name.casefold() not in refused]
    byline = take_byline(without_title(text, title), named)
    return ExtractedText(
        title=title,
        text=byline.text,
        published=byline.published,
        authors=tuple(named) or heading.authors,
        language=declared_language(properties.get("language")) or guess_language(text),
    )


def _open(content: RawContent, options: ExtractOptions) -> dict[str, str]:
    """Check the archive's unpacked size, then read the document's own properties."""
    with zipfile.ZipFile(BytesIO(content.data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED_FACTOR * options.max_file_bytes:
            raise InputTooLargeError(
                f"das Word-Dokument ist entpackt größer als {_UNPACKED_FACTOR} × {options.max_file_bytes} Byte",
                subject=content.name,
                remedy="aufteilen oder KB_MAX_FILE_BYTES erhöhen",
            )
        if "docProps/core.xml" not in archive.namelist():
            return {}
        core = BeautifulSoup(archive.read("docProps/core.xml"), "xml")
    found = {tag.name: tidy_line(tag.get_text()) for tag in core.find_all(["title", "creator", "language"])}
    return {name: value for name, value in found.items() if value}


def _text(data: bytes) -> str:
    result: Any = mammoth.convert_to_html(
        BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(lambda image: {})
    )
    return tidy_text(to_markdown(BeautifulSoup(result.value, "lxml")))
