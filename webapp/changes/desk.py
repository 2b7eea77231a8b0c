"""What an editor does to documents: every change is noted, written, indexed, in this order.

The way of a change (``Desk._commit``):

1. the version log notes who is about to do what, with the whole file before and after
2. ``CorpusStore.put`` under the revision that the editor saw: whole or not at all; a conflict drops the note
3. the note says ``written``
4. the index follows, for this document alone
5. the note says ``indexed``

A crash after 1 or 3 leaves the note behind; ``recover`` finishes it at the next start. Where another process
writes the index, step 4 waits its turn (``FollowUps``); what was withdrawn is in no answer even so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from kb.corpus import parse_document, render_document
from kb.errors import (
    ConflictError,
    CorpusError,
    DocumentNotFoundError,
    IndexLockedError,
    InvalidDocumentError,
)
from kb.failures import contained, foreseen, logged
from kb.model import (
    Change,
    Decision,
    Decisions,
    Document,
    SourceNews,
    Status,
    StoredDocument,
    Version,
    VersionDraft,
    VersionProgress,
    Withdrawal,
    taken_over,
    weighed,
    with_marks,
)
from kb.ports import CorpusStore, SourceNewsStore, VersionLog
from webapp.changes.follow_ups import FollowUps

_log = logging.getLogger(__name__)
_LATER = "ein anderer Vorgang schreibt den Index; sobald er fertig ist, folgt die Suche von selbst"


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changes what, and for which reason; ``comment`` is shown in the list of versions."""

    editor: str
    change: Change
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved document; ``index_problem`` says in German why search does not show it yet, if so.

    ``was_there`` tells that somebody, or the same form, had added it before: nothing was written.
    """

    stored: StoredDocument
    index_problem: str | None = None
    was_there: bool = False


class Desk:
    """All changes that editors make, over the ports; safe to use from several threads."""

    def __init__(
        self,
        corpus: CorpusStore,
        versions: VersionLog,
        news: SourceNewsStore,
        index_document: Callable[[str], None],
    ) -> None:
        self._corpus = corpus
        self._versions = versions
        self._news = news
        self._index_document = index_document
        self.follow_ups = FollowUps(
            index_document, lambda version_id: versions.advance(version_id, VersionProgress.INDEXED)
        )

    def create(self, document: Document, edit: Edit) -> Saved:
        """Add a document; sent twice with the same id it is one document, and the first counts.

        Raises:
            StorageError: nothing was written.
        """
        try:
            return self._commit(None, document, edit)
        except ConflictError:
            return Saved(self._corpus.get(document.id), was_there=True)

    def save(self, document: Document, expected: str, edit: Edit, news: SourceNews | None = None) -> Saved:
        """Replace a document that the editor read at the revision ``expected``.

        With ``news`` it is what the editor wants in view of them, and they wait no longer.

        Raises:
            ConflictError: somebody else was faster; nothing was written.
            DocumentNotFoundError, StorageError
        """
        old = self._corpus.get(document.id)
        if old.revision != expected:
            raise ConflictError(
                "das Dokument wurde inzwischen geändert",
                subject=document.id,
                remedy="beide Fassungen vergleichen",
            )
        if news is None:
            return self._commit(old, document, edit)
        saved = self._commit(old, weighed(document, news.document), edit)
        # A crash before this leaves news that the document has been weighed against: no list shows them.
        self._news.drop(document.id, news.digest)
        return saved

    def take_over(self, news: SourceNews, expected: str, editor: str) -> Saved:
        """Let a document say what its source says; decisions and state stay. Raises as ``save``."""
        document = taken_over(self._corpus.get(news.document.id).document, news.document)
        return self.save(document, expected, Edit(editor, Change.SOURCE_TAKEN, _seen(news)), news)

    def keep(self, news: SourceNews, expected: str, editor: str) -> Saved:
        """Leave a document as it is until its source changes once more. Raises as ``save``."""
        document = self._corpus.get(news.document.id).document
        return self.save(document, expected, Edit(editor, Change.SOURCE_KEPT, _seen(news)), news)

    def publish(self, doc_id: str, expected: str, editor: str) -> Saved:
        """Let everybody find a document; a withdrawal ends. Raises as ``save``."""
        document = replace(self._corpus.get(doc_id).document, status=Status.PUBLISHED, withdrawal=None)
        return self.save(document, expected, Edit(editor, Change.PUBLISHED))

    def unpublish(self, doc_id: str, expected: str, editor: str) -> Saved:
        """Make a document a draft again. Raises as ``save``."""
        document = replace(self._corpus.get(doc_id).document, status=Status.DRAFT, withdrawal=None)
        return self.save(document, expected, Edit(editor, Change.UNPUBLISHED))

    def withdraw(self, doc_id: str, expected: str, editor: str, reason: str) -> Saved:
        """Take a document out of the search; its page says so with date and reason. Raises as ``save``."""
        withdrawal = Withdrawal(at=_now(), reason=reason, by=editor)
        document = self._corpus.get(doc_id).document
        document = replace(document, status=Status.WITHDRAWN, withdrawal=withdrawal)
        return self.save(document, expected, Edit(editor, Change.WITHDRAWN, reason))

    def restore(self, version: Version, expected: str, editor: str) -> Saved:
        """Make an earlier version (its ``after``) the current one; the status stays as it is now.

        Raises as ``save``.
        """
        current = self._corpus.get(version.document_id).document
        earlier = parse_document(version.after, location=f"Fassung {version.number}")
        document = replace(
            earlier,
            status=current.status,
            withdrawal=current.withdrawal,
            # An editor wants this text in view of what the source said last: a crawl must not take it away.
            source_hash=current.source_hash or earlier.source_hash,
        )
        return self.save(
            with_marks(current, document), expected, Edit(editor, Change.RESTORED, f"Fassung {version.number}")
        )

    def recover(self) -> int:
        """Finish what a crash interrupted; returns how many changes were taken up.

        A planned change whose text is in the corpus was written; one whose text is not there was never made.
        What one document makes fail stays as it is until the next start, and is logged. What waits for the
        index is done by a process that answers requests: ``follow_ups.start``.
        """
        unfinished = self._versions.unfinished()
        for version in unfinished:
            with contained(version.document_id, partial(logged, _log)):
                self._take_up(version)
        return len(unfinished)

    def _take_up(self, version: Version) -> None:
        if version.progress is VersionProgress.PLANNED and not self._is_written(version):
            self._versions.drop(version.id)
            return
        self._versions.advance(version.id, VersionProgress.WRITTEN)
        self._follow(version.id, version.document_id)

    def _commit(self, old: StoredDocument | None, document: Document, edit: Edit) -> Saved:
        draft = VersionDraft(
            document_id=document.id,
            account=edit.editor,
            change=edit.change,
            before=render_document(old.document) if old is not None else None,
            after=render_document(document),
            comment=edit.comment,
        )
        version = self._versions.plan(draft)
        try:
            stored = self._corpus.put(document, expected=old.revision if old is not None else None)
        except CorpusError:
            self._versions.drop(version.id)
            raise
        self._versions.advance(version.id, VersionProgress.WRITTEN)
        problem = self._follow(version.id, document.id)
        self.follow_ups.start()
        return Saved(stored, problem)

    def _follow(self, version_id: int, document_id: str) -> str | None:
        """Let the index follow: now, as soon as it is free, with the next start or with ``kb index``.

        Who finds others waiting waits behind them.
        """
        try:
            if self.follow_ups.is_waiting:
                raise IndexLockedError("andere Änderungen warten schon")
            self._index_document(document_id)
        except IndexLockedError:
            self.follow_ups.add(version_id, document_id)
            return _LATER
        except Exception as error:
            known = foreseen(error, document_id)
            logged(_log, known)
            return known.reason
        self._versions.advance(version_id, VersionProgress.INDEXED)
        return None

    def _is_written(self, version: Version) -> bool:
        try:
            return render_document(self._corpus.get(version.document_id).document) == version.after
        except (DocumentNotFoundError, InvalidDocumentError):
            return False


# Kinds of decisions that are made by name, and where ``Decisions`` keeps them.
_BY_NAME = {"topic": "topics", "place": "places", "card": "card"}


def decided(document: Document, kind: str, name: str, decision: Decision | None) -> Document:
    """The document with one decision set, or taken back with None.

    ``kind`` is ``topic``, ``place`` or ``card`` (``name`` says which), ``doc_type`` or ``event`` (``name`` is
    empty).
    """
    decisions = document.decisions
    if kind in _BY_NAME:
        changed = _decided_by_name(decisions, kind, name, decision)
    elif kind == "doc_type":
        changed = replace(decisions, doc_type=decision)
    elif kind == "event":
        changed = replace(decisions, event=decision)
    else:
        raise ValueError(f"unknown kind of decision: {kind}")
    return replace(document, decisions=changed)


def _decided_by_name(decisions: Decisions, kind: str, name: str, decision: Decision | None) -> Decisions:
    before: Mapping[str, Decision] = getattr(decisions, _BY_NAME[kind])
    after = {key: value for key, value in before.items() if key != name}
    if decision is not None:
        after[name] = decision
    changed: dict[str, Any] = {_BY_NAME[kind]: after}
    return replace(decisions, **changed)


def _seen(news: SourceNews) -> str:
    return f"Stand der Quelle vom {news.seen_at:%d.%m.%Y}"


def decision(value: str, editor: str) -> Decision:
    """A decision by an editor, now."""
    return Decision(value, by=editor, at=_now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
