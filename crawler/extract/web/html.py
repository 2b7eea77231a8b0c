"""HTML pages: the main text as Markdown, and the page's metadata."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence

from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup
from lxml import etree

from crawler.extract.input.charset import declared_charset, decode, meta_charset
from crawler.extract.input.encoded_twice import doubtful, repaired
from crawler.extract.input.limits import MAX_TAGS, has_too_many_tags
from crawler.extract.input.markup import elements, parse_page
from crawler.extract.input.options import Selectors
from crawler.extract.lines.bylines import without_byline
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.language import guess_language
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.extract.lines.titles import derive_heading, without_title
from crawler.extract.markdown import to_markdown
from crawler.extract.web.furniture import strip_beside, strip_furniture
from crawler.extract.web.main_text import main_text
from crawler.extract.web.metadata import read_metadata
from crawler.extract.web.pictures import write_out_pictures
from crawler.extract.web.systems import strip_by_system, system_of
from crawler.extract.web.unfolding import unfold
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import ExtractedText, PartialDate, RawContent

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def extract_html(content: RawContent, selectors: Selectors) -> ExtractedText:
    """Read a page.

    Raises:
        UnreadableInputError: there is no text on it, or it is no page.
        InputTooLargeError: it has more elements than can be read in good time.
    """
    declared = declared_charset(content.content_type) or meta_charset(content.data)
    markup = repaired(decode(content.data, name=content.name, declared=declared))
    markup = _XML_DECLARATION.sub("", markup)
    if has_too_many_tags(markup):
        raise InputTooLargeError(
            f"die Seite hat mehr als {MAX_TAGS} Auszeichnungen",
            subject=content.name,
            remedy="die Seite aufteilen oder ihre Tabelle als Datei anbieten",
        )
    if selectors.remove:
        markup = _without(markup, selectors.remove, content.name)
    page = parse_page(markup)
    every = list(elements(page))  # while they are held, each is made into an object once
    system = system_of(page)
    unfold(page)
    strip_furniture(page)
    soup = _soup(etree.tostring(page, encoding="unicode", method="html"), content.name)
    metadata = read_metadata(soup, url=content.url)
    chosen = soup.select_one(selectors.title) if selectors.title else None
    title = (tidy_line(chosen.get_text(" ")) if chosen is not None else "") or metadata.headline
    base_url = content.url or metadata.canonical_url
    text = _selected_text(soup, selectors, base_url)
    if not text:
        strip_beside(page)
        if system is not None:
            strip_by_system(page, system)
        write_out_pictures(page)
        text = main_text(page, system, title, base_url)
    if not any(map(str.isalnum, text)):
        raise UnreadableInputError(
            "auf der Seite ist kein Text zu finden",
            subject=content.name,
            remedy="Seite prüfen oder Selektor angeben",
        )
    every.clear()
    title = title or derive_heading(text).title
    published = _selected_date(soup, selectors) or metadata.published
    dates = (published, metadata.modified)
    return ExtractedText(
        title=title,
        text=without_byline(
            without_title(text, title), (*metadata.authors, metadata.publisher or ""), dates, metadata.bylines
        ),
        published=published,
        modified=metadata.modified,
        event=metadata.event,
        authors=metadata.authors,
        publisher=metadata.publisher,
        language=metadata.language or guess_language(text),
        licence=metadata.licence,
        canonical_url=metadata.canonical_url,
        warnings=doubtful(text),
    )


def _soup(markup: str, name: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        # XHTML read as HTML, markup that looks like a file name: both are meant.
        warnings.simplefilter("ignore")
        try:
            return BeautifulSoup(markup, "lxml")
        except (ParserRejectedMarkup, ValueError, RecursionError) as error:
            raise UnreadableInputError(
                "die HTML-Datei ist beschädigt", subject=name, remedy="die Seite neu speichern"
            ) from error


def _without(markup: str, selectors: Sequence[str], name: str) -> str:
    """The markup without what a source's selectors remove."""
    soup = _soup(markup, name)
    for selector in selectors:
        for tag in soup.select(selector):
            tag.decompose()
    return str(soup)


def _selected_date(soup: BeautifulSoup, selectors: Selectors) -> PartialDate | None:
    tag = soup.select_one(selectors.published) if selectors.published else None
    if tag is None:
        return None
    return read_date(str(tag.get("datetime") or tag.get("content") or "")) or read_date(tag.get_text(" "))


def _selected_text(soup: BeautifulSoup, selectors: Selectors, base_url: str | None) -> str:
    chosen = soup.select(selectors.text) if selectors.text else []
    outermost = [tag for tag in chosen if not any(parent in chosen for parent in tag.parents)]
    return tidy_text("\n\n".join(to_markdown(tag, base_url=base_url) for tag in outermost))
