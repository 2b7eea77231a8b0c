"""What is read as a reservation against text and data mining, and what is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.reservations import (
    TDMREP_PATH,
    SiteReservations,
    TdmRule,
    joined,
    page_reservation,
    read_ai_txt,
    read_tdmrep,
)
from tests.cost import assert_linear

SITE = "https://www.stadt.example"


def _tdmrep(*rules: tuple[str, object]) -> SiteReservations:
    entries = [{"location": location, "tdm-reservation": said} for location, said in rules]
    return read_tdmrep(json.dumps(entries).encode())


def _reserved(found: SiteReservations, path: str) -> bool:
    return found.of(SITE + path) is not None


@pytest.mark.parametrize(
    ("location", "path", "meant"),
    [
        ("/", "/bildung/bericht", True),
        ("/bildung/", "/bildung/bericht", True),
        ("/bildung/", "/bild", False),
        ("bildung/", "/bildung/bericht", True),
        ("/*", "/", True),
        ("*.pdf$", "/doku/Bericht.pdf", True),
        ("/*.pdf$", "/doku/Bericht.pdf?x=1", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/*/bericht*/teil$", "/2018/bericht-3/teil", True),
        ("/*/bericht*/teil$", "/2018/bericht-3/teil/2", False),
        ("/*a$", "/ba/a", True),
        ("/x*x$", "/x", False),
        ("/Übergänge/", "/%C3%9Cberg%C3%A4nge/2018", True),
        ("/%C3%9Cberg%C3%A4nge/", "/%C3%9Cberg%C3%A4nge/2018", True),
        ("/suche?q=", "/suche?q=quartier", True),
    ],
)
def test_locations_are_patterns(location: str, path: str, meant: bool) -> None:
    assert _reserved(_tdmrep((location, 1)), path) is meant


@given(st.text("a/*b", min_size=1, max_size=8), st.text("ab/", max_size=10))
def test_patterns_agree_with_regular_expressions(location: str, path: str) -> None:
    import re

    for end in ("", "$"):
        regex = ".*".join(re.escape(piece) for piece in location.split("*")) + end
        assert TdmRule(location + end, reserved=True).matches(path) is (re.match(regex, path) is not None)


def test_a_hostile_pattern_costs_linear_time() -> None:
    rule = TdmRule("/" + "*a" * 490 + "$", reserved=True)
    assert not rule.matches("/" + "a" * 2_000 + "b")
    assert_linear(lambda length: rule.matches("/" + "a" * length + "b"), 50_000)


def test_free_is_what_the_first_and_the_longest_rule_set_free() -> None:
    exceptions = _tdmrep(("/offen/", 0), ("/", 1))
    assert not _reserved(exceptions, "/offen/bericht")
    assert _reserved(exceptions, "/bericht")
    unclear = _tdmrep(("/", 1), ("/offen/", 0))
    assert _reserved(unclear, "/offen/bericht"), "by the first rule reserved, by the longest not"


def test_the_policy_is_told() -> None:
    body = b'[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://stadt.example/tdm\\n.json"}]'
    found = read_tdmrep(body).of(f"{SITE}/x")
    assert found is not None
    assert found.reason == (
        f"Vorbehalt gegen Text- und Data-Mining ({TDMREP_PATH}, Richtlinie: https://stadt.example/tdm .json)"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Seite nicht gefunden</html>",
        b"{",
        b"[1, null, []]",
        b'[{"location": "/"}]',
        b'[{"location": "/", "tdm-reservation": ""}]',
        b'[{"location": 7, "tdm-reservation": 1}]',
        b'[{"location": "/", "tdm-reservation": 0}]',
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_rule_reserves_nothing(body: bytes) -> None:
    assert not _reserved(read_tdmrep(body), "/bericht")


def test_broken_json_is_noted_and_an_error_page_is_not() -> None:
    assert "kein gültiges JSON" in read_tdmrep(b"{").remarks[0]
    assert read_tdmrep(b"\n <!doctype html>").remarks == ()


def test_one_object_instead_of_a_list_and_texts_instead_of_numbers_are_understood() -> None:
    assert _reserved(read_tdmrep(b'{"location": "/", "tdm-reservation": "1"}'), "/x")


@pytest.mark.parametrize(
    ("text", "path", "reserved"),
    [
        ("User-Agent: *\nDisallow: /", "/bericht", True),
        ("User-Agent: *\nDisallow: *.html\nAllow: /", "/bericht", True),
        ("User-Agent: *\nDisallow: *.html\nAllow: /", "/bericht/", True),
        ("User-Agent: *\nDisallow: *.html\nAllow: /", "/bericht.php", True),
        ("User-Agent: *\nDisallow: *.html\nAllow: /", "/bericht.pdf", False),
        ("User-Agent: *\nDisallow: *.jpg\nDisallow: *.mp4\nAllow: *.html", "/bericht", False),
        ("User-Agent: *\nDisallow: *.pdf", "/doku/bericht.pdf", True),
        ("User-Agent: *\nDisallow: /intern/", "/intern", False),
        ("User-Agent: GPTBot\nDisallow: /", "/bericht", False),
        ("User-Agent: Fundstelle\nDisallow: /", "/bericht", True),
        ("User-Agent: *\nAllow: /", "/bericht", False),
        ("# Über uns\n\nWir sind eine Stadt.\n", "/bericht", False),
        ("<html>Seite nicht gefunden: Disallow: /</html>", "/bericht", False),
    ],
)
def test_ai_txt(text: str, path: str, reserved: bool) -> None:
    found = joined([SiteReservations(), read_ai_txt(text.encode())])
    assert _reserved(found, path) is reserved


@pytest.mark.parametrize(
    ("headers", "html", "place"),
    [
        ([("TDM-Reservation", "1")], None, "tdm-reservation"),
        ([("tdm-reservation", "0")], None, None),
        ([("X-Robots-Tag", "noindex, NoAI")], None, "noai"),
        ([("X-Robots-Tag", "noimageai")], None, None),
        ([("X-Robots-Tag", "index"), ("X-Robots-Tag", "noai, noimageai")], None, "noai"),
        ([], '<meta name="tdm-reservation" content="1">', "tdm-reservation"),
        ([], '<META NAME="TDM-Reservation" CONTENT=" 1 ">', "tdm-reservation"),
        ([], '<meta name="tdm-reservation" content="0">', None),
        ([("tdm-reservation", "1")], '<meta name="tdm-reservation" content="0">', "HTTP-Kopfzeile"),
        ([], '<meta name="robots" content="index, noai">', "noai"),
        ([], '<meta name="robots" content="noimageai">', None),
        ([], '<p>Wir erklären <code>tdm-reservation</code> und noai.</p>', None),
    ],
)  # fmt: skip
def test_pages(headers: list[tuple[str, str]], html: str | None, place: str | None) -> None:
    found = page_reservation(headers, html)
    assert (found is not None) is (place is not None)
    assert found is None or place is None or place in found.place


def test_the_policy_of_a_page() -> None:
    head = '<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://a.example/p">'
    found = page_reservation([], head)
    assert found is not None
    assert found.policy == "https://a.example/p"
