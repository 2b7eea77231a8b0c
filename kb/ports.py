"""The doors between the rooms: Protocols that wiring fills with concrete classes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol, TextIO

from kb.errors import FundstelleError
from kb.model import (
    Account,
    Annotations,
    Display,
    Document,
    DocumentRef,
    ExtractedText,
    Failure,
    IndexEntry,
    RawContent,
    Role,
    SearchHit,
    SearchQuery,
    SearchResults,
    Shown,
    SignedInSession,
    SimilarPlace,
    SourceNews,
    Step,
    StoredDocument,
    Suggestion,
    Tombstone,
    TopicTag,
    Version,
    VersionDraft,
    VersionProgress,
)

# Told after each finished piece of long work: (done, total or None, what was just done).
Progress = Callable[[int, int | None, str], None]


def no_progress(done: int, total: int | None, label: str) -> None:
    """The listener that does not listen."""


class CorpusStore(Protocol):
    """The truth: documents under stable ids, replaced only by who read the latest revision."""

    def refs(self) -> Iterator[DocumentRef]:
        """Every stored document, cheap and in a stable order; broken ones are listed too.

        Raises:
            StorageError: the store cannot be read.
        """

    def load(self, ref: DocumentRef) -> StoredDocument:
        """Read one listed document as it is now.

        Raises:
            InvalidDocumentError: it cannot be understood; names the file.
            DocumentNotFoundError: it is gone since it was listed.
        """

    def get(self, doc_id: str) -> StoredDocument:
        """Read one document by id.

        Raises:
            DocumentNotFoundError: no document has this id.
            InvalidDocumentError: it cannot be understood.
        """

    def changed(self, refs: Iterable[DocumentRef]) -> Iterator[DocumentRef]:
        """Those of listed documents that are not as they were when they were listed, as they are now; cheap.

        Loading one that is gone says so.
        """

    def twins(self, *, url: str | None, text_hash: str | None) -> list[str]:
        """Ids of documents with this address, or with this text as last fetched or imported; sorted.

        Raises:
            StorageError: the store cannot be read.
        """

    def put(self, document: Document, *, expected: str | None) -> StoredDocument:
        """Write a document whole or not at all; ``expected`` is the revision that the writer read.

        ``None`` means that there must be no document of this id yet.

        Raises:
            ConflictError: the stored revision is another one; nothing was written.
            InvalidDocumentError: a date that nobody can have meant, or too much; nothing was written.
            StorageError: permission, disk full; nothing was written.
        """

    def remove(self, doc_id: str, *, expected: str) -> None:
        """Delete a document.

        Raises:
            DocumentNotFoundError: no document has this id.
            ConflictError: the stored revision is another one; nothing was deleted.
        """


class Visibility(Protocol):
    """What visitors must not find, as it is at this moment; an index may be older."""

    def hidden(self, ids: Iterable[str], located: Callable[[str], str] = ...) -> set[str]:
        """Those of some documents that are not published, whose file cannot be understood, or that are gone.

        ``located`` gives the place where the corpus kept a document once, or nothing; it is asked for documents
        that were not looked at before. Microseconds for each that was.
        """


class Tombstones(Protocol):
    """Which documents people had deleted for good; names are those of ``kb.model.names_of``.

    Every method raises ``StorageError`` where that cannot be read or written.
    """

    def all(self) -> tuple[Tombstone, ...]:
        """All removals, oldest first."""

    def find(self, names: Iterable[str]) -> Tombstone | None:
        """The removal that forbids one of these names, or None."""

    def add(self, names: Iterable[str], day: date, reason: str) -> Tombstone:
        """Note a removal; one that covers all the names already stays as it is."""

    def lift(self, stone: Tombstone) -> None:
        """Allow again what a removal forbade; one that is gone already is no error."""


class Extractor(Protocol):
    """From the bytes of a file or page to its main text."""

    def extract(self, content: RawContent) -> ExtractedText:
        """Read text and metadata.

        Raises:
            UnreadableInputError: empty, binary, encrypted, broken or of an unknown type.
            InputTooLargeError: beyond a limit; names the limit.
        """


class Annotator(Protocol):
    """From a document to conclusions with evidence, editors' decisions applied."""

    @property
    def version(self) -> str:
        """Changes whenever the same document could be annotated differently."""

    def annotate(self, document: Document) -> Annotations:
        """Pure: the same document and version give the same annotations."""


