"""Answers of a run that wait for its end: what they mean shows only beside the others.

They lie on the disk, not in memory, and have no outcome while they lie there: whatever a ``kill -9`` interrupts
is asked for again, and what lay there is dropped.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

from crawler.addressing.urls import page_key
from crawler.processes.state_file import StateFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS held (
    key TEXT PRIMARY KEY, doc_id TEXT, url TEXT NOT NULL, via TEXT NOT NULL, content_type TEXT,
    body BLOB NOT NULL, title TEXT NOT NULL, text BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An answer as it came (``via`` are the addresses that redirected to it), with the text read of it.

    ``doc_id`` is the document that it would change, if there is one.
    """

    url: str
    via: tuple[str, ...]
    content_type: str | None
    body: bytes
    title: str
    text: str
    doc_id: str | None = None


class HeldAnswers:
    """The answers of one source that wait, by their addresses; ``StorageError`` from every method."""

    def __init__(self, state: StateFile) -> None:
        self._state = state

    def clear(self) -> None:
        """Drop everything."""
        self._state.do("DELETE FROM held")

    def put(self, answer: HeldAnswer) -> None:
        """Keep an answer."""
        body, text = zlib.compress(answer.body), zlib.compress(answer.text.encode("utf-8", "surrogatepass"))
        values = (page_key(answer.url), answer.doc_id, answer.url, json.dumps(answer.via), answer.content_type)
        self._state.do(
            "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*values, body, answer.title, text)
        )

    def find(self, url: str) -> HeldAnswer | None:
        """The answer of an address, if it waits."""
        rows = self._state.rows(
            "SELECT url, via, content_type, body, title, text, doc_id FROM held WHERE key = ?", (page_key(url),)
        )
        if not rows:
            return None
        found, via, content_type, body, title, text, doc_id = rows[0]
        told = zlib.decompress(text).decode("utf-8", "surrogatepass")
        return HeldAnswer(
            found, tuple(json.loads(via)), content_type, zlib.decompress(body), title, told, doc_id
        )

    def drop(self, url: str) -> None:
        """Let go of an answer."""
        self._state.do("DELETE FROM held WHERE key = ?", (page_key(url),))
