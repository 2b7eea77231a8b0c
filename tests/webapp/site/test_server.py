"""The server starts, answers, ends cleanly, and says in German why it cannot start."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kb.errors import ServerError
from tests import limits
from tests.webapp import small_site as site
from webapp import create_app
from webapp.site import worker
from webapp.site.server import ServerOptions, run_server, serving

_PROGRAM = """
import sys
from webapp.site import worker
worker.REQUEST_SECONDS = float(sys.argv[1])
from tests.webapp import small_site as site
from webapp import create_app
from webapp.site.server import ServerOptions, run_server
app = create_app(site.site_services(site.JAHRESFORUM))
run_server(
    ServerOptions(port=0, workers=2),
    lambda: app,
    on_ready=lambda url: print(url, flush=True),
)
print("ended", flush=True)
"""
# Two workers wait beside their work until both have begun; then one fails.
_BESIDE = _PROGRAM.replace(
    "app = create_app",
    """
import multiprocessing, os
from kb.errors import ConfigurationError
both, number = multiprocessing.Barrier(2), multiprocessing.Value("i", 0)
def beside():
    both.wait()
    with number:
        number.value += 1
        print(number.value, os.getpid() != master, flush=True)
        if number.value == 2:
            raise ConfigurationError("das Muster ist nicht zu verstehen")
master = os.getpid()
app = create_app""",
    1,
).replace("    on_ready", "    beside=beside,\n    on_ready", 1)


@contextmanager
def started(
    program: str = _PROGRAM, *, request_seconds: float = limits.SECONDS
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    # gunicorn looks at a socket that was handed over through a second object and leaves closing it to Python.
    warnings = ("-W", "error", "-W", "ignore:unclosed:ResourceWarning")
    process = subprocess.Popen(
        [sys.executable, *warnings, "-c", program, str(request_seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=limits.SECONDS) as answer:
        return str(answer.read().decode())


def test_each_worker_does_what_takes_long_beside_its_answers() -> None:
    with started(_BESIDE) as (process, url):
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["1 True\n", "2 True\n"]
        assert "Jahresforum" in get(url + "/?q=quartier")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=limits.SECONDS)
    assert (process.returncode, out) == (0, "ended\n")
    assert err.strip() == "das Muster ist nicht zu verstehen"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_gunicorn_answers_and_ends_without_noise(ending: signal.Signals) -> None:
    with started() as (process, url):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        assert "Jahresforum" in get(url + "/?q=quartier")
        # A question of 1,000 umlauts is 6,000 characters in an address.
        assert "Keine Treffer" in get(url + "/?q=" + "%C3%BC" * 1000)
        process.send_signal(ending)
        out, err = process.communicate(timeout=limits.SECONDS)
    assert (process.returncode, out, err) == (0, "ended\n", "")


HALF_REQUESTS = (
    b"",
    b"GET /?q=quar",
    b"GET /?q=quartier HTTP/1.1\r\nHost: localhost\r\nX-Lang: ja",
    b"POST /anmelden HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nname=oezl",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc",
)


def connections(url: str, number: int) -> list[socket.socket]:
    host, port = url.removeprefix("http://").split(":")
    return [socket.create_connection((host, int(port)), timeout=limits.SECONDS) for _ in range(number)]


@contextmanager
def half_sent(url: str, number: int, *, silent: bool = True) -> Iterator[list[socket.socket]]:
    """So many clients that begin a request and do not go on."""
    opened = connections(url, number)
    begun = HALF_REQUESTS if silent else HALF_REQUESTS[1:]
    try:
        for at, one in enumerate(opened):
            one.sendall(begun[at % len(begun)])
        yield opened
    finally:
        for one in opened:
            one.close()


def test_half_sent_requests_hold_nobody_up() -> None:
    with started() as (process, url), half_sent(url, 50) as opened:
        for _ in range(10):
            assert "Jahresforum" in get(url + "/?q=quartier")
        opened[2].sendall(b"r\r\nConnection: close\r\n\r\n")
        assert b"Jahresforum" in read_all(opened[2]), "who goes on is answered"
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=limits.SECONDS)
    assert (process.returncode, err) == (0, "")


def test_slow_readers_hold_nobody_up() -> None:
    with started() as (_, url):
        opened = connections(url, 20)
        for one in opened:
            one.sendall(b"GET /?q=quartier HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
        for _ in range(10):
            assert "Jahresforum" in get(url + "/?q=quartier")
        for one in opened:
            one.close()


def test_a_request_that_does_not_end_is_ended() -> None:
    with started(request_seconds=0.0) as (_, url), half_sent(url, 8, silent=False) as opened:
        for one in opened:
            assert read_all(one) == b""


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other side closes; fails where it never does."""
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def test_the_more_has_come_the_longer_it_may_take() -> None:
    assert worker.allowed_seconds(0) == worker.REQUEST_SECONDS
    slow_line = 100_000  # bytes a second
    upload = 50_000_000
    for received in range(slow_line, upload + 1, slow_line):
        assert worker.allowed_seconds(received) > received / slow_line
    trickle = 100
    assert any(worker.allowed_seconds(second * trickle) < second for second in range(60))


def test_more_than_anybody_may_send_is_not_even_taken_in() -> None:
    head = b"POST /anmelden HTTP/1.1\r\nHost: localhost\r\n"
    for more in (
        b"Content-Length: 2000000\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n" + b"186a0\r\n" + b"x" * 100_000 + b"\r\n",
    ):
        with started() as (_, url):
            (client,) = connections(url, 1)
            client.sendall(head + more)
            if b"chunked" in more:
                for _ in range(10):
                    client.sendall(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")
            answer = read_all(client)
            client.close()
            assert answer.startswith(b"HTTP/1.1 413")
            assert "Das ist zu groß" in answer.decode()


def test_a_header_of_endless_length_is_refused() -> None:
    with started() as (_, url):
        (client,) = connections(url, 1)
        client.sendall(b"GET / HTTP/1.1\r\nX-Lang: " + b"x" * worker.MAX_HEADER_BYTES)
        assert read_all(client).startswith(b"HTTP/1.0 431")
        client.close()


def test_a_port_in_use_is_said_with_another_one_to_take() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=rf"127.0.0.1:{port}: Port {port} ist belegt.*--port {port + 1}"):
            run_server(ServerOptions(port=port), pytest.fail)
        with (
            pytest.raises(ServerError, match="ist belegt"),
            serving(create_app(site.site_services()), port=port),
        ):
            pytest.fail("must not start")


@pytest.mark.parametrize("host", ["192.0.2.1", "gibt-es-nicht.invalid", "x" * 300, "kein host"])
def test_an_address_that_is_not_ours_is_said(host: str) -> None:
    with pytest.raises(
        ServerError, match=r"diese Adresse gibt es auf diesem Rechner nicht – `--host 127.0.0.1`"
    ):
        run_server(ServerOptions(host=host, port=0), pytest.fail)


def test_a_site_that_cannot_be_loaded_frees_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    def broken() -> None:
        raise ServerError("kein Korpus")

    with pytest.raises(ServerError, match="kein Korpus"):
        run_server(ServerOptions(port=port), broken)  # type: ignore[arg-type]
    socket.create_server(("127.0.0.1", port)).close()


def test_serving_from_a_thread_is_quiet_and_ends(capfd: pytest.CaptureFixture[str]) -> None:
    with serving(create_app(site.site_services(site.JAHRESFORUM))) as url:
        assert "Jahresforum" in get(url)
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(url + "/nichts")
        refused.value.close()
    with pytest.raises(urllib.error.URLError):
        get(url)
    assert capfd.readouterr() == ("", "")
