"""From files that a person hands in to documents of the corpus; one bad input never stops the others.

The way of an input:

1. ``find_files``: folders opened, each file once
2. ``FileReader``: a ``.jsonl`` gives a document a line, Markdown with front matter is one already,
   everything else goes through the extractor and gets an id from its name and place
3. ``_checked``: id free in this run, topics known, address usable
4. ``decide`` against what is stored, then ``merge`` and ``CorpusStore.put`` under its revision
5. a new document whose text is like that of another one is in, and told (``Alike``): editors decide
6. whatever goes wrong with one input becomes a ``Rejected`` line of the report
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from crawler.addressing.urls import page_key
from crawler.files.local_files import find_files
from crawler.files.reader import Candidate, FileReader, Rejected, is_json_lines, rejected
from crawler.likeness.twins import Twin, Twins
from crawler.page.decide import Action, decide, keep_news, merge
from kb.errors import (
    ConflictError,
    DocumentNotFoundError,
    FundstelleError,
    InvalidDocumentError,
    StorageError,
)
from kb.failures import documents_of, foreseen, passed_over
from kb.model import Document, Status, StoredDocument, names_of, text_hash
from kb.ports import CorpusStore, Extractor, Progress, SourceNewsStore, Tombstones, no_progress

_SOURCE = "import"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import; the limits are those of the settings.

    ``known_topics`` are the ids that decisions in front matter may name. What stands against a decision of
    the editors is rejected, and kept for them in ``news``.
    """

    draft: bool = False
    known_topics: frozenset[str] = frozenset()
    news: SourceNewsStore | None = None
    tombstones: Tombstones | None = None
    max_text_chars: int = 2_000_000
    max_file_bytes: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Alike:
    """A new document and the one that was there before with the same or a similar text."""

    doc_id: str
    twin: Twin


@dataclass(frozen=True, slots=True)
class Warned:
    """An input (``FILE`` or ``FILE:LINE``) that is in, but for what the warning names, in German."""

    input: str
    warning: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of all inputs; ``ids`` are those that are in, in the order of the inputs."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    ids: tuple[str, ...] = ()
    alike: tuple[Alike, ...] = ()
    warnings: tuple[Warned, ...] = ()


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
    countable = not any(isinstance(file, Path) and is_json_lines(file) for file in files)
    for done, name in enumerate(run.outcomes(files), start=1):
        progress(done, len(files) if countable else None, name)
    return run.report()


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
    twins: Twins | None = None
    alike: list[Alike] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def report(self) -> ImportReport:
        return ImportReport(
            added=self.counts[Action.ADD],
            updated=self.counts[Action.UPDATE],
            unchanged=self.counts[Action.UNCHANGED],
            rejected=tuple(self.rejected),
            ids=tuple(self.ids),
            alike=tuple(self.alike),
            warnings=tuple(self.warnings),
        )

    def outcomes(self, files: Iterable[Path | FundstelleError]) -> Iterator[str]:
        """Work through all inputs, giving the label of each as it is done."""
        options = self.options
        for read in FileReader(self.extractor, options.max_text_chars, options.max_file_bytes).read(files):
            if isinstance(read, Rejected):
                self.rejected.append(read)
                yield read.input
                continue
            try:
                self._take(read)
            except StorageError:
                raise
            except Exception as error:
                self.rejected.append(rejected(read.label, foreseen(error, read.label)))
            yield read.label

    def _take(self, candidate: Candidate) -> None:
        document = self._checked(candidate)
        try:
            action, doc_id = self._store(document, named=candidate.named)
        except ConflictError:  # somebody wrote between our reading and writing: look again, once
            action, doc_id = self._store(document, named=candidate.named)
        self.counts[action] += 1
        self.ids[doc_id] = None
        self.warnings += [Warned(candidate.label, warning) for warning in candidate.warnings]

    def _checked(self, candidate: Candidate) -> Document:
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
            if url is not None and not _is_web_address(url):
                raise InvalidDocumentError(
                    f"„{url}“ ist keine Webadresse",
                    remedy="mit http:// oder https:// beginnen, gefolgt vom Namen eines Hosts",
                )
        self._refuse_forgotten(document)
        draft = self.options.draft and document.status is Status.PUBLISHED
        return replace(
            document,
            source_hash=document.source_hash or text_hash(document.text),
            status=Status.DRAFT if draft else document.status,
        )

    def _refuse_forgotten(self, document: Document) -> None:
        urls = [url for url in (document.url, *document.other_urls) if url]
        names = names_of(document.id, map(page_key, urls))
        stone = self.options.tombstones and self.options.tombstones.find(names)
        if stone:
            raise InvalidDocumentError(
                stone.told(), remedy="`kb forget --undo` hebt das auf, wenn es wieder erlaubt ist"
            )

    def _store(self, document: Document, *, named: bool) -> tuple[Action, str]:
        old = self._stored(document.id)
        if old is None and not named and (elsewhere := self._same_text(document)) is not None:
            return Action.UNCHANGED, elsewhere  # the file was moved or is a copy
        decision = decide(document, old.document if old is not None else None)
        if decision.action is Action.KEEP:
            self._keep_news(document, decision.action)
            raise InvalidDocumentError(
                decision.reason, remedy="in der Redaktion unter „Die Quelle sagt etwas Neues“ vergleichen"
            )
        if decision.action is not Action.UNCHANGED:
            merged = merge(document, old.document) if old is not None else document
            self.corpus.put(merged, expected=old.revision if old is not None else None)
            self._compare(merged, is_new=old is None)
            if self.texts is not None and merged.source == _SOURCE and merged.source_hash is not None:
                self.texts[merged.source_hash] = merged.id
        self._keep_news(document, decision.action)
        return decision.action, document.id

    def _keep_news(self, document: Document, action: Action) -> None:
        if self.options.news is not None:
            keep_news(self.options.news, document, waits=action is Action.KEEP)

    def _compare(self, document: Document, *, is_new: bool) -> None:
        """Note whether a new document is like an older one; the corpus is read when the first comes."""
        if self.twins is None:
            if not is_new:
                return
            self.twins = Twins(self._document)
            for stored in documents_of(self.corpus, passed_over):
                self.twins.add(stored.document)
        twin = next(self.twins.alike(document), None) if is_new else None
        if twin is not None:
            self.alike.append(Alike(document.id, twin))
        self.twins.add(document)

    def _document(self, doc_id: str) -> Document | None:
        try:
            return self.corpus.get(doc_id).document
        except (InvalidDocumentError, DocumentNotFoundError):
            return None

    def _stored(self, doc_id: str) -> StoredDocument | None:
        try:
            return self.corpus.get(doc_id)
        except DocumentNotFoundError:
            return None

    def _same_text(self, document: Document) -> str | None:
        """The imported document that came from a file with this very text, looked up in a map made once."""
        if self.texts is None:
            self.texts = {}
            for stored in documents_of(self.corpus, passed_over):
                known = stored.document
                if known.source == _SOURCE and known.source_hash is not None:
                    self.texts.setdefault(known.source_hash, known.id)
        return self.texts.get(document.source_hash or "")


def _is_web_address(url: str) -> bool:
    try:
        page_key(url)
    except ValueError:
        return False
    return True
