"""A process that never outlives the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time

# <linux/prctl.h>: the kernel sends this signal when the parent is gone.
_PR_SET_PDEATHSIG = 1
_SECONDS_BETWEEN_LOOKS = 1.0


def die_with_parent() -> None:
    """End this process at once when its parent is gone: killed, crashed, out of memory.

    Linux's kernel sees to it even while native code holds this process up; elsewhere a thread watches the
    pipe that the parent holds open as long as it lives. What is lost is what a ``kill -9`` would cost: nothing
    that is in the corpus, since documents are written whole.
    """
    parent = multiprocessing.parent_process()
    if parent is None or parent.pid is None:
        return
    if os.getppid() == parent.pid:  # else a fork server stands between, or the parent is gone already
        _ask_kernel(parent.pid)
    threading.Thread(target=_watch, args=(parent.sentinel,), name="lifeline", daemon=True).start()


def die_with(parent: int) -> None:
    """``die_with_parent`` for a process that ``subprocess`` started; ``parent`` is the number of its starter.

    On Linux it ends with the thread that started it, which is as long as anybody needs it.
    """
    if not _ask_kernel(parent):
        threading.Thread(target=_look_after, args=(parent,), name="lifeline", daemon=True).start()


def _ask_kernel(parent: int) -> bool:
    """Whether this system's kernel ends a process with its parent."""
    if sys.platform != "linux":
        return False
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it was gone before the kernel was asked
        os._exit(1)
    return True


def _look_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(1)


def _watch(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
