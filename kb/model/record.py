"""What the record keeps: who may do what, and every version of every document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kb.errors import InvalidAccountError

MIN_PASSWORD_LENGTH = 12
_ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


class Role(StrEnum):
    """What an account may do; an admin may do whatever an editor may."""

    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in; ``generation`` grows with every change that ends its sessions."""

    id: int
    name: str
    role: Role
    active: bool
    created_at: datetime
    generation: int = 0


@dataclass(frozen=True, slots=True)
class SignedInSession:
    """A browser in which somebody is signed in; ``device`` says roughly which."""

    id: int
    account: Account
    device: str
    started_at: datetime
    seen_at: datetime


def check_account_name(name: str) -> str:
    """The stored form of a name.

    Raises:
        InvalidAccountError: it could not be told apart in a log or a front matter.
    """
    name = name.strip().lower()
    if not _ACCOUNT_NAME.fullmatch(name):
        raise InvalidAccountError(
            "dieser Name geht nicht",
            subject=name[:80] or "(leer)",
            remedy="2 bis 64 Zeichen aus a–z, 0–9, Punkt, - und _",
        )
    return name


def check_password(password: str) -> None:
    """Length is what counts (NIST SP 800-63B, 3.1.1.2).

    Raises:
        InvalidAccountError: too short, or absurdly long.
    """
    if not MIN_PASSWORD_LENGTH <= len(password) <= 1024:
        raise InvalidAccountError(
            "das Passwort ist zu kurz oder zu lang", remedy=f"mindestens {MIN_PASSWORD_LENGTH} Zeichen wählen"
        )


class Change(StrEnum):
    """What was done to a document."""

    CREATED = "created"
    EDITED = "edited"
    DECIDED = "decided"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    SOURCE_TAKEN = "source_taken"
    SOURCE_KEPT = "source_kept"


class VersionProgress(StrEnum):
    """How far a change got: a crash leaves one of the first two behind, and the next start takes it up."""

    PLANNED = "planned"
    WRITTEN = "written"
    INDEXED = "indexed"


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """A change about to be made; the fields are those of ``Version``."""

    document_id: str
    account: str
    change: Change
    before: str | None
    after: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One change of one document: who, when, what, and the whole file before and after.

    ``number`` counts from 1 within the document. ``before`` is None for a new document; it is the file as
    the editor's change found it, so what a crawl or a hand changed in between is kept too.
    """

    id: int
    document_id: str
    number: int
    account: str
    at: datetime
    change: Change
    comment: str
    before: str | None
    after: str
    progress: VersionProgress
