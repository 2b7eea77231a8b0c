"""What a source is: one website or part of one, with what may be fetched from it and shown of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from crawler.addressing.urls import fetch_url, host_of
from crawler.extract.input.options import Selectors
from kb.model import Display


class Mining(StrEnum):
    """What the terms of a website say about text and data mining, as somebody has read them."""

    RESERVED = "reserved"
    PERMITTED = "permitted"


@dataclass(frozen=True, slots=True)
class Source:
    """One website or part of one, as its file in ``corpus/sources/`` describes it.

    ``allowed``, ``listings`` and ``excluded`` are patterns as in robots.txt: a path beginning with ``/`` (any
    host of the source) or a whole address, ``*`` for any characters, ``$`` for the end, else a prefix.
    An empty ``allowed`` means every path. ``delay`` is in seconds; None leaves delay and number of pages to
    the settings. ``display`` says how much visitors see of a text whose own licence does not say more.
    ``permission`` notes a written one: who gave it, when, for what. ``tdm`` is what the ``terms``, an address,
    say about text and data mining, as read on ``terms_checked``.
    """

    id: str
    name: str
    label: str
    enabled: bool = False
    start_urls: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    selectors: Selectors = field(default_factory=Selectors)
    publisher: str | None = None
    licence: str | None = None
    display: Display = Display.EXCERPT
    permission: str | None = None
    tdm: Mining | None = None
    terms: str | None = None
    terms_checked: date | None = None
    delay: float | None = None
    max_pages: int | None = None
    note: str = ""

    @property
    def entry_points(self) -> tuple[str, ...]:
        """Every address that the file itself names: sitemaps, feeds, start pages."""
        return (*self.sitemaps, *self.feeds, *self.start_urls)

    @property
    def may_be_mined(self) -> bool:
        """Whether a reservation against text and data mining, wherever it stands, does not hold for us."""
        return self.permission is not None or self.tdm is Mining.PERMITTED

    @property
    def reservation(self) -> str | None:
        """Why nothing at all may be fetched, in German, by what the file says of the terms; or None."""
        if self.tdm is not Mining.RESERVED or self.may_be_mined:
            return None
        read_on = f", geprüft am {self.terms_checked:%d.%m.%Y}" if self.terms_checked else ""
        place = f" ({self.terms}{read_on})" if self.terms else ""
        said = "die Nutzungsbedingungen behalten Text- und Data-Mining vor"
        return f"{said}{place}; in der Quelle vermerkt (tdm)"

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts (with unusual ports) that this source may be fetched from."""
        addresses = [*self.entry_points, *(pattern for pattern in self.allowed if not pattern.startswith("/"))]
        return frozenset(host_of(address) for address in addresses)

    def relocated(self, base_url: str) -> Source:
        """The same source, served elsewhere: every address gets the scheme, host and port of ``base_url``."""
        base = urlsplit(fetch_url(base_url))

        def move(addresses: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(
                urlsplit(address)._replace(scheme=base.scheme, netloc=base.netloc).geturl()
                if "://" in address
                else address
                for address in addresses
            )

        return replace(
            self,
            start_urls=move(self.start_urls),
            sitemaps=move(self.sitemaps),
            feeds=move(self.feeds),
            allowed=move(self.allowed),
            listings=move(self.listings),
            excluded=move(self.excluded),
        )
