"""``kb source``: a website is looked at, a source drafted, and a few of its pages tried out."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import ContentExtractor
from crawler.manners.reservations import SITE_FILES
from crawler.scouting.draft import draft, write_draft
from crawler.scouting.fetch import Fetcher, FetchOptions
from crawler.scouting.sampling import Sample, sample_source, shown
from crawler.scouting.survey import Survey, survey
from crawler.sources.file import read_source
from crawler.sources.source import Mining, Source
from kb.errors import ConfigurationError, FetchError
from kb.model import normalise_line
from tests import limits
from tests.crawler.loopback import SENTENCE, Answer, link_list, page, serve

TODAY = date(2026, 3, 1)
HEAD = (
    "<meta property='og:site_name' content='Bildungsbüro „Auenbrück“'>"
    "<meta name=generator content='TYPO3 CMS'>"
    "<link rel=alternate type='application/rss+xml' href='/feed.xml'>"
    "<link rel=alternate type='application/rss+xml' href='/kommentare/comments-feed.xml'>"
)
LINKS = "".join(f"<a href='{path}'>x</a>" for path in ("/impressum", "/berichte/a", "https://fremd.example/x"))


def _fetcher() -> Fetcher:
    return Fetcher(FetchOptions(allow_loopback=True, timeout=limits.SECONDS, pause=0.0))


def _website() -> dict[str, Answer]:
    pages = {f"/berichte/{n}": page(f"Bericht {n}", f"Nummer {n}. " + SENTENCE * 5) for n in range(4)}
    locs = "".join(f"<url><loc>{path}</loc></url>" for path in pages)
    index = "<sitemapindex><sitemap><loc>/inhalt.xml</loc></sitemap><sitemap><loc>/weg.xml</loc></sitemap>"
    return {
        "/": page("Start | Bildungsbüro", head=HEAD, links=LINKS),
        "/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 7\nDisallow: /intern\n", content_type="text/plain"),
        "/sitemap.xml": Answer(f"{index}</sitemapindex>".encode(), content_type="application/xml"),
        "/inhalt.xml": Answer(f"<urlset>{locs}</urlset>".encode(), content_type="application/xml"),
        "/feed.xml": Answer(b"<rss><item><link>/berichte/aus-dem-feed</link></item></rss>"),
        **pages,
    }


def _without_delay(answers: dict[str, Answer]) -> dict[str, Answer]:
    return {**answers, "/robots.txt": Answer(b"User-agent: *\nDisallow: /intern")}


def test_a_look_at_a_website_becomes_a_source_that_can_be_read(tmp_path: Path) -> None:
    with serve(_without_delay(_website())) as site:
        found = survey(f"{site.base}/", _fetcher())
        assert site.paths.count("/robots.txt") == 1
        assert len(site.paths) <= 10, "a look, not a crawl"
    assert (found.name, found.system) == ("Bildungsbüro „Auenbrück“", "typo3")
    assert found.sitemaps == (f"{site.base}/sitemap.xml",)
    assert found.feeds == (f"{site.base}/feed.xml",), "feeds of comments bring no documents"
    assert found.sections == [("/berichte/", 6)]
    assert [remark for remark in found.remarks if "weg.xml" in remark]

    path = write_draft(tmp_path, "auenbrueck", draft(found, TODAY))
    source = read_source(path)
    assert source.enabled is False
    assert source.display == "excerpt"
    assert (source.start_urls, source.sitemaps) == ((f"{site.base}/",), found.sitemaps)
    assert "/impressum" in source.excluded
    assert "/karriere" not in source.excluded, "only what the website has"
    assert "#   /berichte/" in path.read_text("utf-8")


def test_the_pause_that_a_website_asks_for_is_kept_in_its_source(tmp_path: Path) -> None:
    found = Survey("https://a.example/", "A", crawl_delay=7.0)
    assert read_source(write_draft(tmp_path, "a", draft(found, TODAY))).delay == 7.0


def test_a_draft_is_never_written_over_a_source(tmp_path: Path) -> None:
    text = draft(Survey("https://a.example/", "A"), TODAY)
    write_draft(tmp_path, "a", text)
    with pytest.raises(ConfigurationError, match="gibt es schon"):
        write_draft(tmp_path, "a", text.replace("A", "B"))
    assert (tmp_path / "a.toml").read_text("utf-8") == text


@pytest.mark.parametrize("name", ["Große Stadt", "../../etc/x y", ".versteckt"])
def test_a_name_that_is_no_id_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="Kennung"):
        write_draft(tmp_path, name, draft(Survey("https://a.example/", "A"), TODAY))
    assert list(tmp_path.rglob("*")) == []


def test_a_page_that_robots_txt_forbids_is_no_source() -> None:
    answers = {**_website(), "/robots.txt": Answer(b"User-agent: *\nDisallow: /")}
    with serve(answers) as site, pytest.raises(FetchError, match=r"robots\.txt"):
        survey(f"{site.base}/", _fetcher())


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.bildung.auenbrueck.de/x", "bildung-auenbrueck"),
        ("https://xn--grnstadt-65a.de/", "xn-grnstadt-65a"),
        ("http://127.0.0.1:8080/", "127-0-0-1"),
    ],
)
def test_ids_come_from_host_names(url: str, name: str) -> None:
    assert Survey(url, "x").source_id == name


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_name_of_a_website_gives_valid_toml(name: str, remark: str) -> None:
    found = Survey("https://a.example/", name, publisher=name, remarks=(remark,))
    assert tomllib.loads(draft(found, TODAY))["name"] == normalise_line(name)


def _samples(answers: dict[str, Answer], **values: object) -> list[Sample]:
    with serve(answers) as site:
        fields: dict[str, object] = {"start_urls": (f"{site.base}/",), "allowed": ("/berichte/",), **values}
        if "sitemaps" in values:
            fields["sitemaps"] = (f"{site.base}/sitemap.xml",)
        source = Source("auenbrueck", "Auenbrück", "Auenbrück", **fields)  # type: ignore[arg-type]
        return list(sample_source(source, _fetcher(), ContentExtractor(), 3))


def test_three_pages_spread_over_the_sitemap() -> None:
    samples = _samples(_without_delay(_website()), sitemaps=True, start_urls=())
    assert [sample.url.rpartition("/")[2] for sample in samples] == ["0", "1", "3"]
    assert [sample.extracted.title for sample in samples if sample.extracted] == [
        "Bericht 0",
        "Bericht 1",
        "Bericht 3",
    ]
    told = "\n".join(shown(samples))
    assert "Titel: Bericht 3" in told
    assert "beim Übergang von der Schule" in told


def test_pages_that_would_be_skipped_say_why() -> None:
    answers = {
        "/": link_list("/berichte/kurz", "/berichte/bitte-nicht", "/berichte/weg"),
        "/berichte/kurz": page("Kurz", "Nur ein Satz."),
        "/berichte/bitte-nicht": page("Nein", head="<meta name=robots content=noindex>"),
    }
    problems = {sample.url.rpartition("/")[2]: sample.problem or "" for sample in _samples(answers)}
    assert "weniger als 200 Zeichen" in problems["kurz"]
    assert "noindex" in problems["bitte-nicht"]
    assert "Status 404" in problems["weg"]


def test_a_source_without_documents_says_what_went_wrong() -> None:
    assert "kein Link" in (_samples({"/": link_list("/anderswo")})[0].problem or "")
    assert "Status 404" in (_samples({})[0].problem or "")


TDMREP = Answer(b'[{"location": "/berichte/", "tdm-reservation": 1}]', content_type="application/json")
NOAI = page("Nummer 1", head="<meta name=robots content=noai>")


def test_a_look_tells_what_is_reserved(tmp_path: Path) -> None:
    start = replace(_website()["/"], headers={"tdm-reservation": "1", "tdm-policy": "https://a.example/tdm"})
    answers = {**_without_delay(_website()), "/": start, "/.well-known/tdmrep.json": TDMREP}
    with serve(answers | {"/ai.txt": Answer(status=500)}) as site:
        found = survey(f"{site.base}/", _fetcher())
        assert [site.paths.count(path) for path in SITE_FILES] == [1, 1]
    told = "\n".join(found.remarks)
    assert "(/.well-known/tdmrep.json): 6 von " in told
    assert "Richtlinie: https://a.example/tdm" in told
    assert "/ai.txt nicht abrufbar (Status 500)" in told
    drafted = write_draft(tmp_path, "a", draft(found, TODAY)).read_text("utf-8")
    assert "# Hinweis: Vorbehalt gegen Text- und Data-Mining" in drafted


def test_reserved_pages_are_told_and_taken_with_a_permission() -> None:
    answers = {
        **_website(),
        "/": link_list("/berichte/1", "/intern/2", "/berichte/3"),
        "/robots.txt": Answer(status=404),
        "/.well-known/tdmrep.json": Answer(b'[{"location": "/intern/", "tdm-reservation": 1}]'),
        "/berichte/1": NOAI,
        "/berichte/3": replace(page("Nummer 3"), headers={"X-Robots-Tag": "noindex"}),
        "/intern/2": page("Nummer 2"),
    }
    samples = {one.url[-1]: one for one in _samples(answers, allowed=("/berichte/", "/intern/"))}
    assert "noai" in (samples["1"].problem or "")
    assert "tdmrep.json" in (samples["2"].problem or "")
    assert "noindex" in (samples["3"].problem or "")
    permitted = _samples(answers, allowed=("/berichte/", "/intern/"), permission="Brief vom 1. März")
    assert [one.extracted.title for one in permitted if one.extracted] == ["Nummer 1", "Nummer 2"]
    assert "\n".join(shown(permitted)).count("die Quelle nennt eine Erlaubnis") == 2
    assert permitted[0].to_json()["permitted"] == permitted[0].permitted


def test_reserved_terms_are_told_without_a_request() -> None:
    samples = _samples({}, tdm=Mining.RESERVED, terms="https://a.example/agb")
    assert "https://a.example/agb" in (samples[0].problem or "")


def test_listings_are_opened_in_search_of_documents() -> None:
    answers = {
        "/": link_list("/archiv/1"),
        "/archiv/1": link_list("/berichte/eins"),
        "/berichte/eins": replace(page("Eins"), headers={"X-Test": "1"}),
    }
    samples = _samples(answers, listings=("/archiv/",))
    assert [sample.extracted.title for sample in samples if sample.extracted] == ["Eins"]
