"""What sources say anew of documents on which editors decided: a file each in ``var/state/source-news``.

Files, not tables: crawls write here too, and a crawl shall need no database. A file is a document as in the
corpus, named by the hash of its id; ``fetched_at`` says when it was seen.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kb.corpus import parse_document, render_document
from kb.corpus.atomic import exclusive_lock, storage_error, storage_errors, sync_directory
from kb.errors import InvalidDocumentError
from kb.model import Document, SourceNews
from kb.private import private_file, write_privately

_log = logging.getLogger(__name__)


class FolderSourceNews:
    """A ``SourceNewsStore`` in a folder; safe beside other processes, writers hold one lock."""

    def __init__(self, folder: Path, *, lock_timeout: float = 30.0) -> None:
        self._folder, self._lock_timeout = folder, lock_timeout

    def note(self, document: Document) -> SourceNews:
        """See ``SourceNewsStore.note``."""
        news = SourceNews(document, document.fetched_at or datetime.now(UTC).replace(microsecond=0))
        with self._writing():
            known = self.get(document.id)
            if known is not None and known.digest == news.digest:
                return known
            content = render_document(replace(document, fetched_at=news.seen_at))
            write_privately(self._path(document.id), content.encode())
        return news

    def drop(self, doc_id: str, digest: str | None = None) -> bool:
        """See ``SourceNewsStore.drop``."""
        if not self._path(doc_id).exists():
            return False  # nearly always, so without waiting for a lock
        with self._writing():
            known = self.get(doc_id)
            if digest is not None and known is not None and known.digest != digest:
                return False
            self._path(doc_id).unlink(missing_ok=True)
            sync_directory(self._folder)
        return True

    def get(self, doc_id: str) -> SourceNews | None:
        """See ``SourceNewsStore.get``."""
        return self._read(self._path(doc_id))

    def waiting(self) -> list[SourceNews]:
        """See ``SourceNewsStore.waiting``."""
        found = [news for path in self._folder.glob("*.md") if (news := self._read(path)) is not None]
        return sorted(found, key=lambda news: (-news.seen_at.timestamp(), news.document.id))

    def _path(self, doc_id: str) -> Path:
        return self._folder / f"{hashlib.sha256(doc_id.encode()).hexdigest()[:40]}.md"

    def _read(self, path: Path) -> SourceNews | None:
        """A file that cannot be understood is no news: the next visit to the source writes it anew."""
        try:
            document = parse_document(path.read_text(encoding="utf-8"), location=str(path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise storage_error(error, path) from error
        except (InvalidDocumentError, UnicodeDecodeError) as error:
            _log.warning("source news unreadable: %s", error)
            return None
        if document.fetched_at is None:
            return None
        return SourceNews(document, document.fetched_at)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with (
            storage_errors(self._folder),
            exclusive_lock(private_file(self._folder / ".lock"), timeout=self._lock_timeout),
        ):
            yield