class TopicSuggester(Protocol):
    """Topics that an editor may want to look at beside the annotator's; never part of the annotations."""

    @property
    def version(self) -> str:
        """Changes whenever the same document could get other suggestions; empty while nothing is suggested."""

    def suggest(self, document: Document, known: Collection[str] = ()) -> tuple[TopicTag, ...]:
        """Likely topics with the words that speak for them, best first; none ``known`` or decided on."""


class SimilarPlaces(Protocol):
    """„Kommunen wie meine“: whose practice may fit, because the place is of the same kind and size."""

    def name_of(self, name: str) -> str | None:
        """What the place facet calls the place meant by a name; None where nobody knows, or several have it."""

    def similar(self, name: str, limit: int = 10) -> tuple[SimilarPlace, ...]:
        """Districts and independent cities like the one of this name, the most alike first, each with reasons.

        ``name`` is as in ``name_of``. Empty where that knows none, or the population is not known.
        """

    def areas_of(self, name: str) -> tuple[str, ...]:
        """State and district around a place of the facet, as far as the larger of its name share them."""


class IndexWriter(Protocol):
    """Collects changes; they become visible together when the ``with`` block ends without an error."""

    def put(self, entry: IndexEntry) -> None:
        """Add an entry, or replace the one with the same id."""

    def remove(self, doc_id: str) -> None:
        """Drop an entry; unknown ids are ignored."""

    def purge(self) -> None:
        """Leave not a byte of what was dropped, now or before, in any file; takes as long as rewriting it."""

    @property
    def known(self) -> Mapping[str, str]:
        """Document id → corpus revision of what the changes are made to; empty where it starts from nothing."""

    @property
    def refused(self) -> Mapping[str, FundstelleError]:
        """Ids of entries that could not be taken, and why; all of them when the ``with`` block has ended.

        They are in the index neither as they were put nor as they were before.
        """


class SearchBackend(Protocol):
    """An engine that holds index entries and answers searches.

    What the corpus does not publish any more (``Visibility``) is in no answer, though the index still holds it.
    """

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer a query over the last committed state.

        Raises:
            InvalidQueryError: the query text cannot be understood.
            IndexMissingError, IndexOutdatedError, IndexDamagedError: there is nothing to search in.
        """

    def similar(self, doc_id: str, limit: int = 5) -> tuple[SearchHit, ...]:
        """Documents with the same rare words, most alike first; none for an unknown id.

        Snippets are their beginnings.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError: there is nothing to search in.
        """

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Completions of what is being typed, best first; none for an empty text.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError: there is nothing to search in.
        """

    def entry(self, doc_id: str) -> IndexEntry | None:
        """The entry with this id and its annotations, or None; entries of hits come without."""

    def revisions(self) -> Mapping[str, str]:
        """Document id → corpus revision of everything in the index; empty where there is no usable index."""

    def writer(self, *, rebuild: bool = False, renew: bool = False) -> AbstractContextManager[IndexWriter]:
        """Open a writer; with ``rebuild`` it starts from nothing, and the old state serves until the end.

        With ``renew`` it does so only where nothing can be added to what is there, which is found out under the
        writer's lock: of several that wait, the first rebuilds, and the others add to what that one made. An
        error inside the block leaves the old state untouched.

        Raises:
            IndexLockedError: another process is writing and did not finish in time.
            IndexOutdatedError, IndexDamagedError: with neither, where ``needs_rebuild`` names a reason and
                there is an index.
            StorageError: the index cannot be written.
        """

    def needs_rebuild(self) -> str | None:
        """Why the index must be built anew (in German, for people), or None."""


class AccountStore(Protocol):
    """Who may log in."""

    def add(self, name: str, password: str, role: Role) -> Account:
        """Create an account.

        Raises:
            InvalidAccountError: name or password cannot be used.
            AccountExistsError: the name is taken.
        """

    def accounts(self) -> list[Account]:
        """All accounts, by name."""

    def get(self, name: str) -> Account:
        """One account.

        Raises:
            AccountNotFoundError: there is none of this name.
        """

    def set_active(self, name: str, *, active: bool) -> Account:
        """Disable an account, or enable it again; its sessions end.

        Raises:
            AccountNotFoundError: there is none of this name.
        """

    def set_role(self, name: str, role: Role) -> Account:
        """Let an account do more or less; its sessions end where that is another role.

        Raises:
            AccountNotFoundError: there is none of this name.
        """

    def set_password(self, name: str, password: str) -> Account:
        """Set a new password; sessions end.

        Raises:
            AccountNotFoundError, InvalidAccountError
            SignInBusyError: too many passwords are being hashed.
        """

    def sign_in(self, name: str, password: str) -> Account:
        """The account, if the password is right.

        Unknown names take as long and say the same as wrong passwords. How often one may ask is for the
        caller to limit.

        Raises:
            SignInRefusedError: wrong or disabled.
            SignInBusyError: too many passwords are being compared.
        """


