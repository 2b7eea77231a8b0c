"""Accounts in the record's database: hashes are made outside transactions, and who only asks takes no lock."""

from __future__ import annotations

from datetime import UTC, datetime

from argon2 import PasswordHasher
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb.errors import AccountExistsError, AccountNotFoundError, RecordError, SignInRefusedError
from kb.model import Account, Role, check_account_name, check_password
from kb.record.database import Database
from kb.record.passwords import Passwords
from kb.record.tables import AccountRow, SessionRow


class SqlAccountStore:
    """An ``AccountStore`` in the record's database; ``hasher`` says what a guess at a password costs."""

    def __init__(self, database: Database, hasher: PasswordHasher | Passwords | None = None) -> None:
        self._database = database
        self._passwords = hasher if isinstance(hasher, Passwords) else Passwords(hasher)

    def add(self, name: str, password: str, role: Role) -> Account:
        """See ``AccountStore.add``."""
        name = check_account_name(name)
        check_password(password)
        row = AccountRow(
            name=name,
            role=role.value,
            active=True,
            password_hash=self._passwords.hash(password),
            created_at=_now(),
            generation=0,
        )
        try:
            with self._database.begin() as connection, Session(connection) as session:
                session.add(row)
                session.flush()
                return account_of(row)
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
        with self._database.read() as connection, Session(connection) as session:
            return [account_of(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name))]

    def get(self, name: str) -> Account:
        """See ``AccountStore.get``."""
        with self._database.read() as connection, Session(connection) as session:
            return account_of(_row(session, name))

    def set_active(self, name: str, *, active: bool) -> Account:
        """See ``AccountStore.set_active``."""
        with self._database.begin() as connection, Session(connection) as session:
            row = _row(session, name)
            row.active = active
            _end_sessions(session, row)
            return account_of(row)

    def set_role(self, name: str, role: Role) -> Account:
        """See ``AccountStore.set_role``."""
        with self._database.begin() as connection, Session(connection) as session:
            row = _row(session, name)
            if row.role != role.value:
                row.role = role.value
                _end_sessions(session, row)
            return account_of(row)

    def set_password(self, name: str, password: str) -> Account:
        """See ``AccountStore.set_password``."""
        check_password(password)
        self.get(name)  # an unknown name costs no hash
        password_hash = self._passwords.hash(password)
        with self._database.begin() as connection, Session(connection) as session:
            row = _row(session, name)
            row.password_hash = password_hash
            _end_sessions(session, row)
            return account_of(row)

    def sign_in(self, name: str, password: str) -> Account:
        """See ``AccountStore.sign_in``; nothing is written but a hash that is renewed."""
        with self._database.read() as connection, Session(connection) as session:
            row = session.scalar(select(AccountRow).where(AccountRow.name == name.strip().lower()))
            known = (account_of(row), row.password_hash) if row is not None else None
        matches = self._passwords.matches(known[1] if known is not None else None, password)
        if known is None or not matches or not known[0].active:
            raise SignInRefusedError("Name oder Passwort stimmt nicht", remedy="noch einmal eingeben")
        account, password_hash = known
        if self._passwords.is_outdated(password_hash):
            self._renew(account.id, password_hash, self._passwords.hash(password))
        return account

    def _renew(self, account_id: int, old: str, new: str) -> None:
        """Replace a hash, unless the password was changed meanwhile."""
        with self._database.begin() as connection:
            connection.execute(
                update(AccountRow)
                .where(AccountRow.id == account_id, AccountRow.password_hash == old)
                .values(password_hash=new)
            )


def _row(session: Session, name: str) -> AccountRow:
    row = session.scalar(select(AccountRow).where(AccountRow.name == name.strip().lower()))
    if row is None:
        raise AccountNotFoundError("dieses Konto gibt es nicht", subject=name, remedy="kb user list zeigt alle")
    return row


def _end_sessions(session: Session, row: AccountRow) -> None:
    """End all, and those that begin at this moment with what held before."""
    row.generation += 1
    session.flush()
    session.execute(delete(SessionRow).where(SessionRow.account_id == row.id))


def account_of(row: AccountRow) -> Account:
    """The account of a row."""
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
