"""Links and refreshes of pages as they are found in the wild."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addressing.links import links_in_page, refresh_target

BASE = "https://www.stadt.de/bildung/"


def test_links_of_a_page_are_absolute_clean_and_once() -> None:
    html = """<head><link rel="stylesheet" href="/a.css"><link rel="next" href="?seite=2"></head>
        <a href="fachtag">1</a> <a href=" /übergänge#teil ">2</a> <a href="fachtag?utm_source=x">1 again</a>
        <a href="mailto:amt@stadt.de">no</a> <a href="javascript:void(0)">no</a> <a name="x">no</a>
        <a href="//daten.stadt.de/a">3</a> <area href="/karte"> <a href="http://[kaputt">no</a>
        <a href="">self</a>"""
    assert links_in_page(html, BASE) == [
        "https://www.stadt.de/bildung/?seite=2",
        "https://www.stadt.de/bildung/fachtag",
        "https://www.stadt.de/%C3%BCberg%C3%A4nge",
        "https://daten.stadt.de/a",
        "https://www.stadt.de/karte",
        "https://www.stadt.de/bildung/",
    ]


def test_base_element_counts() -> None:
    assert links_in_page("<base href='/neu/'><a href='a'>x</a>", BASE) == ["https://www.stadt.de/neu/a"]


def test_pages_in_frames_are_links() -> None:
    html = """<HTML><FRAMESET cols="20%,80%"><FRAME SRC="menue.htm" name=links><frameset rows="*">
        <frame src="/inhalt.htm"></frameset></FRAMESET></HTML>"""
    assert links_in_page(html, BASE) == [
        f"{BASE}menue.htm",
        "https://www.stadt.de/inhalt.htm",
    ]
    assert links_in_page("<p><iframe src='termine.php'></iframe><iframe></iframe>", BASE) == [
        f"{BASE}termine.php"
    ]


NEU = "https://www.stadt.de/bildung/neu.html"


@pytest.mark.parametrize(
    "head",
    [
        "<meta http-equiv='refresh' content='0; URL=neu.html'>",
        '<META CONTENT="5;url=neu.html" HTTP-EQUIV="Refresh">',
        "<META HTTP-EQUIV=REFRESH CONTENT=0;url=neu.html>",
        """<meta http-equiv="refresh" content="0;URL='neu.html'" />""",
        "<meta http-equiv=refresh content='0,neu.html'>",
        "<meta http-equiv=refresh content=' 1.5 ; Url = neu.html '>",
        "<base href='/bildung/'><meta http-equiv=refresh content='0;url=./neu.html#oben'>",
    ],
)
def test_a_page_refreshes_to_another_one(head: str) -> None:
    assert refresh_target(f"<html><head>{head}</head><body>Moment.</body></html>", BASE) == NEU


def test_a_header_refreshes_as_well() -> None:
    assert refresh_target("", BASE, "0; url=neu.html") == NEU


@pytest.mark.parametrize(
    "head",
    [
        "<meta http-equiv='refresh' content='300; URL=neu.html'>",
        "<meta http-equiv='refresh' content='10'>",
        "<meta http-equiv='refresh' content=''>",
        "<meta http-equiv='refresh' content='0; url='>",
        "<meta http-equiv='refresh' content='bald; url=neu.html'>",
        "<meta http-equiv='refresh' content='0; url=javascript:weiter()'>",
        "<noscript><meta http-equiv='refresh' content='0; url=neu.html'></noscript>",
        "<!-- <meta http-equiv='refresh' content='0; url=neu.html'> -->",
        "<meta name='refresh' content='0; url=neu.html'>",
    ],
)
def test_what_sends_nobody_away(head: str) -> None:
    assert refresh_target(f"<html><head>{head}</head><body>Text.</body></html>", BASE) is None


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_text_is_read_without_a_crash(text: str, wish: str) -> None:
    links = links_in_page(text, BASE)
    assert all(link.startswith(("http://", "https://")) for link in links)
    target = refresh_target(f"{text}<meta http-equiv=refresh content='{wish}'>", BASE, wish)
    assert target is None or target.startswith(("http://", "https://"))
