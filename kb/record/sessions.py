"""Sessions in the record's database: known by a token that only the browser has, and ended by being deleted."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from kb.errors import RecordError
from kb.model import Account, SignedInSession
from kb.record.accounts import account_of
from kb.record.database import Database
from kb.record.tables import AccountRow, SessionRow

_log = logging.getLogger(__name__)

# A session ends after an hour without a request, and after a working day in any case.
IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(hours=12)
# Not every request is noted.
_SEEN_STEP = timedelta(minutes=1)


class SqlSessionStore:
    """A ``SessionStore`` in the record's database; of tokens it keeps hashes, which open nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, account: Account, device: str) -> str:
        """See ``SessionStore.start``; sessions that have ended are removed."""
        token, now = secrets.token_urlsafe(32), _now()
        row = SessionRow(
            token_hash=_hash(token),
            account_id=account.id,
            generation=account.generation,
            device=device[:80],
            started_at=now,
            seen_at=now,
        )
        with self._database.begin() as connection, Session(connection) as session:
            session.execute(delete(SessionRow).where(_is_over(now)))
            session.add(row)
            session.flush()
        return token

    def find(self, token: str) -> SignedInSession | None:
        """See ``SessionStore.find``; takes a lock once a minute, and goes on where nothing can be noted."""
        now = _now()
        chosen = (
            select(SessionRow, AccountRow)
            .join(AccountRow, SessionRow.account_id == AccountRow.id)
            .where(SessionRow.token_hash == _hash(token), *_is_open(now))
        )
        with self._database.read() as connection, Session(connection) as session:
            found = session.execute(chosen).one_or_none()
            if found is None:
                return None
            open_session = _session(found[0], found[1])
        if now - open_session.seen_at > _SEEN_STEP:
            self._note_use(open_session.id, now)
        return open_session

    def of_account(self, account: Account) -> list[SignedInSession]:
        """See ``SessionStore.of_account``."""
        chosen = (
            select(SessionRow, AccountRow)
            .join(AccountRow, SessionRow.account_id == AccountRow.id)
            .where(AccountRow.id == account.id, *_is_open(_now()))
            .order_by(SessionRow.seen_at.desc(), SessionRow.id.desc())
        )
        with self._database.read() as connection, Session(connection) as session:
            return [_session(row[0], row[1]) for row in session.execute(chosen)]

    def end(self, account: Account, session_id: int) -> bool:
        """See ``SessionStore.end``."""
        chosen = (SessionRow.account_id == account.id, SessionRow.id == session_id)
        with self._database.begin() as connection:
            return connection.execute(delete(SessionRow).where(*chosen)).rowcount > 0

    def end_others(self, account: Account, session_id: int) -> int:
        """See ``SessionStore.end_others``."""
        chosen = (SessionRow.account_id == account.id, SessionRow.id != session_id)
        with self._database.begin() as connection:
            return connection.execute(delete(SessionRow).where(*chosen)).rowcount

    def _note_use(self, session_id: int, now: datetime) -> None:
        try:
            with self._database.begin(durable=False) as connection:
                connection.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=now))
        except RecordError as error:  # a full disk, say: what was asked for may be answered all the same
            _log.warning("use of a session is not noted: %s", error)


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Not over, of an account that may sign in, and begun with its present password and role."""
    return (
        SessionRow.seen_at >= now - IDLE,
        SessionRow.started_at >= now - ABSOLUTE,
        SessionRow.generation == AccountRow.generation,
        AccountRow.active.is_(True),
    )


def _is_over(now: datetime) -> ColumnElement[bool]:
    return or_(SessionRow.seen_at < now - IDLE, SessionRow.started_at < now - ABSOLUTE)


def _session(row: SessionRow, account: AccountRow) -> SignedInSession:
    return SignedInSession(
        id=row.id,
        account=account_of(account),
        device=row.device,
        started_at=row.started_at,
        seen_at=row.seen_at,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    """A function of its own, so that tests can move the clock."""
    return datetime.now(UTC)
