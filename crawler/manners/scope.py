"""What of a website belongs to a source: documents, places to find links, and what stays outside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from crawler.addressing.urls import canonical_url, fetch_url, host_of
from crawler.sources.source import Source


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
        if suffix in _unread_suffixes():
            return Verdict(Place.OUTSIDE, f"Dateityp {suffix} wird nicht gelesen")
        return Verdict(Place.DOCUMENT)


@cache
def _unread_suffixes() -> frozenset[str]:
    """Endings of files that are not asked for; what any other ending stands for shows in the answer."""
    text = files("crawler.manners").joinpath("data", "unread_suffixes.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return frozenset(f".{suffix.lower()}" for line in lines for suffix in line)


class _Patterns:
    """Patterns as in robots.txt, compiled once; matched against path and query."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)

    @cached_property
    def _compiled(self) -> tuple[tuple[str | None, _Glob], ...]:
        return tuple(_compile(pattern) for pattern in self._patterns)

    def match(self, url: str) -> bool:
        parts = urlsplit(fetch_url(url))
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return any(host in (None, parts.netloc) and glob.match(target) for host, glob in self._compiled)


@dataclass(frozen=True, slots=True)
class _Glob:
    """What stands between stars; each piece is looked for once behind the one before, which misses nothing."""

    pieces: tuple[str, ...]
    to_the_end: bool

    def match(self, target: str) -> bool:
        first, *others = self.pieces
        if not target.startswith(first):
            return False
        at = len(first)
        for piece in others[:-1] if self.to_the_end else others:
            found = target.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if not self.to_the_end:
            return True
        return (
            target.endswith(others[-1]) and len(target) - len(others[-1]) >= at if others else at == len(target)
        )


def _compile(pattern: str) -> tuple[str | None, _Glob]:
    host = None
    if not pattern.startswith("/"):
        host = host_of(pattern)
        pattern = "/" + pattern.partition("://")[2].partition("/")[2]
    # The same spelling as the addresses that it is compared with, the stars kept out of it.
    pieces = [_spelled(piece) for piece in re.split(r"\*+", pattern.removesuffix("$"))]
    return host, _Glob(tuple(pieces), pattern.endswith("$"))


def _spelled(piece: str) -> str:
    """A piece of a path with umlauts escaped as in ``fetch_url``; reserved characters stay."""
    return re.sub(r"[^\x21-\x7e]", lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), piece)
