"""What an HTML page says about itself: JSON-LD, meta tags, ``<time>``, bylines, licence links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup

from crawler.extract.lines.language import declared_language
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.markdown import resolve
from crawler.extract.web.byline_texts import byline_texts
from crawler.extract.web.elements import Elements, relations
from crawler.extract.web.headline import find_headline, head_title, site_names
from crawler.extract.web.page_event import find_event
from crawler.extract.web.page_lines import page_lines
from crawler.extract.web.published import read_dates
from crawler.extract.web.structured import MetaTags, Thing, json_ld, microdata, parties, texts, types
from crawler.extract.web.writers import find_authors
from crawler.extract.web.zones import zones_of
from kb.model import Event, PartialDate

_ARTICLE_TYPES = frozenset(
    {
        "article",
        "newsarticle",
        "blogposting",
        "report",
        "scholarlyarticle",
        "techarticle",
        "reportagenewsarticle",
        "posting",
    }
    | {
        "socialmediaposting",
        "liveblogposting",
        "advertisercontentarticle",
        "opinionnewsarticle",
        "analysisnewsarticle",
    }
    | {"reviewnewsarticle", "recipe", "review", "medicalwebpage", "discussionforumposting", "interview"}
)
_PAGE_TYPES = frozenset({"webpage", "itempage", "creativework"})
_OTHER = re.compile(r"[\W_]+")
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
    # Lines by the headline that say nothing but who wrote the text and when.
    bylines: tuple[str, ...] = ()


def read_metadata(soup: BeautifulSoup, *, url: str | None = None) -> PageMetadata:
    """Read everything; what readers see by the headline is weighed against what the page's data say."""
    elements = Elements(soup)
    metas = MetaTags(elements)
    things = [*json_ld(elements), *microdata(elements)]
    canonical = _canonical(elements, url)
    lines = page_lines(soup)
    sites = site_names(elements, metas, things)
    headline = find_headline(elements, lines, metas, _article(things, None), sites)
    article = _article(things, headline.title)
    publisher = next((name for name, _ in parties(article.get("publisher"), things)), None)
    publisher = publisher or metas.first("og:site_name", "application-name")
    sites += [publisher] if publisher else []
    zones = zones_of(lines, headline.line)
    event = find_event(elements, things)
    dates = read_dates(zones, metas, article, canonical or url or metas.first("og:url"), event)
    authors = find_authors(zones, metas, article, things, sites, head_title(elements))
    html = next(elements.named("html"), None)
    return PageMetadata(
        headline=headline.title,
        site_name=metas.first("og:site_name", "application-name"),
        published=dates.published,
        modified=dates.modified,
        event=event,
        authors=authors,
        publisher=publisher or metas.first("publisher", "dc.publisher", "dcterms.publisher"),
        language=declared_language(str(html.get("lang") or "")) if html is not None else None,
        licence=_licence(elements, metas),
        canonical_url=canonical,
        bylines=tuple(byline_texts(zones, authors, (dates.published, dates.modified))),
    )


def _article(things: Sequence[Thing], title: str | None) -> Thing:
    """The thing that the page is: of several articles the one with its title; of none a page."""
    articles = [thing for thing in things if types(thing) & _ARTICLE_TYPES]
    pages = [thing for thing in things if types(thing) & _PAGE_TYPES]
    wanted = _OTHER.sub("", title or "").casefold()
    for kind in (articles, pages):
        if len(kind) == 1:
            return kind[0]
        for thing in kind if wanted else []:
            names = (*texts(thing.get("headline")), *texts(thing.get("name")))
            if any(_OTHER.sub("", name).casefold() == wanted for name in names):
                return thing
        # Several that say the same of their day are one told twice.
        days = {str(thing.get("datePublished")) for thing in kind}
        if kind and len(days) == 1:
            return kind[0]
    return {}


def _licence(elements: Elements, metas: MetaTags) -> str | None:
    """The licence that the page declares; several Creative Commons links (of pictures, say) decide nothing."""
    declared = [
        str(tag.get("href") or "") for tag in elements.named("link", "a") if "license" in relations(tag)
    ]
    declared += list(metas.all("dcterms.license", "dc.rights.license"))
    for value in declared:
        if value.strip():
            return _licence_name(value)
    linked = {
        _licence_name(href) for tag in elements.named("a") if _CC.search(href := str(tag.get("href") or ""))
    }
    return linked.pop() if len(linked) == 1 else None


def _licence_name(value: str) -> str:
    """The SPDX identifier of a Creative Commons address, else the words as they are."""
    match = _CC.search(value)
    if match is None:
        return tidy_line(value)
    kind = "CC0" if match["zero"] else f"CC-{match['kind'].strip('-').upper()}"
    return f"{kind}-{match['version']}" + (f"-{match['port'].upper()}" if match["port"] else "")


def _canonical(elements: Elements, url: str | None) -> str | None:
    for tag in elements.named("link"):
        if "canonical" not in relations(tag):
            continue
        target = resolve(str(tag.get("href") or ""), url)
        if target is not None and target.startswith("http"):
            return target
    return None
