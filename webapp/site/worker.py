"""A gunicorn worker that holds no thread for whoever sends or reads slowly.

gunicorn keeps the processes, waitress serves inside each: one loop takes requests in, whole, and sends answers
out; threads see only requests that are complete. What comes too slowly or too much is ended by the loop.
"""

from __future__ import annotations

import logging
import os
import resource
import time
from copy import copy
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.utilities import RequestEntityTooLarge

from webapp.site.limits import MAX_FORM_BYTES, largest_body

# Room for a query of 1,000 umlauts, each six characters in an address, and for cookies.
MAX_HEADER_BYTES = 32_768
# A request must be there whole after that, and a second later for every so many bytes of it.
REQUEST_SECONDS = 20
SLOWEST_BYTES_PER_SECOND = 8_192
# A connection on which nothing is asked.
IDLE_SECONDS = 30
_CONNECTIONS = 1000
_BACKLOG = 256
_TICK_SECONDS = 0.5


class WholeRequestParser(HTTPRequestParser):  # type: ignore[misc]
    """waitress's parser; how long a body may be depends on who sends it."""

    adj: Any

    @staticmethod
    def largest(headers: dict[str, str]) -> int:
        """How many bytes of a body are taken in, by the request's headers."""
        return MAX_FORM_BYTES

    def parse_header(self, header_plus: bytes) -> None:
        """See ``HTTPRequestParser``; asks only where a body is longer than anybody's may be."""
        super().parse_header(header_plus)
        self.adj = copy(self.adj)
        self.adj.max_request_body_size = MAX_FORM_BYTES + 1
        if self.content_length > MAX_FORM_BYTES or self.chunked:
            self.adj.max_request_body_size = type(self).largest(self.headers) + 1

    def received(self, data: bytes) -> int:
        """See ``HTTPRequestParser``; what is too long is refused in German."""
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error.body = "Das ist zu groß: ohne Anmeldung geht höchstens 1 MB."
        return consumed


class TimedChannel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when a request has been coming in, and how much of it."""

    began = 0.0
    bytes_received = 0

    def received(self, data: bytes) -> bool:
        """See ``HTTPChannel``."""
        if self.request is None:
            self.began, self.bytes_received = time.monotonic(), 0
        self.bytes_received += len(data)
        return bool(super().received(data))

    def is_too_slow(self, now: float) -> bool:
        """Whether a request should have been there by now."""
        return self.request is not None and now - self.began > allowed_seconds(self.bytes_received)

    def is_busy(self) -> bool:
        """Whether something is being answered."""
        return bool(self.requests or self.total_outbufs_len)


class BufferingWorker(Worker):  # type: ignore[misc]
    """One process: a loop that takes in and sends out, and gunicorn's number of threads that answer."""

    def run(self) -> None:
        """Serve until told to stop, then finish what has been asked."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it would tell of every short wait
        sockets: dict[int, Any] = {}
        (listener,) = self.sockets
        server = create_server(
            self.wsgi,
            map=sockets,
            sockets=[listener.sock],
            threads=self.cfg.threads,
            backlog=_BACKLOG,
            connection_limit=min(_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2),
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=1,
            max_request_header_size=MAX_HEADER_BYTES,
            ident=None,
            # The application itself knows how many proxies are ours.
            clear_untrusted_proxy_headers=False,
        )
        server.channel_class = self._channels()
        while self.alive and self.ppid == os.getppid():
            self.notify()
            wasyncore.loop(timeout=_TICK_SECONDS, use_poll=True, map=sockets, count=1)
            _end_slow_ones(server.active_channels.values())
        server.accepting = False
        last = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < last and any(one.is_busy() for one in server.active_channels.values()):
            self.notify()
            wasyncore.loop(timeout=_TICK_SECONDS / 10, use_poll=True, map=sockets, count=1)
        server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(sockets)

    def _channels(self) -> type[TimedChannel]:
        app = self.wsgi

        class Parser(WholeRequestParser):
            @staticmethod
            def largest(headers: dict[str, str]) -> int:
                return largest_body(app, headers)

        class Channel(TimedChannel):
            parser_class = Parser

        return Channel


def allowed_seconds(bytes_received: int) -> float:
    """How long a request of which so much has come may take."""
    return REQUEST_SECONDS + bytes_received / SLOWEST_BYTES_PER_SECOND


def _end_slow_ones(channels: Any) -> None:
    now = time.monotonic()
    for channel in channels:
        if channel.is_too_slow(now):
            channel.will_close = True
