"""Links out of pages, sitemaps and feeds as they are found in the wild."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addressing.links import MAX_SITEMAP_BYTES, links_in_feed, links_in_page, links_in_sitemap

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


SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://www.stadt.de/a?id=1&amp;art=2 </loc><lastmod>2020-01-01</lastmod>
  <image:image><image:loc>https://www.stadt.de/bild.jpg</image:loc></image:image></url>
<url><loc><![CDATA[https://www.stadt.de/b]]></loc></url>
<url><loc>/c & d</loc></url><url><loc></loc></url>
"""


@pytest.mark.parametrize("body", [SITEMAP + b"</urlset>", SITEMAP, gzip.compress(SITEMAP)])
def test_sitemaps_whole_broken_off_and_gzipped(body: bytes) -> None:
    links = links_in_sitemap(body, BASE)
    assert links.pages == (
        "https://www.stadt.de/a?id=1&art=2",
        "https://www.stadt.de/b",
        "https://www.stadt.de/c%20&%20d",
    )
    assert links.sitemaps == ()


def test_index_of_sitemaps_and_plain_list() -> None:
    index = b"<sitemapindex><sitemap><loc>https://www.stadt.de/s1.xml</loc></sitemap></sitemapindex>"
    assert links_in_sitemap(index, BASE).sitemaps == ("https://www.stadt.de/s1.xml",)
    plain = b"\xef\xbb\xbfhttps://www.stadt.de/a\r\nhttps://www.stadt.de/b\n"
    assert links_in_sitemap(plain, BASE).pages == ("https://www.stadt.de/a", "https://www.stadt.de/b")


def test_gzip_bomb_and_broken_gzip_are_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        links_in_sitemap(gzip.compress(b" " * (MAX_SITEMAP_BYTES + 1), compresslevel=1), BASE)
    with pytest.raises(ValueError, match="broken"):
        links_in_sitemap(gzip.compress(SITEMAP)[:-20], BASE)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel><link>https://www.stadt.de/</link><item><link>/a?utm_medium=rss</link>"
        b"<guid>7</guid></item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://www.stadt.de/'/><entry>"
        b"<link rel='alternate' href='/a'/><link rel='enclosure' href='/a.mp3'/></entry></feed>",
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        b"<item rdf:about='x'><link>https://www.stadt.de/a</link></item></rdf:RDF>",
    ],
)
def test_feeds_give_their_entries_only(body: bytes) -> None:
    assert links_in_feed(body, BASE) == ["https://www.stadt.de/a"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_crash(body: bytes) -> None:
    links_in_feed(body, BASE)
    links_in_page(body.decode("latin-1"), BASE)
    try:
        links_in_sitemap(body, BASE)
    except ValueError:
        assert body.startswith(b"\x1f\x8b")


def test_entities_of_a_feed_are_not_fetched_or_expanded_without_end() -> None:
    bomb = b"<!DOCTYPE rss [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(9)
    )
    body = bomb + b"<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><item><link>/a&j;&x;</link></item></rss>"
    assert all(len(link) < 10_000 and "root" not in link for link in links_in_feed(body, BASE))
