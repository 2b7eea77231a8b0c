"""Generations of the index: folders that are written once, and one pointer that is switched atomically.

    index/                 private (0700): it holds pickles, and whoever writes them could run code here
      .lock                one writer at a time (flock: the kernel frees it when the process ends)
      CURRENT              the name of the folder that readers open
      AGAIN                somebody could not wait for the lock: who holds it follows the corpus once more
      g00000007-3f9a…/     one committed state; manifest.json lists every file with size and checksum

A writer fills a new folder, syncs it, writes the manifest, and replaces ``CURRENT``. Killed at any
moment it leaves the old state or the new one, and perhaps a folder that the next writer removes.
The scoring snapshot of the search engine is one more set of files in the same folder.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from os import stat
from pathlib import Path
from typing import TypeVar

from indexer.storage.manifest import (
    FileSeal,
    Generation,
    Manifest,
    Versions,
    damaged,
    read_manifest,
    seal_file,
    write_manifest,
)
from kb.corpus.atomic import (
    TEMPORARY_PREFIX,
    exclusive_lock,
    storage_error,
    sync_directory,
    write_atomically,
)
from kb.errors import IndexDamagedError, IndexLockedError, IndexMissingError, IndexOutdatedError
from kb.private import OTHERS_WRITE, private_file, private_folder

CURRENT = "CURRENT"
AGAIN = "AGAIN"
LOCK = ".lock"
# A reader that was overtaken by two writers finds its folder gone and looks again.
_OPEN_TRIES = 5

T = TypeVar("T")


class Generations:
    """The generations below one folder."""

    def __init__(self, index_dir: Path, versions: Versions) -> None:
        self._dir = index_dir
        self._pointer = str(index_dir / CURRENT)
        self._versions = versions

    def stamp(self) -> tuple[int, int] | None:
        """Changes with each commit; None where there is no index. One ``stat``, cheap enough for any search."""
        try:
            status = stat(self._pointer)  # noqa: PTH116 - a third of the time that Path takes, in every search
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns)

    def current(self) -> Generation:
        """The committed state, its manifest read and its file sizes checked.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError: each names the remedy.
        """
        return self.open(lambda generation: generation)

    def open(self, opener: Callable[[Generation], T]) -> T:
        """Let ``opener`` open the committed state; repeated where writers removed it meanwhile.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError: each names the remedy.
        """
        tries = _OPEN_TRIES
        while True:
            name = self._current_name()
            tries -= 1
            try:
                generation = Generation(self._dir / name, read_manifest(self._dir / name))
                self._check_versions(generation.manifest.versions)
                generation.check_sizes()
                return opener(generation)
            except IndexDamagedError:
                if not tries or name == self._current_name():
                    raise

    def ask_again(self) -> None:
        """Leave word for whoever writes: something has changed that it may have looked at before."""
        with self.storage_errors():
            private_file(self._dir / AGAIN)

    def take_word(self) -> bool:
        """Whether somebody left word, which is taken away: who asks must look at everything from now on."""
        try:
            (self._dir / AGAIN).unlink()
        except OSError:
            return False
        return True

    @contextmanager
    def locked(self, timeout: float) -> Iterator[None]:
        """Be the only writer; the folder is made where it is missing.

        Raises:
            IndexLockedError: another process wrote for all of ``timeout`` seconds.
            StorageError: the folder cannot be made or written.
        """
        with ExitStack() as stack:
            try:
                lock = private_file(private_folder(self._dir, refused=OTHERS_WRITE) / LOCK)
                stack.enter_context(exclusive_lock(lock, timeout=timeout))
            except TimeoutError as error:
                raise IndexLockedError(
                    f"ein anderer Vorgang schreibt den Index seit {timeout:g} Sekunden",
                    subject=str(self._dir),
                    remedy="warten und wiederholen, oder KB_LOCK_TIMEOUT erhöhen",
                ) from error
            except OSError as error:
                raise storage_error(error, self._dir) from error
            yield

    def begin(self) -> Path:
        """An empty folder for the next generation; only under the lock.

        What killed writers left is removed first: they may have died of a full disk.
        """
        with self.storage_errors():
            current = self._name_or_none()
            older = [path.name for path in self._folders() if current and path.name < current]
            self._sweep({current, max(older, default=None)})
            newest = max((_number(path) for path in self._folders()), default=0)
            folder = self._dir / f"g{newest + 1:08d}-{secrets.token_hex(4)}"
            private_folder(folder)
        return folder

    def commit(self, folder: Path, documents: int, known: dict[str, FileSeal]) -> None:
        """Seal every file of a folder and make it the current generation; only under the lock.

        ``known`` are the seals of linked files, which need not be read again.
        """
        with self.storage_errors():
            files = {}
            for path in sorted(folder.iterdir()):
                files[path.name] = known.get(path.name) or seal_file(path)
            created = datetime.now(UTC).isoformat(timespec="seconds")
            manifest = Manifest(self._versions, documents, created, files)
            write_manifest(folder, manifest)
            sync_directory(self._dir)
            previous = self._name_or_none()
            write_atomically(self._dir / CURRENT, f"{folder.name}\n".encode())
            self._sweep({folder.name, previous})

    def drop_older(self) -> None:
        """Remove what readers may still be about to open; they look again. Only under the lock."""
        with self.storage_errors():
            self._sweep({self._name_or_none()})

    def discard(self, folder: Path) -> None:
        """Remove a folder that will not be committed.

        One that is current stays: somebody pressed Ctrl-C between the switch and the end of ``commit``.
        """
        if folder.name != self._name_or_none():
            shutil.rmtree(folder, ignore_errors=True)

    def _sweep(self, keep: set[str | None]) -> None:
        """Remove generations that no reader needs, and leftovers.

        A reader that still has an older one open keeps it: deleted files live while they are mapped.
        """
        for path in self._folders():
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
        for path in self._dir.glob(f"{TEMPORARY_PREFIX}*"):
            path.unlink(missing_ok=True)

    @contextmanager
    def storage_errors(self) -> Iterator[None]:
        """Translate what the file system says while writing."""
        try:
            yield
        except OSError as error:
            raise storage_error(error, self._dir) from error

    def _folders(self) -> list[Path]:
        return [path for path in self._dir.glob("g*-*") if path.is_dir()]

    def _name_or_none(self) -> str | None:
        try:
            return self._current_name()
        except (IndexMissingError, IndexDamagedError):
            return None

    def _current_name(self) -> str:
        try:
            name = (self._dir / CURRENT).read_text("ascii").strip()
        except FileNotFoundError as error:
            raise IndexMissingError(
                "es gibt noch keinen Index",
                subject=str(self._dir),
                remedy="`kb index` ausführen (run `kb index`)",
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise damaged(self._dir / CURRENT, "nicht lesbar") from error
        if not name.startswith("g") or "/" in name:
            raise damaged(self._dir / CURRENT, "nennt keine Generation")
        return name

    def _check_versions(self, found: Versions) -> None:
        if (found.schema, found.analysis) != (self._versions.schema, self._versions.analysis):
            raise IndexOutdatedError(
                "der Index stammt von einer anderen Version der Suche",
                subject=str(self._dir),
                remedy="`kb index` ausführen und laufende Server neu starten (run `kb index`)",
            )


def _number(folder: Path) -> int:
    digits = folder.name[1:].split("-")[0]
    return int(digits) if digits.isdecimal() else 0
