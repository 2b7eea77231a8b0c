"""The versions of documents in the record's database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb.errors import DocumentNotFoundError, RecordError
from kb.model import Change, Version, VersionDraft, VersionProgress
from kb.record.database import Database
from kb.record.tables import VersionRow

# SQLite never needs a second try; PostgreSQL as many as there are editors on one document at once.
_TRIES = 50


class SqlVersionLog:
    """A ``VersionLog`` in the record's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, draft: VersionDraft) -> Version:
        """See ``VersionLog.plan``; whose number another process took meanwhile takes the next."""
        for _ in range(_TRIES):
            try:
                return self._plan(draft)
            except RecordError as error:
                if not isinstance(error.__cause__, IntegrityError):
                    raise
        raise RecordError("zu viele Änderungen auf einmal", subject=draft.document_id, remedy="wiederholen")

    def _plan(self, draft: VersionDraft) -> Version:
        with self._database.begin() as connection, Session(connection) as session:
            latest = session.scalar(
                select(func.max(VersionRow.number)).where(VersionRow.document_id == draft.document_id)
            )
            row = VersionRow(
                document_id=draft.document_id,
                number=(latest or 0) + 1,
                account=draft.account,
                at=datetime.now(UTC),
                change=draft.change.value,
                comment=draft.comment,
                before=draft.before,
                after=draft.after,
                progress=VersionProgress.PLANNED.value,
            )
            session.add(row)
            session.flush()
            return _version(row)

    def advance(self, version_id: int, progress: VersionProgress) -> None:
        """See ``VersionLog.advance``."""
        with self._database.begin() as connection:
            connection.execute(
                update(VersionRow).where(VersionRow.id == version_id).values(progress=progress.value)
            )

    def drop(self, version_id: int) -> None:
        """See ``VersionLog.drop``."""
        planned = VersionRow.progress == VersionProgress.PLANNED.value
        with self._database.begin() as connection:
            connection.execute(delete(VersionRow).where(VersionRow.id == version_id, planned))

    def forget(self, document_id: str) -> int:
        """See ``VersionLog.forget``."""
        with self._database.begin() as connection:
            gone = connection.execute(delete(VersionRow).where(VersionRow.document_id == document_id))
        self._database.compact()
        return gone.rowcount

    def unfinished(self) -> list[Version]:
        """See ``VersionLog.unfinished``."""
        open_ = VersionRow.progress != VersionProgress.INDEXED.value
        with self._database.read() as connection, Session(connection) as session:
            return [
                _version(row)
                for row in session.scalars(select(VersionRow).where(open_).order_by(VersionRow.id))
            ]

    def recent(self, limit: int) -> list[Version]:
        """See ``VersionLog.recent``."""
        done = VersionRow.progress != VersionProgress.PLANNED.value
        latest = select(func.max(VersionRow.id)).where(done).group_by(VersionRow.document_id)
        chosen = select(VersionRow).where(VersionRow.id.in_(latest)).order_by(VersionRow.id.desc()).limit(limit)
        with self._database.read() as connection, Session(connection) as session:
            return [_version(row) for row in session.scalars(chosen)]

    def versions(self, document_id: str) -> list[Version]:
        """See ``VersionLog.versions``."""
        chosen = (
            select(VersionRow)
            .where(VersionRow.document_id == document_id, VersionRow.progress != VersionProgress.PLANNED.value)
            .order_by(VersionRow.number.desc())
        )
        with self._database.read() as connection, Session(connection) as session:
            return [_version(row) for row in session.scalars(chosen)]

    def version(self, document_id: str, number: int) -> Version:
        """See ``VersionLog.version``."""
        chosen = select(VersionRow).where(VersionRow.document_id == document_id, VersionRow.number == number)
        with self._database.read() as connection, Session(connection) as session:
            row = session.scalar(chosen)
            if row is None:
                raise DocumentNotFoundError(
                    "diese Fassung gibt es nicht", subject=f"{document_id}, Fassung {number}"
                )
            return _version(row)


def _version(row: VersionRow) -> Version:
    return Version(
        id=row.id,
        document_id=row.document_id,
        number=row.number,
        account=row.account,
        at=row.at,
        change=Change(row.change),
        comment=row.comment,
        before=row.before,
        after=row.after,
        progress=VersionProgress(row.progress),
    )
