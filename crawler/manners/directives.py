"""What a page asks of robots: whether it may be kept, and whether its links may be followed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bs4 import BeautifulSoup, SoupStrainer

from crawler.manners.identity import is_our_name


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
        return _rules(rest) if is_our_name(name) else []
    return _rules(header)


def _meta_rules(html: str) -> list[str]:
    soup = BeautifulSoup(html, "lxml", parse_only=SoupStrainer("meta"))
    found: list[str] = []
    for tag in soup.find_all("meta"):
        name = str(tag.get("name", "")).strip().lower()
        if name == "robots" or is_our_name(name):
            found += _rules(str(tag.get("content", "")))
    return found


def _rules(text: str) -> list[str]:
    return [rule.strip().lower() for rule in text.split(",")]
