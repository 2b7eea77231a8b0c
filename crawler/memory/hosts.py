"""What is known of hosts beyond one run: their files of rules for a day, and until when one wants rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crawler.processes.state_file import StateFile

# RFC 9309, 2.4: a cached robots.txt should not be used for more than 24 hours.
CACHED_SECONDS = 24 * 3600.0
# However far away a host places the end of its rest, it is asked again after a week.
_LONGEST_REST = 7 * 24 * 3600.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS robots (site TEXT PRIMARY KEY, status INTEGER NOT NULL, body BLOB NOT NULL, at REAL);
CREATE TABLE IF NOT EXISTS files (
    site TEXT, path TEXT, status INTEGER NOT NULL, body BLOB NOT NULL, at REAL, PRIMARY KEY (site, path));
CREATE TABLE IF NOT EXISTS rests (host TEXT PRIMARY KEY, until REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """Status and body of an answer to the request for robots.txt or another file of rules.

    A status of 0 means that no answer came; the body then says in German why.
    """

    status: int
    body: bytes


class HostMemory:
    """One file for all hosts; ``now`` gives Unix seconds.

    Raises:
        StorageError: from every method, if the file cannot be used.
    """

    def __init__(self, file: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self._state = StateFile(file, _SCHEMA)
        self._now = now

    def close(self) -> None:
        """Let go of the file."""
        self._state.close()

    def robots(self, site: str) -> RobotsAnswer | None:
        """The answer of ``scheme://host`` if it came within the last day."""
        now = self._now()
        rows = self._state.rows(
            "SELECT status, body FROM robots WHERE site = ? AND at > ? AND at <= ?",
            (site, now - CACHED_SECONDS, now),
        )
        return RobotsAnswer(int(rows[0][0]), bytes(rows[0][1])) if rows else None

    def keep_robots(self, site: str, answer: RobotsAnswer) -> None:
        """Remember an answer for a day; one that says only that the host is troubled is not remembered."""
        if answer.status < 500 and answer.status != 429:
            values = (site, answer.status, answer.body, self._now())
            self._state.do("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", values)

    def file(self, site: str, path: str) -> RobotsAnswer | None:
        """The answer of ``scheme://host`` for an optional file of rules if it came within the last day."""
        now = self._now()
        rows = self._state.rows(
            "SELECT status, body FROM files WHERE site = ? AND path = ? AND at > ? AND at <= ?",
            (site, path, now - CACHED_SECONDS, now),
        )
        return RobotsAnswer(int(rows[0][0]), bytes(rows[0][1])) if rows else None

    def keep_file(self, site: str, path: str, answer: RobotsAnswer) -> None:
        """Remember an answer for a day, trouble too: what is optional is not asked for twice a day."""
        values = (site, path, answer.status, answer.body, self._now())
        self._state.do("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", values)

    def keep_rest(self, host: str, seconds: float) -> None:
        """Remember that a host wants to be left alone for so long."""
        until = self._now() + min(seconds, _LONGEST_REST)
        self._state.do("INSERT OR REPLACE INTO rests VALUES (?, ?)", (host, until))

    def seconds_to_rest(self, host: str) -> float:
        """How long a host still wants to be left alone; 0 if not."""
        rows = self._state.rows("SELECT until FROM rests WHERE host = ?", (host,))
        return min(max(0.0, float(rows[0][0]) - self._now()), _LONGEST_REST) if rows else 0.0
