"""A few pages for one person: robots.txt once a site, pauses, redirects, and what an address leads to."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import replace

import pytest

from crawler.scouting.fetch import Fetcher, FetchOptions
from kb.errors import FetchError, InputTooLargeError
from tests import limits
from tests.crawler.loopback import Answer, page, serve


def _fetcher(**values: object) -> Fetcher:
    return Fetcher(FetchOptions(**{"allow_loopback": True, "timeout": limits.SECONDS, "pause": 0.0, **values}))  # type: ignore[arg-type]


def _to(target: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": target})


def test_robots_txt_is_asked_once_a_site_and_obeyed() -> None:
    answers = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /geheim"),
        "/a": page("A"),
        "/b": page("B"),
        "/um": _to("/geheim/x"),
        "/geheim/x": page("Geheim"),
    }
    with serve(answers) as site:
        fetcher = _fetcher()
        assert b"<h1>A</h1>" in fetcher.fetch(f"{site.base}/a").data
        fetcher.fetch(f"{site.base}/b")
        for path in ("/geheim/x", "/um"):
            with pytest.raises(FetchError, match=r"robots\.txt erlaubt"):
                fetcher.fetch(f"{site.base}{path}")
    assert site.paths == ["/robots.txt", "/a", "/b", "/um"]


def test_robots_txt_may_be_elsewhere_on_the_site_but_not_in_a_circle() -> None:
    answers = {
        "/robots.txt": _to("/regeln.txt"),
        "/regeln.txt": Answer(b"User-agent: *\nDisallow: /"),
        "/a": page("A"),
    }
    with serve(answers) as site, pytest.raises(FetchError, match=r"robots\.txt"):
        _fetcher().fetch(f"{site.base}/a")
    with serve({"/robots.txt": _to("/robots.txt"), "/a": page("A")}) as site:
        assert _fetcher().fetch(f"{site.base}/a").url == f"{site.base}/a"


def test_pauses_are_those_of_the_site_where_longer() -> None:
    answers = {"/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 0.3"), "/a": page("A"), "/b": page("B")}
    with serve(answers) as site:
        fetcher = _fetcher(pause=0.05)
        for path in ("/a", "/b", "/a"):
            fetcher.fetch(f"{site.base}{path}")
    times = [when for path, when in site.asked if path != "/robots.txt"]
    assert times[2] - times[0] >= 0.55


def test_where_addresses_lead() -> None:
    answers = {
        "/da": page("Da"),
        "/neu": _to("/da", 301),
        "/kurz": _to("/da", 302),
        "/gemischt": _to("/kurz", 308),
        "/kreis": _to("/kreis"),
        "/gross": Answer(b"x" * 200_000),
    }
    with serve(answers) as site:
        fetcher = _fetcher(max_bytes=50_000)
        there = f"{site.base}/da"
        assert fetcher.reach(there).status == 200
        assert fetcher.reach(f"{site.base}/weg").status == 404
        found = {name: fetcher.reach(f"{site.base}/{name}") for name in ("neu", "kurz", "gemischt")}
        assert {one.url for one in found.values()} == {there}
        assert {name: one.moved_for_good for name, one in found.items()} == {
            "neu": True,
            "kurz": False,
            "gemischt": False,
        }
        assert fetcher.reach(f"{site.base}/gross").status == 200, "its content is not read"
        with pytest.raises(InputTooLargeError, match="KB_MAX_FILE_BYTES"):
            fetcher.fetch(f"{site.base}/gross")
        with pytest.raises(FetchError, match="mehr als 5 Umleitungen"):
            fetcher.reach(f"{site.base}/kreis")


def test_redirects_with_bare_umlauts_are_followed() -> None:
    raw = "/grüße aus dem viertel".encode().decode("latin-1")  # as bytes on the wire: UTF-8
    answers = {
        "/um": _to(raw),
        "/alt": _to("/gr\xfc\xdfe"),  # Latin-1
        "/gr%C3%BC%C3%9Fe%20aus%20dem%20viertel": page("Grüße"),
        "/gr%FC%DFe": page("Auch"),
        "/robots.txt": _to("/régeln.txt".encode().decode("latin-1")),
        "/r%C3%A9geln.txt": Answer(b"User-agent: *\nDisallow: /geheim"),
    }
    with serve(answers) as site:
        fetcher = _fetcher()
        for path, target in (("/um", "/gr%C3%BC%C3%9Fe%20aus%20dem%20viertel"), ("/alt", "/gr%FC%DFe")):
            assert fetcher.fetch(f"{site.base}{path}").url == f"{site.base}{target}"
            assert fetcher.reach(f"{site.base}{path}").status == 200
        with pytest.raises(FetchError, match=r"robots\.txt erlaubt"):
            fetcher.fetch(f"{site.base}/geheim")


def test_a_cookie_is_brought_along_where_an_address_redirects_and_nowhere_else() -> None:
    wall = Answer(status=302, headers={"Location": "/keks", "Set-Cookie": "da=1; Path=/"})
    answers = {
        "/keks": replace(wall, inside=("da=1", page("Drinnen"))),
        "/mauer": replace(wall, headers={"Location": "/mauer", "Set-Cookie": "da=1"}),
        "/a": page("A"),
    }
    with serve(answers) as site:
        fetcher = _fetcher()
        assert b"<h1>Drinnen</h1>" in fetcher.fetch(f"{site.base}/keks").data
        assert fetcher.reach(f"{site.base}/keks").status == 200
        fetcher.fetch(f"{site.base}/a")
        with pytest.raises(FetchError, match="mehr als 5 Umleitungen"):
            fetcher.fetch(f"{site.base}/mauer")
    assert {path for path, _ in site.cookies} == {"/keks", "/mauer"}


def test_pages_that_refresh_are_followed_but_not_in_a_circle() -> None:
    def refreshing(target: str) -> Answer:
        return page("Moment", head=f"<meta http-equiv='refresh' content='0; url={target}'>")

    answers = {
        "/alt": refreshing("neu"),
        "/neu": page("Neu"),
        "/a": refreshing("/b"),
        "/b": refreshing("/a"),
        "/selbst": refreshing("/selbst"),
    }
    with serve(answers) as site:
        fetcher = _fetcher()
        found = {name: fetcher.fetch(f"{site.base}/{name}").url for name in ("alt", "a", "selbst")}
    assert found == {"alt": f"{site.base}/neu", "a": f"{site.base}/b", "selbst": f"{site.base}/selbst"}


def test_private_addresses_receive_no_connection() -> None:
    with serve({"/a": page("A")}) as site:
        with pytest.raises(FetchError, match="KB_ALLOW_LOOPBACK"):
            _fetcher(allow_loopback=False, contact="bildung@stadt.de").reach(f"{site.base}/a")
        assert site.connections == 0
    with pytest.raises(FetchError, match="privaten"):
        _fetcher().fetch("http://169.254.169.254/latest/meta-data/")
    with pytest.raises(FetchError, match="keine Webadresse"):
        _fetcher().fetch("file:///etc/passwd")


class Dripping:
    """A server on loopback that sends something now and then, and never all of it, until nobody listens."""

    def __init__(self, begin: bytes, drop: bytes) -> None:
        self._begin, self._drop = begin, drop
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
        self._listener.close()
        self._thread.join(limits.SECONDS)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                asked = connection.recv(65_536)
                if b"GET /robots.txt" in asked:
                    connection.sendall(
                        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )
                    continue
                connection.sendall(self._begin)
                while not self._over.wait(0.01):
                    connection.sendall(self._drop)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (HEAD + b"Content-Length: 100000000\r\n\r\n", b"x"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD + b"\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Lang: ", b"y"),
        (b"", b"H"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "chunks", "no end", "header", "first line", "continue"],
)
def test_what_comes_drop_by_drop_is_given_up_when_the_time_is_over(begin: bytes, drop: bytes) -> None:
    with Dripping(begin, drop) as base:
        fetcher = _fetcher(total=0.3)
        with pytest.raises(FetchError, match=r"dauert länger als 0\.3 Sekunden.*KB_FETCH_MAX_SECONDS"):
            fetcher.fetch(f"{base}/a")


def test_the_time_counts_over_redirects_and_pauses() -> None:
    answers: dict[str, Answer] = {f"/{number}": _to(f"/{number + 1}") for number in range(9)}
    answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 5")
    with serve(answers) as site, pytest.raises(FetchError, match="dauert länger als 4 Sekunden"):
        _fetcher(total=4.0).fetch(f"{site.base}/0")
    assert site.paths == [
        "/robots.txt",
        "/0",
    ]  # who would have to pause longer than there is time does not wait


def test_an_ordinary_page_has_all_the_time_that_it_needs() -> None:
    with serve({"/a": replace(page("A"), manner="slow")}) as site:
        assert b"<h1>A</h1>" in _fetcher(total=limits.SECONDS).fetch(f"{site.base}/a").data