class SessionStore(Protocol):
    """In which browsers somebody is signed in. A session ends by itself, idle or after a day's work."""

    def start(self, account: Account, device: str) -> str:
        """Begin a session of an account that has just signed in; returns the token that only its browser keeps.

        Raises:
            RecordError: it cannot be kept.
        """

    def find(self, token: str) -> SignedInSession | None:
        """The session of a token, and note that it is used; None where it is over.

        It is over as well when the account was disabled, or got another password or role.
        """

    def of_account(self, account: Account) -> list[SignedInSession]:
        """The open sessions of an account, the one used last first."""

    def end(self, account: Account, session_id: int) -> bool:
        """End a session; False where the account has none of this id."""

    def end_others(self, account: Account, session_id: int) -> int:
        """End all sessions of an account but one; returns how many those were."""


class VersionLog(Protocol):
    """Every version of every document, written before the change itself."""

    def plan(self, draft: VersionDraft) -> Version:
        """Note what is about to be done; the number is the document's next."""

    def advance(self, version_id: int, progress: VersionProgress) -> None:
        """Note how far it got."""

    def drop(self, version_id: int) -> None:
        """Forget a planned version whose change was not done (a conflict)."""

    def unfinished(self) -> list[Version]:
        """What a crash left behind, oldest first."""

    def forget(self, document_id: str) -> int:
        """Delete all versions of a document for good; returns how many those were."""

    def recent(self, limit: int) -> list[Version]:
        """The latest version of each document that editors changed last, newest first."""

    def versions(self, document_id: str) -> list[Version]:
        """All versions of a document, newest first; those only planned are left out."""

    def version(self, document_id: str, number: int) -> Version:
        """One version.

        Raises:
            DocumentNotFoundError: there is none of this number.
        """


class SourceNewsStore(Protocol):
    """What sources say anew of documents on which editors decided; the newest of each waits for an editor.

    Every method raises ``StorageError`` where the store cannot be read or written.
    """

    def note(self, document: Document) -> SourceNews:
        """Keep what a source says of the stored document of this id, in place of what it said before.

        Seen at ``fetched_at``, or now; what is waiting already stays as it was first seen.
        """

    def drop(self, doc_id: str, digest: str | None = None) -> bool:
        """Forget it (with a ``digest`` only that very news); whether anything was forgotten."""

    def get(self, doc_id: str) -> SourceNews | None:
        """What waits for a decision on this document, or None."""

    def waiting(self) -> list[SourceNews]:
        """Everything that waits, the latest first."""


class FailureLog(Protocol):
    """Which documents made which step fail, until it succeeds.

    Every method that writes raises ``StorageError`` where that is not possible.
    """

    def all(self) -> tuple[Failure, ...]:
        """What is known to fail; the first thousand."""

    def left_out(self) -> int:
        """How many more there are."""

    def note(self, new: Failure) -> None:
        """Keep a failure, in place of what was known of this document and step."""

    def settle(self, doc_id: str) -> None:
        """Forget what is known of a document."""

    def replace(self, step: Step, new: Iterable[Failure], sources: Collection[str] | None = None) -> None:
        """Keep these in place of all that is known of a step, or of that step in some ``sources``."""


class DisplayPolicy(Protocol):
    """How much of a text visitors see; every outlet (page, API, feed, export) shows what ``shown`` gives."""

    def display(self, document: Document) -> Display:
        """Whether the whole text may be shown, or an excerpt and the way to the source."""

    def shown(self, document: Document) -> Shown:
        """The document as visitors may see it; where that is an excerpt, the text is cut to a prefix."""


class Exporter(Protocol):
    """One export format, one file in ``kb/exports/``."""

    name: str
    description: str

    def export(self, documents: Iterable[Shown], out: TextIO, note: Callable[[FundstelleError], object]) -> int:
        """Write the documents; returns how many were written. ``note`` is told why one was not."""
