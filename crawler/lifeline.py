"""A process that never outlives the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading

# <linux/prctl.h>: the kernel sends this signal when the parent is gone.
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """End this process at once when its parent is gone: killed, crashed, out of memory.

    Linux's kernel sees to it even while native code holds this process up; elsewhere a thread watches the
    pipe that the parent holds open as long as it lives. What is lost is what a ``kill -9`` would cost: nothing
    that is in the corpus, since documents are written whole.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent.pid:  # it was gone before the kernel was asked
            os._exit(1)
    threading.Thread(target=_watch, args=(parent.sentinel,), name="lifeline", daemon=True).start()


def _watch(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
