"""The record: what cannot be recomputed: accounts, sessions, versions (a database), sources' news (files)."""

from kb.record.accounts import SqlAccountStore
from kb.record.counters import RecordCounters
from kb.record.database import Database
from kb.record.passwords import Passwords
from kb.record.secret import secret_key
from kb.record.sessions import SqlSessionStore
from kb.record.source_news import FolderSourceNews
from kb.record.versions import SqlVersionLog

__all__ = [
    "Database",
    "FolderSourceNews",
    "Passwords",
    "RecordCounters",
    "SqlAccountStore",
    "SqlSessionStore",
    "SqlVersionLog",
    "secret_key",
]
