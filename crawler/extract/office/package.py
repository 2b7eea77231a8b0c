"""What Word and OpenDocument files share: archives that must not unpack without end, title and authors."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from crawler.extract.data import lines
from crawler.extract.input.options import ExtractOptions
from crawler.extract.lines.bylines import split_names, take_byline
from crawler.extract.lines.default_names import meant_authors
from crawler.extract.lines.language import declared_language, guess_language
from crawler.extract.lines.tidy import tidy_text
from crawler.extract.lines.titles import derive_heading, without_title
from crawler.extract.office.titles import text_below_letterhead, title_of, without_marks
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import ExtractedText, RawContent

# A document with pictures unpacks to about its size, one of text to several times it.
_UNPACKED_FACTOR = 4


@dataclass(frozen=True, slots=True)
class OfficeKind:
    """How a format is called in messages: with its article, and the program that saves it anew."""

    name: str
    program: str

    def broken(self, content: RawContent) -> UnreadableInputError:
        """The error for a file that cannot be parsed."""
        return UnreadableInputError(
            f"{self.name} ist beschädigt",
            subject=content.name,
            remedy=f"in {self.program} öffnen und neu speichern",
        )


EMBEDDED_LOST = "ein eingebettetes Dokument wurde nicht gelesen"
WORD = OfficeKind("das Word-Dokument", "Word")
OPEN_DOCUMENT = OfficeKind("das OpenDocument-Dokument", "LibreOffice")


def check_unpacked(archive: zipfile.ZipFile, content: RawContent, options: ExtractOptions) -> None:
    """Refuse an archive before anything is unpacked.

    Raises:
        InputTooLargeError: it says itself that it unpacks to far more than a file may have.
    """
    if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED_FACTOR * options.max_file_bytes:
        raise InputTooLargeError(
            f"das Dokument ist entpackt größer als {_UNPACKED_FACTOR} × {options.max_file_bytes} Byte",
            subject=content.name,
            remedy="aufteilen oder KB_MAX_FILE_BYTES erhöhen",
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a file: text, its properties (title, creator, language), and what of it was not read."""

    text: str
    properties: Mapping[str, str]
    losses: tuple[str, ...] = ()


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML part; no entities, no network: a stranger's file must not read files or grow."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def with_properties(reading: Reading, content: RawContent, kind: OfficeKind) -> ExtractedText:
    """Title, authors and byline of a text, with the document's own properties first where somebody meant them.

    Date and time of saving are not taken for a publication date.

    Raises:
        UnreadableInputError: there is no text.
    """
    text, properties = without_hints(reading.text), reading.properties
    if not any(map(str.isalnum, text)):
        raise UnreadableInputError(
            f"{kind.name} enthält keinen Text",
            subject=content.name,
            remedy="eine Datei mit Inhalt angeben",
        )
    heading = derive_heading(text_below_letterhead(text))
    title = title_of(text, properties.get("title"), heading.title)
    named = meant_authors(split_names(properties.get("creator", "")))
    # A table keeps its first row, whatever the title is.
    byline = take_byline(text if text.startswith("|") else without_title(text, title), named)
    return ExtractedText(
        title=without_marks(title),
        text=byline.text,
        published=byline.published,
        authors=tuple(named) or heading.authors,
        language=declared_language(properties.get("language")) or guess_language(text),
        warnings=reading.losses,
    )


def without_hints(text: str) -> str:
    """The text without the hints of empty fields in forms that stayed in it as text."""
    for hint in lines("form_hints.txt"):
        text = text.replace(hint, "")
    return tidy_text(text)
