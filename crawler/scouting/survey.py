"""``kb source add``, first part: a look at a website's rules, start page, sitemaps and feeds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup

from crawler.addressing.links import links_in_page
from crawler.addressing.urls import fetch_url, host_of, slug
from crawler.extract.input.charset import declared_charset, decode
from crawler.extract.input.markup import parse_page
from crawler.extract.web.metadata import read_metadata
from crawler.extract.web.systems import system_of
from crawler.lists.reader import AddressList, read_list
from crawler.manners.directives import read_directives
from crawler.manners.reservations import page_reservation
from crawler.scouting.fetch import Fetched, Fetcher
from kb.errors import FetchError, InputError
from kb.model import RawContent, normalise_line
from kb.ports import Progress, no_progress

_GUESSED_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml")
_MAX_SITEMAPS = 4
_MAX_FEEDS = 3
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_PERMISSION = "solche Seiten werden nur mit einer Erlaubnis (permission) aufgenommen"
_TOP_LEVEL = re.compile(r"\.[a-z]{2,}$")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look at a website found; ``addresses`` are those of its own hosts that were seen."""

    url: str
    name: str
    publisher: str | None = None
    licence: str | None = None
    system: str | None = None
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    crawl_delay: float | None = None
    remarks: tuple[str, ...] = ()

    @property
    def source_id(self) -> str:
        """``www.bildung.auenbrueck.de`` → ``bildung-auenbrueck``."""
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        return slug(_TOP_LEVEL.sub("", host).replace(".", " ")) or "quelle"

    @property
    def sections(self) -> list[tuple[str, int]]:
        """First parts of the paths and how many addresses lie below each, most first."""
        counts = Counter(
            f"/{path[0]}/"
            for address in self.addresses
            if len(path := unquote(urlsplit(address).path).strip("/").split("/")) > 1
        )
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def survey(url: str, fetcher: Fetcher, progress: Progress = no_progress) -> Survey:
    """Look at a website in about a dozen requests.

    Raises:
        FetchError: the address is none, or the start page cannot or must not be fetched.
        InputError: the start page cannot be read.
    """
    progress(1, None, url)
    fetched = fetcher.fetch_whole(url)
    start = fetched.content
    address = start.url or fetch_url(url)
    markup = decode(start.data, name=start.name, declared=declared_charset(start.content_type))
    soup = BeautifulSoup(markup, "lxml")
    metadata = read_metadata(soup, url=address)
    title = normalise_line(soup.title.get_text(" ")) if soup.title is not None else ""
    system = system_of(parse_page(markup))
    rules = fetcher.robots(address)
    named = tuple(rules.parsed.sitemaps) if rules.parsed is not None else ()
    sitemaps = _Sitemaps(fetcher, address, progress)
    sitemaps.read(named or [urljoin(address, path) for path in _GUESSED_SITEMAPS], is_guess=not named)
    feeds = _feeds(soup, address)
    seen = [*links_in_page(markup, address), *sitemaps.pages, *_entries(feeds, fetcher, progress)]
    seen = list(dict.fromkeys(one for one in seen if host_of(one) == host_of(address)))
    return Survey(
        url=address,
        name=metadata.site_name or title or host_of(address),
        publisher=metadata.publisher,
        licence=metadata.licence,
        system=system.id if system is not None else None,
        sitemaps=tuple(sitemaps.good),
        feeds=tuple(feeds),
        addresses=tuple(seen),
        crawl_delay=rules.crawl_delay,
        remarks=(*sitemaps.remarks, *_reserved(fetcher, [address, *seen]), *_on_page(fetched, markup)),
    )


def _on_page(fetched: Fetched, markup: str) -> list[str]:
    """What the start page asks of crawlers."""
    reservation = page_reservation(fetched.headers, markup)
    asked = [f"Startseite: {reservation.reason}; {_PERMISSION}"] if reservation is not None else []
    if not read_directives((), markup).follow:
        asked.append("die Startseite bittet darum, ihren Links nicht zu folgen (nofollow)")
    return asked


def _reserved(fetcher: Fetcher, addresses: Sequence[str]) -> list[str]:
    """What the website's files reserve of the addresses that were seen, a line for each place."""
    found = fetcher.reservations(addresses[0])
    addresses = list(dict.fromkeys(addresses))
    reasons = Counter(reserved.reason for url in addresses if (reserved := found.of(url)) is not None)
    told = [
        f"{reason}: {count} von {len(addresses)} gesehenen Adressen; {_PERMISSION}"
        for reason, count in reasons.items()
    ]
    return [*told, *found.remarks]


class _Sitemaps:
    """Reads a few sitemaps, one level of an index deep."""

    def __init__(self, fetcher: Fetcher, base: str, progress: Progress) -> None:
        self._fetcher, self._base, self._progress = fetcher, base, progress
        self.good: list[str] = []
        self.pages: list[str] = []
        self.remarks: list[str] = []

    def read(self, urls: Sequence[str], *, is_guess: bool) -> None:
        """Read those of the website's own host; the first guess that is one ends the guessing."""
        for url in urls[:_MAX_SITEMAPS]:
            try:
                address = fetch_url(urljoin(self._base, url))
                is_ours = host_of(address) == host_of(self._base)
                links = self._links(address) if is_ours else AddressList()
            except (FetchError, InputError, ValueError) as error:
                if not is_guess:
                    self.remarks.append(f"Sitemap {url} nicht lesbar ({error})")
                continue
            if not links.pages and not links.sitemaps:
                if is_ours and not is_guess:
                    found = (
                        f"keine Sitemap, sondern {links.instead}" if links.instead else "Sitemap ohne Adressen"
                    )
                    self.remarks.append(f"{address}: {found}")
                continue
            self.good.append(address)
            self.pages += links.pages
            for inner in links.sitemaps[:_MAX_SITEMAPS]:
                self._read_inner(inner)
            if is_guess:
                return

    def _read_inner(self, url: str) -> None:
        try:
            self.pages += self._links(url).pages
        except (FetchError, InputError, ValueError) as error:
            self.remarks.append(f"Sitemap {url} nicht lesbar ({error})")

    def _links(self, url: str) -> AddressList:
        self._progress(1, None, url)
        content = self._fetcher.fetch(url)
        return read_list(content.data, url, content.content_type)


def _feeds(soup: BeautifulSoup, base: str) -> list[str]:
    found = []
    for tag in soup.find_all("link", href=True, type=_FEED_TYPES):
        address = urljoin(base, str(tag["href"]))
        # Feeds of comments bring no documents.
        if not re.search(r"comment|kommentar", address, re.IGNORECASE) and _is_on(address, base):
            found.append(fetch_url(address))
    return list(dict.fromkeys(found))[:_MAX_FEEDS]


def _is_on(address: str, base: str) -> bool:
    try:
        return host_of(address) == host_of(base)
    except ValueError:
        return False


def _entries(feeds: Iterable[str], fetcher: Fetcher, progress: Progress) -> list[str]:
    found: list[str] = []
    for url in feeds:
        progress(1, None, url)
        try:
            content: RawContent = fetcher.fetch(url)
        except (FetchError, InputError):
            continue
        found += read_list(content.data, url, content.content_type).pages
    return found
