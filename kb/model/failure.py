"""A document with which some step of the program could not do its work, while everything else went on.

A source that does not answer as it used to is kept in the same way (``Step.SOURCE``), until it does again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Step(StrEnum):
    """Which step."""

    SOURCE = "source"
    CRAWL = "crawl"
    INDEX = "index"
    PAGE = "page"


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Failure:
    """What is kept of it, for ``kb doctor`` and the editors' desk.

    ``document`` is the place in the corpus, the id or the address, as the step knew it, or a source's id;
    ``doc_id`` is empty where nobody can know it. ``reason`` is German, for people. ``trace`` is what Python
    said of a mistake of the program; empty where the document is what is wrong. ``source`` is known of a
    crawl's pages.
    """

    document: str
    step: Step
    reason: str
    doc_id: str = ""
    trace: str = ""
    source: str = ""
    at: datetime = field(default_factory=_now)

    @property
    def is_unforeseen(self) -> bool:
        """Whether the program is to be mended, not the document."""
        return bool(self.trace)
