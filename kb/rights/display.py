"""Who may see how much of a document: an editor's word, its licence, its source, in this order."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kb.model import Display, Document, Shown
from kb.rights.excerpt import excerpt
from kb.rights.licences import is_open

# A changed source file counts on the next look, without a look at the folder for every document of an export.
_FRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class DisplayByRights:
    """A ``DisplayPolicy`` over what is known now; ``sources`` maps their ids to what their files say."""

    sources: Mapping[str, Display] = field(default_factory=dict)

    def display(self, document: Document) -> Display:
        """Decide for one document.

        A document that no crawl fetched and whose source has no file is the operator's own and shown in full;
        one that was fetched is an excerpt when its source's file is gone.
        """
        if document.display is not None:
            return document.display
        if is_open(document.licence):
            return Display.FULL
        if document.source in self.sources:
            return self.sources[document.source]
        return Display.FULL if document.fetched_at is None else Display.EXCERPT

    def shown(self, document: Document) -> Shown:
        """The document as visitors may see it."""
        if self.display(document) is Display.FULL:
            return Shown(document)
        return Shown(replace(document, text=excerpt(document.text)), is_excerpt=True)


class DisplayBySource:
    """A ``DisplayPolicy`` that follows the files of a folder: what they say counts at once, without a restart.

    ``read`` gives what the files say; ``now`` is a clock in seconds that never goes back.
    """

    def __init__(
        self,
        folder: Path,
        read: Callable[[], Mapping[str, Display]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._read, self._now = folder, read, now
        self._state = _State(DisplayByRights(read()), self._signature(), now())

    def display(self, document: Document) -> Display:
        """Decide for one document by the files as they are."""
        return self._current().display(document)

    def shown(self, document: Document) -> Shown:
        """The document as visitors may see it."""
        return self._current().shown(document)

    def _current(self) -> DisplayByRights:
        state = self._state
        if self._now() - state.looked_at < _FRESH_SECONDS:
            return state.rights
        signature = self._signature()
        rights = state.rights if signature == state.signature else DisplayByRights(self._read())
        self._state = _State(rights, signature, self._now())  # one assignment: safe from several threads
        return rights

    def _signature(self) -> frozenset[tuple[str, int, int]]:
        found = set()
        for path in self._folder.glob("*.toml"):
            try:
                status = path.stat()
            except OSError:
                continue  # deleted since it was listed, or a link to nowhere
            found.add((path.name, status.st_mtime_ns, status.st_size))
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class _State:
    rights: DisplayByRights
    signature: frozenset[tuple[str, int, int]]
    looked_at: float
