"""One run at a time for a source, and for a host: locks that end with the process that holds them.

Two runs of different sources may go on side by side; the second run of a source is told who is at it. A host
that two sources share is crawled by one process after the other, or it would get two requests at once.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from kb.corpus.atomic import exclusive_lock
from kb.errors import StorageError
from kb.private import private_file

# A killed run's process is gone at once, but not before its successor can start.
SECONDS_FOR_THE_DEAD = 2.0
_POLL_SECONDS = 0.1


class TakenError(Exception):
    """Another process holds the lock; ``holder`` says which and since when, in German."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class RunLocks:
    """The lock files of all crawls that share a folder; without a folder there is nothing to share.

    Raises:
        StorageError: from every method, if the folder cannot be written.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder / "locks" if folder is not None else None

    @asynccontextmanager
    async def source(self, source_id: str) -> AsyncIterator[None]:
        """Hold a source.

        Raises:
            TakenError: another run is at it.
        """
        async with self._held(f"source-{source_id}", SECONDS_FOR_THE_DEAD):
            yield

    @asynccontextmanager
    async def hosts(self, names: Iterable[str], seconds: float) -> AsyncIterator[bool]:
        """Hold hosts, in their order so that two runs never wait for each other; gives whether it had to wait.

        Raises:
            TakenError: another run was still at one of them after so many seconds.
        """
        waited = False
        async with AsyncExitStack() as stack:
            for name in sorted(names):
                waited |= await stack.enter_async_context(self._held(f"host-{name}", seconds))
            yield waited

    @asynccontextmanager
    async def _held(self, name: str, seconds: float) -> AsyncIterator[bool]:
        if self._folder is None:
            yield False
            return
        path = self._folder / re.sub("[^a-z0-9._-]", "_", name.lower())
        deadline = asyncio.get_running_loop().time() + seconds
        waited = False
        while True:
            try:
                lock = exclusive_lock(private_file(path), timeout=0.0)
                lock.__enter__()
                break
            except TimeoutError:
                if asyncio.get_running_loop().time() >= deadline:
                    raise TakenError(_holder(path)) from None
            except OSError as error:
                raise _unusable(error, path) from error
            waited = True
            await asyncio.sleep(_POLL_SECONDS)
        try:
            _sign(path)
            yield waited
        finally:
            lock.__exit__(None, None, None)


def _sign(path: Path) -> None:
    """Write down who holds the lock: the process that a person started, which ours never outlives."""
    parent = multiprocessing.parent_process()
    process = parent.pid if parent is not None else os.getpid()
    try:
        path.write_text(f"{process} {datetime.now().astimezone():%d.%m.%Y, %H:%M} Uhr\n", encoding="utf-8")
    except OSError as error:
        raise _unusable(error, path) from error


def _holder(path: Path) -> str:
    try:
        process, _, since = path.read_text("utf-8").strip().partition(" ")
    except (OSError, UnicodeDecodeError):
        process, since = "", ""
    return f"Prozess {process}, seit {since}" if process.isdecimal() and since else "ein anderer Prozess"


def _unusable(error: OSError, path: Path) -> StorageError:
    return StorageError(
        f"nicht beschreibbar ({error.strerror})", subject=str(path), remedy="Platz und Rechte prüfen"
    )
