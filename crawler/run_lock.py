"""One crawl at a time: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.corpus.atomic import exclusive_lock
from kb.errors import CrawlError, StorageError

# A killed run's process is gone at once, but not before its successor can start.
_SECONDS_TO_WAIT = 2.0


@contextmanager
def only_run(folder: Path | None) -> Iterator[None]:
    """Hold the lock of all crawls that share this folder; without a folder there is nothing to share.

    Raises:
        CrawlError: another crawl is running.
        StorageError: the folder cannot be written.
    """
    if folder is None:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = exclusive_lock(folder / "lock", timeout=_SECONDS_TO_WAIT)
        lock.__enter__()
    except TimeoutError as error:
        raise CrawlError(
            "ein anderer Crawl läuft gerade",
            subject=str(folder),
            remedy="sein Ende abwarten; zwei zugleich würden die Server doppelt belasten",
        ) from error
    except OSError as error:
        raise StorageError(
            f"nicht beschreibbar ({error.strerror})", subject=str(folder), remedy="Platz und Rechte prüfen"
        ) from error
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
