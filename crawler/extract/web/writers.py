"""Who wrote a page: its byline, else its data; never its provider, its agency, an address or a user's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bs4 import Tag

from crawler.extract.data import entries, lists
from crawler.extract.lines.authors import (
    byline_names,
    is_author_label,
    names_beside,
    signature_names,
    told_names,
    written_by,
)
from crawler.extract.lines.names import has_first_name, is_body, is_person, is_single_name, split_names
from crawler.extract.lines.stamps import read_stamp
from crawler.extract.web.elements import around, class_names, relations
from crawler.extract.web.page_lines import Line
from crawler.extract.web.structured import MetaTags, Thing, parties
from crawler.extract.web.zones import Zones

_PIECES = re.compile(r" [|–—·:-]+ |: ")
_MAX_MARKED_CHARS = 160
_TOGETHER = 2
_MOST_OF_A_LINE = 0.6
# With a sign of letters in brackets behind it, or in brackets itself.
_SIGNED = re.compile(r"(?:(?P<name>[^()\d]{4,40}) \([a-zäöü]{2,4}\)|\((?P<whole>[^()\d]{4,40})\))\.?")


def find_authors(
    zones: Zones,
    metas: MetaTags,
    article: Thing,
    things: Sequence[Thing],
    sites: Sequence[str],
    head_title: str,
) -> tuple[str, ...]:
    """Persons or bodies, by the first of these that names any: a byline or an element for authors by the
    headline, a line „Text: …“ below the text, the article's data, a name beside the date, a signature, persons
    in meta tags.
    """
    provider = {site.casefold() for site in sites}
    # „Mein Text | Ida Beispiel“ names a person; „ULB Norderwald: Ausstellungen“ the house.
    titles = {piece.casefold() for piece in _PIECES.split(head_title) if not has_first_name(piece)}
    data = [name for name in _named(_of_data(article, things)) if name.casefold() not in provider]
    meta = [name for name in _named(_of_meta(metas)) if name.casefold() not in provider | titles]
    names = (
        _named(_bylined(zones.head))
        or _named(_marked(zones.head))
        or _named(_bylined(zones.rest))
        or data
        or _named(_beside_date(zones))
        or _named(_signatures(zones))
        or meta
    )
    return tuple(dict.fromkeys(_fuller(names, [*data, *meta])))


def _named(names: Iterable[str]) -> list[str]:
    refused = entries("not_authors.txt")
    return [name for name in dict.fromkeys(names) if name.casefold() not in refused]


def _bylined(lines: Sequence[Line]) -> list[str]:
    """The first that says it: „Von …“, „Text: …“, or a line behind „Autorin:“; of a paragraph its beginning."""
    for line in lines:
        if is_author_label(line.label):
            names = written_by(line.text[:_MAX_MARKED_CHARS])
        elif line.is_prose or line.length > _MAX_MARKED_CHARS:
            names = told_names(line.text)
        else:
            names = [] if line.is_heading else byline_names(line.text)
        if names:
            return names
    return []


def _marked(lines: Sequence[Line]) -> Iterator[str]:
    """The first element for authors; several that are listed below each other wrote it together."""
    found = [(line.number, names) for line in lines if not line.is_prose and (names := _marked_names(line))]
    last = found[0][0] if found else 0
    for number, names in sorted(found):
        if 0 <= number - last <= _TOGETHER:
            yield from names
            last = number


def _beside_date(zones: Zones) -> list[str]:
    """„7. Mai 2019 | Ida Beispiel“, or a name alone in the line before or behind; only surely a person's."""
    lines = [
        line
        for line in zones.head
        if not line.is_prose and not line.is_heading and line.length <= _MAX_MARKED_CHARS
    ]
    stamped = {line.number for line in lines if read_stamp(line.text) is not None}
    for line in lines:
        if stamped.isdisjoint((line.number - 1, line.number, line.number + 1)):
            continue
        names = [name for name in names_beside(line.text) if is_person(name) and has_first_name(name)]
        if names and (line.number in stamped or sum(map(len, names)) >= _MOST_OF_A_LINE * len(line.text)):
            return names
    return []


