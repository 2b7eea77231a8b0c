"""Documents that an index still holds and the corpus does not publish any more: no answer shows them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from kb.ports import Visibility

# So many are asked for before each answer whether they are still hidden; more only now and then.
_FEW = 64
_SECONDS_BETWEEN_LOOKS = 10.0


class HiddenDocuments:
    """Remembers what was found to be hidden; there is any only until the index has followed the corpus, and
    nothing is remembered for another generation of it.

    Without a ``visibility`` nothing is hidden. Safe to use from several threads.
    """

    def __init__(self, visibility: Visibility | None) -> None:
        self._visibility = visibility
        self._ids: frozenset[str] = frozenset()
        self._generation = ""
        self._looked = 0.0

    def ids(self, generation: str) -> frozenset[str]:
        """What is known to be hidden, without what became public again."""
        if generation != self._generation:
            self._generation, self._ids = generation, frozenset()
        if not self._ids or self._visibility is None:
            return self._ids
        now = time.monotonic()
        if len(self._ids) <= _FEW or now - self._looked > _SECONDS_BETWEEN_LOOKS:
            self._looked = now
            self._ids = frozenset(self._visibility.hidden(self._ids))
        return self._ids

    def among(self, ids: Iterable[str], located: Callable[[str], str]) -> set[str]:
        """Those of some documents that an answer is not to show; they are remembered."""
        found = self._visibility.hidden(ids, located) if self._visibility is not None else set()
        if found:
            self._ids |= found
        return found
