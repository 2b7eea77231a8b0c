"""A list of addresses that a website offers: a sitemap, an index of sitemaps, a feed, or lines of addresses.

What a file is shows in its content, not in what it was asked for as: the sitemap protocol allows feeds and
plain text, and whoever configures a source takes one for the other. Read are sitemaps (sitemaps.org), RSS 0.9
to 2.0, RDF and Atom (RFC 4287), in any encoding, gzipped or not.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.addressing.links import absolute
from crawler.extract.input.charset import declared_charset, decode
from crawler.extract.input.detect import Kind, detect
from crawler.lists.markup import bases_of, local_name, read_markup, text_of
from kb.errors import InputError
from kb.model import RawContent

# The sitemap protocol's own limit: 50 MB unpacked and 50,000 addresses a file.
MAX_LIST_BYTES = 50_000_000
MAX_ENTRIES = 50_000
_GZIP_MAGIC = b"\x1f\x8b"
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""")
_MEDIA = frozenset(["image", "video"])
# The feed from which an entry was taken over (RFC 4287, 4.2.11).
_ORIGIN = frozenset(["source"])
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AddressList:
    """The pages that a list names, and the further sitemaps.

    ``instead`` says in German what the file is that is no list, as it stands behind „keine Sitemap, sondern“;
    ``is_cut``: it names more than are read.
    """

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    instead: str | None = None
    is_cut: bool = False


@dataclass(slots=True)
class _Found:
    url: str
    pages: dict[str, None] = field(default_factory=dict)
    sitemaps: dict[str, None] = field(default_factory=dict)
    count: int = 0

    @property
    def is_full(self) -> bool:
        return self.count > MAX_ENTRIES

    def add(self, addresses: Iterable[str], *, is_sitemap: bool = False) -> None:
        self.count += 1
        if not self.is_full:
            (self.sitemaps if is_sitemap else self.pages).update(dict.fromkeys(addresses))

    def list(self) -> AddressList:
        return AddressList(tuple(self.pages), tuple(self.sitemaps), is_cut=self.is_full)


def read_list(body: bytes, url: str, content_type: str | None = None) -> AddressList:
    """The addresses, absolute and as ``fetch_url`` spells them, each once, that a file from ``url`` lists."""
    try:
        body = _unpacked(body)
    except ValueError as error:
        return AddressList(instead=str(error))
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return AddressList(instead="eine leere Datei")
    if _is_page(body, url):
        return AddressList(instead="eine Webseite")
    declared = _DECLARED.search(body, 0, 1_000)
    charset = declared[1].decode("ascii", "replace") if declared else declared_charset(content_type)
    try:
        text = decode(body, name=url, declared=charset)
    except InputError:
        return AddressList(instead="eine Datei ohne Text")
    return _read(text, url)


def _read(text: str, url: str) -> AddressList:
    markup = read_markup(text)
    if markup is None:
        is_markup = text.lstrip().startswith("<")
        return AddressList(instead="eine andere XML-Datei") if is_markup else _in_lines(text, url)
    found = _Found(_based(url, markup.bases))
    for entry in markup.entries:
        if markup.is_sitemap:
            is_sitemap = markup.root == "sitemapindex" or local_name(entry) == "sitemap"
            found.add(_locations(entry, found.url), is_sitemap=is_sitemap)
        else:
            found.add(_entry(entry, found.url))
        if found.is_full:
            break
    return found.list()


def _locations(entry: Any, url: str) -> list[str]:
    """The addresses of a page or sitemap; those of its images and films are none of ours."""
    locations = (part for part in entry.iter() if local_name(part) == "loc" and not _is_within(part, _MEDIA))
    # Escaped twice, or escaped in CDATA: no address means "&amp;".
    targets = ((part, _with_scheme(text_of(part).replace("&amp;", "&"), url)) for part in locations)
    return _resolved(targets, url)


def _is_within(part: Any, names: frozenset[str]) -> bool:
    return any(local_name(ancestor) in names for ancestor in part.iterancestors())


def _with_scheme(target: str, url: str) -> str:
    """An address that begins with the name of the list's own host lacks only its scheme."""
    parts = urlsplit(url)
    begins = bool(parts.netloc) and f"{target}/".lower().startswith(f"{parts.netloc}/".lower())
    return f"{parts.scheme}://{target}" if begins else target


def _entry(entry: Any, url: str) -> list[str]:
    """Where an entry of a feed is to be read: its links, else its permanent identifier.

    Where a tag of its text has no end, what follows stands inside of it.
    """
    inside = (part for part in entry.iterdescendants() if not _is_within(part, _ORIGIN))
    return _targets(entry, entry, url) or _targets(entry, inside, url)


def _targets(entry: Any, parts: Iterable[Any], url: str) -> list[str]:
    links: list[tuple[Any, str]] = []
    identifiers: list[tuple[Any, str]] = []
    for child in parts:
        name = local_name(child)
        if name == "link" and _is_alternate(child):
            links.append((child, (child.get("href") or text_of(child)).strip()))
        elif name == "origlink":  # behind the counting address of a service
            links.append((child, text_of(child)))
        elif _is_identifier(name, child):
            identifiers.append((child, text_of(child)))
    # RDF: the prefix may have been declared outside.
    abouts = (value for name, value in entry.attrib.items() if re.search(r"(?:^|[}:])about$", name))
    identifiers += ((entry, about) for about in abouts if _ABSOLUTE.match(about))
    return _resolved(links, url) or _resolved(identifiers, url)


def _is_alternate(link: Any) -> bool:
    relations = (link.get("rel") or "alternate").lower().split()
    return any(relation.rpartition("/")[2] == "alternate" for relation in relations)


def _is_identifier(name: str, element: Any) -> bool:
    """RSS 2.0: a guid is the address of its entry unless it says that it is not; many are only numbers."""
    if name not in ("guid", "id"):
        return False
    said = next((value for key, value in element.attrib.items() if key.lower() == "ispermalink"), "")
    return said.lower() == "true" or (not said and _ABSOLUTE.match(text_of(element)) is not None)


def _resolved(targets: Iterable[tuple[Any, str]], url: str) -> list[str]:
    found: dict[str, None] = {}
    for element, target in targets:
        address = absolute(_based(url, bases_of(element)), target) if target else None
        if address is not None:
            found[address] = None
    return list(found)


def _based(url: str, bases: Iterable[str]) -> str:
    for base in bases:
        with suppress(ValueError):
            url = urljoin(url, base.strip())
    return url


def _in_lines(text: str, url: str) -> AddressList:
    """A list in plain text has one address a line and hardly anything else; prose that names one is none."""
    found, others = _Found(url), 0
    for line in _lines(text):
        address = absolute(url, line) if _ABSOLUTE.match(line) and len(line.split()) == 1 else None
        if address is None:
            others += 1
        else:
            found.add([address])
        if found.is_full:
            break
    return found.list() if found.count > others else AddressList(instead="Text ohne Adressen")


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if (line := line.strip()) and not line.startswith("#"):
            yield line


def _is_page(body: bytes, url: str) -> bool:
    try:
        return detect(RawContent(body, name=url, content_type="application/xml")) is Kind.HTML
    except InputError:
        return False


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP_MAGIC):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            unpacked = packed.read(MAX_LIST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("ein beschädigtes gzip-Archiv") from error
    if len(unpacked) > MAX_LIST_BYTES:
        raise ValueError(f"eine Datei von entpackt mehr als {MAX_LIST_BYTES // 1_000_000} MB")
    return unpacked
