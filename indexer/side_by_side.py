"""How does work get onto all cores? Items go to processes of their own, and the answers come in order."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
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

    ``here`` does the work in this process and in copies of it; ``make`` gives a function that does it in a
    process that begins anew. ``make`` and the items must be picklable. Where no process can be started, or one
    dies, the work is done here. ``ahead`` items may wait for each process.
    """

    def __init__(
        self,
        make: Callable[[], Callable[[Item], Answer]],
        here: Callable[[Item], Answer],
        *,
        processes: int | None = None,
        ahead: int = _AHEAD,
    ) -> None:
        self._here = here
        self._processes = processors() if processes is None else processes
        self._ahead = ahead
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[tuple[Item, Future[Answer] | None]] = deque()
        if self._processes > 1:
            way = _way()
            begin = (lambda: here) if way == "fork" else make
            context = multiprocessing.get_context(way)
            self._pool = ProcessPoolExecutor(self._processes, context, initializer=_begin, initargs=(begin,))

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
        most = 0 if to_the_end else self._ahead * self._processes
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
        return self._here(item)

    def _give_up(self, error: Exception) -> None:
        if self._pool is not None:
            _log.warning("going on in one process, since others could not help: %s", error)
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _way() -> str:
    """How processes begin: as copies of this one, which takes no time and shares what it has read, but only
    where nothing else runs in it: a copy of a server would have locks that its other threads hold."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return "fork"
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


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
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whatever the parent does then
    die_with_parent()
    _work = make()


def _do(item: Any) -> Any:
    return _work(item)
