"""A few pages for one person: robots.txt once a site, pauses, redirects, and what an address leads to."""

from __future__ import annotations

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


def test_private_addresses_receive_no_connection() -> None:
    with serve({"/a": page("A")}) as site:
        with pytest.raises(FetchError, match="KB_ALLOW_LOOPBACK"):
            _fetcher(allow_loopback=False, contact="bildung@stadt.de").reach(f"{site.base}/a")
        assert site.connections == 0
    with pytest.raises(FetchError, match="privaten"):
        _fetcher().fetch("http://169.254.169.254/latest/meta-data/")
    with pytest.raises(FetchError, match="keine Webadresse"):
        _fetcher().fetch("file:///etc/passwd")
