"""From files that a person hands in to documents of the corpus; one bad input never stops the others.

The way of an input:

1. ``find_files``: folders opened, each file once
2. ``_candidates``: a ``.jsonl`` gives a document a line, Markdown with front matter is one already,
   everything else goes through the extractor and gets an id from its name and place
3. ``_checked``: id free in this run, topics known, address usable
4. ``decide`` against what is stored, then ``merge`` and ``CorpusStore.put`` under its revision
5. whatever goes wrong with one input becomes a ``Rejected`` line of the report
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from crawler.decide import Action, decide, merge
from crawler.extract.charset import decode
from crawler.extract.limits import text_too_long
from crawler.extract.tidy import tidy_line, tidy_text
from crawler.json_lines import numbered_lines, parse_line
from crawler.local_files import JSON_LINES_SUFFIX, derived_id, find_files, label, read_file
from kb.corpus.front_matter import has_front_matter, parse_document
from kb.errors import (
    ConflictError,
    DocumentNotFoundError,
    FundstelleError,
    InvalidDocumentError,
    StorageError,
)
from kb.model import Document, RawContent, Status, StoredDocument, text_hash
from kb.ports import CorpusStore, Extractor, Progress, no_progress

_SOURCE = "import"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import; the limits are those of the settings.

    ``known_topics`` are the ids that decisions in front matter may name.
    """

    draft: bool = False
    known_topics: frozenset[str] = frozenset()
    max_text_chars: int = 2_000_000
    max_file_bytes: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input (``FILE`` or ``FILE:LINE``) that is not in, and why, in German."""

    input: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of all inputs; ``ids`` are those that are in, in the order of the inputs."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A document on its way in; ``named`` says that it brought its own id."""

    label: str
    document: Document
    named: bool


def import_paths(
    paths: Iterable[Path],
    corpus: CorpusStore,
    extractor: Extractor,
    options: ImportOptions,
    progress: Progress = no_progress,
) -> ImportReport:
    """Import files and folders; each document is safe on disk before the next is read.

    Raises:
        StorageError: the corpus cannot be written (permission, full disk); what was put before is in.
    """
    run = _Run(corpus, extractor, options)
    files = list(find_files(paths))
    countable = not any(isinstance(file, Path) and _is_json_lines(file) for file in files)
    for done, name in enumerate(run.outcomes(files), start=1):
        progress(done, len(files) if countable else None, name)
    return run.report()


def _is_json_lines(path: Path) -> bool:
    return path.suffix.lower() == JSON_LINES_SUFFIX


