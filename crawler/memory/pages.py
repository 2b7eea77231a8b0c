"""What a source's crawls remember: what a page was last time, and what is still to be done.

A *round* visits every address of a source once. It takes as many runs as the budget of a run asks for: what a
run found and could not ask for any more waits for the next run, which goes on there, oldest first, and does not
begin with the first pages again. So every page has its turn, and only after the last one the first comes again.

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

from crawler.addressing.urls import page_key
from crawler.memory.held import SCHEMA as HELD_SCHEMA
from crawler.memory.held import HeldAnswers
from crawler.processes.state_file import StateFile
from crawler.report.outcomes import PageAction, PageOutcome

# A page is believed to be gone once it was so on this many different days, without being there in between: a
# weekend's mistake at the other end withdraws nothing.
GONE_DAYS = 3
# A website that makes up new pages for ever would have a round for ever, in which no page is ever read again. A
# month of daily runs is 60,000 pages with the shipped budget.
ROUND_RUNS = 30
# The kind of an address that an earlier run of the round finished and told of.
_PAST = "past"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    key TEXT PRIMARY KEY, reader TEXT NOT NULL, etag TEXT, modified TEXT,
    action TEXT NOT NULL, reason TEXT NOT NULL, doc_id TEXT, leads BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS gone (key TEXT PRIMARY KEY, days INTEGER NOT NULL, first TEXT NOT NULL, last TEXT);
CREATE TABLE IF NOT EXISTS frontier (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, kind TEXT NOT NULL, depth INTEGER NOT NULL, outcome TEXT);
CREATE TABLE IF NOT EXISTS strays (key TEXT PRIMARY KEY, hashes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pauses (at INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS run (reader TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Lead:
    """An address to ask for, and what its answer is to be read as (see ``crawler.requests.kinds``)."""

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
        self._state = StateFile(file, _SCHEMA + HELD_SCHEMA)
        self._reader = reader
        self.held = HeldAnswers(self._state)

    def close(self) -> None:
        """Let go of the file."""
        self._state.close()

    def at_once(self) -> AbstractContextManager[None]:
        """Everything noted in the block is kept, or nothing of it."""
        return self._state.at_once()

    # -- one run -----------------------------------------------------------

    def begin(self) -> bool:
        """Start a run; True if a round goes on, be it that a run was cut off or that its budget was used up."""
        if self._state.rows("SELECT 1 FROM run WHERE reader = ?", (self._reader,)):
            return True
        with self.at_once():
            self._forget_round()
            self._state.do("INSERT INTO run VALUES (?)", (self._reader,))
        return False

    def pause(self) -> bool:
        """The run came to its end and the round did not: what was done is the past when the next run begins.

        False if this was the last run of so long a round; the next one begins anew.
        """
        with self.at_once():
            self._state.do("INSERT INTO pauses VALUES (NULL)")
            if self._state.rows("SELECT count(*) FROM pauses")[0][0] >= ROUND_RUNS:
                self._forget_round()
                return False
            self._state.do("UPDATE frontier SET kind = ? WHERE outcome IS NOT NULL", (_PAST,))
        return True

    def finish(self) -> None:
        """The round came to its end; the next run begins anew."""
        with self.at_once():
            self._forget_round()

    def _forget_round(self) -> None:
        for table in ("run", "frontier", "pauses"):
            self._state.do(f"DELETE FROM {table}")

    def wait_for(self, leads: Sequence[Lead]) -> None:
        """Note addresses before they are asked for."""
        rows = [(page_key(lead.url), lead.url, lead.kind, lead.depth) for lead in leads]
        self._state.do_many("INSERT OR IGNORE INTO frontier VALUES (?, ?, ?, ?, NULL)", rows)

    def done(self, outcome: PageOutcome) -> None:
        """Note what became of an address, also of one that was never asked for."""
        told = json.dumps(
            [outcome.action.value, outcome.reason, outcome.doc_id, outcome.instead, outcome.warnings]
        )
        self._state.do(
            "INSERT INTO frontier VALUES (?, ?, '', 0, ?) "
            "ON CONFLICT (key) DO UPDATE SET outcome = excluded.outcome",
            (page_key(outcome.url), outcome.url, told),
        )

    def waiting(self) -> list[Lead]:
        """What the round has found and not finished, oldest first."""
        rows = self._state.rows("SELECT url, kind, depth FROM frontier WHERE outcome IS NULL ORDER BY rowid")
        return [Lead(*row) for row in rows]

    def outcomes(self) -> Iterator[PageOutcome]:
        """What a run that was cut off had finished."""
        rows = self._state.rows(
            "SELECT url, outcome FROM frontier WHERE outcome IS NOT NULL AND kind != ?", (_PAST,)
        )
        for url, told in rows:
            yield _told(url, told)

    def outcome(self, url: str) -> PageOutcome | None:
        """What became of an address in this round, if anything yet."""
        rows = self._state.rows(
            "SELECT url, outcome FROM frontier WHERE key = ? AND outcome IS NOT NULL", (page_key(url),)
        )
        return _told(*rows[0]) if rows else None

    def past(self) -> list[str]:
        """The addresses that earlier runs of this round finished."""
        return [str(url) for (url,) in self._state.rows("SELECT url FROM frontier WHERE kind = ?", (_PAST,))]

    def asked(self, kind: str) -> int:
        """For how many addresses of a kind a run that was cut off had an answer."""
        query = "SELECT count(*) FROM frontier WHERE kind = ? AND outcome IS NOT NULL"
        return int(self._state.rows(query, (kind,))[0][0])

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

    def forget(self, url: str) -> None:
        """Read an address anew the next time, whatever its server says of changes."""
        self._state.do("DELETE FROM pages WHERE key = ?", (page_key(url),))

    def strays(self) -> dict[str, str]:
        """Further addresses of documents that had another text when last read (see ``PageContext.strays``)."""
        return dict(self._state.rows("SELECT key, hashes FROM strays"))

    def keep_stray(self, url: str, hashes: str | None) -> None:
        """Note which other text a further address had; None: it has none."""
        if hashes is None:
            self._state.do("DELETE FROM strays WHERE key = ?", (page_key(url),))
        else:
            self._state.do("INSERT OR REPLACE INTO strays VALUES (?, ?)", (page_key(url), hashes))

    def is_absent(self, url: str) -> bool:
        """Whether an address was gone when it was last asked for."""
        return bool(self._state.rows("SELECT 1 FROM gone WHERE key = ?", (page_key(url),)))

    def is_there(self, url: str) -> None:
        """Forget that an address was ever gone."""
        self._state.do("DELETE FROM gone WHERE key = ?", (page_key(url),))

    def erase(self, keys: Sequence[str], doc_id: str | None) -> None:
        """Delete every line about these addresses (``page_key``) or this document, for good."""
        with self.at_once():
            for table in ("pages", "gone", "frontier", "strays", "held"):
                self._state.do_many(f"DELETE FROM {table} WHERE key = ?", [(key,) for key in keys])
            for table in ("pages", "held"):
                self._state.do(f"DELETE FROM {table} WHERE doc_id = ?", (doc_id,))
        self._state.compact()

    def gone(self, url: str, today: date) -> Absence:
        """Note that an address was gone today, by its status or by another sign."""
        key, day = page_key(url), today.isoformat()
        self._state.do("DELETE FROM pages WHERE key = ?", (key,))
        self._state.do(
            "INSERT INTO gone VALUES (?, 1, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            "days = days + (last != excluded.last), last = excluded.last",
            (key, day, day),
        )
        days, first = self._state.rows("SELECT days, first FROM gone WHERE key = ?", (key,))[0]
        return Absence(int(days), str(first))


def _told(url: str, told: str) -> PageOutcome:
    action, reason, doc_id, instead, *warnings = json.loads(told)
    known = tuple(warnings[0]) if warnings else ()  # earlier versions kept none
    return PageOutcome(url, PageAction(action), reason, doc_id, instead, warnings=known)
