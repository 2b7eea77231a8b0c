"""What may be fetched and kept: who is calling, robots.txt (RFC 9309), robots directives, a source's scope.

Scrapy's own robots middleware is not used: it reads the body of a 503 as rules and allows everything when
robots.txt cannot be fetched, where RFC 9309 (2.3.1.4) says that an unreachable robots.txt disallows all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, SoupStrainer
from protego import Protego

from crawler.addresses import is_loopback_name
from crawler.sources import Source
from crawler.urls import canonical_url, fetch_url, host_of
from kb import __version__
from kb.errors import ConfigurationError

ROBOT_NAME = "Fundstelle"
# RFC 9309, 2.5: a crawler must read at least 500 kibibytes; we read no more.
MAX_ROBOTS_BYTES = 500 * 1024
# A Crawl-delay beyond this would let one host hold a run for days; such a host is still asked this rarely.
MAX_CRAWL_DELAY = 120.0
# Too many requests: RFC 9309 lets a crawler read any 4xx as "no rules", but this one asks for less.
_TOO_MANY_REQUESTS = 429
# What the extraction can read; addresses with another ending are not fetched.
_READABLE_SUFFIXES = frozenset(
    [
        "",
        ".htm",
        ".html",
        ".xhtml",
        ".shtml",
        ".php",
        ".asp",
        ".aspx",
        ".jsp",
        ".do",
        ".pdf",
        ".docx",
        ".odt",
        ".txt",
        ".md",
    ]
)
_FILE_SUFFIX = re.compile(r"\.[a-z][a-z0-9]{1,4}")


def user_agent(contact: str) -> str:
    """``Fundstelle/0.1.0 (+contact)``; without a contact the bracket is left out."""
    contact = re.sub(r"[^\x20-\x7e]|[()]", "", contact).strip()
    return f"{ROBOT_NAME}/{__version__} (+{contact})" if contact else f"{ROBOT_NAME}/{__version__}"


def require_contact(sources: Iterable[Source], contact: str) -> None:
    """Refuse to visit anybody else's server without saying who is calling.

    Raises:
        ConfigurationError: a source has a host beyond this machine and no contact is set.
    """
    if contact.strip():
        return
    for source in sources:
        for host in sorted(source.hosts):
            if not is_loopback_name(urlsplit(f"//{host}").hostname or ""):
                raise ConfigurationError(
                    f"für den Abruf von {host} ist kein Kontakt angegeben",
                    subject=source.id,
                    remedy="KB_CONTACT auf eine E-Mail- oder Webadresse setzen, unter der Sie erreichbar sind",
                )


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one host; ``unreachable`` says why everything is disallowed."""

    parsed: Protego | None = None
    unreachable: str | None = None

    def refusal(self, url: str) -> str | None:
        """Why this address must not be fetched, or None."""
        if self.unreachable is not None:
            return self.unreachable
        if self.parsed is not None and not self.parsed.can_fetch(url, ROBOT_NAME):
            return "robots.txt erlaubt den Abruf nicht"
        return None

    @property
    def crawl_delay(self) -> float | None:
        """The wanted seconds between two requests, capped."""
        delay = self.parsed.crawl_delay(ROBOT_NAME) if self.parsed is not None else None
        return min(float(delay), MAX_CRAWL_DELAY) if delay is not None and delay >= 0 else None


