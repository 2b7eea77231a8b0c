"""Passwords as argon2 hashes, few at a time: a hash takes 64 MB and all processors for a moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kb.errors import SignInBusyError

# For all threads of a process, of which a server has eight: two are left for those who search.
_RUNNING = 1
_WAITING = 5
_PATIENCE_SECONDS = 5.0
# Longer ones cannot be set; what is typed beyond that is not worth hashing.
_MAX_CHARS = 1024


class Passwords:
    """Hashing and comparing; ``hasher`` says what a guess costs.

    ``running`` hashes are made at a time by all threads of this process, ``waiting`` more wait for at most
    ``patience`` seconds, and whoever comes then is refused at once.
    """

    def __init__(
        self,
        hasher: PasswordHasher | None = None,
        *,
        running: int = _RUNNING,
        waiting: int = _WAITING,
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        self._hasher = hasher or PasswordHasher()
        self._running = threading.BoundedSemaphore(running)
        self._room = threading.BoundedSemaphore(running + waiting)
        self._patience = patience

    def hash(self, password: str) -> str:
        """The hash to keep.

        Raises:
            SignInBusyError: too many are being hashed.
        """
        with self._turn():
            return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether this is the password of a kept hash; None is nobody's, and takes the same work.

        Raises:
            SignInBusyError: too many are being hashed.
        """
        with self._turn():
            known = self._decoy  # made with the first question, whoever's it is
            try:
                self._hasher.verify(known if kept is None else kept, password[:_MAX_CHARS])
            except (VerificationError, InvalidHashError):
                return False
            return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash("kein Passwort, nur Rechenzeit")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise _busy()
        try:
            if not self._running.acquire(timeout=self._patience):
                raise _busy()
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._room.release()


def _busy() -> SignInBusyError:
    return SignInBusyError(
        "gerade melden sich zu viele zugleich an", remedy="in ein paar Sekunden noch einmal versuchen"
    )
