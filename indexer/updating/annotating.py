"""Documents become entries: the first ones here, many on all cores."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from indexer.side_by_side import SideBySide, processors
from kb.errors import FundstelleError
from kb.failures import foreseen
from kb.model import IndexEntry, StoredDocument, to_index_entry
from kb.ports import Annotator

# Documents that are annotated at a time, and the characters at which there are enough of them. A few batches
# are not worth processes of their own, that may take two seconds to begin.
_BATCH = 16
_BATCH_CHARS = 200_000
_FEW_BATCHES = 16
# Batches that wait for each process while this one learns where sentences end.
_AHEAD = 16

# An entry, or why there is none.
Entry = IndexEntry | FundstelleError
Batch = Sequence[StoredDocument]


class Annotating:
    """Takes documents, gives entries in the same order.

    ``make`` opens the annotator once more in another process; without it everything is done here.
    """

    def __init__(self, annotator: Annotator, make: Callable[[], Annotator] | None) -> None:
        self._annotator = annotator
        self._make = make if processors() > 1 else None
        self._batch: list[StoredDocument] = []
        self._chars = 0
        self._batches: deque[Batch] = deque()
        self._count = 0
        self._helpers: SideBySide[Batch, list[Entry]] | None = None

    def expect(self, documents: int) -> None:
        """Say how many documents will come at most: for many the others begin with the first."""
        self._count = _FEW_BATCHES if documents > _BATCH * _FEW_BATCHES else 0

    def add(self, stored: StoredDocument) -> Iterator[tuple[StoredDocument, Entry]]:
        """Take a document; gives what is there of it and those before."""
        self._batch.append(stored)
        self._chars += len(stored.document.text)
        if len(self._batch) == _BATCH or self._chars >= _BATCH_CHARS:
            yield from self._hand_on()

    def rest(self) -> Iterator[tuple[StoredDocument, Entry]]:
        """What was not given yet."""
        yield from self._hand_on()
        yield from self._answers(to_the_end=True)

    def at_once(self, batch: Batch) -> list[Entry]:
        """The entries of some documents, without waiting for any other."""
        return annotated(self._annotator, batch)

    def close(self) -> None:
        """Let the helpers go."""
        if self._helpers is not None:
            self._helpers.close()

    def _hand_on(self) -> Iterator[tuple[StoredDocument, Entry]]:
        batch, self._batch, self._chars = self._batch, [], 0
        if not batch:
            return
        self._count += 1
        if self._make is None or self._count <= _FEW_BATCHES:
            yield from zip(batch, annotated(self._annotator, batch), strict=True)
            return
        if self._helpers is None:
            here = partial(annotated, self._annotator)
            self._helpers = SideBySide(partial(_annotate_by, self._make), here, ahead=_AHEAD)
        self._batches.append(batch)
        self._helpers.submit(batch)
        yield from self._answers()

    def _answers(self, *, to_the_end: bool = False) -> Iterator[tuple[StoredDocument, Entry]]:
        for entries in self._helpers.answers(to_the_end=to_the_end) if self._helpers is not None else ():
            yield from zip(self._batches.popleft(), entries, strict=True)


def annotated(annotator: Annotator, batch: Batch) -> list[Entry]:
    """The entries of some documents; one that cannot be annotated stands for itself."""
    found: list[Entry] = []
    for stored in batch:
        try:
            found.append(
                to_index_entry(
                    stored.document, annotator.annotate(stored.document), stored.revision, stored.location
                )
            )
        except Exception as error:
            found.append(foreseen(error, stored.location))
    return found


def _annotate_by(make: Callable[[], Annotator]) -> Callable[[Batch], list[Entry]]:
    return partial(annotated, make())
