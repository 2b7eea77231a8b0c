"""Whole crawls of sites that lead to their pages in unusual ways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.report.outcomes import PageAction
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from tests.crawler.crawls import a_job, a_source, by_path
from tests.crawler.loopback import Answer, Site, link_list, page, serve

pytestmark = pytest.mark.crawl
MOVED = "leitet auf eine andere Adresse um"


def _crawl(folder: Path, site: Site, **values: object) -> CrawlReport:
    return run_crawl(a_job(folder, [a_source("stadt", site.base, **values)], state_dir=folder / "state"))


def _added(report: CrawlReport) -> set[str]:
    return {path for path, outcome in by_path(report).items() if outcome.action is PageAction.ADDED}


def _refreshing(target: str, seconds: int = 0) -> Answer:
    return Answer(f"<meta http-equiv=refresh content='{seconds}; url={target}'>Bitte warten.".encode())


def test_refreshes_are_followed_like_redirects(tmp_path: Path) -> None:
    elsewhere = {"/fort": _refreshing("http://anderswo.invalid/"), "/bild": _refreshing("/plakat.jpg")}
    answers = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /geheim"),
        "/alt": _refreshing("neu"),
        "/auch-alt": _refreshing("/neu", 5),
        "/neu": page("Neu"),
        "/verboten": _refreshing("/geheim/a"),
        "/geheim/a": page("Geheim"),
        "/kreis": _refreshing("/kreis2"),
        "/kreis2": _refreshing("/kreis"),
        "/lang": _refreshing("/glied/0"),
        **{f"/glied/{n}": _refreshing(f"/glied/{n + 1}") for n in range(20)},
        "/selbst": page("Selbst", head="<meta http-equiv='refresh' content='0; url=/selbst'>"),
        "/ticker": page("Ticker", head="<meta http-equiv='refresh' content='300; url=/neu'>"),
        "/typ": replace(_refreshing("/neu"), content_type="text/plain"),
        "/kopf": Answer(headers={"Refresh": "0; url=/neu"}),
        **elsewhere,
    }
    names = [path for path in answers if path[1:].isidentifier() or path in ("/auch-alt",)]
    answers["/"] = link_list(*names)
    with serve(answers) as site:
        report = _crawl(tmp_path, site)
    outcomes = by_path(report)
    assert _added(report) == {"/neu", "/selbst", "/ticker"}
    for path in ("/alt", "/auch-alt", "/kopf"):
        assert (outcomes[path].reason, outcomes[path].instead) == (MOVED, f"{site.base}/neu"), path
    assert outcomes["/verboten"].reason == "robots.txt erlaubt den Abruf nicht"
    assert outcomes["/lang"].reason == "zu viele Weiterleitungen"
    assert all("aus der Quelle hinaus" in outcomes[path].reason for path in elsewhere)
    assert site.paths.count("/neu") == 1
    assert site.paths.count("/kreis") + site.paths.count("/kreis2") <= 3
    assert not {"/geheim/a", "/plakat.jpg", "/glied/7"} & set(site.paths)


def test_a_cookie_opens_an_address_that_redirects_to_itself(tmp_path: Path) -> None:
    def wall(path: str, target: str = "") -> Answer:
        headers = {"Location": target or path, "Set-Cookie": "besuch=ja; Path=/; HttpOnly"}
        return Answer(status=302, headers=headers, inside=("besuch=ja", page(f"Hinter {path[1:]}")))

    refreshing = replace(_refreshing("/auffrischung"), headers={"Set-Cookie": "besuch=ja"})
    answers = {
        "/": link_list("/direkt", "/umweg", "/auffrischung", "/mauer", "/offen"),
        "/direkt": wall("/direkt"),
        "/umweg": wall("/umweg", "/pruefung"),
        "/pruefung": Answer(status=302, headers={"Location": "/umweg"}),
        "/auffrischung": replace(refreshing, inside=("besuch=ja", page("Aufgefrischt"))),
        "/mauer": replace(wall("/mauer"), inside=None),
        "/offen": page("Offen"),
    }
    with serve(answers) as site:
        report = _crawl(tmp_path, site)
    assert _added(report) == {"/direkt", "/umweg", "/auffrischung", "/offen"}
    assert by_path(report)["/mauer"].reason == "leitet im Kreis um"
    assert site.paths.count("/direkt") == site.paths.count("/mauer") == 2
    brought = {path for path, _ in site.cookies}
    assert brought == {"/direkt", "/pruefung", "/umweg", "/auffrischung", "/mauer"}, (
        "no other page sees a cookie"
    )


def test_frames_plain_text_and_umlauts_lead_on(tmp_path: Path) -> None:
    umlaut = "<html><meta charset=utf-8><p>Für Bürger</p><a href='/übergänge'>Übergänge</a></html>"
    answers = {
        "/": Answer(
            b"<html><frameset cols='*,*'><frame src=menue.htm><frame src=inhalt.htm></frameset></html>"
        ),
        "/menue.htm": link_list("/text", "/latin", "/xml"),
        "/inhalt.htm": page("Inhalt"),
        "/text": replace(page("Text", links="<a href='/aus-text'>x</a>"), content_type="text/plain"),
        "/aus-text": page("Aus Text"),
        "/latin": Answer(umlaut.encode("cp1252")),
        "/%C3%BCberg%C3%A4nge": page("Übergänge"),
        "/xml": replace(page("XML", links="<a href='/aus-xml'>x</a>"), content_type="application/octet-stream"),
        "/aus-xml": page("Aus XML", links="<iframe src='/eingebettet'></iframe>"),
        "/eingebettet": page("Eingebettet"),
    }
    with serve(answers) as site:
        report = _crawl(tmp_path, site)
    nested = {"/aus-text", "/xml", "/aus-xml", "/eingebettet"}
    assert _added(report) == {"/inhalt.htm", "/text", "/%C3%BCberg%C3%A4nge"} | nested


def test_what_forbids_itself_is_obeyed_whatever_its_server_calls_it(tmp_path: Path) -> None:
    hidden = page(
        "Verborgen", links="<a href='/nie'>x</a>", head="<meta name=robots content='noindex,nofollow'>"
    )
    answers = {"/": link_list("/a"), "/a": replace(hidden, content_type="text/plain"), "/nie": page("Nie")}
    with serve(answers) as site:
        report = _crawl(tmp_path, site)
    assert "noindex" in by_path(report)["/a"].reason
    assert "/nie" not in site.paths


# What a crawl asks a host for besides pages; the last is the address that cannot be.
_ASIDE = ("/robots.txt", "/ai.txt", "/.well-known", "/gibt-es-nicht-")


def test_a_list_that_yields_nothing_is_named(tmp_path: Path) -> None:
    xml = "<urlset><url><loc>{}</loc></url></urlset>"
    answers = {
        "/prosa.xml": Answer("Die Übersicht gibt es nicht mehr".encode(), content_type="text/plain"),
        "/seite.xml": page("Sitemap"),
        "/leer.xml": Answer(b"<urlset/>"),
        "/fremd.xml": Answer(xml.format("https://anderswo.example/a").encode()),
        "/gut.xml": Answer(xml.format("/a").encode("utf-16")),
        "/feed": Answer(b"<rss><channel><title>Nichts</title></channel></rss>"),
        "/kein-feed": Answer(b"<daten/>", content_type="application/xml"),
        "/sitemap-als-feed": Answer(xml.format("/b").encode()),
        "/a": page("A"),
        "/b": page("B"),
    }
    with serve(answers) as site:
        lists = [f"{site.base}/{name}.xml" for name in ("prosa", "seite", "leer", "fremd", "gut")]
        feeds = [f"{site.base}/{name}" for name in ("feed", "kein-feed", "sitemap-als-feed")]
        report = _crawl(tmp_path, site, start_urls=(), sitemaps=tuple(lists), feeds=tuple(feeds))
    assert _added(report) == {"/a", "/b"}
    asked = {path for path in site.paths if not path.startswith(_ASIDE)}
    assert asked - {"/"} == set(answers), "only the navigation of pages leads to the start page"
    outcomes, notes = by_path(report), "\n".join(report.sources[0].totals.notes)
    words = {
        "/prosa.xml": "keine Sitemap, sondern Text ohne Adressen",
        "/seite.xml": "keine Sitemap, sondern eine Webseite",
        "/leer.xml": "Sitemap ohne Adressen",
        "/feed": "Feed ohne Adressen",
        "/kein-feed": "kein Feed, sondern eine andere XML-Datei",
    }
    for path, reason in words.items():
        assert outcomes[path].reason == reason
        assert f"{site.base}{path}: {reason}" in notes
    assert "/fremd.xml: Sitemap, deren 1 Adressen alle auf anderen Servern liegen (anderswo.example)" in notes
    assert "/gut.xml" not in notes


def test_a_canonical_address_counts_only_where_a_document_stands(tmp_path: Path) -> None:
    def naming(title: str, canonical: str) -> Answer:
        return page(title, head=f"<link rel=canonical href='{canonical}'>")

    answers = {
        "/weg": naming("Weg", "/node/77"),
        "/zurueck": naming("Zurück", "/index.php?id=7"),
        "/index.php?id=7": Answer(status=301, headers={"Location": "/zurueck"}),
        "/kopie": naming("Kopie", "/original"),
        "/original": page("Original"),
        **{f"/vorlage/{n}": naming(f"Vorlage {n}", "/start") for n in range(4)},
        "/start": page("Start"),
    }
    answers["/"] = link_list(*answers)
    answers["/weg"] = replace(answers["/weg"], headers={"ETag": '"1"'})
    with serve(answers) as site:
        report = _crawl(tmp_path, site)
        paths = [*site.paths]
        again = _crawl(tmp_path, site)
    templates = {f"/vorlage/{n}" for n in range(4)}
    assert _added(report) == {"/weg", "/zurueck", "/original", "/start"} | templates
    outcomes = by_path(report)
    assert outcomes["/kopie"].reason == "nennt eine andere Adresse als die maßgebliche"
    assert outcomes["/kopie"].instead == f"{site.base}/original"
    assert len(report.sources[0].outcomes) == len(outcomes), "every address has one outcome"
    assert max(paths.count(path) for path in paths) == 2, "a page is asked for once more, and no further"
    assert again.count(PageAction.ADDED) == again.changed == 0
    assert again.count(PageAction.UNCHANGED) == len(_added(report))
    assert site.unchanged == ["/weg"]
