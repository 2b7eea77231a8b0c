"""Writing a file whole or not at all, and one writer at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_native_id
from typing import BinaryIO

from kb.errors import StorageError

TEMPORARY_PREFIX = ".tmp-"
_POLL_SECONDS = 0.02


def storage_error(error: OSError, path: Path) -> StorageError:
    """Translate what the file system said into one line with a remedy."""
    match error.errno:
        case errno.EROFS:
            problem, remedy = (
                "der Datenträger lässt sich nur lesen",
                "schreibbar einhängen oder anderen Ordner wählen; nichts wurde geändert",
            )
        case errno.EACCES | errno.EPERM:
            problem, remedy = (
                "keine Schreib- oder Leserechte",
                "Rechte des Ordners prüfen oder anderen Ordner wählen",
            )
        case errno.ENOSPC | errno.EDQUOT:
            problem, remedy = "der Datenträger ist voll", "Platz schaffen und den Befehl wiederholen"
        case errno.ENOTDIR | errno.EEXIST:
            problem, remedy = "ist kein Ordner", "anderen Pfad angeben"
        case errno.ELOOP:
            problem, remedy = "ist ein Verweis (symbolischer Link), dem nicht gefolgt wird", "entfernen"
        case errno.ENAMETOOLONG:
            problem, remedy = "der Name ist zu lang", "kürzeren Namen wählen"
        case _:
            problem, remedy = error.strerror or type(error).__name__, "Datenträger und Pfad prüfen"
    return StorageError(problem, subject=str(path), remedy=remedy)


@contextmanager
def storage_errors(path: Path, *, busy: str = "ein anderer Vorgang schreibt gerade") -> Iterator[None]:
    """Say what goes wrong with ``path`` as a ``StorageError``: also that its lock was held for too long."""
    try:
        yield
    except TimeoutError as error:
        raise StorageError(busy, subject=str(path), remedy="kurz warten") from error
    except OSError as error:
        raise storage_error(error, path) from error


def write_atomically(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Replace a file so that a reader, or a crash at any moment, sees the old bytes or the new ones.

    ``mode`` is what others may do with it at the most; the umask takes away from it.

    Raises:
        OSError: nothing was replaced.
    """
    with replacing(path, mode=mode) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A new file that takes the place of an old one when the block ends well; as ``write_atomically``."""
    # Threads too may write the same file at once; no two that are alive share a number.
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{get_native_id()}-{path.name[-80:]}")
    try:
        temporary.unlink(missing_ok=True)  # of an earlier thread with this number
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(folder: Path) -> None:
    """Make renames and removals inside a folder survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive_lock(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold an advisory lock on a file; the kernel frees it when the process ends, however it ends.

    Raises:
        TimeoutError: another process held it for ``timeout`` seconds.
        OSError: the lock file cannot be opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        deadline = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise TimeoutError from None
                time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)
