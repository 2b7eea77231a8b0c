"""Word documents: mammoth gives HTML by style, the house's own converter Markdown."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import mammoth
from bs4 import BeautifulSoup

from crawler.extract.input.options import ExtractOptions
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.extract.markdown import to_markdown
from crawler.extract.office.package import WORD, check_unpacked, with_properties
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
        raise WORD.broken(content) from error
    return with_properties(text, properties, content, WORD)


def _open(content: RawContent, options: ExtractOptions) -> dict[str, str]:
    """Check the archive's unpacked size, then read the document's own properties."""
    with zipfile.ZipFile(BytesIO(content.data)) as archive:
        check_unpacked(archive, content, options)
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
