"""What became of one address, and what the engine counted for one source: the words that a crawl reports in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PageAction(StrEnum):
    """What was done with one address."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of one address and why, in German; ``doc_id`` where a document stands behind it.

    ``instead`` is another address of the same content, to be read in place of this one. ``trace`` is what
    Python said of a mistake of the program, ``warnings`` what of the address is not in its document.
    """

    url: str
    action: PageAction
    reason: str
    doc_id: str | None = None
    instead: str | None = None
    trace: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceTotals:
    """What the engine counted for one source.

    ``found`` are distinct addresses, ``fetched`` answered requests with their redirects and robots.txt,
    ``received`` the bytes of their bodies, ``seconds`` the time from first request to last outcome. ``notes``
    say in German what befell the visit as a whole, ``alarms`` why the source does not answer as it used to.
    """

    source: str
    found: int = 0
    fetched: int = 0
    received: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
