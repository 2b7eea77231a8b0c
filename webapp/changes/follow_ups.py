"""Changes that the index could not follow at once, because another process wrote it: they wait their turn.

The record keeps them as unfinished until they are done, so that a process that ends meanwhile loses none: the
next start takes them up.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from functools import partial

from kb.errors import IndexLockedError
from kb.failures import contained, logged

_log = logging.getLogger(__name__)
# Between two tries, beside the time for which the index itself waits for its lock.
_PAUSE_SECONDS = 0.5


class FollowUps:
    """Retries in a thread of its own until all are done; safe to use from several threads, and across a fork.

    ``follow`` lets the index follow a document and raises ``IndexLockedError`` as long as that is not possible;
    ``done`` is told the number of the version that it has followed.
    """

    def __init__(
        self, follow: Callable[[str], None], done: Callable[[int], None], pause: float = _PAUSE_SECONDS
    ) -> None:
        self._follow, self._done, self._pause = follow, done, pause
        self._waiting: deque[tuple[int, str]] = deque()
        self._mutex = threading.Lock()
        self._thread: threading.Thread | None = None
        self._over = threading.Event()

    @property
    def is_waiting(self) -> bool:
        """Whether anything waits."""
        return bool(self._waiting)

    def add(self, version_id: int, document_id: str) -> None:
        """Let a version wait; ``start`` has to be called."""
        self._waiting.append((version_id, document_id))

    def start(self) -> None:
        """Work at what waits, if nobody does; never before a server is forked, whose copies have no threads."""
        with self._mutex:
            if self._waiting and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._work, name="follow-ups", daemon=True)
                self._thread.start()

    def join(self, seconds: float) -> bool:
        """Wait until nothing waits any more; whether that was so in time."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return not self._waiting

    def _work(self) -> None:
        while True:
            with self._mutex:
                if not self._waiting:
                    self._thread = None
                    return
                version_id, document_id = self._waiting[0]
            try:
                self._follow(document_id)
            except IndexLockedError:
                self._over.wait(self._pause)
                continue
            except Exception as error:
                _log.exception("%s: %s", document_id, error)  # the next start tries again
            else:
                with contained(document_id, partial(logged, _log)):
                    self._done(version_id)
            self._waiting.popleft()