@dataclass(slots=True)
class _Run:
    """The state of one import: what was counted and which ids were seen."""

    corpus: CorpusStore
    extractor: Extractor
    options: ImportOptions
    counts: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(Action, 0))
    rejected: list[Rejected] = field(default_factory=list)
    first_inputs: dict[str, str] = field(default_factory=dict)
    ids: dict[str, None] = field(default_factory=dict)
    texts: dict[str, str] | None = None

    def report(self) -> ImportReport:
        return ImportReport(
            added=self.counts[Action.ADD],
            updated=self.counts[Action.UPDATE],
            unchanged=self.counts[Action.UNCHANGED],
            rejected=tuple(self.rejected),
            ids=tuple(self.ids),
        )

    def outcomes(self, files: Iterable[Path | FundstelleError]) -> Iterator[str]:
        """Work through all inputs, giving the label of each as it is done."""
        for file in files:
            if isinstance(file, FundstelleError):
                yield self._reject(file.subject or "", file)
            elif _is_json_lines(file):
                yield from self._import_lines(file)
            else:
                name = label(file)
                try:
                    self._take(self._read(file))
                except StorageError:
                    raise
                except FundstelleError as error:
                    self._reject(name, error)
                yield name

    def _import_lines(self, path: Path) -> Iterator[str]:
        limit = self.options.max_text_chars
        try:
            for line in numbered_lines(path, limit):
                name = f"{label(path)}:{line.number}"
                try:
                    document = parse_line(line, name=name, max_text_chars=limit)
                    self._take(_Candidate(name, document, named=True))
                except StorageError:
                    raise
                except FundstelleError as error:
                    self._reject(name, error)
                yield name
        except StorageError:
            raise
        except FundstelleError as error:
            yield self._reject(label(path), error)

    def _read(self, path: Path) -> _Candidate:
        name = label(path)
        data = read_file(path, self.options.max_file_bytes)
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
        return _Candidate(name, document, named=False)

    def _with_front_matter(self, text: str, path: Path) -> _Candidate:
        own_id = derived_id(path)
        document = parse_document(text, location=label(path), default_id=own_id)
        document = replace(document, title=tidy_line(document.title), text=tidy_text(document.text))
        if not any(map(str.isalnum, document.text)):
            raise InvalidDocumentError(
                "unter dem Kopf steht kein Text", remedy="den Text nach der Zeile --- ergänzen"
            )
        if len(document.text) > self.options.max_text_chars:
            raise text_too_long(len(document.text), self.options.max_text_chars, label(path))
        return _Candidate(label(path), document, named=document.id != own_id)

    def _take(self, candidate: _Candidate) -> None:
        document = self._checked(candidate)
        try:
            action, doc_id = self._store(document, named=candidate.named)
        except ConflictError:  # somebody wrote between our reading and writing: look again, once
            action, doc_id = self._store(document, named=candidate.named)
        self.counts[action] += 1
        self.ids[doc_id] = None

    def _checked(self, candidate: _Candidate) -> Document:
        document = candidate.document
        first = self.first_inputs.setdefault(document.id, candidate.label)
        if first != candidate.label:
            raise InvalidDocumentError(
                f"die Kennung „{document.id}“ kam schon in {first} vor", remedy="eine andere Kennung vergeben"
            )
        unknown = sorted(document.decisions.topics.keys() - self.options.known_topics)
        if unknown:
            raise InvalidDocumentError(
                f"das Thema „{unknown[0]}“ gibt es nicht",
                remedy=f"bekannt sind: {', '.join(sorted(self.options.known_topics)) or 'keine'}",
            )
        for url in (document.url, *document.other_urls):
            if url is not None and not url.lower().startswith(("http://", "https://")):
                raise InvalidDocumentError(
                    f"„{url}“ ist keine Webadresse", remedy="mit http:// oder https:// beginnen"
                )
        draft = self.options.draft and document.status is Status.PUBLISHED
        return replace(
            document,
            source_hash=document.source_hash or text_hash(document.text),
            status=Status.DRAFT if draft else document.status,
        )

    def _store(self, document: Document, *, named: bool) -> tuple[Action, str]:
        old = self._stored(document.id)
        if old is None and not named and (elsewhere := self._same_text(document)) is not None:
            return Action.UNCHANGED, elsewhere  # the file was moved or is a copy
        decision = decide(document, old.document if old is not None else None)
        if decision.action is Action.KEEP:
            raise InvalidDocumentError(
                decision.reason, remedy="die Fassungen auf der Seite des Dokuments vergleichen"
            )
        if decision.action is not Action.UNCHANGED:
            merged = merge(document, old.document) if old is not None else document
            self.corpus.put(merged, expected=old.revision if old is not None else None)
            if self.texts is not None and merged.source == _SOURCE and merged.source_hash is not None:
                self.texts[merged.source_hash] = merged.id
        return decision.action, document.id

    def _stored(self, doc_id: str) -> StoredDocument | None:
        try:
            return self.corpus.get(doc_id)
        except DocumentNotFoundError:
            return None

    def _same_text(self, document: Document) -> str | None:
        """The imported document that came from a file with this very text, looked up in a map made once."""
        if self.texts is None:
            self.texts = {}
            for ref in self.corpus.refs():
                try:
                    stored = self.corpus.load(ref).document
                except (InvalidDocumentError, DocumentNotFoundError):
                    continue
                if stored.source == _SOURCE and stored.source_hash is not None:
                    self.texts.setdefault(stored.source_hash, stored.id)
        return self.texts.get(document.source_hash or "")

    def _reject(self, name: str, error: FundstelleError) -> str:
        own = error.subject is None or error.subject == name
        self.rejected.append(Rejected(name, error.reason if own else str(error)))
        return name
