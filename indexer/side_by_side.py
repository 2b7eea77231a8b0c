"""How does work get onto all cores? Items go to processes of their own, and the answers come in order."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Generic, TypeVar

from kb.lifeline import die_with_parent

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)
# Items that wait for each process: enough that none is idle, few enough that memory stays flat.
_AHEAD = 3
# What a process does with an item; made once in each.
_work: Callable[[Any], Any]


def processors() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


class SideBySide(Generic[Item, Answer]):
    """Does the same with many items, in as many processes as there are processors.

    ``make`` gives the function that is called with an item; it and the items go to other processes, so they
    must be picklable. Where no process can be started, or one dies, the work is done here.
    """

    def __init__(self, make: Callable[[], Callable[[Item], Answer]], processes: int | None = None) -> None:
        self._make = make
        self._processes = processors() if processes is None else processes
        self._pool: ProcessPoolExecutor | None = None
        self._here: Callable[[Item], Answer] | None = None
        self._waiting: deque[tuple[Item, Future[Answer] | None]] = deque()
        if self._processes > 1:
            # A server that is forked would copy locks that its other threads hold.
            ways = multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
            self._pool = ProcessPoolExecutor(self._processes, context, initializer=_begin, initargs=(make,))

    def submit(self, item: Item) -> None:
        """Hand over an item."""
        future: Future[Answer] | None = None
        if self._pool is not None:
            try:
                with _nameless_main():
                    future = self._pool.submit(_do, item)
            except (BrokenProcessPool, OSError) as error:
                self._give_up(error)
        self._waiting.append((item, future))

    def answers(self, *, to_the_end: bool = False) -> Iterator[Answer]:
        """Answers in the order of their items: those that are there, and as many as must come before more items
        may wait; or all."""
        most = 0 if to_the_end else _AHEAD * self._processes
        while self._waiting:
            item, future = self._waiting[0]
            ready = future is None or future.done()
            if not (ready or len(self._waiting) > most):
                return
            answer = self._answer(item, future)
            self._waiting.popleft()
            yield answer

    def close(self) -> None:
        """End the processes; what waits is forgotten."""
        self._waiting.clear()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _answer(self, item: Item, future: Future[Answer] | None) -> Answer:
        if future is not None:
            try:
                return future.result()
            except BrokenProcessPool as error:
                self._give_up(error)
        if self._here is None:
            self._here = self._make()
        return self._here(item)

    def _give_up(self, error: Exception) -> None:
        if self._pool is not None:
            _log.warning("going on in one process, since others could not help: %s", error)
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Processes that start meanwhile do not run the script again that this one runs: they need nothing of it,
    and one without a guard would do all its work anew."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin(make: Callable[[], Callable[[Any], Any]]) -> None:
    """In each process: Ctrl-C is the parent's to answer, and nobody outlives it."""
    global _work  # how a pool hands something to its processes
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    _work = make()


def _do(item: Any) -> Any:
    return _work(item)
