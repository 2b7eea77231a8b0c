"""Addresses in the one form in which typed and stored ones are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.addresses import is_address, read_address


def read(text: str) -> tuple[str, ...]:
    address = read_address(text)
    assert address is not None
    return (address.exact, *address.levels)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.hof.example/berichte/forum-2020",
        "http://hof.example/berichte/forum-2020/",
        "HTTPS://WWW.HOF.EXAMPLE:443/Berichte/Forum-2020#oben",
        "hof.example/berichte/forum-2020/index.html",
        "<https://hof.example/berichte/forum-2020?utm_medium=x&fbclid=1>.",
    ],
)
def test_spellings_of_one_address_are_one(text: str) -> None:
    assert read(text) == (
        "=hof.example/berichte/forum-2020?",
        "/hof.example",
        "/hof.example/berichte",
        "/hof.example/berichte/forum-2020",
    )


def test_query_strings_tell_pages_apart_in_any_order() -> None:
    assert read("hof.example/seite?b=2&a=1") == read("https://hof.example/seite?a=1&b=2")
    assert read("hof.example/seite?a=1") != read("hof.example/seite?a=2")
    assert read("https://höf.example/%C3%BCber") == read("https://höf.example/über")
    assert read("https://xn--hf-fka.example") == read("https://höf.example")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://www.birkenhain.example/berichte/forum-2020", "birkenhain berichte forum 2020"),
        (
            "https://bildung.kreis-unna.de/node/12345/%C3%9Cberg%C3%A4nge.html?id=7",
            "bildung kreis unna übergänge",
        ),
        ("https://www.hof.de/index.php", "hof"),
    ],
)
def test_words_are_of_host_and_path(text: str, words: str) -> None:
    address = read_address(text)
    assert address is not None
    assert address.words == words


@pytest.mark.parametrize(
    "text", ["www.hof.de", "hof.de/kita", "https://hof/x", "(https://hof.example)", "hof.de."]
)
def test_what_is_an_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["z.B./etc", "und/oder", "ida@hof.de", "U25", "https://", "www.", "a b.de", "", "v1.0"]
)
def test_what_is_none(text: str) -> None:
    assert not is_address(text)


@given(st.text(max_size=60) | st.text(alphabet="htps:/w.[]?&=%de#@", max_size=40))
def test_any_text_is_read_or_is_none(text: str) -> None:
    for one in (text, f"https://{text}"):
        address = read_address(one)
        assert address is None or address.levels[-1] == address.below
        is_address(one)
