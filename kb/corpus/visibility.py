"""Which documents visitors must not find now, whatever an index says that was built a moment ago.

An index follows the corpus; until it does, a document that was withdrawn, made a draft or deleted, by a person
with an editor as well as by a program, must not be shown. So every hit is looked up before it is shown: whether
its file is as it was when its status was last read costs one ``stat``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from kb.corpus.locations import CLOCK_TICK_NS, read_head
from kb.errors import FundstelleError
from kb.model import Status


@dataclass(frozen=True, slots=True)
class _Seen:
    """The file of a document and what its status was: ``stamp`` tells whether it is still the same file."""

    path: str
    stamp: tuple[int, int, int, int]
    is_public: bool


class StatusWatch:
    """Knows the status of every document that was asked for; safe to use from several threads.

    ``find`` gives the file of an id, or None, by looking at as many folders as it takes.
    """

    def __init__(self, folder: Path, find: Callable[[str], Path | None]) -> None:
        self._folder, self._find = folder, find
        self._seen: dict[str, _Seen] = {}

    def hidden(self, ids: Iterable[str], located: Callable[[str], str]) -> set[str]:
        """See ``Visibility.hidden``."""
        seen = self._seen
        found = set()
        for doc_id in ids:
            known = seen.get(doc_id)
            try:
                if known is None or known.stamp != file_stamp(os.stat(known.path)):  # noqa: PTH116 - a tenth of Path's time
                    known = self._look(doc_id, located)
            except OSError:
                known = self._look(doc_id, located)
            if known is None or not known.is_public:
                found.add(doc_id)
        return found

    def _look(self, doc_id: str, located: Callable[[str], str]) -> _Seen | None:
        """Read a document's status; None where there is no such document, or nobody can tell what it is."""
        self._seen.pop(doc_id, None)
        place = located(doc_id)
        found = self._read(doc_id, self._folder / place) if place else None
        if found is None:
            try:
                path = self._find(doc_id)
            except FundstelleError:
                path = None
            found = self._read(doc_id, path) if path is not None else None
        return found

    def _read(self, doc_id: str, path: Path) -> _Seen | None:
        try:
            status = path.stat()
        except OSError:
            return None
        head = read_head(path)
        if head.id != doc_id:
            return None
        found = _Seen(str(path), file_stamp(status), (head.status or Status.PUBLISHED) == Status.PUBLISHED)
        # File systems stamp files with a clock that ticks: what was written just now may be written once more
        # in the same tick, and look the same.
        if time.time_ns() - status.st_mtime_ns > CLOCK_TICK_NS:
            self._seen[doc_id] = found
        return found


def file_stamp(status: os.stat_result) -> tuple[int, int, int, int]:
    """The same as long as a file is: replaced, rewritten or renamed, it has another one."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
