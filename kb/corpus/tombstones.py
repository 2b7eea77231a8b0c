"""Which documents must not come back: a file of hashes in the corpus, without a word of what was forgotten.

``corpus/forgotten.tsv`` has a line for each removal: the day, the reason that whoever removed it gave, and the
hashes of the document's id and of its addresses. It belongs to the corpus, because it is a decision of people,
and goes with it wherever it is copied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kb.corpus.atomic import exclusive_lock, storage_errors, write_atomically
from kb.errors import InvalidDocumentError, StorageError
from kb.model import Tombstone, normalise_line

FILE = "forgotten.tsv"
_HEADER = (
    "# Gelöschte Dokumente, die nicht wiederkommen dürfen: Tag, Grund, Prüfsummen von Kennung und Adressen.\n"
    "# Zeilen schreibt und löscht `kb forget`.\n"
)


class TombstoneFile:
    """``Tombstones`` in one file, read again when it changed; safe beside other processes."""

    def __init__(self, corpus: Path, *, lock_timeout: float = 30.0) -> None:
        self._path = corpus / FILE
        self._lock = corpus / ".forgotten.lock"
        self._lock_timeout = lock_timeout
        self._seen: tuple[int, int, int] | None = None
        self._stones: tuple[Tombstone, ...] = ()
        self._by_hash: dict[str, Tombstone] = {}

    def all(self) -> tuple[Tombstone, ...]:
        """See ``Tombstones.all``."""
        self._refresh()
        return self._stones

    def find(self, names: Iterable[str]) -> Tombstone | None:
        """See ``Tombstones.find``."""
        self._refresh()
        if not self._by_hash:
            return None
        found = (self._by_hash.get(_hash(name)) for name in names)
        return next((stone for stone in found if stone is not None), None)

    def add(self, names: Iterable[str], day: date, reason: str) -> Tombstone:
        """See ``Tombstones.add``."""
        hashes = tuple(sorted({_hash(name) for name in names}))
        with self._writing():
            known = next((stone for stone in self._stones if set(hashes) <= set(stone.hashes)), None)
            if known is not None:
                return known
            stone = Tombstone(day, normalise_line(reason), hashes)
            self._write((*self._stones, stone))
        return stone

    def lift(self, stone: Tombstone) -> None:
        """See ``Tombstones.lift``."""
        with self._writing():
            self._write(tuple(one for one in self._stones if one != stone))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the writers' lock, with the file as it is now."""
        with storage_errors(self._path), exclusive_lock(self._lock, timeout=self._lock_timeout):
            self._refresh()
            yield

    def _write(self, stones: tuple[Tombstone, ...]) -> None:
        lines = [f"{stone.day.isoformat()}\t{stone.reason}\t{' '.join(stone.hashes)}\n" for stone in stones]
        write_atomically(self._path, (_HEADER + "".join(lines)).encode())
        self._seen = None

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
            now = (status.st_ino, status.st_mtime_ns, status.st_size)
            if now == self._seen:
                return
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            now, text = None, ""
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable(self._path, "die Datei ist nicht lesbar") from error
        lines = text.splitlines()
        self._stones = tuple(
            self._stone(number, line) for number, line in enumerate(lines, 1) if line and line[0] != "#"
        )
        self._by_hash = {each: stone for stone in self._stones for each in stone.hashes}
        self._seen = now

    def _stone(self, number: int, line: str) -> Tombstone:
        """A line that cannot be understood stops everything: a guess could bring back what must not be."""
        day, _, rest = line.partition("\t")
        reason, _, hashes = rest.rpartition("\t")
        try:
            return Tombstone(date.fromisoformat(day), reason, tuple(hashes.split()))
        except (ValueError, InvalidDocumentError) as error:
            raise _unusable(self._path, f"Zeile {number} ist kein Eintrag") from error


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _unusable(path: Path, problem: str) -> StorageError:
    return StorageError(
        problem, subject=str(path), remedy="die Zeile berichtigen oder die Datei aus der Sicherung zurückholen"
    )
