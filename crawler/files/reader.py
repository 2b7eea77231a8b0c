"""From files to documents that are not in the corpus yet: each input gives a document or an error, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crawler.extract.input.charset import decode
from crawler.extract.input.limits import text_too_long
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.files.json_lines import numbered_lines, parse_line
from crawler.files.local_files import JSON_LINES_SUFFIX, derived_id, find_files, label, read_file
from kb.corpus import has_front_matter, parse_document
from kb.errors import FundstelleError, InvalidDocumentError
from kb.failures import foreseen, told
from kb.model import Document, RawContent
from kb.ports import Extractor


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document on its way in; ``label`` is ``FILE`` or ``FILE:LINE``, ``named``: it brought its own id.

    ``warnings`` say what of the file is not in the document.
    """

    label: str
    document: Document
    named: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input (``FILE`` or ``FILE:LINE``) that cannot be used, and why, in German."""

    input: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads inputs one after the other; limits as in the settings."""

    extractor: Extractor
    max_text_chars: int = 2_000_000
    max_file_bytes: int = 50_000_000

    def read(self, files: Iterable[Path | FundstelleError]) -> Iterator[Candidate | Rejected]:
        """What ``find_files`` gives, read: a ``.jsonl`` gives a document a line, everything else one."""
        for file in files:
            if isinstance(file, FundstelleError):
                yield rejected(file.subject or "", file)
            elif is_json_lines(file):
                yield from self._read_lines(file)
            else:
                try:
                    yield self._read_file(file)
                except Exception as error:
                    yield rejected(label(file), foreseen(error, label(file)))

    def _read_lines(self, path: Path) -> Iterator[Candidate | Rejected]:
        try:
            for line in numbered_lines(path, self.max_text_chars):
                name = f"{label(path)}:{line.number}"
                try:
                    document = parse_line(line, name=name, max_text_chars=self.max_text_chars)
                    yield Candidate(name, document, named=True)
                except Exception as error:
                    yield rejected(name, foreseen(error, name))
        except FundstelleError as error:
            yield rejected(label(path), error)

    def _read_file(self, path: Path) -> Candidate:
        name = label(path)
        data = read_file(path, self.max_file_bytes)
        if path.suffix.lower() in (".md", ".markdown") and data.strip():
            text = decode(data, name=name)
            if has_front_matter(text):
                return self._with_front_matter(text, path)
        extracted = self.extractor.extract(RawContent(data, name))
        document = Document(
            id=derived_id(path),
            title=extracted.title,
            text=extracted.text,
            url=extracted.canonical_url,
            publisher=extracted.publisher,
            authors=extracted.authors,
            language=extracted.language,
            published=extracted.published,
            modified=extracted.modified,
            event=extracted.event,
            licence=extracted.licence,
        )
        return Candidate(name, document, named=False, warnings=extracted.warnings)

    def _with_front_matter(self, text: str, path: Path) -> Candidate:
        own_id = derived_id(path)
        document = parse_document(text, location=label(path), default_id=own_id)
        document = replace(document, title=tidy_line(document.title), text=tidy_text(document.text))
        if not any(map(str.isalnum, document.text)):
            raise InvalidDocumentError(
                "unter dem Kopf steht kein Text", remedy="den Text nach der Zeile --- ergänzen"
            )
        if len(document.text) > self.max_text_chars:
            raise text_too_long(len(document.text), self.max_text_chars, label(path))
        return Candidate(label(path), document, named=document.id != own_id)


def is_json_lines(path: Path) -> bool:
    """Whether a file holds a document a line."""
    return path.suffix.lower() == JSON_LINES_SUFFIX


def rejected(name: str, error: FundstelleError) -> Rejected:
    """The line of a report for an input that failed."""
    return Rejected(name, told(error, name))


def read_documents(path: Path, reader: FileReader) -> Iterator[Document | Rejected]:
    """The documents in a file or folder, not checked against any corpus."""
    for read in reader.read(find_files([path])):
        yield read.document if isinstance(read, Candidate) else read
