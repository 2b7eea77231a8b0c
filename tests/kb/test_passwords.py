"""Passwords are hashed few at a time, by all threads of a process together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal

import pytest
from argon2 import PasswordHasher

from kb.errors import SignInBusyError
from kb.record import Passwords
from tests import limits


class Slow(PasswordHasher):
    """A hasher that works until it is let go, and knows how many were at work at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()
        self.at_once = self.most = 0
        self._mutex = threading.Lock()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with self._mutex:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        self.begun.release()
        assert self.go_on.wait(limits.SECONDS)
        with self._mutex:
            self.at_once -= 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        return super().verify(hash, password)


def test_few_are_hashed_at_once_and_a_few_more_wait() -> None:
    hasher = Slow()
    passwords = Passwords(hasher, running=2, waiting=3, patience=limits.SECONDS)
    made: list[str] = []
    threads = [started(lambda: made.append(passwords.hash("lang genug"))) for _ in range(5)]
    for _ in range(2):
        assert hasher.begun.acquire(timeout=limits.SECONDS)
    until(lambda: passwords._room._value == 0)
    for refused in (lambda: passwords.hash("x"), lambda: passwords.matches(None, "x")):
        with pytest.raises(SignInBusyError, match="in ein paar Sekunden"):
            refused()
    hasher.go_on.set()
    for thread in threads:
        thread.join()
    assert (len(made), hasher.most) == (5, 2)
    assert passwords.matches(made[0], "lang genug"), "afterwards there is room again"


def test_who_waits_too_long_is_sent_away() -> None:
    hasher = Slow()
    passwords = Passwords(hasher, running=1, waiting=1, patience=0.01)
    thread = started(lambda: passwords.hash("lang genug"))
    assert hasher.begun.acquire(timeout=limits.SECONDS)
    with pytest.raises(SignInBusyError):
        passwords.hash("x")
    hasher.go_on.set()
    thread.join()
    passwords.hash("x")


def test_an_error_gives_the_place_back() -> None:
    class Broken(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            raise MemoryError

    passwords = Passwords(Broken(), running=1, waiting=0)
    for _ in range(3):
        with pytest.raises(MemoryError):
            passwords.hash("x")


def test_comparing() -> None:
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    kept = passwords.hash("lang genug")
    assert passwords.matches(kept, "lang genug")
    for wrong in (
        (kept, "lang genug "),
        (None, "kein Passwort, nur Rechenzeit"),
        ("kein Hash", "x"),
        ("", "x"),
    ):
        assert not passwords.matches(*wrong)


def started(step: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=step)
    thread.start()
    return thread


def until(is_so: Callable[[], bool]) -> None:
    """Wait for other threads; ends at once where it is so."""
    tick = threading.Event()
    for _ in range(int(limits.SECONDS / 0.01)):
        if is_so():
            return
        tick.wait(0.01)
    pytest.fail("nobody came")
