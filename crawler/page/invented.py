"""An address that nobody has ever linked, and what a host answers to it: as it does for pages that are gone."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from crawler.addressing.urls import page_key, site_of
from crawler.likeness.shingles import comparable_words, jaccard, shingles
from crawler.manners.scope import Place, Scope
from crawler.page.stand_ins import Kind
from crawler.sources.source import Source

# Letters alone: a number in an address may be all that a server reads of it.
_LETTERS = 16
# The suffixes that a website's own pages have, so that the same part of the server answers.
_PAGE_SUFFIXES = frozenset([".html", ".htm", ".php", ".aspx", ".jsp"])
# Answers of one and the same error page differ by the address that they repeat, an hour or a number; with all
# of the rest of a text in common nothing is left that would be the page's own.
ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class InventedAnswer:
    """How a host answers an address that cannot exist.

    ``target`` is where it redirects to. ``words`` are the shingles of its page, if it was one with status 200,
    and ``length`` the characters of its text; ``kind`` is what that page says of itself, and ``canonical`` the
    address that it gives as its own.
    """

    url: str
    status: int
    target: str | None = None
    words: frozenset[str] = frozenset()
    length: int = 0
    kind: Kind | None = None
    canonical: str | None = None

    def is_like(self, url: str, text: str) -> bool:
        """Whether the page at an address has the text of this answer, but for the address itself."""
        if not self.words or (self.canonical is not None and page_key(self.canonical) == page_key(url)):
            return False
        if not self.length <= 2 * len(text) <= 4 * self.length:
            return False  # cheaper than to look at the words of each page
        return jaccard(self.words, text_without_address(text, url)) >= ALIKE

    def leads_to(self, url: str) -> bool:
        """Whether unknown addresses are led to this one."""
        return self.target is not None and page_key(self.target) == page_key(url)


def invent(source: Source, scope: Scope, url: str) -> str | None:
    """An address that cannot exist, beside nothing that could answer for it, on the host of a page (``url``).

    It stands at the root of the host, or where the source may not go there beside one of its start pages or
    below an allowed path, and has the suffix of the page; None where every such place is closed.
    """
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    name = "".join(secrets.choice(string.ascii_lowercase) for _ in range(_LETTERS))
    name = f"gibt-es-nicht-{name}{suffix if suffix in _PAGE_SUFFIXES else ''}"
    site = site_of(url)
    own = (start for start in source.start_urls if site_of(start) == site)
    allowed = (re.split(r"[*$]", pattern)[0] for pattern in source.allowed)
    for place in (site + "/", *own, *(urljoin(site, path[: path.rfind("/") + 1]) for path in allowed)):
        found: str = urljoin(place, name)
        if site_of(found) == site and scope.verdict(found).place is Place.DOCUMENT:
            return found
    return None


def invented_name(url: str) -> str:
    """The last part of an invented address, by which it is known again in the address of a redirect."""
    return PurePosixPath(urlsplit(url).path).stem


def text_without_address(text: str, url: str) -> frozenset[str]:
    """The shingles of a text without the page's own address, which error pages repeat, and without numbers."""
    for own in _spellings(url):
        text = text.replace(own, " ")
    words = [word for word in comparable_words(text) if not any(map(str.isdigit, word))]
    return frozenset(shingles(words)) if words else frozenset()


def _spellings(url: str) -> Iterable[str]:
    """An address as a page may write it, the longest first."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    name = PurePosixPath(parts.path).name
    found = [url, f"{parts.netloc}{target}", target, parts.path, name, PurePosixPath(name).stem]
    found += [unquote(one) for one in found]
    # A short name („termine“) is a word of many texts; in the middle of one it does no harm either way.
    return sorted({one for one in found if len(one.strip("/")) > 1}, key=len, reverse=True)
