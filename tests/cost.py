"""What work costs, so that no busy machine changes a verdict: compared with other work of the same run.

Seconds are those that this thread itself computed; of several tries the cheapest counts, since whatever
disturbs a measurement makes it dearer.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

_TRIES = 3
# Below this a clock tells more of itself than of the work.
_LEAST = 0.002


def cost(work: Callable[[], object]) -> float:
    """Seconds of this thread for one run of some work."""
    return max(_LEAST, min(_seconds(work) for _ in range(_TRIES)))


def assert_costs_at_most(seconds: float, work: Callable[[], object]) -> None:
    """Work must cost no more than so many seconds, which other work of this run was found to cost."""
    tries: list[float] = []
    while len(tries) < _TRIES and min(tries, default=seconds + 1) > seconds:
        tries.append(_seconds(work))
    assert min(tries) <= seconds


def assert_linear(work: Callable[[int], object], size: int, factor: int = 8) -> None:
    """Work must not grow much faster than its input: half as fast as a square would is already too fast.

    Caches and chance double a figure easily and do not square it; ``size`` is to be large enough for a
    quadratic part to show.
    """
    assert_costs_at_most(cost(lambda: work(size)) * factor * factor / 2, lambda: work(size * factor))


def _seconds(work: Callable[[], object]) -> float:
    """Without the garbage collector, as ``timeit`` does: what it looks through grows with all that is alive."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        began = time.thread_time()
        work()
        return time.thread_time() - began
    finally:
        if was_enabled:
            gc.enable()
