"""Data in a page for machines: JSON-LD, microdata and meta tags, as things with properties.

A thing is a dict as JSON-LD has it: ``{"@type": "Article", "datePublished": "…"}``. Vocabulary: https://schema.org.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from bs4 import Tag

from crawler.extract.lines.tidy import tidy_line
from crawler.extract.web.elements import Elements

Thing = dict[str, object]

_LD_JSON = re.compile(r"ld\+json", re.IGNORECASE)
# Marks around a script's text from the days of XHTML: comments and CDATA sections, themselves commented out.
_WRAPPED = re.compile(
    r"<!--|-->|<!\[CDATA\[|\]\]>|/\*[ \t]*(?=<!\[|\]\]>)|(?<=\[)[ \t]*\*/|(?<=>)[ \t]*\*/|^[ \t]*//[^\n]*$",
    re.MULTILINE,
)
_INNER = ("@graph", "mainEntity", "mainEntityOfPage", "about", "item")
# Properties whose text is asked for; that of „articleBody“ is the page's.
_READ = frozenset(
    [
        *("datePublished", "dateModified", "dateCreated", "startDate", "endDate", "name", "headline", "author"),
        *("creator", "publisher", "location", "address", "addressLocality"),
    ]
)
_MAX_DEPTH = 6
_MAX_THINGS = 300


def json_ld(elements: Elements) -> list[Thing]:
    """All things of the page's scripts; what cannot be read is passed over, as the page has other sources."""
    found: list[Thing] = []
    scripts = (tag for tag in elements.named("script") if _LD_JSON.search(str(tag.get("type") or "")))
    for script in scripts:
        for value in _parsed(script.get_text()):
            found.extend(_things(value))
    return found[:_MAX_THINGS]


def _parsed(text: str) -> Iterator[object]:
    """The values of a script, also in comments, with commas before a bracket, or several behind each other."""
    text = text.strip().lstrip("\ufeff")
    try:
        yield json.loads(text, strict=False)
    except (ValueError, RecursionError):
        yield from _one_by_one(_mended(text))


def _one_by_one(text: str) -> Iterator[object]:
    decoder = json.JSONDecoder(strict=False)
    position = 0
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1


def _mended(text: str) -> str:
    """Without what is around JSON and with its commas right."""
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    text = _WRAPPED.sub("", text).strip().rstrip(";")
    pieces: list[str] = []
    in_string = escaped = False
    pending = ""  # a comma and the blanks behind it, which wait for what follows
    for letter in text:
        if in_string:
            pieces.append(letter)
            in_string = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
            continue
        if pending and letter in " \t\r\n,":
            pending += letter if letter != "," else ""
            continue
        if letter == ",":
            pending = letter
            continue
        if pending:
            pieces.append(pending if letter not in "}]" else pending[1:])
            pending = ""
        pieces.append(letter)
        in_string = letter == '"'
    return "".join(pieces)


def _things(value: object, depth: int = 0) -> Iterator[Thing]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in _INNER:
            yield from _things(value.get(key), depth + 1)


def microdata(elements: Elements) -> list[Thing]:
    """The outermost things that ``itemscope`` marks; those inside are values of their properties."""
    owners: dict[int, Thing | None] = {}
    found: list[Thing] = []
    for tag in elements.all:
        owner = owners.get(id(tag.parent))
        thing: Thing | None = None
        if tag.has_attr("itemscope") or tag.has_attr("itemtype"):
            thing = {"@type": [kind.rsplit("/", 1)[-1] for kind in str(tag.get("itemtype") or "").split()]}
            if owner is None or not tag.has_attr("itemprop"):
                found.append(thing)
        names = str(tag.get("itemprop") or "").split()
        if names and owner is not None:
            value = thing if thing is not None else stated(tag) if not _READ.isdisjoint(names) else ""
            for name in names:
                _add(owner, name, value)
        owners[id(tag)] = thing if thing is not None else owner
    return found[:_MAX_THINGS]


def _add(owner: Thing, name: str, value: object) -> None:
    known = owner.get(name)
    if known is None:
        owner[name] = value
    elif isinstance(known, list):
        known.append(value)
    else:
        owner[name] = [known, value]


def stated(tag: object) -> str:
    """What an element says of itself to machines, else to readers."""
    if not isinstance(tag, Tag):
        return ""
    return tidy_line(str(tag.get("content") or tag.get("datetime") or tag.get_text(" ")[:1_000]))


def types(thing: Mapping[str, object]) -> set[str]:
    """The names of its types in lower case, without their vocabulary."""
    value = thing.get("@type")
    kinds = value if isinstance(value, list) else [value]
    return {re.split(r"[/#:]", str(kind))[-1].lower() for kind in kinds if kind}


def texts(value: object) -> Iterator[str]:
    """The strings of a property: itself, or those of a list."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = item.get("@value") or item.get("name")
        if isinstance(item, str) and tidy_line(item):
            yield tidy_line(html.unescape(item))


def parties(value: object, things: Sequence[Thing]) -> Iterator[tuple[str, bool]]:
    """The names of persons or bodies, each with whether it is said to be a body; references are looked up."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and item.get("@id"):
            item = next((one for one in things if one.get("@id") == item["@id"] and one.get("name")), item)
        is_body = isinstance(item, dict) and bool(
            types(item) & {"organization", "newsmediaorganization", "governmentorganization", "ngo"}
        )
        names = item.get("name") if isinstance(item, dict) else item
        for name in names if isinstance(names, list) else [names]:
            if isinstance(name, str) and tidy_line(name) and not name.startswith("http"):
                yield tidy_line(html.unescape(name)), is_body


class MetaTags:
    """The meta tags of a page by their names, read once."""

    def __init__(self, elements: Elements) -> None:
        self._values: dict[str, list[str]] = {}
        for tag in elements.named("meta"):
            content = tidy_line(str(tag.get("content") or ""))
            for key in ("property", "name", "itemprop", "http-equiv"):
                name = str(tag.get(key) or "").lower()
                if name and content:
                    self._values.setdefault(name, []).append(content)

    def all(self, *names: str) -> Iterator[str]:
        """Non-empty contents, in the order of the names."""
        for name in names:
            yield from self._values.get(name, ())

    def first(self, *names: str) -> str | None:
        """The first of them."""
        return next(self.all(*names), None)
