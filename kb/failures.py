"""One document must not stop the others: whatever it makes fail is contained and named here.

``contained`` and ``documents_of`` let the rest go on; ``foreseen`` names for people what nobody foresaw. Who
lets the rest go on says what failed: in what a command prints, in a log, and to a ``FailureLog``, which
``kb doctor`` and the editors' desk read.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from kb.errors import DocumentNotFoundError, FundstelleError, UnforeseenError
from kb.model import StoredDocument
from kb.ports import CorpusStore

Note = Callable[[FundstelleError], object]

_log = logging.getLogger(__name__)
_LONGEST_MESSAGE = 120
_LONGEST_TRACE = 4_000
_ROOT = Path(__file__).parent.parent
_OURS = ("kb", "crawler", "indexer", "webapp")
_REMEDY = "das ist ein Fehler des Programms: bitte melden; alle anderen Dokumente sind davon nicht betroffen"


def foreseen(error: Exception, document: str) -> FundstelleError:
    """The error itself; where no line of ours expected it, an ``UnforeseenError`` of the document."""
    if isinstance(error, FundstelleError):
        return error
    message = " ".join(str(error).split())[:_LONGEST_MESSAGE]
    kind = type(error).__name__
    problem = f"unerwarteter Fehler ({kind}{f': {message}' if message else ''}; {_place(error)})"
    # A recursion that found no end has thousands of lines: the first and last ones tell.
    lines = "".join(traceback.format_exception(error))
    trace = (
        lines if len(lines) <= _LONGEST_TRACE else f"{lines[:1_000]}\n[…]\n{lines[1_000 - _LONGEST_TRACE :]}"
    )
    return UnforeseenError(problem, subject=document, remedy=_REMEDY, trace=trace)


def _place(error: Exception) -> str:
    """The last line of our own code that an exception passed."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OURS:
            return f"{path.relative_to(_ROOT).as_posix()}, Zeile {frame.lineno}"
    return "außerhalb unserer Dateien"


class contained:  # noqa: N801 - reads as the verb that it is, like ``contextlib.suppress``
    """A block that is about one document: whatever it raises is noted, and what stands after it goes on.

    What ends the process is not held up.
    """

    __slots__ = ("_document", "_note")

    def __init__(self, document: str, note: Note) -> None:
        self._document, self._note = document, note

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self._note(foreseen(error, self._document))
        return True


def documents_of(corpus: CorpusStore, note: Note) -> Iterator[StoredDocument]:
    """Every document that can be read; of the others ``note`` is told why not.

    Raises:
        StorageError: the corpus itself cannot be read.
    """
    for ref in corpus.refs():
        try:
            stored = corpus.load(ref)
        except DocumentNotFoundError:
            continue  # removed since it was listed
        except Exception as error:
            note(foreseen(error, ref.location))
            continue
        yield stored


def passed_over(error: FundstelleError) -> None:
    """The note of those whose work does not need every document: the index run names what cannot be read."""
    logged(_log, error, level=logging.INFO)


def logged(log: logging.Logger, error: FundstelleError, level: int = logging.ERROR) -> None:
    """Write an error down, with what Python says of one that nobody foresaw."""
    trace = trace_of(error)
    log.log(level, "%s%s", error, f"\n{trace}" if trace else "")


def told(error: FundstelleError, document: str) -> str:
    """What an error says of a document that is named beside it."""
    return error.reason if error.subject in (None, document) else str(error)


def trace_of(error: FundstelleError) -> str:
    """What Python said of a mistake of the program; empty for every other error."""
    return error.trace if isinstance(error, UnforeseenError) else ""
