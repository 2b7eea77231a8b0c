"""What was fetched, as it was: WARC files by source and month, so that a text survives its website.

Records are gzip members of their own (as the WARC standard advises), appended and then noted in an index. The
files are the truth: whole records that the index does not know (a kill before the note, a power failure, an
index that was lost or came from an older backup) are noted by whoever comes next, and half a record at the end
is cut off by the next writer. A record holds the body as the extractor read it, as a ``resource`` (ISO 28500):
transfer and content encodings are gone by then, so it would be untrue to call it a ``response``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.addressing.urls import page_key
from crawler.archive.warc_file import FetchedOriginal, digest, found_records, member, read_member
from crawler.processes.state_file import StateFile
from kb.corpus.atomic import TEMPORARY_PREFIX, exclusive_lock, storage_error, storage_errors, sync_directory
from kb.errors import StorageError
from kb.private import private_file, private_folder

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    file TEXT NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL,
    key TEXT NOT NULL, doc_id TEXT NOT NULL, at TEXT NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (file, start));
CREATE INDEX IF NOT EXISTS by_document ON records (doc_id, at);
"""
_INSERT = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?)"
_FILES = "*.warc.gz"
_LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One record: ``file`` is a name in the archive's folder, ``start`` and ``length`` are bytes in it."""

    file: str
    start: int
    length: int
    doc_id: str
    at: datetime
    digest: str


