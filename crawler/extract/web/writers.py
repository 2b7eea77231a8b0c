"""Who wrote a page: its byline, else its data; never its provider, its agency, an address or a user's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bs4 import Tag

from crawler.extract.data import entries, lists
from crawler.extract.lines.bylines import byline_names, signature_names
from crawler.extract.lines.names import is_body, is_person, is_single_name, split_names
from crawler.extract.web.page_lines import Line, class_names
from crawler.extract.web.structured import MetaTags, Thing, parties
from crawler.extract.web.zones import Zones

_MAX_MARKED_CHARS = 160


def find_authors(zones: Zones, lines: Sequence[Line], metas: MetaTags, article: Thing, things: Sequence[Thing], sites: Sequence[str]) -> tuple[str, ...]:
    """Persons or bodies; what readers see by the headline goes before data, and data before a line below the text."""
    refused = entries("not_authors.txt") | {site.casefold() for site in sites}
    voices = (_by_headline(zones), _of_data(article, things), _below(zones), _of_meta(metas))
    found = [[name for name in dict.fromkeys(voice) if name.casefold() not in refused] for voice in voices]
    seen, data, below, meta = found
    for names in (seen, data, below, meta):
        if names:
            return tuple(_fuller(names, [*data, *meta]))
    return ()


def _by_headline(zones: Zones) -> Iterator[str]:
    """The first byline of the head, else what its elements for authors hold."""
    for line in zones.head:
        if line.is_prose:
            continue
        names = byline_names(line.text)
        if names:
            yield from names
            return
    for line in zones.head:
        names = _marked_names(line)
        if names:
            yield from names
            return


def _below(zones: Zones) -> Iterator[str]:
    """A line such as „Text: Ida Beispiel“ at the end."""
    for line in reversed(zones.rest):
        if line.is_prose or line.is_heading or line.length > _MAX_MARKED_CHARS:
            continue
        names = [name for name in byline_names(line.text) if is_person(name)] or _marked_names(line)
        if names:
            yield from names
            return


def _marked_names(line: Line) -> list[str]:
    if line.length > _MAX_MARKED_CHARS:
        return []
    names: list[str] = []
    for tag in line.inline:
        if _is_mark(tag) and tag.name != "img":
            names += signature_names(tag.get_text(" ")[:400])
    if names:
        return list(dict.fromkeys(names))
    above = [tag for tag in (line.block, *line.block.parents)[:3] if isinstance(tag, Tag)]
    if any(_is_mark(tag) and (tag is line.block or len(tag.get_text()) <= 2 * _MAX_MARKED_CHARS) for tag in above):
        return signature_names(line.text)
    return []


def _is_mark(tag: Tag) -> bool:
    if not tag.attrs:
        return False
    if "author" in (tag.get("rel") or ()) or tag.get("itemprop") in ("author", "creator") or tag.get("data-hook") == "user-name":
        return True
    if str(tag.get("property") or "").endswith(("foaf:name", "schema:author", "dc:creator")):
        return True
    marks, others = lists("author_marks.toml")["marks"], lists("author_marks.toml")["others"]
    names = [name.casefold() for name in class_names(tag)]
    return any(any(mark in name for mark in marks) and not any(other in name for other in others) for name in names)


def _of_data(article: Thing, things: Sequence[Thing]) -> Iterator[str]:
    """The article's authors: persons, a body that is said to be one, or a name of one word."""
    for name, is_organization in (*parties(article.get("author"), things), *parties(article.get("creator"), things)):
        for one in split_names(name):
            if is_person(one) or (is_organization and len(one) > 3) or (is_single_name(one)) or is_body(one):
                yield one


def _of_meta(metas: MetaTags) -> Iterator[str]:
    """Persons only: a body in a meta tag provides the website."""
    for value in metas.all("author", "dc.creator", "dcterms.creator", "article:author", "sailthru.author", "parsely-author", "byl", "citation_author", "cxenseparse:author", "dc.contributor"):
        names = [name for name in split_names(value) if is_person(name)]
        yield from names


def _fuller(names: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """„I. Beispiel“ and „Ida“ as „Ida Beispiel“ where the page's data have that name."""
    for name in names:
        tokens = name.split()
        match = name
        if len(tokens) == 1:
            match = next((other for other in others if other.split()[0] == name and is_person(other)), name)
        elif len(tokens[0].rstrip(".")) == 1:
            match = next((other for other in others if other.split()[-1] == tokens[-1] and other[0] == name[0] and is_person(other)), name)
        yield match
