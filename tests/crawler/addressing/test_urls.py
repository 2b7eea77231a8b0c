"""Spellings of one address meet in one string, and different pages stay apart."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addressing.urls import canonical_url, document_id, fetch_url, host_of, page_key, slug


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("HTTPS://WWW.Stadt.DE", "https://www.stadt.de/"),
        ("https://www.stadt.de:443/a/", "https://www.stadt.de/a"),
        ("http://www.stadt.de:80/a", "http://www.stadt.de/a"),
        ("http://www.stadt.de:8080/a", "http://www.stadt.de:8080/a"),
        ("https://www.stadt.de./a#inhalt", "https://www.stadt.de/a"),
        ("https://gast:geheim@www.stadt.de/a", "https://www.stadt.de/a"),
        ("https://www.stadt.de/a/./b/../c", "https://www.stadt.de/a/c"),
        ("https://www.stadt.de/../../a", "https://www.stadt.de/a"),
        ("https://www.stadt.de/a/%2e%2e/b", "https://www.stadt.de/b"),
        ("https://www.stadt.de/a?utm_source=x&UTM_Medium=y&fbclid=1", "https://www.stadt.de/a"),
        ("https://www.stadt.de/a?id=7&pk_campaign=herbst&art=2", "https://www.stadt.de/a?art=2&id=7"),
        ("https://www.stadt.de/a;jsessionid=0AF3?PHPSESSID=9", "https://www.stadt.de/a"),
        ("https://www.stadt.de/a?", "https://www.stadt.de/a"),
        ("https://www.stadt.de/a?&&id=7&", "https://www.stadt.de/a?id=7"),
        ("https://www.stadt.de/a?leer=", "https://www.stadt.de/a?leer="),
        ("https://Köln.de/a", "https://xn--kln-sna.de/a"),
        ("https://straße.de/", "https://xn--strae-oqa.de/"),
        ("https://www.stadt.de/übergänge", "https://www.stadt.de/%C3%BCberg%C3%A4nge"),
        ("https://www.stadt.de/%c3%bcberg%c3%a4nge", "https://www.stadt.de/%C3%BCberg%C3%A4nge"),
        ("https://www.stadt.de/%7Eamt/%61kte", "https://www.stadt.de/~amt/akte"),
        ("https://www.stadt.de/100%", "https://www.stadt.de/100%25"),
        ("https://www.stadt.de/a\n/b", "https://www.stadt.de/a/b"),
        ("  https://www.stadt.de/a ", "https://www.stadt.de/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ],
)
def test_spellings_have_one_canonical_form(spelling: str, canonical: str) -> None:
    assert canonical_url(spelling) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.stadt.de/a", "https://www.stadt.de/A"),
        ("https://www.stadt.de/a?seite=1", "https://www.stadt.de/a?seite=2"),
        ("https://www.stadt.de/a%2Fb", "https://www.stadt.de/a/b"),
        ("https://www.stadt.de/a", "https://stadt.de/a"),
        # TYPO3 answers 404 without its cHash, so it belongs to the address.
        ("https://www.stadt.de/?id=1&cHash=2", "https://www.stadt.de/?id=1&cHash=3"),
    ],
)
def test_different_pages_stay_apart(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)
    assert page_key(one) != page_key(other)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://stadt.de/a",
        "mailto:amt@stadt.de",
        "javascript:void(0)",
        "https:///a",
        "/relativ",
        "https://stadt.de:99999/",
        "https://[zz]/",
        "https://a b.de/",
        "",
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the standard library words its own
        fetch_url(address)


def test_request_keeps_trailing_slash_and_order_of_parameters() -> None:
    assert fetch_url("https://Stadt.de/a/?b=2&a=1&utm_source=x#c") == "https://stadt.de/a/?b=2&a=1"


def test_http_and_https_are_one_page() -> None:
    assert page_key("http://stadt.de/a/") == page_key("https://stadt.de/a")


def test_host_names_unusual_port() -> None:
    assert host_of("HTTP://Stadt.de:80/") == "stadt.de"
    assert host_of("http://127.0.0.1:8123/x") == "127.0.0.1:8123"


_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
_hosts = st.sampled_from(
    ["stadt.de", "WWW.Stadt.DE", "köln-übergänge.de", "straße.de", "127.0.0.1", "[::1]", "a_b.de."]
)
_queries = st.lists(st.tuples(st.sampled_from(["id", "utm_x", "Ä", "seite", ""]), _text), max_size=4)


@st.composite
def _addresses(draw: st.DrawFn) -> str:
    path = "/".join(
        draw(
            st.lists(st.one_of(_text, st.sampled_from([".", "..", "%2e", "%zz", "%C3%BC", "%fc"])), max_size=4)
        )
    )
    query = "&".join(f"{name}={value}" for name, value in draw(_queries))
    port = draw(st.sampled_from(["", ":80", ":443", ":8080"]))
    scheme = draw(st.sampled_from(["http", "https", "HTTPS"]))
    return f"{scheme}://{draw(_hosts)}{port}/{path}?{query}#{draw(_text)}"


@given(_addresses())
def test_applying_twice_changes_nothing(url: str) -> None:
    try:
        requested = fetch_url(url)
    except ValueError:  # a drawn path may contain what moves the host
        return
    assert fetch_url(requested) == requested
    canonical = canonical_url(url)
    assert canonical_url(canonical) == canonical
    assert canonical_url(requested) == canonical
    assert canonical.isascii()
    assert not urlsplit(canonical).fragment


@given(_text)
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    for candidate in (text, f"https://{text}", f"http://stadt.de/{text}"):
        try:
            canonical = canonical_url(candidate)
        except ValueError:
            continue
        assert canonical.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Übergänge-gestalten", "uebergaenge-gestalten"),
        ("Schüler*innen & Eltern: Größe", "schueler-innen-eltern-groesse"),
        ("U\u0308bergang", "uebergang"),
        ("日本", ""),
        ("x" * 90, "x" * 60),
        ("ein " * 40, "-".join(["ein"] * 15)),
    ],
)
def test_slugs_are_readable_ascii(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_document_ids_are_readable_and_equal_for_one_page() -> None:
    one = document_id("demo", "https://demo.example/berichte/%C3%9Cberg%C3%A4nge-gestalten.html?utm_source=x")
    other = document_id("demo", "https://DEMO.example/berichte/Übergänge-gestalten.html#top")
    assert one == other
    assert re.fullmatch(r"demo-uebergaenge-gestalten-[0-9a-f]{8}", one)
    assert document_id("demo", "https://demo.example/").startswith("demo-")
