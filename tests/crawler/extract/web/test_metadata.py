from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from crawler.extract import ContentExtractor, ExtractOptions
from crawler.extract.web.metadata import PageMetadata, read_metadata
from kb.model import Event, PartialDate, RawContent, YearSpan

MARCH_12 = PartialDate(2019, 3, 12)


def metadata(head: str = "", body: str = "", lang: str = "de-DE") -> PageMetadata:
    soup = BeautifulSoup(f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>', "lxml")
    return read_metadata(soup, url="https://hof.example/aktuelles/fachtag?x=1")


def json_ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (json_ld({"@type": "NewsArticle", "datePublished": "2019-03-12T08:00:00+01:00"}), ""),
        (json_ld([{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2019-03-12"}]), ""),
        ('<meta property="article:published_time" content="2019-03-11T23:30:00Z">', ""),
        (json_ld({"@type": "BlogPosting", "datePublished": "2019-03-12T22:30:00+00:00"}), ""),
        ('<meta name="pubdate" content="Tue, 12 Mar 2019 00:30:00 +0100">', ""),
        ('<meta name="DC.date.issued" content="12.03.2019">', ""),
        ("", '<time itemprop="datePublished" datetime="2019-03-12">gestern</time>'),
        ("", '<header><time datetime="2019-03-12T10:00">12.3.</time></header>'),
        ("", '<p class="news-date">Dienstag, 12. März 2019</p>'),
        ("", '<span class="datum">12.03.2019</span>'),
    ],
)
def test_publication_dates(head: str, body: str) -> None:
    assert metadata(head, body).published == MARCH_12


@pytest.mark.parametrize(
    "body",
    [
        '<p class="event-date">12. März 2019</p>',
        '<footer><p class="date">12. März 2019</p></footer>',
        "<p>Am 12. März 2019 fand der Fachtag statt.</p>",
        '<p>Beginn: <time datetime="2019-03-12">12. März</time></p>',
        '<p class="datum">Aktualisiert am 12.03.2019</p>',
        '<p class="datum">12. März</p>',
    ],
)
def test_other_dates_are_no_publication_dates(body: str) -> None:
    assert metadata(body=body).published is None


def test_a_day_of_change_is_none_of_publication() -> None:
    found = metadata(body='<p class="datum">Stand: 12.03.2019</p>')
    assert (found.published, found.modified) == (None, MARCH_12)


def test_modification_dates() -> None:
    published = '<span class="datum">12.03.2019</span>'
    assert metadata('<meta property="article:modified_time" content="2020-01-02">').modified == PartialDate(
        2020, 1, 2
    )
    changed = metadata(body=f'{published}<span class="datum">zuletzt geändert am 2. Januar 2020</span>')
    assert (changed.published, changed.modified) == (MARCH_12, PartialDate(2020, 1, 2))


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (
            json_ld({"@type": "Article", "author": [{"name": "Şeyma Öz"}, {"name": "Jan Weiß"}]}),
            "",
            ("Şeyma Öz", "Jan Weiß"),
        ),
        (json_ld({"@type": "Article", "author": "Erika Beispiel"}), "", ("Erika Beispiel",)),
        ('<meta name="author" content="Erika Beispiel; Ali Muster">', "", ("Erika Beispiel", "Ali Muster")),
        ('<meta name="author" content="admin">', "", ()),
        ('<meta name="author" content="info@hof.example">', "", ()),
        ('<meta name="author" content="Beispiel, Erika">', "", ("Erika Beispiel",)),
        ('<meta name="author" content="Agentur Südwind - https://suedwind.example">', "", ()),
        ('<meta name="author" content="Gemeinde Hof, Markt 3, 01234 Hof, Deutschland">', "", ()),
        ("", '<a rel="author" href="/eb">Erika Beispiel</a>', ("Erika Beispiel",)),
        ("", '<p class="byline">Von Dr. Erika Beispiel, 12. März 2019</p>', ("Dr. Erika Beispiel",)),
        ("", '<p class="author-box">Alle Beiträge ansehen</p>', ()),
        ('<meta property="og:site_name" content="Stadt Hof"><meta name="author" content="Stadt Hof">', "", ()),
    ],
)
def test_authors(head: str, body: str, authors: tuple[str, ...]) -> None:
    assert metadata(head, body).authors == authors


@pytest.mark.parametrize(
    ("head", "body", "licence"),
    [
        (
            '<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/deed.de">',
            "",
            "CC-BY-SA-4.0",
        ),
        ("", '<a href="http://creativecommons.org/licenses/by/3.0/de/">CC BY 3.0 DE</a>', "CC-BY-3.0-DE"),
        ("", '<a rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">CC0</a>', "CC0-1.0"),
        ("", '<a rel="license" href="https://hof.example/lizenz">Lizenz</a>', "https://hof.example/lizenz"),
        (
            "",
            '<a href="https://creativecommons.org/licenses/by/4.0/">Bild 1</a>'
            '<a href="https://creativecommons.org/licenses/by-nc/4.0/">Bild 2</a>',
            None,
        ),
    ],
)
def test_licences(head: str, body: str, licence: str | None) -> None:
    assert metadata(head, body).licence == licence


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("https://hof.example/fachtag", "https://hof.example/fachtag"),
        ("/fachtag", "https://hof.example/fachtag"),
        ("javascript:alert(1)", None),
        ("", None),
        ("http://[kaputt", None),
    ],
)
def test_canonical_addresses(href: str, canonical: str | None) -> None:
    assert metadata(f'<link rel="canonical" href="{href}">').canonical_url == canonical