class PageArchive:
    """The archive in one folder; safe beside other processes, writers hold one lock.

    Raises:
        StorageError: from every method, if the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            private_folder(folder)
        except OSError as error:
            raise storage_error(error, folder) from error
        self._index = StateFile(folder / "index.sqlite", _SCHEMA)
        with self._writing():
            self._note_all()

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def keep(
        self,
        page: FetchedOriginal,
        doc_id: str,
        source: str,
        at: datetime,
        is_forgotten: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Archive a page; False if its document's latest record has the same bytes already, or it is forgotten.

        ``is_forgotten`` is asked under the lock: a removal that comes later finds the record, and one that came
        before leaves none.
        """
        hashed = digest(page.body)
        with self._writing():
            name = f"{source}-{at.astimezone(UTC):%Y-%m}.warc.gz"
            self._note(self._folder / name)
            if is_forgotten() or any(record.digest == hashed for record in self.records(doc_id)[:1]):
                return False
            start, length = self._append(name, member(page, doc_id, at))
            values = (name, start, length, page_key(page.url), doc_id, at.isoformat(), hashed)
            self._index.do(_INSERT, values)
        return True

    def records(self, doc_id: str) -> list[ArchivedPage]:
        """What is kept of a document, newest first."""
        rows = self._index.rows(
            "SELECT file, start, length, doc_id, at, digest FROM records WHERE doc_id = ? "
            "ORDER BY at DESC, file DESC, start DESC",
            (doc_id,),
        )
        return [
            ArchivedPage(file, start, length, owner, datetime.fromisoformat(at), digest)
            for file, start, length, owner, at, digest in rows
        ]

    def read(self, record: ArchivedPage) -> FetchedOriginal:
        """The page of a record.

        Raises:
            StorageError: the file is gone or damaged.
        """
        path = self._folder / record.file
        try:
            with path.open("rb") as file:
                file.seek(record.start)
                original = read_member(file.read(record.length))
        except OSError as error:
            raise storage_error(error, path) from error
        except Exception as error:  # whatever warcio says to a damaged record
            raise _damaged(path) from error
        if digest(original.body) != record.digest:
            raise _damaged(path)
        return original

    def forget(self, doc_id: str, urls: Iterable[str]) -> int:
        """Delete everything kept of a document or of these addresses; returns how many records that were.

        Each file that held them is replaced by one without them. A kill between that and the index leaves an
        index that names more than the file has, which is how the next one knows to read the file anew.
        """
        keys = [page_key(url) for url in urls]
        marks = ", ".join("?" * len(keys))
        condition = f"doc_id = ? OR key IN ({marks})"
        with self._writing():
            self._note_all()
            rows = self._index.rows(f"SELECT file, start FROM records WHERE {condition}", (doc_id, *keys))
            for name in sorted({row[0] for row in rows}):
                self._rewrite(name, {int(row[1]) for row in rows if row[0] == name})
            self._sweep()
            self._index.compact()
        return len(rows)

    def _rewrite(self, name: str, dropped: set[int]) -> None:
        """Replace a file by one without some records; damaged stretches, which may be anybody's, go too."""
        kept = [
            (int(start), int(length))
            for start, length in self._index.rows(
                "SELECT start, length FROM records WHERE file = ? ORDER BY start", (name,)
            )
            if int(start) not in dropped
        ]
        path, temporary = self._folder / name, self._folder / f"{TEMPORARY_PREFIX}{name}"
        moved: list[tuple[int, str, int]] = []
        with path.open("rb") as old, private_file(temporary).open("wb") as file:
            for start, length in kept:
                old.seek(start)
                moved.append((file.tell(), name, start))
                file.write(old.read(length))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_directory(self._folder)
        with self._index.at_once():
            for start in dropped:
                self._index.do("DELETE FROM records WHERE file = ? AND start = ?", (name, start))
            # In the order of the file: a record only ever moves to where none is any more.
            self._index.do_many("UPDATE records SET start = ? WHERE file = ? AND start = ?", moved)

    def _sweep(self) -> None:
        """Remove what kills left: unfinished files, files without any record, half records at the end."""
        ends = self._ends()
        for path in self._folder.glob(f"{TEMPORARY_PREFIX}*"):
            path.unlink()
        for path in self._folder.glob(_FILES):
            if path.name not in ends:
                path.unlink()
            elif path.stat().st_size > ends[path.name]:
                os.truncate(path, ends[path.name])
        sync_directory(self._folder)

    def _ends(self) -> dict[str, int]:
        """Where the last noted record of each file ends."""
        rows = self._index.rows("SELECT file, max(start + length) FROM records GROUP BY file")
        return {name: int(end) for name, end in rows}

    def _note_all(self) -> None:
        """Let the index follow the files; what it names of a file that is gone is forgotten."""
        for name in {*self._ends(), *(path.name for path in self._folder.glob(_FILES))}:
            self._note(self._folder / name)

    def _note(self, path: Path) -> None:
        """Let the index follow one file: records that it does not know, or a file that became another one."""
        size = path.stat().st_size if path.exists() else 0
        end = self._end(path.name)
        if size == end:
            return
        with self._index.at_once():
            if size < end:
                self._index.do("DELETE FROM records WHERE file = ?", (path.name,))
                end = 0
            for one in found_records(path, end) if size else ():
                place = (path.name, one.start, one.length)
                self._index.do(_INSERT, (*place, page_key(one.url), one.doc_id, one.at.isoformat(), one.digest))

    def _end(self, name: str) -> int:
        rows = self._index.rows("SELECT max(start + length) FROM records WHERE file = ?", (name,))
        return int(rows[0][0] or 0)

    def _append(self, name: str, member: bytes) -> tuple[int, int]:
        path = self._folder / name
        start = self._end(name)
        is_new = not path.exists()
        with private_file(path).open("r+b") as file:
            file.truncate(start)
            file.seek(start)
            file.write(member)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_directory(self._folder)
        return start, len(member)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with (
            storage_errors(self._folder, busy="ein anderer Vorgang schreibt das Archiv"),
            exclusive_lock(private_file(self._folder / ".lock"), timeout=_LOCK_SECONDS),
        ):
            yield


def _damaged(path: Path) -> StorageError:
    return StorageError(
        "der archivierte Abruf ist beschädigt",
        subject=str(path),
        remedy="aus der Sicherung von var/state zurückholen",
    )
