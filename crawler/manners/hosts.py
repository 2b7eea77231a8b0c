"""How a host bears a run: when it wants rest, for how long, and when it is given up; no requests here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import IntEnum

from crawler.memory.hosts import HostMemory

_SECONDS_TEXT = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Patience:
    """How a run deals with troubled hosts; seconds and counts.

    A host rests ``first_rest`` after its first trouble, twice as long after each further one in a row, at most
    ``longest_rest``; it is given up after ``give_up_after`` overloads in a row, or when it asks by itself for
    more than ``longest_rest``. A page is asked for ``tries`` times.
    """

    first_rest: float = 5.0
    longest_rest: float = 300.0
    give_up_after: int = 6
    tries: int = 3


class Trouble(IntEnum):
    """What went wrong, and how much it says about the host as a whole.

    One page that always fails (500, cut off) must not cost the whole host: four of them weigh as one overload.
    """

    PAGE = 1
    OVERLOAD = 4


OVERLOAD_STATUS = frozenset([429, 502, 503, 504, 520, 521, 522, 523, 524])


def trouble_of_status(status: int) -> Trouble | None:
    """What an answer's status says about its host; None for a host that is well."""
    if status in OVERLOAD_STATUS:
        return Trouble.OVERLOAD
    return Trouble.PAGE if status >= 500 else None


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds to wait by a ``Retry-After`` header (RFC 9110, 10.2.3); ``now`` is Unix time; None: unusable."""
    text = (value or "").strip()
    if _SECONDS_TEXT.fullmatch(text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError, TypeError):
        return None


@dataclass(slots=True)
class _Host:
    strain: int = 0  # weights of the troubles in a row, see ``Trouble``
    rests_until: float = 0.0
    given_up: str | None = None


@dataclass(slots=True)
class Hosts:
    """All hosts of a run, by their names with unusual ports; ``now`` is a clock that never goes back."""

    patience: Patience = field(default_factory=Patience)
    memory: HostMemory = field(default_factory=HostMemory)
    now: Callable[[], float] = time.monotonic
    _hosts: dict[str, _Host] = field(default_factory=dict, init=False)

    def trouble(self, host: str, kind: Trouble, reason: str, *, wanted: float | None = None) -> None:
        """Note a trouble; ``wanted`` are the seconds of rest that the host itself asks for."""
        patience = self.patience
        state = self._host(host)
        state.strain += kind
        if wanted is not None and wanted > patience.longest_rest:
            state.given_up = f"bittet um {_duration(wanted)} Ruhe (Retry-After)"
            self.memory.keep_rest(host, wanted)
        elif state.strain >= patience.give_up_after * Trouble.OVERLOAD:
            state.given_up = f"nach wiederholten Fehlschlägen, zuletzt: {reason}"
        overloads = state.strain / Trouble.OVERLOAD
        own = min(patience.longest_rest, patience.first_rest * 2.0 ** min(overloads - 1.0, 60.0))
        state.rests_until = self.now() + max(own if wanted is None else wanted, 0.0)

    def success(self, host: str) -> None:
        """Note that a host answered as it should: its troubles are no longer in a row."""
        self._host(host).strain = 0

    def seconds_to_rest(self, host: str) -> float:
        """How long a host still has to be left alone; 0 if not."""
        return max(0.0, self._host(host).rests_until - self.now())

    def given_up(self, host: str) -> str | None:
        """Why a host is asked for nothing more in this run, in German."""
        reason = self._host(host).given_up
        return f"der Server wird in diesem Lauf nicht weiter abgerufen: {reason}" if reason else None

    def notes(self, names: Iterable[str]) -> tuple[str, ...]:
        """A line for the report for every one of these hosts that was given up."""
        reasons = ((name, self.given_up(name)) for name in sorted(names))
        return tuple(f"{name}: {reason}" for name, reason in reasons if reason is not None)

    def _host(self, host: str) -> _Host:
        """What is known of a host; a long rest that it asked an earlier run for still holds."""
        if host not in self._hosts:
            state = self._hosts[host] = _Host()
            seconds = self.memory.seconds_to_rest(host)
            if seconds > self.patience.longest_rest:
                state.given_up = f"bat einen früheren Lauf um Ruhe, noch {_duration(seconds)} (Retry-After)"
            elif seconds > 0:
                state.rests_until = self.now() + seconds
        return self._hosts[host]


def _duration(seconds: float) -> str:
    """Seconds for people: minutes up to two hours, then hours."""
    return f"{seconds / 60:.0f} Minuten" if seconds < 7_200 else f"{seconds / 3_600:.0f} Stunden"