@pytest.mark.parametrize(
    ("lang", "language"),
    [("de-DE", "de"), ("EN", "en"), ("de_AT", "de"), ("", None), ("deutsch", None), ("x-default", None)],
)
def test_languages(lang: str, language: str | None) -> None:
    assert metadata(lang=lang).language == language


def test_publishers() -> None:
    assert metadata('<meta property="og:site_name" content="Stadt Hof">').publisher == "Stadt Hof"
    article = json_ld({"@type": "Article", "publisher": {"@type": "Organization", "name": "Bildungsbüro Hof"}})
    assert metadata(article).publisher == "Bildungsbüro Hof"


def test_one_event_is_the_pages_and_several_are_a_calendar() -> None:
    one = {"@type": "Event", "startDate": "2019-11-29", "endDate": "2019-11-29"}
    other = {"@type": "Event", "startDate": "2019-12-01"}
    assert metadata(json_ld(one)).event == Event(PartialDate(2019, 11, 29))
    assert metadata(json_ld([one, one])).event == Event(PartialDate(2019, 11, 29))
    assert metadata(json_ld([one, other])).event is None
    assert metadata(json_ld({"@graph": [{"@type": "WebSite"}, one]})).event == Event(PartialDate(2019, 11, 29))
    start = '<meta itemprop="startDate" content="2019-11-29">'
    scope = f'<div itemscope itemtype="https://schema.org/Event">{start}</div>'
    assert metadata(body=scope).event == Event(PartialDate(2019, 11, 29))


THREE_DAYS = Event(PartialDate(2019, 11, 29), PartialDate(2019, 12, 1))


@pytest.mark.parametrize(
    ("start", "end", "event"),
    [
        ("2019-11-29", "2019-12-01", THREE_DAYS),
        ("2019-11-28T23:00:00Z", "2019-12-01T22:59:59Z", THREE_DAYS),
        ("2019-11-29T09:00:00+01:00", "2019-12-02T00:00:00+01:00", THREE_DAYS),
        ("2019-11-29T19:00:00+01:00", "2019-11-30T00:00:00+01:00", Event(PartialDate(2019, 11, 29))),
        ("2019-11-29T19:00", "2019-11-29T23:00", Event(PartialDate(2019, 11, 29))),
        ("2020-02-29T19:00", "2020-03-01T00:00", Event(PartialDate(2020, 2, 29))),
    ],
)
def test_days_of_an_event_are_those_in_germany(start: str, end: str, event: Event) -> None:
    assert metadata(json_ld({"@type": "Event", "startDate": start, "endDate": end})).event == event


@pytest.mark.parametrize(
    ("location", "place"),
    [
        (
            {"@type": "Place", "name": "Kulturhaus", "address": {"addressLocality": "Görlitz"}},
            "Kulturhaus, Görlitz",
        ),
        ({"@type": "Place", "address": [{"addressLocality": "Görlitz"}]}, "Görlitz"),
        ({"@type": "Place", "name": "Görlitz", "address": {"addressLocality": "Görlitz"}}, "Görlitz"),
        (
            {"@type": "Place", "name": "Halle 3", "address": "Hafen 1, Görlitz"},
            "Halle 3, Hafen 1, Görlitz",
        ),
        ("Kulturhaus Görlitz", "Kulturhaus Görlitz"),
        ([{"@type": "VirtualLocation", "url": "https://x.example"}, {"name": "Kulturhaus"}], "Kulturhaus"),
        ({"@type": "VirtualLocation", "url": "https://x.example"}, None),
        ("https://x.example/raum", None),
        (7, None),
        (None, None),
    ],
)
def test_where_an_event_is(location: object, place: str | None) -> None:
    event = metadata(json_ld({"@type": "MusicEvent", "startDate": "2019-11-29", "location": location})).event
    assert event == Event(PartialDate(2019, 11, 29), place=place)


