"""From the text of a sitemap or feed to its entries, whatever is wrong with its markup.

Each entry is read by itself, so that one with a broken tag costs no other, and lxml recovers within. What it
would lose silently is spelled out before: a bare ``&`` of an address, and the named characters of HTML, which
XML does not know. So nothing is left to be expanded either, and what a file declares stays a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from html.entities import html5
from itertools import pairwise
from typing import Any

from lxml import etree

# What was put before a list, messages of PHP for instance, is passed over.
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(urlset|sitemapindex|rss|rdf|feed)(?=[\s>/])", re.IGNORECASE)
_BEFORE_ROOT = 100_000
# How entries begin, by the root; a sitemap without them has its addresses alone.
_OF_SITEMAPS = (
    re.compile(r"<(?:[\w.-]{1,40}:)?(?:url|sitemap)(?=[\s>/])", re.IGNORECASE),
    re.compile(r"<(?:[\w.-]{1,40}:)?loc(?=[\s>/])", re.IGNORECASE),
)
_OF_FEEDS = (re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE),)
_ASIDE = re.compile(r"<!--|<!\[CDATA\[")
# What no XML may hold, and what would end the reading of it.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_OF_XML = frozenset(["amp;", "lt;", "gt;", "quot;", "apos;"])
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True)
class Markup:
    """The local name of a list's root in lower case, the ``xml:base`` that hold for all entries, and these."""

    root: str
    bases: tuple[str, ...]
    entries: Iterator[Any]

    @property
    def is_sitemap(self) -> bool:
        """Whether it is a sitemap or an index of sitemaps, and no feed."""
        return self.root in ("urlset", "sitemapindex")


def read_markup(text: str) -> Markup | None:
    """A sitemap or feed, read as far as its entries are asked for; None where the text is neither."""
    root = _ROOT.search(text, 0, _BEFORE_ROOT)
    if root is None:
        return None
    plain = _FORBIDDEN.sub("", _plain(text))
    root = _ROOT.search(plain, 0, _BEFORE_ROOT)
    if root is None:  # it stands in a comment
        return None
    name = root[1].lower()
    patterns = _OF_SITEMAPS if name in ("urlset", "sitemapindex") else _OF_FEEDS
    begins = next(filter(None, ([m.start() for m in one.finditer(plain, root.end())] for one in patterns)), [])
    head = _parsed(plain[root.start() : begins[0] if begins else len(plain)])
    bases = [one.get(_BASE) for one in (head, *head) if one.get(_BASE)] if head is not None else []
    return Markup(name, tuple(bases), _entries(plain, begins))


def local_name(element: Any) -> str:
    """The name of an element without its namespace or prefix, in lower case."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def text_of(element: Any) -> str:
    """All text in an element, without blanks around it."""
    return "".join(element.itertext()).strip()


def bases_of(element: Any) -> list[str]:
    """The values of ``xml:base`` that hold for a part of an entry, outermost first."""
    found = [one.get(_BASE) for one in (element, *element.iterancestors())]
    return [base for base in reversed(found) if base]


def _entries(text: str, begins: list[int]) -> Iterator[Any]:
    for begin, end in pairwise([*begins, len(text)]):
        entry = _parsed(text[begin:end])
        if entry is not None:
            yield entry


def _parsed(text: str) -> Any:
    try:
        return etree.fromstring(text.encode(), _parser())
    except etree.XMLSyntaxError:
        return None


@cache
def _parser() -> Any:
    return etree.XMLParser(
        recover=True, encoding="utf-8", resolve_entities=False, no_network=True, remove_pis=True
    )


def _plain(text: str) -> str:
    """A text without its comments and CDATA, and with every ``&`` as XML wants it."""
    pieces, at = [], 0
    while (aside := _ASIDE.search(text, at)) is not None:
        pieces.append(_REFERENCE.sub(_reference, text[at : aside.start()]))
        is_comment = aside[0] == "<!--"
        end = text.find("-->" if is_comment else "]]>", aside.end())
        if end < 0:  # it has no end, and the next one would have none either
            return "".join(pieces)
        if not is_comment:
            pieces.append(escape(text[aside.end() : end]))
        at = end + 3
    return "".join([*pieces, _REFERENCE.sub(_reference, text[at:])])


def _reference(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name.startswith("#") or name in _OF_XML:
        return match[0].lower() if name.startswith("#") else match[0]
    return escape(html5[name]) if name in html5 else f"&amp;{name}"