def _signatures(zones: Zones) -> list[str]:
    """The last line that is marked as an author's, or signed."""
    for line in reversed(zones.rest):
        if not line.is_prose and not line.is_heading and line.length <= _MAX_MARKED_CHARS:
            names = _marked_names(line) or _signed(line)
            if names:
                return names
    return []


def _signed(line: Line) -> list[str]:
    """„Ida Beispiel (ib)“ or „(Ida Beispiel)“ as the last line."""
    match = _SIGNED.fullmatch(line.text)
    name = (match["name"] or match["whole"]) if match is not None else ""
    if name and match is not None and is_person(name) and (has_first_name(name) or match["name"]):
        return [name]
    if not _is_set_apart(line) or line.label:
        return []
    # „Karl-Heinz Beispiel, Schriftführer“ in italics or to the right
    names = signature_names(line.text)
    return names if names and all(is_person(one) and has_first_name(one) for one in names) else []


def _is_set_apart(line: Line) -> bool:
    """To the right, or in italics from end to end."""
    block = line.block
    looks = f"{block.get('align') or ''} {block.get('style') or ''} {' '.join(class_names(block))}".replace(
        " ", ""
    ).casefold()
    if "right" in looks or "rechts" in looks or "signatur" in looks:
        return True
    return any(tag.name in ("em", "i") and len(tag.get_text(strip=True)) >= line.length for tag in line.inline)


def _marked_names(line: Line) -> list[str]:
    if line.length > _MAX_MARKED_CHARS:
        return []
    names: list[str] = []
    for tag in line.inline:
        if _is_mark(tag) and tag.name != "img":
            names += signature_names(tag.get_text(" ")[:400])
    if names:
        return list(dict.fromkeys(names))
    above = list(around(line.block, 3))
    if any(
        _is_mark(tag) and (tag is line.block or len(tag.get_text()) <= 2 * _MAX_MARKED_CHARS) for tag in above
    ):
        return signature_names(line.text)
    return []


def _is_mark(tag: Tag) -> bool:
    if not tag.attrs:
        return False
    if (
        "author" in relations(tag)
        or tag.get("itemprop") in ("author", "creator")
        or tag.get("data-hook") == "user-name"
    ):
        return True
    if str(tag.get("property") or "").endswith(("foaf:name", "schema:author", "dc:creator")):
        return True
    marks, others = lists("author_marks.toml")["marks"], lists("author_marks.toml")["others"]
    names = [name.casefold() for name in class_names(tag)]
    return any(
        any(mark in name for mark in marks) and not any(other in name for other in others) for name in names
    )


def _of_data(article: Thing, things: Sequence[Thing]) -> Iterator[str]:
    """The article's authors: persons, a body that is said to be one, or a name of one word."""
    for name, is_organization in (
        *parties(article.get("author"), things),
        *parties(article.get("creator"), things),
    ):
        for one in split_names(name):
            if one[:1].islower() or "admin" in one.casefold():
                continue  # a user's name
            if (
                is_person(one)
                or (is_organization and len(one) > 3)
                or (is_single_name(one))
                or (is_body(one) and " " in one)
            ):
                yield one


def _of_meta(metas: MetaTags) -> Iterator[str]:
    """Persons only: a body in a meta tag provides the website."""
    for value in metas.all(
        "author",
        "dc.creator",
        "dcterms.creator",
        "article:author",
        "sailthru.author",
        "parsely-author",
        "byl",
        "citation_author",
        "cxenseparse:author",
        "dc.contributor",
    ):
        yield from (name for name in split_names(value) if is_person(name) and has_first_name(name))


def _fuller(names: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """„I. Beispiel“ and „Ida“ as „Ida Beispiel“ where the page's data have that name."""
    for name in names:
        tokens = name.split()
        match = name
        if len(tokens) == 1:
            match = next((other for other in others if other.split()[0] == name and is_person(other)), name)
        elif len(tokens[0].rstrip(".")) == 1:
            match = next(
                (
                    other
                    for other in others
                    if other.split()[-1] == tokens[-1] and other[0] == name[0] and is_person(other)
                ),
                name,
            )
        yield match
