"""What was fetched, as it was: WARC files by source and month, so that a text survives its website.

Records are gzip members of their own (as the WARC standard advises), appended and then noted in an index: bytes
behind the last noted record are what a kill left, and the next writer cuts them off. A record holds the body as
the extractor read it, as a ``resource`` (ISO 28500): transfer and content encodings are gone by then, so it
would be untrue to call it a ``response``.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from crawler.state import StateFile
from crawler.urls import page_key
from kb.corpus.atomic import exclusive_lock, storage_error, sync_directory
from kb.errors import StorageError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    file TEXT NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL,
    key TEXT NOT NULL, doc_id TEXT NOT NULL, at TEXT NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (file, start));
CREATE INDEX IF NOT EXISTS by_document ON records (doc_id, at);
"""
_INSERT = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?)"
_DOCUMENT = "X-Fundstelle-Document"
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


@dataclass(frozen=True, slots=True)
class FetchedOriginal:
    """What a record holds."""

    url: str
    body: bytes
    content_type: str


class PageArchive:
    """The archive in one folder; safe beside other processes, writers hold one lock.

    Raises:
        StorageError: from every method, if the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise storage_error(error, folder) from error
        is_new = not (folder / "index.sqlite").exists()
        self._index = StateFile(folder / "index.sqlite", _SCHEMA)
        if is_new:
            self._recover()

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _recover(self) -> None:
        with self._writing():
            for path in sorted(self._folder.glob("*.warc.gz")):
                self._index.do_many(_INSERT, list(_scanned(path)))

    def keep(self, page: FetchedOriginal, doc_id: str, source: str, at: datetime) -> bool:
        """Archive a page; False if its document's latest record has the same bytes already."""
        digest = hashlib.sha256(page.body).hexdigest()
        with self._writing():
            if any(record.digest == digest for record in self.records(doc_id)[:1]):
                return False
            name = f"{source}-{at.astimezone(UTC):%Y-%m}.warc.gz"
            start, length = self._append(name, _member(page, doc_id, at))
            values = (name, start, length, page_key(page.url), doc_id, at.isoformat(), digest)
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
                found = next(iter(ArchiveIterator(BytesIO(file.read(record.length)))))
                body = found.content_stream().read()
        except OSError as error:
            raise storage_error(error, path) from error
        except Exception as error:  # whatever warcio says to a damaged record
            raise _damaged(path) from error
        if hashlib.sha256(body).hexdigest() != record.digest:
            raise _damaged(path)
        headers = found.rec_headers
        return FetchedOriginal(
            headers.get_header("WARC-Target-URI"), body, headers.get_header("Content-Type") or ""
        )

    def forget(self, doc_id: str, urls: Iterable[str]) -> int:
        """Delete everything kept of a document or of these addresses; returns how many records that were.

        The files that held them are written anew without them, and the old ones are removed last: a kill in
        between leaves a file that nobody names, and the next call removes it.
        """
        keys = [page_key(url) for url in urls]
        marks = ", ".join("?" * len(keys))
        condition = f"doc_id = ? OR key IN ({marks})"
        with self._writing():
            rows = self._index.rows(f"SELECT file, start FROM records WHERE {condition}", (doc_id, *keys))
            for name in sorted({row[0] for row in rows}):
                self._rewrite(name, {int(row[1]) for row in rows if row[0] == name})
            self._sweep()
            self._index.compact()
        return len(rows)

    def _rewrite(self, name: str, dropped: set[int]) -> None:
        kept = [
            (int(start), int(length))
            for start, length in self._index.rows(
                "SELECT start, length FROM records WHERE file = ? ORDER BY start", (name,)
            )
            if int(start) not in dropped
        ]
        stem, _, counted = name.removesuffix(".warc.gz").partition("~")
        new = f"{stem}~{int(counted or 0) + 1}.warc.gz"
        old_path, new_path = self._folder / name, self._folder / new
        moved: list[tuple[str, int, str, int]] = []
        with old_path.open("rb") as old, new_path.open("wb") as file:
            for start, length in kept:
                old.seek(start)
                moved.append((new, file.tell(), name, start))
                file.write(old.read(length))
            file.flush()
            os.fsync(file.fileno())
        sync_directory(self._folder)
        with self._index.at_once():
            for start in dropped:
                self._index.do("DELETE FROM records WHERE file = ? AND start = ?", (name, start))
            self._index.do_many("UPDATE records SET file = ?, start = ? WHERE file = ? AND start = ?", moved)

    def _sweep(self) -> None:
        """Remove files without any record, and what stands behind the last record of the others."""
        ends = dict(self._index.rows("SELECT file, max(start + length) FROM records GROUP BY file"))
        for path in self._folder.glob("*.warc.gz"):
            if path.name not in ends:
                path.unlink()
            elif path.stat().st_size > ends[path.name]:
                os.truncate(path, ends[path.name])
        sync_directory(self._folder)

    def _append(self, name: str, member: bytes) -> tuple[int, int]:
        path = self._folder / name
        ends = self._index.rows("SELECT max(start + length) FROM records WHERE file = ?", (name,))
        start = int(ends[0][0] or 0)
        is_new = not path.exists()
        with path.open("w+b" if is_new else "r+b") as file:
            file.truncate(start)
            file.seek(start)
            file.write(member)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            path.chmod(0o600)
            sync_directory(self._folder)
        return start, len(member)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with exclusive_lock(self._folder / ".lock", timeout=_LOCK_SECONDS):
                yield
        except TimeoutError as error:
            raise StorageError(
                "ein anderer Vorgang schreibt das Archiv", subject=str(self._folder), remedy="kurz warten"
            ) from error
        except OSError as error:
            raise storage_error(error, self._folder) from error


def _scanned(path: Path) -> Iterator[tuple[object, ...]]:
    """The rows of a file whose index is lost, up to its end or to what a kill left half written."""
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        try:
            for record in records:
                body, headers = record.content_stream().read(), record.rec_headers
                start, length = records.get_record_offset(), records.get_record_length()
                if headers.get_header("WARC-Block-Digest") != _digest(body) or not _is_whole(
                    path, start, length
                ):
                    return
                url = headers.get_header("WARC-Target-URI")
                at = datetime.fromisoformat(headers.get_header("WARC-Date"))
                digest = hashlib.sha256(body).hexdigest()
                yield (
                    path.name,
                    start,
                    length,
                    page_key(url),
                    headers.get_header(_DOCUMENT),
                    at.isoformat(),
                    digest,
                )
        except (OSError, EOFError, ValueError, TypeError, ArchiveLoadFailed):
            return


def _member(page: FetchedOriginal, doc_id: str, at: datetime) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        page.url,
        "resource",
        payload=BytesIO(page.body),
        length=len(page.body),
        warc_content_type=page.content_type or "application/octet-stream",
        warc_headers_dict={
            "WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "WARC-Block-Digest": _digest(page.body),
            _DOCUMENT: doc_id,
        },
    )
    writer.write_record(record)
    return out.getvalue()


def _is_whole(path: Path, start: int, length: int) -> bool:
    """Whether a gzip member has its end too; what is in it can be whole before that."""
    with path.open("rb") as file:
        file.seek(start)
        member = zlib.decompressobj(wbits=31)
        member.decompress(file.read(length))
    return member.eof


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _damaged(path: Path) -> StorageError:
    return StorageError(
        "der archivierte Abruf ist beschädigt",
        subject=str(path),
        remedy="aus der Sicherung von var/state zurückholen",
    )
