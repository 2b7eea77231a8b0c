"""What kind of file the bytes are: by content first, then by declared type and name."""

from __future__ import annotations

import re
import zipfile
import zlib
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from kb.errors import UnreadableInputError
from kb.model import RawContent

READ_SUFFIXES = (".md", ".txt", ".html", ".pdf", ".docx", ".odt")
_READ = "gelesen werden " + ", ".join(READ_SUFFIXES)


class Kind(StrEnum):
    """A format that is read."""

    MARKDOWN = "md"
    TEXT = "txt"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"


_BY_SUFFIX = {
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".odt": Kind.ODT,
}
_BY_TYPE = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "application/pdf": Kind.PDF,
    "text/markdown": Kind.MARKDOWN,
    "text/plain": Kind.TEXT,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Kind.DOCX,
    "application/vnd.oasis.opendocument.text": Kind.ODT,
}
_HTML_START = re.compile(
    # Of a comment no more is read than up to its end, which two hyphens begin.
    r"\s*(<\?xml[^>]*>\s*)?(<!--(?:[^-]|-[^-]|--+[^>-]){0,2000}--+>\s*)*<(!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MAGIC = b"PK\x03\x04"
# The part that holds the text says what it is, whatever its name: Word online calls it document2.xml.
_TYPES = "[Content_Types].xml"
_MAX_TYPES_BYTES = 1_000_000
_WORD_MAIN = re.compile(rb"word(?:processingml)?\.(?:document|template)[A-Za-z.]{0,30}\.?main\+xml")
_BY_MIMETYPE = b"application/vnd.oasis.opendocument.text"


def kind_of_name(name: str) -> Kind | None:
    """What the ending of a file name or URL says, if anything."""
    path = unquote(urlsplit(name).path) if re.match(r"https?://", name, re.IGNORECASE) else name
    return _BY_SUFFIX.get(PurePosixPath(path.replace("\\", "/")).suffix.lower())


def detect(content: RawContent) -> Kind:
    """The kind of a file.

    Raises:
        UnreadableInputError: it is of a kind that is not read; says which kinds are.
    """
    kind = _kind_of_bytes(content) or _declared_kind(content)
    if kind is None:
        raise UnreadableInputError("dieser Dateityp wird nicht gelesen", subject=content.name, remedy=_READ)
    return kind


def _kind_of_bytes(content: RawContent) -> Kind | None:
    head = content.data[:4096]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"%PDF-"):
        return Kind.PDF
    if b"%PDF-" in head[:1024] and _declared_kind(content) is Kind.PDF:  # junk before the header is common
        return Kind.PDF
    if head.startswith(_OLE_MAGIC):
        raise UnreadableInputError(
            "die Datei hat das alte Word-Format oder ist mit einem Kennwort geschützt",
            subject=content.name,
            remedy="in Word öffnen und ohne Kennwort als .docx speichern",
        )
    if head.startswith(_ZIP_MAGIC):
        return _kind_of_zip(content)
    return Kind.HTML if _HTML_START.match(_glance(head)) else None


def _kind_of_zip(content: RawContent) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(content.data)) as archive:
            names = set(archive.namelist())
            declared = archive.read("mimetype")[:100] if _is_small(archive, "mimetype") else b""
            types = archive.read(_TYPES) if _is_small(archive, _TYPES, _MAX_TYPES_BYTES) else b""
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        for claimed in (kind_of_name(content.name), _declared_kind(content)):
            if claimed is Kind.DOCX or claimed is Kind.ODT:
                return claimed
        raise UnreadableInputError(
            "die Datei ist ein beschädigtes Archiv", subject=content.name, remedy=_READ
        ) from error
    if any(name.replace("\\", "/").casefold() == "word/document.xml" for name in names) or _WORD_MAIN.search(
        types
    ):
        return Kind.DOCX
    # Templates and master documents are read like texts.
    if declared.startswith(_BY_MIMETYPE) and "content.xml" in names:
        return Kind.ODT
    raise UnreadableInputError(
        "die Datei ist ein Archiv und kein Word- oder OpenDocument-Text", subject=content.name, remedy=_READ
    )


def _is_small(archive: zipfile.ZipFile, name: str, limit: int = 200) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size < limit


def _glance(head: bytes) -> str:
    """Enough of the first characters to see a tag, in any encoding that keeps ASCII readable."""
    return re.sub(rb"^[\xff\xfe\xef\xbb\xbf]+|\x00", b"", head).decode("latin-1")


def _declared_kind(content: RawContent) -> Kind | None:
    by_name = kind_of_name(content.name)
    media_type = (content.content_type or "").partition(";")[0].strip().lower()
    if media_type in ("", "application/octet-stream", "binary/octet-stream"):
        return by_name
    if media_type == "text/plain" and by_name is Kind.MARKDOWN:  # few servers know Markdown
        return by_name
    return _BY_TYPE.get(media_type)