@pytest.mark.parametrize(
    "body",
    [
        '<div class="vevent"><abbr class="dtstart" title="2019-11-29">Freitag</abbr> bis '
        '<abbr class="dtend" title="2019-12-01">Sonntag</abbr>, '
        '<span class="location">Kulturhaus, Görlitz</span></div>',
        '<div class="h-event"><time class="dt-start" datetime="2019-11-29T09:00+01:00">29.11.</time>'
        '<time class="dt-end" datetime="2019-12-02T00:00+01:00">2.12.</time>'
        '<p class="p-location">Kulturhaus, Görlitz</p></div>',
        '<div class="vevent"><span class="dtstart"><span class="value-title" title="2019-11-29"></span>F</span>'
        '<span class="dtend">1. Dezember 2019</span><div class="location vcard">'
        '<span class="fn org">Kulturhaus</span><span class="adr"><span class="locality">Görlitz</span></span>'
        "</div></div>",
        '<div itemscope itemtype="http://schema.org/Event"><meta itemprop="startDate" content="2019-11-29">'
        '<meta itemprop="endDate" content="2019-12-01">'
        '<div itemprop="location" itemscope itemtype="http://schema.org/Place">'
        '<span itemprop="name">Kulturhaus</span><div itemprop="address" itemscope>'
        '<span itemprop="addressLocality">Görlitz</span></div></div></div>',
    ],
)
def test_events_in_marks_of_the_page(body: str) -> None:
    assert metadata(body=body).event == replace(THREE_DAYS, place="Kulturhaus, Görlitz")


def test_several_events_in_marks_are_a_calendar() -> None:
    one = '<div class="vevent"><span class="dtstart" title="2019-11-{}">x</span></div>'
    assert metadata(body=one.format(28) + one.format(29)).event is None


@pytest.mark.parametrize(
    "script",
    [
        '<!--\n{"@type": "Article", "datePublished": "2019-03-12"}\n-->',
        '//<![CDATA[\n{"@type": "Article", "datePublished": "2019-03-12",}\n//]]>',
        '/*<![CDATA[*/{"@type": ["Article",], "datePublished": "2019-03-12"}/*]]>*/',
        '{"@type": "Article", "datePublished": "2019-03-12"};',
        '{"@type": "WebSite"}\n{"@type": "Article", "datePublished": "2019-03-12"}',
        '{"@type": "Article", "headline": "Ein,} Zeichen ,] und\nein Bruch", "datePublished": "2019-03-12",,}',
        '{"@graph": [{"@type": "WebPage"}, {"@type": "Article", "datePublished": "2019-03-12"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "datePublished": "2019-03-12"}}',
        '\ufeff {"@type": "http://schema.org/Article", "datePublished": {"@value": "2019-03-12"}}',
    ],
)
def test_structured_data_that_are_written_carelessly(script: str) -> None:
    assert metadata(f'<script type="application/ld+json">{script}</script>').published == MARCH_12


def test_the_article_is_the_one_with_the_pages_title() -> None:
    articles = [
        {
            "@type": "NewsArticle",
            "headline": "Altes Bad",
            "datePublished": "2019-03-10",
            "author": "Karl Anders",
        },
        {
            "@type": "NewsArticle",
            "headline": "Neues Bad",
            "datePublished": "2019-03-12",
            "author": "Ida Beispiel",
        },
    ]
    found = metadata(json_ld(articles), "<main><h1>Neues Bad</h1></main>")
    assert (found.published, found.authors) == (MARCH_12, ("Ida Beispiel",))
    assert metadata(json_ld(articles), "<main><h1>Beide Bäder</h1></main>").published is None


def test_authors_are_looked_up_by_reference() -> None:
    person = {"@type": "Person", "@id": "#p", "name": "Ida Beispiel"}
    article = {"@type": "Article", "author": {"@id": "#p", "name": "idab"}}
    assert metadata(json_ld({"@graph": [article, person]})).authors == ("Ida Beispiel",)


@pytest.mark.parametrize(
    "script",
    [
        "{kaputt",
        '{"@type": "Article", "datePublished": }',
        "<!-- -->",
        '[1, null, "x"]',
        '{"@type": {"a": 1}, "datePublished": 7, "author": [null, 3, {}]}',
        "[" * 5000,
    ],
)
def test_broken_structured_data_stop_nothing(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script><meta name="date" content="2019-03-12">'
    assert metadata(head).published == MARCH_12


def test_a_date_that_nobody_means_leaves_the_word_to_the_next() -> None:
    head = '<meta name="date" content="0001-01-01T00:00:00">'
    assert metadata(head, '<span class="datum">12.03.2019</span>').published == MARCH_12


@pytest.mark.parametrize(("years", "believed"), [(YearSpan(), False), (YearSpan(1990, 2500), True)])
def test_dates_outside_the_years_that_hold_are_passed_over(years: YearSpan, believed: bool) -> None:
    event = '{"@type": "Event", "startDate": "2026-03-01", "endDate": "2400-03-02"}'
    head = f'<meta name="date" content="2400-01-01"><script type="application/ld+json">{event}</script>'
    raw = f"<html><head><title>T</title>{head}</head><body><p>{'Ein Satz im Quartier. ' * 30}</p></body></html>"
    extracted = ContentExtractor(ExtractOptions(years=years)).extract(
        RawContent(raw.encode(), name="a.html", content_type="text/html")
    )
    end = PartialDate(2400, 3, 2)
    assert extracted.published == (PartialDate(2400, 1, 1) if believed else None)
    assert extracted.event == Event(PartialDate(2026, 3, 1), end if believed else None)
