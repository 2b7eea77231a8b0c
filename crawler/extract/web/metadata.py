"""What an HTML page says about itself: JSON-LD, meta tags, ``<time>``, bylines, licence links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from crawler.extract.data import entries
from crawler.extract.lines.bylines import byline_names, split_names
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.language import declared_language
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.markdown import resolve
from kb.model import Event, PartialDate

_ARTICLE_TYPES = frozenset(
    {"article", "newsarticle", "blogposting", "report", "scholarlyarticle", "techarticle", "webpage"}
    | {"socialmediaposting", "liveblogposting", "creativework", "itempage", "advertisercontentarticle"}
)
_PUBLISHED_META: tuple[str, ...] = (
    "article:published_time",
    "datepublished",
    "dc.date",
    "dcterms.date",
    "dc.date.issued",
)
_PUBLISHED_META += ("dcterms.issued", "dcterms.created", "dc.date.created", "publish-date", "pubdate", "date")
_MODIFIED_META: tuple[str, ...] = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
)
_MODIFIED_META += ("last-modified", "revised")
_DATE_PLACES = re.compile(
    r"(^|[-_])(date|datum|published|pubdate|byline|posted|entry-meta|post-meta|zeit)", re.IGNORECASE
)
_EVENT_PLACES = re.compile(r"event|termin", re.IGNORECASE)
_MODIFIED_WORDS = re.compile(r"aktualisier|geändert|änderung|update|modified", re.IGNORECASE)
_AS_OF_WORDS = re.compile(r"\bstand\b", re.IGNORECASE)
_PUBLISHED_WORDS = re.compile(
    rf"^(?!.*(?:{_MODIFIED_WORDS.pattern}|{_AS_OF_WORDS.pattern}))", re.IGNORECASE | re.DOTALL
)
_BYLINE_PLACES = re.compile(r"(^|[-_])(byline|author|autor)", re.IGNORECASE)
_CC = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>by[a-z-]*)|(?P<zero>publicdomain/zero))"
    r"/(?P<version>\d\.\d)(?:/(?P<port>[a-z]{2})\b)?"
)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What was found; what the page does not say is None or empty."""

    headline: str | None = None
    site_name: str | None = None
    published: PartialDate | None = None
    modified: PartialDate | None = None
    event: Event | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    language: str | None = None
    licence: str | None = None
    canonical_url: str | None = None


def read_metadata(soup: BeautifulSoup, *, url: str | None = None) -> PageMetadata:
    """Read everything; structured data win over meta tags, and those over the visible page."""
    things = list(_json_ld(soup))
    article = next((thing for thing in things if _types(thing) & _ARTICLE_TYPES), {})
    site_name = _meta(soup, "og:site_name", "application-name")
    publisher = next(iter(_names(article.get("publisher"))), None) or site_name
    published = _json_date(article, "datePublished") or _meta_date(soup, _PUBLISHED_META)
    modified = _json_date(article, "dateModified") or _meta_date(soup, _MODIFIED_META)
    published = published or _visible_date(soup, _PUBLISHED_WORDS, itemprop="datePublished")
    as_of = _visible_date(soup, _AS_OF_WORDS)
    if published is None:  # „Stand: März 2019“ as the only date says when the text appeared
        published = as_of
    elif modified is None:
        modified = _visible_date(soup, _MODIFIED_WORDS, itemprop="dateModified") or as_of
    html = soup.find("html")
    return PageMetadata(
        headline=_meta(soup, "og:title"),
        site_name=site_name,
        published=published,
        modified=modified,
        event=_event(soup, things),
        authors=_authors(soup, article, publisher),
        publisher=publisher or _meta(soup, "publisher", "dc.publisher", "dcterms.publisher"),
        language=declared_language(str(html.get("lang") or "")) if isinstance(html, Tag) else None,
        licence=_licence(soup),
        canonical_url=_canonical(soup, url),
    )


def _json_ld(soup: BeautifulSoup) -> Iterator[dict[str, object]]:
    for script in soup.find_all("script", type=re.compile(r"ld\+json", re.IGNORECASE)):
        try:
            yield from _things(json.loads(script.get_text(), strict=False))
        except (ValueError, RecursionError):
            continue  # broken JSON-LD is common; the page has other sources


