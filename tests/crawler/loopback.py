"""Web servers on loopback that answer as told, also badly, and remember who asked for what."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

SENTENCE = "Die Kommune begleitet Jugendliche beim Übergang von der Schule in den Beruf. "


@dataclass(frozen=True)
class Answer:
    """One answer; ``cut`` promises more bytes than it sends, ``hang`` sends nothing until the test ends.

    ``then`` is what the next one who asks is told.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Literal["plain", "cut", "hang"] = "plain"
    then: Answer | None = None


@dataclass
class Site:
    """A running server: its address, what was asked when, and how many connections were opened.

    ``unchanged`` are the paths that were answered with 304.
    """

    base: str
    answers: dict[str, Answer]
    asked: list[tuple[str, float]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    connections: int = 0
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
            answer = site.answers.get(self.path, Answer(status=404))
            if answer.then is not None:
                site.answers[self.path] = answer.then
            if _is_unchanged(dict(self.headers), answer.headers):
                site.unchanged.append(self.path)
                self.send_response(304)
                self.end_headers()
                return
            if answer.manner == "hang":
                site.over.wait(30)
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            promised = len(answer.body) + (1_000 if answer.manner == "cut" else 0)
            self.send_header("Content-Length", str(promised))
            self.end_headers()
            self.wfile.write(answer.body)

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
