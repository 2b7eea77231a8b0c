"""Addresses of sitemaps and feeds as they are found in the wild, or a word why there are none."""

from __future__ import annotations

import gzip
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addressing.links import absolute
from crawler.addressing.urls import fetch_url
from crawler.lists import reader
from crawler.lists.reader import MAX_LIST_BYTES, AddressList, read_list

BASE = "https://www.stadt.de/bildung/"
A, B = "https://www.stadt.de/a", "https://www.stadt.de/b"

SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://www.stadt.de/a?id=1&amp;art=2 </loc><lastmod>2020-01-01</lastmod>
  <image:image><image:loc>https://www.stadt.de/bild.jpg</image:loc></image:image></url>
<url><loc><![CDATA[https://www.stadt.de/b]]></loc></url>
<url><loc>/c & d</loc></url><url><loc></loc></url>
"""


@pytest.mark.parametrize("body", [SITEMAP + b"</urlset>", SITEMAP, gzip.compress(SITEMAP)])
def test_sitemaps_whole_broken_off_and_gzipped(body: bytes) -> None:
    assert read_list(body, BASE) == AddressList(
        (
            "https://www.stadt.de/a?id=1&art=2",
            "https://www.stadt.de/b",
            "https://www.stadt.de/c%20&%20d",
        )
    )


URLS = "<urlset><url><loc>https://www.stadt.de/a</loc></url></urlset>"


@pytest.mark.parametrize(
    "body",
    [
        b"<s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'><s:url><s:loc>/a</s:loc></s:url></s:urlset>",
        b"<ns0:urlset><ns0:url><ns0:loc>/a</ns0:loc></ns0:url></ns0:urlset>",
        b"<URLSET><URL><LOC>/a</LOC></URL></URLSET>",
        URLS.encode("utf-16"),
        URLS.encode("utf-16-le"),
        f"<?xml version='1.0' encoding='UTF-16'?>{URLS}".encode("utf-16"),
        f"<?xml version='1.0' encoding='UTF-16'?>{URLS}".encode(),
        f"\ufeff\n\n <?xml version='1.0'?>{URLS}".encode(),
        f"<br />\n<b>Warning</b>: Cannot modify header in /plugin.php on line 3<br />\n{URLS}".encode(),
        f"Notice: undefined index\n<?xml version='1.0'?>{URLS}".encode(),
        f"<?xml version='1'?><!-- <urlset> --><?xml-stylesheet href='s'?><!DOCTYPE urlset>{URLS}".encode(),
        b"<urlset><url><loc>www.stadt.de/a</loc></url></urlset>",
        b"<urlset><url><loc>https://www.stadt.de/a</loc><priority>0.5</url></urlset>",
        b"<urlset><url><loc>https://www.stadt.de/a</loc></url>\x0b<url><loc></loc></url></urlset>",
        b"<urlset xml:base='https://www.stadt.de/'><url><loc>a</loc></url></urlset>",
        b"<urlset><!-- <url><loc>/alt</loc></url> --><url><loc>/a</loc></url><!-- & --></urlset>",
        b"<urlset><url><loc>https://www.stadt.de/a</loc></url><url><loc>https://www.stadt.de/a</loc></url></urlset>",
        b"# Adressen\r\nhttps://www.stadt.de/a\r\n\r\n",
        "https://www.stadt.de/a\n".encode("utf-16"),
    ],
)
def test_a_sitemap_in_whatever_form(body: bytes) -> None:
    assert read_list(body, BASE) == AddressList((A,))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "/i.php?id=7&amp;tx_news[news]=12&amp;tx_news[action]=d",
            "/i.php?id=7&tx_news[news]=12&tx_news[action]=d",
        ),
        ("/i.php?id=7&copy=2&para=1", "/i.php?id=7&copy=2&para=1"),
        ("/i.php?id=7&amp;copy=2", "/i.php?id=7&copy=2"),
        ("/i.php?id=7&amp;amp;art=2", "/i.php?id=7&art=2"),
        ("<![CDATA[/i.php?id=7&art=2]]>", "/i.php?id=7&art=2"),
        ("<![CDATA[/i.php?id=7&amp;art=2]]>", "/i.php?id=7&art=2"),
        ("<![CDATA[ /a[1]]]>", "/a[1]"),
        ("/gr&uuml;n", "/gr%C3%BCn"),
        ("/gr&#252;n", "/gr%C3%BCn"),
        ("/grün", "/gr%C3%BCn"),
        ("/a\n  ", "/a"),
        ("/eins zwei", "/eins%20zwei"),
    ],
)
def test_addresses_are_read_as_they_are_meant(written: str, meant: str) -> None:
    found = read_list(f"<urlset><url><loc>{written}</loc></url></urlset>".encode(), BASE)
    assert found.pages == (fetch_url(f"https://www.stadt.de{meant}"),)


def test_umlauts_of_a_sitemap_in_another_charset() -> None:
    body = "<?xml version='1.0' encoding='{}'?><urlset><url><loc>/übergänge</loc></url></urlset>"
    for declared in ("ISO-8859-1", "utf-8"):
        found = read_list(body.format(declared).encode("cp1252"), BASE)
        assert found.pages == ("https://www.stadt.de/%C3%BCberg%C3%A4nge",)


def test_index_of_sitemaps() -> None:
    index = b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap><sitemap><loc>/s2.xml.gz</loc></sitemap>"
    assert read_list(index, BASE).sitemaps == ("https://www.stadt.de/s1.xml", "https://www.stadt.de/s2.xml.gz")
    mixed = (
        b"<x:urlset><x:sitemap><x:loc>/s1.xml</x:loc></x:sitemap><x:url><x:loc>/a</x:loc></x:url></x:urlset>"
    )
    assert read_list(mixed, BASE) == AddressList((A,), ("https://www.stadt.de/s1.xml",))


ATOM = "xmlns='http://www.w3.org/2005/Atom'"
RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><link>https://www.stadt.de/</link><item><link>/a?utm_medium=rss</link>"
        "<guid>7</guid></item></channel></rss>",
        f"<feed {ATOM}><link href='https://www.stadt.de/'/><entry>"
        "<link rel='alternate' href='/a'/><link rel='enclosure' href='/a.mp3'/></entry></feed>",
        f"<rdf:RDF {RDF}><item rdf:about='x'><link>https://www.stadt.de/a</link></item></rdf:RDF>",
        f"<rdf:RDF {RDF}><item rdf:about='https://www.stadt.de/a'><title>A</title></item></rdf:RDF>",
        "<rss><channel><item><guid>https://www.stadt.de/a</guid></item></channel></rss>",
        "<rss><item><guid isPermaLink='true'>/a</guid></item></rss>",
        "<rss><item><link/><guid ispermalink='TRUE'>https://www.stadt.de/a</guid></item></rss>",
        "<rss><item><link>javascript:x()</link><guid>https://www.stadt.de/a</guid></item></rss>",
        "<rss><item><guid isPermaLink='false'>https://www.stadt.de/?p=7</guid><link>/a</link></item></rss>",
        f"<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><atom:link rel='self' href='/feed'/>"
        f"<item><atom:link rel='self' href='/x'/><link><![CDATA[{A}]]></link></item></channel></rss>",
        f"<feed {ATOM}><entry><id>https://www.stadt.de/a</id></entry></feed>",
        f"<feed {ATOM}><entry><id>tag:stadt.de,2020:1</id><link href='/a'/></entry></feed>",
        f"<feed {ATOM} xml:base='https://www.stadt.de/'><entry><link href='a'/></entry></feed>",
        f"<feed {ATOM} xml:base='/x/y/'><entry xml:base='../'><link xml:base='../' href='a'/></entry></feed>",
        "<rss xml:base='https://www.stadt.de/'><channel><item><link>a</link></item></channel></rss>",
        "<rss><item><title>Tanz & Ton</title><link>/a</link><description>5 < 7 &</description></item></rss>",
        "<rss><item><title>&nbsp;Bücher&ndash;Bus &unbekannt;</title><link>/a</link></item></rss>",
        "<rss><item><title>Offen<b>fett</title><link>/a</link></item></rss>",
        "<rss><item><description><p>Text<br>mehr</description><guid>https://www.stadt.de/a</guid></item></rss>",
        f"<feed {ATOM}><entry><source><link href='/x'/></source><id>https://www.stadt.de/a</id></entry></feed>",
        URLS,
    ],
)
def test_feeds_give_their_entries_only(body: str) -> None:
    assert read_list(body.encode(), BASE) == AddressList((A,))
    assert read_list(body.encode("utf-16"), BASE) == AddressList((A,))


def test_an_unclosed_tag_costs_no_entry() -> None:
    items = "".join(f"<item><title>Nr. {n}<br></title><link>/{n}</link></item>" for n in range(500))
    found = read_list(f"<rss><channel>{items}</channel></rss>".encode(), BASE)
    assert found.pages == tuple(f"https://www.stadt.de/{n}" for n in range(500))


def test_a_bare_ampersand_in_the_address_of_an_entry() -> None:
    body = b"<rss><item><link>/i.php?id=1&news=2&lt=3</link></item></rss>"
    assert read_list(body, BASE).pages == ("https://www.stadt.de/i.php?id=1&news=2&lt=3",)


def test_a_feed_behind_a_counting_service_names_the_page_itself() -> None:
    body = b"<rss><item><link>https://zaehler.example/1</link><fb:origLink>/a</fb:origLink></item></rss>"
    assert read_list(body, BASE).pages == ("https://zaehler.example/1", A)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"Die Seite gibt es nicht", "Text ohne Adressen"),
        (
            "Für Näheres siehe https://www.stadt.de/hilfe oder www.stadt.de/kontakt.".encode(),
            "Text ohne Adressen",
        ),
        (b"Fehler 500\nhttps://www.stadt.de/hilfe\nBitte wenden Sie sich an das Amt.", "Text ohne Adressen"),
        (b"https://www.stadt.de/ ist gerade nicht erreichbar", "Text ohne Adressen"),
        (b'{"error": "not found"}', "Text ohne Adressen"),
        (b"<!doctype html><html><body><a href='/a'>a</a></body></html>", "Webseite"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "Webseite"),
        (b"<error><code>404</code></error>", "andere XML-Datei"),
        (b"", "leere Datei"),
        (b" \r\n", "leere Datei"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "ohne Text"),
        (gzip.compress(SITEMAP)[:-20], "beschädigtes gzip"),
        (gzip.compress(b" " * (MAX_LIST_BYTES + 1), compresslevel=1), "mehr als 50 MB"),
    ],
)
def test_what_is_no_list_is_named(body: bytes, word: str) -> None:
    found = read_list(body, BASE)
    assert not found.pages
    assert not found.sitemaps
    assert word in (found.instead or "")


@pytest.mark.parametrize("body", [b"<urlset/>", b"<rss><channel/></rss>", f"<feed {ATOM}></feed>".encode()])
def test_a_list_may_be_empty(body: bytes) -> None:
    assert read_list(body, BASE) == AddressList()


def test_more_than_the_protocol_allows_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_ENTRIES", 3)
    body = "".join(f"<url><loc>/{number}</loc></url>" for number in range(5))
    found = read_list(f"<urlset>{body}</urlset>".encode(), BASE)
    assert len(found.pages) == 3
    assert found.is_cut
    assert read_list("\n".join(f"https://www.stadt.de/{n}" for n in range(5)).encode(), BASE).is_cut


def test_entities_of_a_file_are_not_fetched_or_expanded_without_end() -> None:
    bomb = b"<!DOCTYPE rss [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(9)
    )
    body = bomb + b"<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><item><link>/a&j;&x;</link></item></rss>"
    found = read_list(body, BASE)
    assert found.pages == ("https://www.stadt.de/a&j;&x;",)


_PIECES = st.sampled_from(
    """<urlset> </urlset> <sitemapindex_xmlns='x'> <url> </url> <sm:loc> <loc> </loc> <rss> <item> </item>
    </entry> <entry_xml:base='http://[x'> <link_href='a'/> <link> </link> <guid_isPermaLink='true'> </guid>
    <![CDATA[ ]]> <!-- --> &amp; & &#0; &#x110000; &nbsp; &acE; http://[ https://www.stadt.de/ü /a_b \x00 \ufffe
    \n < > ]> Wort <?xml_version='1.0'?> <!DOCTYPE_rss_[""".replace("\n    ", " ").split(" ")
).map(lambda piece: piece.replace("_", " "))


def _assert_list_or_word(body: bytes) -> None:
    found = read_list(body, BASE, "application/xml; charset=utf-8")
    addresses = (*found.pages, *found.sitemaps)
    assert all(address.startswith(("http://", "https://")) and address.isascii() for address in addresses)
    assert len(set(addresses)) == len(addresses) or set(found.pages) & set(found.sitemaps)
    assert found.instead is None or (found.instead and not addresses)


@given(st.binary(max_size=300))
def test_any_bytes_give_addresses_or_a_word(body: bytes) -> None:
    _assert_list_or_word(body)


@given(st.lists(_PIECES, max_size=25), st.sampled_from(["utf-8", "utf-16", "utf-16-be", "cp1252"]))
def test_any_markup_gives_addresses_or_a_word(pieces: list[str], charset: str) -> None:
    _assert_list_or_word("".join(pieces).encode(charset, "replace"))


@given(
    st.lists(
        st.builds("/{}".format, st.text(st.characters(categories=["L", "N"], include_characters="[]&;=?-. ")))
    )
)
def test_every_address_of_a_well_formed_sitemap_is_read(paths: list[str]) -> None:
    """Whatever the prefix, the encoding, and how the addresses are escaped."""
    locs = "".join(f"<m:url><m:loc>{escape(path)}</m:loc></m:url>" for path in paths)
    wanted = tuple(dict.fromkeys(absolute(BASE, path.replace("&amp;", "&")) for path in paths))
    for charset in ("utf-8", "utf-16"):
        body = f"<?xml version='1.0' encoding='{charset}'?><m:urlset xmlns:m='x'>{locs}</m:urlset>"
        assert read_list(body.encode(charset), BASE).pages == wanted