def read_robots(status: int, body: bytes) -> RobotsRules:
    """Rules from an answer to the request for robots.txt, as RFC 9309, 2.3.1 wants it.

    200–299: the body's rules; 400–499 and redirects without end: everything is allowed; 500–599 and 429:
    everything is disallowed.
    """
    if 200 <= status < 300:
        return RobotsRules(Protego.parse(body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", errors="replace")))
    if status >= 500 or status == _TOO_MANY_REQUESTS:
        return RobotsRules(unreachable=f"robots.txt nicht erreichbar (Status {status}), daher kein Abruf")
    return RobotsRules()


@dataclass(frozen=True, slots=True)
class Directives:
    """Whether a page may be kept, and whether its links may be followed.

    ``reserved`` says in German where the page reserves itself against text and data mining.
    """

    index: bool = True
    follow: bool = True
    reserved: str | None = None


def read_directives(headers: Iterable[str], html: str | None = None) -> Directives:
    """Directives from ``X-Robots-Tag`` headers and, for HTML, from ``<meta name="robots">``."""
    wanted = [rule for header in headers for rule in _header_rules(header)]
    if html is not None:
        wanted += _meta_rules(html)
    return Directives(index=not {"noindex", "none"} & {*wanted}, follow=not {"nofollow", "none"} & {*wanted})


def _header_rules(header: str) -> list[str]:
    """``noindex, nofollow`` or ``name: noindex``; rules for other robots are none of ours."""
    name, colon, rest = header.partition(":")
    # "unavailable_after: 2024-…" looks like a robot's name and is a rule of its own that we do not read.
    if colon and "," not in name:
        return _rules(rest) if name.strip().lower() == ROBOT_NAME.lower() else []
    return _rules(header)


def _meta_rules(html: str) -> list[str]:
    soup = BeautifulSoup(html, "lxml", parse_only=SoupStrainer("meta"))
    found: list[str] = []
    for tag in soup.find_all("meta"):
        if str(tag.get("name", "")).strip().lower() in ("robots", ROBOT_NAME.lower()):
            found += _rules(str(tag.get("content", "")))
    return found


def _rules(text: str) -> list[str]:
    return [rule.strip().lower() for rule in text.split(",")]


class Place(Enum):
    """What an address is to a source."""

    DOCUMENT = "document"
    LISTING = "listing"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The place of an address in a source; ``reason`` says in German why it stays outside."""

    place: Place
    reason: str = ""


class Scope:
    """Which addresses belong to a source, as documents or as places to find links."""

    def __init__(self, source: Source) -> None:
        self._hosts = source.hosts
        self._starts = frozenset(canonical_url(url) for url in source.start_urls)
        self._allowed = _Patterns(source.allowed or ("/",))
        self._listings = _Patterns(source.listings)
        self._excluded = _Patterns(source.excluded)

    def __contains__(self, url: str) -> bool:
        """Whether an address lies on one of the source's hosts at all."""
        try:
            return host_of(url) in self._hosts
        except ValueError:
            return False

    def verdict(self, url: str) -> Verdict:
        """Judge one address; order: host, exclusion, start and listing pages, allowed paths, file type."""
        try:
            canonical = canonical_url(url)
        except ValueError:
            return Verdict(Place.OUTSIDE, "keine Webadresse")
        if url not in self:
            return Verdict(Place.OUTSIDE, "auf einem anderen Server")
        if self._excluded.match(url):
            return Verdict(Place.OUTSIDE, "in der Quelle ausgeschlossen (excluded)")
        if canonical in self._starts or self._listings.match(url):
            return Verdict(Place.LISTING)
        if not self._allowed.match(url):
            return Verdict(Place.OUTSIDE, "außerhalb der erlaubten Pfade (allowed)")
        suffix = PurePosixPath(urlsplit(canonical).path).suffix.lower()
        if _FILE_SUFFIX.fullmatch(suffix) and suffix not in _READABLE_SUFFIXES:
            return Verdict(Place.OUTSIDE, f"Dateityp {suffix} wird nicht gelesen")
        return Verdict(Place.DOCUMENT)


class _Patterns:
    """Patterns as in robots.txt, compiled once; matched against path and query."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)

    @cached_property
    def _compiled(self) -> tuple[tuple[str | None, re.Pattern[str]], ...]:
        return tuple(_compile(pattern) for pattern in self._patterns)

    def match(self, url: str) -> bool:
        parts = urlsplit(fetch_url(url))
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return any(host in (None, parts.netloc) and regex.match(target) for host, regex in self._compiled)


def _compile(pattern: str) -> tuple[str | None, re.Pattern[str]]:
    host = None
    if not pattern.startswith("/"):
        host = host_of(pattern)
        pattern = "/" + pattern.partition("://")[2].partition("/")[2]
    end = "$" if pattern.endswith("$") else ""
    # The same spelling as the addresses that it is compared with, the stars kept out of it.
    pieces = [_spelled(piece) for piece in re.split(r"\*+", pattern.removesuffix("$"))]
    return host, re.compile(".*".join(re.escape(piece) for piece in pieces) + end)


def _spelled(piece: str) -> str:
    """A piece of a path with umlauts escaped as in ``fetch_url``; reserved characters stay."""
    return re.sub(r"[^\x21-\x7e]", lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), piece)
