"""The record: accounts and versions, which cannot be recomputed; SQLite by default, PostgreSQL by URL."""

from kb.record.accounts import SqlAccountStore
from kb.record.database import Database
from kb.record.secret import secret_key
from kb.record.versions import SqlVersionLog

__all__ = ["Database", "SqlAccountStore", "SqlVersionLog", "secret_key"]
