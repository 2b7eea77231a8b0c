"""What Word and OpenDocument files share: archives that must not unpack without end, title and authors."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.extract.data import entries
from crawler.extract.input.options import ExtractOptions
from crawler.extract.lines.bylines import split_names, take_byline
from crawler.extract.lines.language import declared_language, guess_language
from crawler.extract.lines.titles import derive_heading, without_title
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


def with_properties(
    text: str, properties: Mapping[str, str], content: RawContent, kind: OfficeKind
) -> ExtractedText:
    """Title, authors and byline of a text, with the document's own properties (title, creator, language) first.

    Date and time of saving are not taken for a publication date.

    Raises:
        UnreadableInputError: there is no text.
    """
    if not any(map(str.isalnum, text)):
        raise UnreadableInputError(
            f"{kind.name} enthält keinen Text",
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