def _things(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _things(value.get(key), depth + 1)


def _types(thing: dict[str, object]) -> set[str]:
    value = thing.get("@type")
    return {str(kind).rsplit("/", 1)[-1].lower() for kind in (value if isinstance(value, list) else [value])}


def _json_date(thing: dict[str, object], key: str) -> PartialDate | None:
    value = thing.get(key)
    return read_date(value) if isinstance(value, str) else None


def _names(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and tidy_line(name) and not name.startswith("http"):
            yield tidy_line(name)


def _meta(soup: BeautifulSoup, *names: str) -> str | None:
    return next(_meta_values(soup, *names), None)


def _meta_values(soup: BeautifulSoup, *names: str) -> Iterator[str]:
    """Non-empty contents of the meta tags with one of these names, in the order of the names."""
    tags = soup.find_all("meta", content=True)
    for name in names:
        for tag in tags:
            keys = (str(tag.get(key) or "").lower() for key in ("property", "name", "itemprop", "http-equiv"))
            content = tidy_line(str(tag["content"]))
            if name in keys and content:
                yield content


def _meta_date(soup: BeautifulSoup, names: tuple[str, ...]) -> PartialDate | None:
    return next((date for value in _meta_values(soup, *names) if (date := read_date(value))), None)


def _visible_date(
    soup: BeautifulSoup, said: re.Pattern[str], *, itemprop: str | None = None
) -> PartialDate | None:
    """From microdata, else from ``<time>`` and date or byline elements whose words match ``said``."""
    tags = soup.find_all(attrs={"itemprop": itemprop}) if itemprop else []
    tags += [tag for tag in soup.find_all(_tells_a_date) if said.search(tag.get_text(" "))]
    return next((date for tag in tags if (date := _date_of(tag))), None)


def _tells_a_date(tag: Tag) -> bool:
    """A short element that states when the page appeared, not one that tells of an event."""
    named = (*_classes(tag), str(tag.get("id") or ""))
    stamped = tag.name == "time" and (tag.has_attr("pubdate") or tag.find_parent("header") is not None)
    if not stamped and not any(_DATE_PLACES.search(name) and not _EVENT_PLACES.search(name) for name in named):
        return False  # first, because it is cheap and holds for nearly every element of a page
    return tag.find_parent(["footer", "aside", "li", "td"]) is None and len(tag.get_text()) <= 200


def _classes(tag: Tag) -> list[str]:
    value = tag.get("class") or []
    return [value] if isinstance(value, str) else [str(name) for name in value]


def _date_of(tag: Tag) -> PartialDate | None:
    time = tag if tag.name == "time" else tag.find("time")
    stated = [str(tag.get("content") or "")]
    if isinstance(time, Tag):
        stated.append(str(time.get("datetime") or ""))
    stated.append(tag.get_text(" "))
    dates = (read_date(value) for value in stated if value)
    return next((date for date in dates if date is not None and date.year is not None), None)


def _event(soup: BeautifulSoup, things: list[dict[str, object]]) -> Event | None:
    """The one event of the page; a calendar with several has none."""
    found = {
        _event_of(str(one.get("startDate") or ""), str(one.get("endDate") or ""))
        for one in things
        if _is_event(one)
    }
    for scope in soup.select('[itemtype*="schema.org/"][itemtype*="Event"]'):
        start, end = (scope.find(attrs={"itemprop": name}) for name in ("startDate", "endDate"))
        found.add(_event_of(_stated(start), _stated(end)))
    events = found - {None}
    return events.pop() if len(events) == 1 else None


def _is_event(thing: dict[str, object]) -> bool:
    return any(kind.endswith("event") for kind in _types(thing))


def _stated(tag: object) -> str:
    if not isinstance(tag, Tag):
        return ""
    return str(tag.get("content") or tag.get("datetime") or tag.get_text(" "))


def _event_of(start: str, end: str) -> Event | None:
    first, last = read_date(start), read_date(end)
    if first is None:
        return None
    return Event(first, last if last is not None and last.sort_key > first.sort_key else None)


def _authors(soup: BeautifulSoup, article: dict[str, object], publisher: str | None) -> tuple[str, ...]:
    names = list(_names(article.get("author")))
    if not names:
        stated = list(_meta_values(soup, "author", "dc.creator", "article:author"))
        stated = stated or [tag.get_text(" ") for tag in soup.select("[rel~=author], [itemprop=author]")]
        names = [name for value in stated for name in split_names(value)]
    if not names:
        tags = soup.find_all(lambda tag: any(_BYLINE_PLACES.search(name) for name in _classes(tag)))
        names = next((found for tag in tags if (found := byline_names(tag.get_text(" ")))), [])
    refused = entries("not_authors.txt") | {(publisher or "").casefold()}
    return tuple(dict.fromkeys(name for name in names if name.casefold() not in refused))


def _licence(soup: BeautifulSoup) -> str | None:
    """The licence that the page declares; several Creative Commons links (of pictures, say) decide nothing."""
    declared = [str(tag.get("href") or "") for tag in soup.select("link[rel~=license], a[rel~=license]")]
    declared += list(_meta_values(soup, "dcterms.license", "dc.rights.license"))
    for value in declared:
        if value.strip():
            return _licence_name(value)
    linked = {_licence_name(str(tag["href"])) for tag in soup.find_all("a", href=_CC)}
    return linked.pop() if len(linked) == 1 else None


def _licence_name(value: str) -> str:
    """The SPDX identifier of a Creative Commons address, else the words as they are."""
    match = _CC.search(value)
    if match is None:
        return tidy_line(value)
    kind = "CC0" if match["zero"] else f"CC-{match['kind'].strip('-').upper()}"
    return f"{kind}-{match['version']}" + (f"-{match['port'].upper()}" if match["port"] else "")


def _canonical(soup: BeautifulSoup, url: str | None) -> str | None:
    for tag in soup.select("link[rel~=canonical][href]"):
        target = resolve(str(tag["href"]), url)
        if target is not None and target.startswith("http"):
            return target
    return None
