"""When loops are compiled: all on the first call of one, or, where one question is asked, after some patience.

To load numba and compiled loops from the disk costs half a second, which a server pays once and a command each
time. The loops of ``indexer.ranking.kernels`` are Python too: what one query over 50,000 documents needs of
them takes a tenth of a second uncompiled, with the same results to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import thread_time
from typing import Any

import numpy as np

# What loading costs, in seconds of a processor's time on a machine with other work. Who loads only after having
# spent as much without never waits more than twice as long as who knew beforehand (ski rental; Karlin et al.,
# "Competitive snoopy caching", 1988).
PATIENCE = 1.0

_lock = Lock()
_loops: list[Loop] = []
_helpers: list[Callable[..., Any]] = []
_patience = 0.0


class Loop:
    """A loop over arrays and numbers; gives and changes what the function gives and changes.

    Each is the only object of a class of its own, whose ``__call__`` becomes numba's dispatcher: whoever
    imported the loop keeps it, and a call costs 50 ns more than one of the dispatcher itself.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __call__(self, *arguments: Any) -> Any:
        """Only until the loops are compiled."""
        global _patience  # a process compiles once, whichever loop spent it
        if _patience <= 0:
            _compile_all()
            return self(*arguments)
        started = thread_time()
        try:
            return self.plainly(*arguments)
        finally:
            _patience -= thread_time() - started

    def plainly(self, *arguments: Any) -> Any:
        """Uncompiled. Elements of memory views are Python's own numbers, four times as fast as numpy's."""
        views = [one.data if isinstance(one, np.ndarray) and one.ndim == 1 else one for one in arguments]
        with np.errstate(over="ignore"):  # digests are what is left of a product
            return self.function(*views)


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a loop once it is called; helpers, named with an underscore, are called by loops alone."""
    if function.__name__.startswith("_"):
        _helpers.append(function)
        return function
    own: type[Loop] = type(function.__name__, (Loop,), {})
    _loops.append(own(function))
    return _loops[-1]


@contextmanager
def patient(seconds: float = PATIENCE) -> Iterator[None]:
    """Meanwhile loops stay uncompiled until they took so many seconds; for processes that ask once."""
    global _patience
    before, _patience = _patience, seconds
    try:
        yield
    finally:
        _patience = before


def _compile_all() -> None:
    """Hand all loops to numba, which takes each from the disk, or compiles it, when it is called next.

    Compiled code is kept beside the loops' file or, where that must not be written, in the user's cache
    folder; processes share it. The interpreter's lock is released.
    """
    from numba import njit

    with _lock:
        compile_ = njit(cache=True, nogil=True)
        for helper in _helpers:  # first: loops are compiled with what their module's names mean then
            helper.__globals__[helper.__name__] = compile_(helper)
        for loop in _loops:
            type(loop).__call__ = staticmethod(compile_(loop.function))  # type: ignore[method-assign]
        _helpers.clear()
        _loops.clear()
