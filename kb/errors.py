"""The whole error tree; every error that a person may meet names the input and the remedy.

    FundstelleError
    ├── InputError                  something handed in cannot be used
    │   ├── UnreadableInputError    empty, binary, encrypted, broken or of an unknown type
    │   │   └── ReadingEndedError   reading took too long or died of it
    │   ├── InputTooLargeError      beyond a limit of the settings
    │   ├── InvalidDocumentError    front matter or a field of a document is wrong
    │   ├── InvalidQueryError       a query that cannot be understood (the only error a query raises)
    │   └── InvalidAccountError     a name or password that cannot be used
    ├── ConfigurationError          settings, topics, sources, synonyms or places are wrong
    ├── CorpusError
    │   ├── DocumentNotFoundError   no document has this id
    │   ├── DuplicateIdError        two files claim one id
    │   ├── ConflictError           the document changed since it was read
    │   └── StorageError            permission denied, disk full, not a folder
    ├── RecordError                 something about accounts and versions in the database
    │   ├── AccountNotFoundError    no account has this name
    │   ├── AccountExistsError      an account of this name exists already
    │   ├── SignInRefusedError      wrong name or password, or disabled
    │   └── SignInBusyError         too many passwords are being compared at once
    ├── SearchIndexError
    │   ├── IndexMissingError       no index was built yet
    │   ├── IndexOutdatedError      built by another version of schema or analysis
    │   ├── IndexDamagedError       the files do not match their manifest
    │   └── IndexLockedError        another process is writing
    ├── CrawlError
    │   └── FetchError              one URL could not be fetched
    ├── ServerError                 the site cannot be started (port in use, not installed, ...)
    └── UnforeseenError             a mistake of the program, met at one document and contained there

Libraries' own exceptions are translated where the library is called, never further up.
"""

from __future__ import annotations


class FundstelleError(Exception):
    """An error with a subject (which file, URL or id), a problem and a remedy, all in German.

    ``str(error)`` is one line that a person can act upon.
    """

    def __init__(self, problem: str, *, subject: str | None = None, remedy: str | None = None) -> None:
        super().__init__(problem, subject, remedy)
        self.problem = _one_line(problem)
        self.subject = _one_line(subject) if subject is not None else None
        self.remedy = _one_line(remedy) if remedy is not None else None

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}" if self.subject else self.reason

    def __reduce__(self) -> tuple[object, ...]:
        return (_restore, (type(self), self.problem, self.subject, self.remedy))

    @property
    def reason(self) -> str:
        """Problem and remedy without the subject, for reports that name the input themselves."""
        return f"{self.problem} – {self.remedy}" if self.remedy else self.problem


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _restore(
    kind: type[FundstelleError], problem: str, subject: str | None, remedy: str | None
) -> FundstelleError:
    """Rebuild an error that crossed a process border (the constructor takes keywords)."""
    return kind(problem, subject=subject, remedy=remedy)


class InputError(FundstelleError):
    """Something handed in cannot be used."""


class UnreadableInputError(InputError):
    """The input is empty, binary, encrypted, broken or of an unknown type."""


class ReadingEndedError(UnreadableInputError):
    """Reading was ended from outside: it took too long, or its process died; another try may go well."""


class InputTooLargeError(InputError):
    """The input is beyond a limit of the settings; the message names the limit."""


class InvalidDocumentError(InputError):
    """Front matter or a field of a document is wrong."""


class InvalidQueryError(InputError):
    """A query that cannot be understood."""


class InvalidAccountError(InputError):
    """A name or password that cannot be used."""


class ConfigurationError(FundstelleError):
    """Settings, topics, sources, synonyms or places are wrong."""


class CorpusError(FundstelleError):
    """Something about the corpus as a store."""


class DocumentNotFoundError(CorpusError):
    """No document has this id."""


class DuplicateIdError(CorpusError):
    """Two files claim one id."""


class ConflictError(CorpusError):
    """The document changed since the writer read it."""


class StorageError(CorpusError):
    """The file system refused: permission, full disk, not a folder."""


class RecordError(FundstelleError):
    """Something about accounts and versions in the database."""


class AccountNotFoundError(RecordError):
    """No account has this name."""


class AccountExistsError(RecordError):
    """An account of this name exists already."""


class SignInRefusedError(RecordError):
    """Wrong name or password, or disabled."""


class SignInBusyError(RecordError):
    """Too many passwords are being compared at once; a few seconds later it may go well."""


class SearchIndexError(FundstelleError):
    """Something about the search index; the corpus is never touched by it."""


class IndexMissingError(SearchIndexError):
    """No index was built yet."""


class IndexOutdatedError(SearchIndexError):
    """The index was built by another version of schema or analysis."""


class IndexDamagedError(SearchIndexError):
    """The index files do not match their manifest."""


class IndexLockedError(SearchIndexError):
    """Another process is writing the index."""


class CrawlError(FundstelleError):
    """A crawl could not be run."""


class FetchError(CrawlError):
    """One URL could not be fetched."""


class ServerError(FundstelleError):
    """The site cannot be started."""


class UnforeseenError(FundstelleError):
    """A mistake of the program that one document brought to light; see ``kb.failures``.

    ``trace`` is what Python says of it, for whoever mends the program.
    """

    def __init__(
        self, problem: str, *, subject: str | None = None, remedy: str | None = None, trace: str = ""
    ) -> None:
        super().__init__(problem, subject=subject, remedy=remedy)
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return (_restore_unforeseen, (self.problem, self.subject, self.remedy, self.trace))


def _restore_unforeseen(problem: str, subject: str | None, remedy: str | None, trace: str) -> UnforeseenError:
    return UnforeseenError(problem, subject=subject, remedy=remedy, trace=trace)
