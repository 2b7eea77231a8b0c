"""Accounts with argon2 passwords, a growing delay after wrong ones, and sessions that can be ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb.errors import AccountExistsError, AccountNotFoundError, RecordError, SignInRefusedError
from kb.model import Account, Role, check_account_name, check_password
from kb.record.database import Database
from kb.record.tables import AccountRow

# Wrong passwords that cost nothing; each further one doubles the wait, from one second to fifteen minutes.
_FREE_FAILURES = 3
_LONGEST_LOCK = timedelta(minutes=15)
_WRONG = "Name oder Passwort stimmt nicht"


class SqlAccountStore:
    """An ``AccountStore`` in the record's database; ``hasher`` says what a guess at a password costs."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _decoy(self) -> str:
        """Verified for unknown names, so that they take as long as known ones."""
        return self._hasher.hash("kein Passwort, nur Rechenzeit")

    def add(self, name: str, password: str, role: Role) -> Account:
        """See ``AccountStore.add``."""
        name = check_account_name(name)
        check_password(password)
        row = AccountRow(
            name=name,
            role=role.value,
            active=True,
            password_hash=self._hasher.hash(password),
            created_at=_now(),
            generation=0,
            failures=0,
            locked_until=None,
        )
        try:
            with self._database.begin() as connection, Session(connection) as session:
                session.add(row)
                session.flush()
                return _account(row)
        except RecordError as error:
            if isinstance(error.__cause__, IntegrityError):
                raise AccountExistsError(
                    "ein Konto dieses Namens gibt es schon",
                    subject=name,
                    remedy="kb user password ändert das Passwort",
                ) from error
            raise

    def accounts(self) -> list[Account]:
        """See ``AccountStore.accounts``."""
        with self._database.begin() as connection, Session(connection) as session:
            return [_account(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name))]

    def get(self, name: str) -> Account:
        """See ``AccountStore.get``."""
        with self._database.begin() as connection, Session(connection) as session:
            return _account(_row(session, name))

    def set_active(self, name: str, *, active: bool) -> Account:
        """See ``AccountStore.set_active``."""
        with self._database.begin() as connection, Session(connection) as session:
            row = _row(session, name)
            row.active = active
            row.generation += 1
            session.flush()
            return _account(row)

    def set_password(self, name: str, password: str) -> Account:
        """See ``AccountStore.set_password``."""
        check_password(password)
        with self._database.begin() as connection, Session(connection) as session:
            row = _row(session, name)
            row.password_hash = self._hasher.hash(password)
            row.generation += 1
            row.failures, row.locked_until = 0, None
            session.flush()
            return _account(row)

    def sign_in(self, name: str, password: str) -> Account:
        """See ``AccountStore.sign_in``; a failure is counted in a transaction of its own."""
        name = name.strip().lower()
        decoy = self._decoy  # made with the first sign-in, whatever its name
        with self._database.begin() as connection, Session(connection) as session:
            row = session.scalar(select(AccountRow).where(AccountRow.name == name).with_for_update())
            if row is not None and row.locked_until is not None and row.locked_until > _now():
                seconds = int((row.locked_until - _now()).total_seconds()) + 1
                locked = SignInRefusedError(
                    f"nach mehreren falschen Versuchen noch {seconds} Sekunden gesperrt",
                    remedy="später wiederholen",
                )
            else:
                locked = None
            matches = self._matches(row.password_hash if row is not None else decoy, password)
            if row is not None and locked is None and matches and row.active:
                row.failures, row.locked_until = 0, None
                if self._hasher.check_needs_rehash(row.password_hash):
                    row.password_hash = self._hasher.hash(password)
                session.flush()
                return _account(row)
            if row is not None and locked is None:
                row.failures += 1
                row.locked_until = _locked_until(row.failures)
                session.flush()
        raise locked or SignInRefusedError(_WRONG, remedy="noch einmal eingeben")

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password[:1024])
        except (VerificationError, InvalidHashError):
            return False


def _locked_until(failures: int) -> datetime | None:
    excess = failures - _FREE_FAILURES
    if excess < 0:
        return None
    return _now() + min(timedelta(seconds=2.0 ** min(excess, 20)), _LONGEST_LOCK)


def _row(session: Session, name: str) -> AccountRow:
    row = session.scalar(select(AccountRow).where(AccountRow.name == name.strip().lower()))
    if row is None:
        raise AccountNotFoundError("dieses Konto gibt es nicht", subject=name, remedy="kb user list zeigt alle")
    return row


def _account(row: AccountRow) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        active=row.active,
        created_at=row.created_at,
        generation=row.generation,
    )


def _now() -> datetime:
    return datetime.now(UTC)
