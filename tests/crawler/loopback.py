"""Web servers on loopback that answer as told, also badly, and remember who asked for what."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from tests import limits

SENTENCE = "Die Kommune begleitet Jugendliche beim Übergang von der Schule in den Beruf. "


@dataclass(frozen=True)
class Answer:
    """One answer.

    ``cut`` promises more bytes than it sends, ``short`` fewer; ``hang`` sends nothing until the test ends,
    ``slow`` its body in pieces; ``drop`` resets the connection. ``then`` is what the next one who asks is told,
    ``inside`` what is told to who brings this cookie.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Literal["plain", "cut", "short", "hang", "slow", "drop"] = "plain"
    then: Answer | None = None
    inside: tuple[str, Answer] | None = None


@dataclass
class Site:
    """A running server: its address, what was asked when, and how many connections were opened.

    ``unchanged`` are the paths that were answered with 304. ``beyond`` answers paths without end, where
    ``answers`` has nothing; ``watch`` is told every path before it is answered.
    """

    base: str
    answers: dict[str, Answer]
    asked: list[tuple[str, float]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    cookies: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    beyond: Callable[[str], Answer | None] = lambda path: None
    watch: Callable[[str], None] = lambda path: None
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def page(title: str, text: str | None = None, *, links: str = "", head: str = "") -> Answer:
    """A German page with a main text, of its own unless one is given, between navigation and footer."""
    text = f"Aus „{title}“: {SENTENCE * 5}" if text is None else text
    return Answer(
        f"<!doctype html><html lang='de'><head><title>{title}</title>{head}</head><body>"
        f"<nav><a href='/'>Start</a></nav><main><article><h1>{title}</h1><p>{text}</p>{links}</article></main>"
        f"<footer>Impressum</footer></body></html>".encode()
    )


def link_list(*targets: str) -> Answer:
    """A page of nothing but links."""
    return Answer(
        ("<html><body>" + "".join(f"<a href='{t}'>x</a>" for t in targets) + "</body></html>").encode()
    )


def _is_unchanged(asked: Mapping[str, str], answer: Mapping[str, str]) -> bool:
    """Whether a validator of the answer is among the conditions that were asked on."""
    pairs = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
    return any(name in asked and asked[name] == answer.get(validator) for name, validator in pairs)


@contextmanager
def serve(answers: Mapping[str, Answer], *, host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve the answers by path and query; everything else is 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, time.monotonic()))
            site.agents.add(self.headers["User-Agent"])
            site.watch(self.path)
            answer = site.answers.get(self.path) or site.beyond(self.path) or Answer(status=404)
            site.cookies += [(self.path, cookie) for cookie in self.headers.get_all("Cookie", [])]
            if answer.inside is not None and answer.inside[0] in self.headers.get("Cookie", "").split("; "):
                answer = answer.inside[1]
            if answer.then is not None:
                site.answers[self.path] = answer.then
            if _is_unchanged(dict(self.headers), answer.headers):
                site.unchanged.append(self.path)
                self.send_response(304)
                self.end_headers()
                return
            if answer.manner in ("hang", "drop"):
                self._say_nothing(answer)
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            promised = {"cut": len(answer.body) + 1_000, "short": len(answer.body) // 2}
            self.send_header("Content-Length", str(promised.get(answer.manner, len(answer.body))))
            self.end_headers()
            if answer.manner == "slow":
                self._drip(answer.body)
            else:
                self.wfile.write(answer.body)

        def _say_nothing(self, answer: Answer) -> None:
            if answer.manner == "hang":
                site.over.wait(limits.SECONDS)
            else:  # no orderly end, but a reset
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            self.close_connection = True

        def _drip(self, body: bytes) -> None:
            step = len(body) // 5 + 1
            for start in range(0, len(body), step):
                self.wfile.write(body[start : start + step])
                site.over.wait(0.1)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Server(ThreadingHTTPServer):
        def get_request(self):  # type: ignore[no-untyped-def]
            site.connections += 1
            return super().get_request()

        def handle_error(self, request, client_address):  # type: ignore[no-untyped-def]
            pass  # the crawler hangs up on what it does not want

    server = Server((host, 0), Handler)
    site = Site(f"http://{host}:{server.server_port}", dict(answers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
