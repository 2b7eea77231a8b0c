"""Websites that misbehave on purpose: more than 500 pages, and for every address how it is to end."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from benchmarks.prose import Report, report
from crawler.addressing.urls import fetch_url
from crawler.report.outcomes import PageAction
from tests.crawler.extract.samples import pdf
from tests.crawler.loopback import Answer, link_list, page

SEED = 6
SECTIONS, LISTINGS, ON_A_LISTING = 8, 5, 13
COUNT = SECTIONS * LISTINGS * ON_A_LISTING
# What a crawl of these sites is allowed to receive; the huge page and the bomb are larger.
MAX_BYTES = 1_000_000
PDF_COPIES = tuple(f"/dateien/konzept-{letter}.pdf" for letter in "abcde")
PDF_NUMBER = 90_000
COMMENTED_OUT = "/innen/auskommentiert"
_HOSTILE = (
    "/akten/..%2f..%2f..%2fetc%2fpasswd",
    "/akten/%2e%2e/%2e%2e/ausserhalb",
    "/akten/null%00.html",
    "/akten/zeile%0Azwei",
    "/akten/CON",
    "/akten/.versteckt",
    "/akten/-rf",
    "/akten/name;rm -rf $(HOME)",
    '/akten/"><script>alert(1)</script>',
    "/akten/\u202ehtml.exe-Übergang",
    "/akten/" + "ü" * 150,
    "/akten/%FF%FE-kein-utf8",
    "/akten/C:%5CWindows%5Csystem32",
)


@dataclass(frozen=True)
class Fate:
    """How an address is to end: with one of these actions, for a reason that this pattern finds."""

    actions: tuple[PageAction, ...] = (PageAction.ADDED,)
    reason: str = "^neu$"

    def fits(self, action: PageAction, reason: str) -> bool:
        return action in self.actions and re.search(self.reason, reason) is not None


DOCUMENT = Fate()
LISTING = Fate((PageAction.SKIPPED,), "Übersicht|Sitemap")


def skipped(reason: str) -> Fate:
    return Fate((PageAction.SKIPPED,), reason)


def failed(reason: str) -> Fate:
    return Fate((PageAction.FAILED,), reason)


@dataclass
class UnrulySite:
    """What a server is to answer, how each address is to end, and which report each document is to hold."""

    answers: dict[str, Answer] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)
    beyond: Callable[[str], Answer | None] = lambda path: None

    def add(self, path: str, answer: Answer, fate: Fate) -> None:
        """An address as it goes over the wire."""
        parts = urlsplit(fetch_url(f"http://x{path}"))
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.answers[path], self.fates[path] = answer, fate

    def add_report(self, path: str, number: int, change: Mapping[str, object] | None = None) -> None:
        """A page that is to become a document, its answer changed in some way that must not matter."""
        self.add(path, replace(report_page(number), **(change or {})), DOCUMENT)  # type: ignore[arg-type]
        self.reports[list(self.answers)[-1]] = number

    def linked(self, prefix: str) -> list[str]:
        """All addresses below a path."""
        return [path for path in self.answers if path.startswith(prefix)]


def mark(number: int) -> str:
    """What only the text of this report says."""
    return f"Aktenzeichen {SEED}-{number}:"


def article(number: int) -> Report:
    return report(number, seed=SEED)


def report_page(number: int, links: str = "") -> Answer:
    found = article(number)
    return page(found.title, "</p><p>".join(found.paragraphs), links=links)


def city() -> UnrulySite:
    """A large site whose server is well, and whose pages are anything but."""
    site = UnrulySite()
    _ordinary(site)
    for number, path in enumerate(_HOSTILE):
        site.add_report(path, 10_000 + number)
    _charsets(site)
    _types(site)
    _redirects(site)
    _leads(site)
    _too_large(site)
    for path in PDF_COPIES:
        answer = Answer(_as_pdf(PDF_NUMBER), content_type="application/pdf")
        site.add(path, answer, Fate(tuple(PageAction), ""))
    site.add("/robots.txt", Answer(b"User-agent: *\nDisallow: /intern/\n"), DOCUMENT)
    del site.fates["/robots.txt"]
    site.add("/intern/a", report_page(20_000), skipped("robots.txt"))
    noindex = {"X-Robots-Tag": "noindex"}
    site.add("/privat", replace(report_page(20_001), headers=noindex), skipped("noindex"))
    site.add("/kurz", page("Kurz", "Demnächst mehr."), skipped("weniger als"))
    site.add("/weg", Answer(status=404), failed("Status 404"))
    strange = [
        path for path in site.answers if not re.match(r"/(themen|liste|robots|neu|glied|innen|$|sitemap)", path)
    ]
    site.add("/liste/seltsam", link_list(*strange), LISTING)
    return site


def _ordinary(site: UnrulySite) -> None:
    """Sections with listings; a fifth of the pages only other pages or the sitemap lead to."""
    lists = [f"/liste/{section}/{n}" for section in range(SECTIONS) for n in range(LISTINGS)]
    hidden = []
    for where, path in enumerate(lists):
        numbers = range(where * ON_A_LISTING, (where + 1) * ON_A_LISTING)
        site.add(path, link_list(*(page_path(n) for n in numbers if n % 10 not in (3, 7))), LISTING)
        hidden += [n for n in numbers if n % 10 == 7]
        for n in numbers:
            see_also = f"<p><a href='{page_path(n + 1)}?utm_source=x#mehr'>Siehe auch</a></p>"
            links = see_also if n % 10 == 2 else ""
            site.add_report(page_path(n), n, {"body": report_page(n, links).body, "headers": validators(n)})
    entries = "".join(f"<url><loc>{page_path(n)}</loc></url>" for n in hidden)
    packed = gzip.compress(f"<urlset>{entries}</urlset>".encode(), mtime=0)
    site.add("/sitemap-1.xml.gz", Answer(packed, content_type="application/gzip"), LISTING)
    names = ("/sitemap-1.xml.gz", "/sitemap-2.xml", "/sitemap-3.xml")
    inner = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    index = f"<sitemapindex>{inner}</sitemapindex>".encode()
    site.add("/sitemap.xml", Answer(index, content_type="application/xml"), LISTING)
    site.add("/", link_list(*lists, "/liste/seltsam"), LISTING)


def page_path(number: int) -> str:
    return f"/themen/{number % SECTIONS}/bericht-{number}.html"


def validators(number: int, version: int = 1) -> dict[str, str]:
    """What lets a page be asked for on condition; a fifth of the pages has nothing of the kind."""
    if number % 5 == 0:
        return {}
    if number % 5 == 1:
        return {"Last-Modified": f"Wed, 0{version} Jan 2025 12:00:00 GMT"}
    return {"ETag": f'"{number}-{version}"'}


def _charsets(site: UnrulySite) -> None:
    """Headers that lie about the encoding, or name none that exists."""
    wrong = {
        "latin-als-utf8": ("utf-8", "cp1252"),
        "utf8-als-latin": ("iso-8859-1", "utf-8"),
        "unbekannt": ("klingonisch", "utf-8"),
        "utf16": ("utf-8", "utf-16"),
    }
    for number, (name, (claimed, real)) in enumerate(wrong.items(), 30_000):
        body = report_page(number).body.decode().encode(real)
        site.add_report(
            f"/zeichen/{name}", number, {"body": body, "content_type": f"text/html; charset={claimed}"}
        )


def _types(site: UnrulySite) -> None:
    """Content types that lie: what can be read is, what cannot has its reason."""
    plain = "\n\n".join((article(40_000).title, *article(40_000).paragraphs)).encode()
    site.add_report("/typ/text-als-html", 40_000, {"body": plain})
    site.add_report("/typ/pdf-als-html", 40_001, {"body": _as_pdf(40_001)})
    site.add_report("/typ/html-als-pdf", 40_002, {"content_type": "application/pdf"})
    site.add_report("/typ/html-als-daten", 40_003, {"content_type": "application/octet-stream"})
    site.add_report("/typ/ohne", 40_004, {"content_type": ""})
    image = Answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    site.add("/typ/bild-als-html", image, skipped("."))
    site.add("/typ/paket-als-html", Answer(b"PK\x03\x04" + b"\x00\xff" * 3_000), skipped("."))
    site.add("/typ/leer", Answer(b""), skipped("."))


def _redirects(site: UnrulySite) -> None:
    def to(target: str, status: int = 302) -> Answer:
        return Answer(status=status, headers={"Location": target})

    elsewhere = skipped("leitet auf eine andere Adresse um")
    site.add("/um/selbst", to("/um/selbst"), failed("im Kreis"))
    site.add("/um/a", to("/um/b"), elsewhere)
    site.add("/um/b", to("/um/a"), elsewhere)
    site.add("/um/kreis", to("/glied/x"), failed("im Kreis"))
    site.answers |= {"/glied/x": to("/glied/y"), "/glied/y": to("/glied/x")}
    site.add("/um/lang", to("/glied/0"), failed("zu viele Weiterleitungen"))
    site.answers |= {f"/glied/{n}": to(f"/glied/{n + 1}") for n in range(8)}
    site.add("/um/kurz", to("/glied/a"), elsewhere)
    site.answers["/glied/a"] = to("/um/ziel")
    site.add_report("/um/ziel", 50_000)
    for n in range(20):
        site.add(f"/alt/{n}", to(f"/neu/{n % 5}", 301), elsewhere)
    for n in range(5):
        site.add_report(f"/neu/{n}", 51_000 + n)
    site.add("/um/fort", to("http://anderswo.invalid/"), skipped("leitet aus der Quelle hinaus"))
    site.add("/um/datei", to("file:///etc/passwd"), Fate((PageAction.SKIPPED, PageAction.FAILED), "."))


def _leads(site: UnrulySite) -> None:
    """Pages below ``/innen/``, to which only a strange sitemap, a refresh, a frame or plain text leads."""
    news = [f"/innen/i.php?id=7&tx_news[news]={n}&tx_news[action]=detail" for n in range(3)]
    for number, path in enumerate(news, 52_000):
        site.add_report(path, number)
    site.answers[COMMENTED_OUT] = report_page(52_900)
    listed = "".join(f"<sm:url><sm:loc>{path.replace('&', '&amp;')}</sm:loc></sm:url>" for path in news)
    listed += f"<!-- <sm:url><sm:loc>{COMMENTED_OUT}</sm:loc></sm:url> -->"
    sitemap = f"<sm:urlset xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9'>{listed}</sm:urlset>"
    site.add("/sitemap-2.xml", Answer(sitemap.encode("utf-16"), content_type="application/xml"), LISTING)
    prose = Answer("Die Übersicht gibt es nicht mehr".encode(), content_type="text/plain")
    site.add("/sitemap-3.xml", prose, failed("keine Sitemap"))
    refresh = Answer(b"<html><meta http-equiv=refresh content='0; url=/innen/aufgefrischt'></html>")
    site.add("/frisch", refresh, skipped("leitet auf eine andere Adresse um"))
    site.add_report("/innen/aufgefrischt", 52_010)
    circle = "<html><meta http-equiv=refresh content='0; url={}'>Weiter</html>"
    site.add("/frisch-im-kreis", Answer(circle.format("/frisch-zurueck").encode()), skipped("."))
    site.add("/frisch-zurueck", Answer(circle.format("/frisch-im-kreis").encode()), skipped("."))
    frames = b"<html><frameset cols='20%,80%'><frame src='/innen/rahmen.htm'></frameset></html>"
    site.add("/rahmen", Answer(frames), skipped("."))
    site.add_report("/innen/rahmen.htm", 52_020)
    plain = report_page(52_030).body.replace(b"Impressum", b"<a href='/innen/aus-text'>Impressum</a>")
    site.add_report("/text-st.georg", 52_030, {"body": plain, "content_type": "text/plain"})
    site.add_report("/innen/aus-text", 52_031)


def _too_large(site: UnrulySite) -> None:
    padding = b"<p>" + b"Wort " * (MAX_BYTES // 5) + b"</p>"
    huge = Answer(report_page(60_000).body + padding)
    site.add("/gross/seite", huge, failed("größer als erlaubt"))
    bomb = gzip.compress(huge.body * 20, mtime=0)
    packed = Answer(bomb, headers={"Content-Encoding": "gzip"})
    site.add("/gross/bombe", packed, failed("größer als erlaubt|entpackt zu groß"))


def _as_pdf(number: int) -> bytes:
    found = article(number)
    words = " ".join(found.paragraphs).split()
    lines = [" ".join(words[start : start + 10]) for start in range(0, len(words), 10)]
    return pdf([[found.title, "", *lines]], title=found.title)


def _endless(path: str) -> Answer | None:
    month = re.fullmatch(r"/kalender/(\d+)/(\d+)", path)
    if month:
        count = int(month[1]) * 12 + int(month[2]) - 1
        around = (f"/kalender/{n // 12}/{n % 12 + 1}" for n in (count - 1, count + 1, count + 12))
        return link_list(*around)
    if path.startswith("/filter"):
        return link_list(*(f"{path}&{name}={len(path)}" for name in ("ort", "jahr", "art")))
    if path.startswith("/tiefer/"):
        return link_list("tiefer/", "noch/tiefer/")
    return None


def wobbly() -> UnrulySite:
    """A small site whose server is not well: slow, cut off, silent, overloaded, now and then."""
    site = UnrulySite()
    number = 70_000
    for name in ("schnell", "auch"):
        site.add_report(f"/gut/{name}", number := number + 1)
    site.add_report("/langsam", number := number + 1, {"manner": "slow"})
    busy = Answer(status=429, headers={"Retry-After": "1"})
    site.add_report("/viel", number := number + 1)
    site.answers["/viel"] = replace(busy, then=site.answers["/viel"])
    site.add_report("/pause", number := number + 1)
    site.answers["/pause"] = replace(busy, status=503, then=site.answers["/pause"])
    site.add_report("/stolpert", number := number + 1)
    site.answers["/stolpert"] = Answer(status=500, then=site.answers["/stolpert"])
    site.add_report("/abgebrochen-einmal", number := number + 1)
    whole = site.answers["/abgebrochen-einmal"]
    site.answers["/abgebrochen-einmal"] = replace(whole, manner="cut", then=whole)
    site.add_report("/weg-einmal", number := number + 1)
    site.answers["/weg-einmal"] = Answer(manner="drop", then=site.answers["/weg-einmal"])
    site.add("/abgebrochen", replace(report_page(71_000), manner="cut"), failed("unvollständig"))
    site.add("/haengt", Answer(manner="hang"), failed("Zeitgrenze"))
    site.add("/kaputt", Answer(status=500), failed("Status 500"))
    # Half of a page is a page, as far as anyone can know: its beginning or the reason why not.
    site.add("/zu-kurz", replace(report_page(71_001), manner="short"), Fate(tuple(PageAction), "."))
    site.add("/", link_list(*site.answers), LISTING)
    return site


def endless() -> UnrulySite:
    """A site whose calendar, filters and paths have no end."""
    site = UnrulySite(beyond=_endless)
    site.add("/", link_list("/kalender/2025/6", "/filter?farbe=rot", "/tiefer/", "/themen/1"), LISTING)
    site.add_report("/themen/1", 85_000)
    return site


def closed() -> UnrulySite:
    """A site whose robots.txt cannot be read: nothing of it is to be fetched."""
    site = UnrulySite()
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nAllow: /", status=503)
    site.answers["/a"] = report_page(80_000)
    site.add("/", link_list("/a"), failed("robots.txt nicht erreichbar"))
    return site
