"""What a source's crawls remember: what a page was last time, and what an unfinished run still has to do.

Scrapy's own ``JOBDIR`` is not used: its queues are whole only after an orderly end. Here an address is noted
before it is asked for, and what a page led to is kept together with its outcome; whatever a ``kill -9``
interrupts is done again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crawler.report import PageAction, PageOutcome
from crawler.state import StateFile
from crawler.urls import page_key

# A page is believed to be gone once it was so on this many different days, without being there in between: a
# weekend's mistake at the other end withdraws nothing.
GONE_DAYS = 3
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    key TEXT PRIMARY KEY, reader TEXT NOT NULL, etag TEXT, modified TEXT,
    action TEXT NOT NULL, reason TEXT NOT NULL, doc_id TEXT, leads BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS gone (key TEXT PRIMARY KEY, days INTEGER NOT NULL, first TEXT NOT NULL, last TEXT);
CREATE TABLE IF NOT EXISTS frontier (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, kind TEXT NOT NULL, depth INTEGER NOT NULL, outcome TEXT);
CREATE TABLE IF NOT EXISTS run (reader TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Lead:
    """An address to ask for, and what its answer is to be read as (see ``crawler.requests``)."""

    url: str
    kind: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class PageMemory:
    """What an address was when it was last read: its validators, its outcome, and where it led."""

    etag: str | None
    modified: str | None
    outcome: PageOutcome
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """On how many days, and since when (ISO 8601), an address has been gone."""

    days: int
    first: str

    @property
    def is_believed(self) -> bool:
        """Whether this is long enough to take the document out of the search."""
        return self.days >= GONE_DAYS


class CrawlMemory:
    """The memory of one source; ``reader`` names what reads it: another one starts afresh.

    Raises:
        StorageError: from every method, if the file cannot be used.
    """

    def __init__(self, file: Path | None = None, reader: str = "") -> None:
        self._state = StateFile(file, _SCHEMA)
        self._reader = reader

    def close(self) -> None:
        """Let go of the file."""
        self._state.close()

    def at_once(self) -> AbstractContextManager[None]:
        """Everything noted in the block is kept, or nothing of it."""
        return self._state.at_once()

    # -- one run -----------------------------------------------------------

    def begin(self) -> bool:
        """Start a run; True if an unfinished one goes on."""
        if self._state.rows("SELECT 1 FROM run WHERE reader = ?", (self._reader,)):
            return True
        with self.at_once():
            self._state.do("DELETE FROM run")
            self._state.do("DELETE FROM frontier")
            self._state.do("INSERT INTO run VALUES (?)", (self._reader,))
        return False

    def finish(self) -> None:
        """The run came to its end; the next one begins anew."""
        with self.at_once():
            self._state.do("DELETE FROM run")
            self._state.do("DELETE FROM frontier")

    def wait_for(self, leads: Sequence[Lead]) -> None:
        """Note addresses before they are asked for."""
        rows = [(page_key(lead.url), lead.url, lead.kind, lead.depth) for lead in leads]
        self._state.do_many("INSERT OR IGNORE INTO frontier VALUES (?, ?, ?, ?, NULL)", rows)

    def done(self, outcome: PageOutcome) -> None:
        """Note what became of an address, also of one that was never asked for."""
        told = json.dumps([outcome.action.value, outcome.reason, outcome.doc_id, outcome.instead])
        self._state.do(
            "INSERT INTO frontier VALUES (?, ?, '', 0, ?) "
            "ON CONFLICT (key) DO UPDATE SET outcome = excluded.outcome",
            (page_key(outcome.url), outcome.url, told),
        )

    def waiting(self) -> list[Lead]:
        """What the unfinished run had found and not finished, oldest first."""
        rows = self._state.rows("SELECT url, kind, depth FROM frontier WHERE outcome IS NULL ORDER BY rowid")
        return [Lead(*row) for row in rows]

    def outcomes(self) -> Iterator[PageOutcome]:
        """What the unfinished run had finished."""
        for url, told in self._state.rows("SELECT url, outcome FROM frontier WHERE outcome IS NOT NULL"):
            action, reason, doc_id, instead = json.loads(told)
            yield PageOutcome(url, PageAction(action), reason, doc_id, instead)

    def asked(self, kind: str) -> int:
        """How many addresses of a kind the run has asked for, or is about to."""
        return int(self._state.rows("SELECT count(*) FROM frontier WHERE kind = ?", (kind,))[0][0])

    # -- from run to run ---------------------------------------------------

    def page(self, url: str) -> PageMemory | None:
        """What an address was when this reader last read it."""
        rows = self._state.rows(
            "SELECT etag, modified, action, reason, doc_id, leads FROM pages WHERE key = ? AND reader = ?",
            (page_key(url), self._reader),
        )
        if not rows:
            return None
        etag, modified, action, reason, doc_id, leads = rows[0]
        found = tuple(Lead(*lead) for lead in json.loads(zlib.decompress(leads)))
        return PageMemory(etag, modified, PageOutcome(url, PageAction(action), reason, doc_id), found)

    def keep(self, page: PageMemory) -> None:
        """Remember how an address was read; it is there, so earlier absences are forgotten."""
        outcome = page.outcome
        leads = zlib.compress(json.dumps([[lead.url, lead.kind, lead.depth] for lead in page.leads]).encode())
        values = (page_key(outcome.url), self._reader, page.etag, page.modified)
        self._state.do(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, outcome.action.value, outcome.reason, outcome.doc_id, leads),
        )
        self.is_there(outcome.url)

    def is_there(self, url: str) -> None:
        """Forget that an address was ever gone."""
        self._state.do("DELETE FROM gone WHERE key = ?", (page_key(url),))

    def forget(self, keys: Sequence[str], doc_id: str | None) -> None:
        """Delete every line about these addresses (``page_key``) or this document, for good."""
        with self.at_once():
            for table in ("pages", "gone", "frontier"):
                self._state.do_many(f"DELETE FROM {table} WHERE key = ?", [(key,) for key in keys])
            self._state.do("DELETE FROM pages WHERE doc_id = ?", (doc_id,))
        self._state.compact()

    def gone(self, url: str, today: date) -> Absence:
        """Note that an address was 404 or 410 today."""
        key, day = page_key(url), today.isoformat()
        self._state.do("DELETE FROM pages WHERE key = ?", (key,))
        self._state.do(
            "INSERT INTO gone VALUES (?, 1, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            "days = days + (last != excluded.last), last = excluded.last",
            (key, day, day),
        )
        days, first = self._state.rows("SELECT days, first FROM gone WHERE key = ?", (key,))[0]
        return Absence(int(days), str(first))
