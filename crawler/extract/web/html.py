"""HTML pages: the main text as Markdown (trafilatura, or a source's selectors) and the page's metadata."""

from __future__ import annotations

import logging
import re
import warnings
from collections import Counter
from functools import cache

import soupsieve
import trafilatura
from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from crawler.extract.data import lines
from crawler.extract.input.charset import declared_charset, decode, meta_charset
from crawler.extract.input.limits import MAX_TAGS, has_too_many_tags
from crawler.extract.input.options import Selectors
from crawler.extract.lines.bylines import without_byline
from crawler.extract.lines.dates import read_date
from crawler.extract.lines.language import guess_language
from crawler.extract.lines.tidy import tidy_line, tidy_text
from crawler.extract.lines.titles import derive_heading, without_title
from crawler.extract.markdown import to_markdown, with_table_heads
from crawler.extract.web.leads import blocks_behind_heading, with_lead
from crawler.extract.web.metadata import read_metadata
from crawler.extract.web.pictures import write_out_pictures
from crawler.extract.web.systems import System, room_by_system, strip_by_system, system_of
from crawler.extract.web.teasers import without_teasers
from kb.errors import InputTooLargeError, UnreadableInputError
from kb.model import ExtractedText, PartialDate, RawContent

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every odd page; our report names them

# Below this trafilatura has often lost the text (its own minimum is 250 characters); announcements are short.
_FEW_CHARS = 250
_LOST_SHARE = 0.3
# A text of this length was not lost by accident: what a room has beyond it are comments or other texts.
_ENOUGH_CHARS = 1_500
# What is read in a chosen element must have so much of the words of the page's text, and at most so many times
# their number. On 64 German pages with known snippets F1 rose from .916 to .935 (43) and .876 to .896 (21).
_AGREEMENT = 0.6
_MOST_MORE = 3.0
_MOST_OF_THE_TEXT = 0.7
_WORD = re.compile(r"\w+")
_PAGE_TAGS = ("[document]", "html", "body")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ESCAPED_IN_WORD = re.compile(r"(?<=\w)\\([*_])(?=\w)")
_TABLE_ROW_END = re.compile(r"\|[ \t]+$", re.MULTILINE)
_RELATIVE_LINK = re.compile(r"(?<!!)\[([^\[\]\n]*)\]\((?!https?://|mailto:|<https?://)[^)\[\n]*\)")
_MARK = "\u2e0e"  # the editorial coronis: no page has it, and trafilatura keeps it (private use it drops)
_MARKED_QUOTE = re.compile(rf"^{_MARK}\s*", re.MULTILINE)
_MARKED_ITEM = re.compile(rf"^([ \t]*)\d+\. {_MARK}(\d+){_MARK}\s*", re.MULTILINE)
_ANY_MARK = re.compile(rf"{_MARK}(?:\d+{_MARK})?")
_SIGN = re.compile(r"(?P<name>[a-z]+)|\[(?P<attribute>[a-z-]+)(?![a-z-])[^\]]*\](?::has\([^()]*\))*")


def extract_html(content: RawContent, selectors: Selectors) -> ExtractedText:
    """Read a page.

    Raises:
        UnreadableInputError: there is no text on it, or it is no page.
        InputTooLargeError: it has more elements than can be read in good time.
    """
    declared = declared_charset(content.content_type) or meta_charset(content.data)
    markup = _XML_DECLARATION.sub("", decode(content.data, name=content.name, declared=declared))
    if has_too_many_tags(markup):
        raise InputTooLargeError(
            f"die Seite hat mehr als {MAX_TAGS} Auszeichnungen",
            subject=content.name,
            remedy="die Seite aufteilen oder ihre Tabelle als Datei anbieten",
        )
    soup = _parse(markup, content.name)
    for selector in selectors.remove:
        for tag in soup.select(selector):
            tag.decompose()
    system = system_of(soup)
    _strip_furniture(soup)
    write_out_pictures(soup)
    metadata = read_metadata(soup, url=content.url)
    chosen = soup.select_one(selectors.title) if selectors.title else None
    title = (tidy_line(chosen.get_text(" ")) if chosen is not None else "") or metadata.headline
    if system is not None:
        strip_by_system(soup, system)
    base_url = content.url or metadata.canonical_url
    text = _selected_text(soup, selectors, base_url)
    if not text:
        behind = blocks_behind_heading(soup, title)
        text = without_teasers(_main_text(soup, system, base_url))
        text = with_lead(without_title(text, title or ""), behind)
    if not any(map(str.isalnum, text)):
        raise UnreadableInputError(
            "auf der Seite ist kein Text zu finden",
            subject=content.name,
            remedy="Seite prüfen oder Selektor angeben",
        )
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
    )


def _parse(markup: str, name: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # XHTML read as HTML, markup that looks like a file name: both are meant
        try:
            return BeautifulSoup(markup, "lxml")
        except (ParserRejectedMarkup, ValueError, RecursionError) as error:
            raise UnreadableInputError(
                "die HTML-Datei ist beschädigt", subject=name, remedy="die Seite neu speichern"
            ) from error


def _strip_furniture(soup: BeautifulSoup) -> None:
    """Cut comments, consent banners, navigation and teasers away, never what holds the heading.

    Comments may be longer than the text; anything else with most of the text is the text.
    """
    for tag in soup.select(", ".join(lines("comments.txt"))):
        if not tag.decomposed and tag.name not in _PAGE_TAGS and tag.find(["main", "h1"]) is None:
            tag.decompose()
    whole = len(soup.get_text())
    selectors = _furniture()
    for tag in soup.find_all(_may_be_furniture):
        if tag.decomposed or not selectors.match(tag):
            continue
        holds_content = tag.name in ("html", "body", "main") or tag.find(["main", "h1"]) is not None
        if not holds_content and len(tag.get_text()) <= whole / 2:
            tag.decompose()


@cache
def _furniture() -> soupsieve.SoupSieve:
    return soupsieve.compile(", ".join(lines("furniture.txt")))


@cache
def _furniture_signs() -> frozenset[str] | None:
    """Names of elements and attributes without which no selector matches; None where that cannot be said."""
    found = [_SIGN.fullmatch(line) for line in lines("furniture.txt")]
    signs = [match["name"] or match["attribute"] for match in found if match is not None]
    return frozenset(signs) if len(signs) == len(found) else None


def _may_be_furniture(tag: Tag) -> bool:
    """A quick look that spares most elements the selectors, which took a third of the time of a page."""
    signs = _furniture_signs()
    return signs is None or tag.name in signs or not signs.isdisjoint(tag.attrs)


def _selected_date(soup: BeautifulSoup, selectors: Selectors) -> PartialDate | None:
    tag = soup.select_one(selectors.published) if selectors.published else None
    if tag is None:
        return None
    return read_date(str(tag.get("datetime") or tag.get("content") or "")) or read_date(tag.get_text(" "))


def _selected_text(soup: BeautifulSoup, selectors: Selectors, base_url: str | None) -> str:
    chosen = soup.select(selectors.text) if selectors.text else []
    outermost = [tag for tag in chosen if not any(parent in chosen for parent in tag.parents)]
    return tidy_text("\n\n".join(to_markdown(tag, base_url=base_url) for tag in outermost))


def _main_text(soup: BeautifulSoup, system: System | None, base_url: str | None) -> str:
    _mark(soup)
    named = room_by_system(soup, system) if system is not None else None
    room = named or soup.select_one("main, [role=main]") or soup.select_one("article")
    # In an element that it does not know as a text, trafilatura keeps paragraphs only: no headings, no lists.
    chosen = named or (_densest(soup) if room is None else None)
    found = _trafilatura(str(soup), base_url)
    if chosen is not None:
        within = _trafilatura(f"<html><body><article>{chosen}</article></body></html>", base_url)
        if _is_better(within, found, is_named=named is not None):
            found = within
    paragraphs = sum(len(tag.get_text()) for tag in room.find_all("p")) if room is not None else 0
    if len(found) >= _ENOUGH_CHARS or (len(found) >= _FEW_CHARS and len(found) >= _LOST_SHARE * paragraphs):
        return found
    own = _whole_room(soup, room, base_url)
    return own if len(own) > 2 * len(found) else found


def _is_better(within: str, whole: str, *, is_named: bool) -> bool:
    """Whether what was read in a chosen element is the text of the page, and not far more than that.

    An element that a rule names may hold what the page as a whole hides; one that was guessed must agree.
    """
    if len(whole) < (_ENOUGH_CHARS if is_named else _FEW_CHARS):
        return True
    ours, theirs = Counter(_WORD.findall(within)), Counter(_WORD.findall(whole))
    agrees = is_named or (ours & theirs).total() >= _AGREEMENT * theirs.total()
    return agrees and ours.total() <= _MOST_MORE * theirs.total()


def _densest(soup: BeautifulSoup) -> Tag | None:
    """The innermost element with most of the text of all paragraphs, on a page that names none."""
    lengths: dict[int, int] = {}
    tags: dict[int, Tag] = {}
    for paragraph in soup.find_all("p"):
        length = len(paragraph.get_text(strip=True))
        for parent in paragraph.parents:
            tags[id(parent)] = parent
            lengths[id(parent)] = lengths.get(id(parent), 0) + length
    whole = max(lengths.values(), default=0)
    dense = (tags[key] for key, length in lengths.items() if length >= _MOST_OF_THE_TEXT * whole)
    found = min(dense, key=lambda tag: len(tag.get_text()), default=None)
    return found if found is not None and whole >= _FEW_CHARS and found.name not in _PAGE_TAGS else None


def _trafilatura(markup: str, base_url: str | None) -> str:
    try:
        found = trafilatura.extract(
            markup, url=base_url, output_format="markdown", include_links=True, include_comments=False
        )
    except Exception:  # parsers of hostile markup raise anything; the page has a second reader
        logging.getLogger(__name__).debug("trafilatura gave up", exc_info=True)
        return ""
    text = _ESCAPED_IN_WORD.sub(r"\1", _TABLE_ROW_END.sub("|", found or ""))
    return tidy_text(with_table_heads(_without_marks(_RELATIVE_LINK.sub(r"\1", text))))


def _whole_room(soup: BeautifulSoup, room: Tag | None, base_url: str | None) -> str:
    """The text of ``<main>`` or ``<article>``, or of the page without its head, foot and forms."""
    if room is None:
        for tag in soup.find_all(["header", "footer", "aside", "form"]):
            if not tag.decomposed and tag.find("h1") is None:
                tag.decompose()
    return tidy_text(_ANY_MARK.sub("", to_markdown(room or soup.body or soup, base_url=base_url)))


def _mark(soup: BeautifulSoup) -> None:
    """Mark what trafilatura drops: which paragraphs are quotes, at which number a list starts."""
    for quote in soup.find_all(lambda tag: tag.name == "blockquote" and tag.parent.name != "blockquote"):
        for paragraph in quote.find_all("p") or [quote]:
            paragraph.insert(0, _MARK)
    for listing in soup.find_all("ol", start=re.compile(r"^\d{1,4}$")):
        for number, item in enumerate(
            listing.find_all("li", recursive=False), start=int(str(listing["start"]))
        ):
            item.insert(0, f"{_MARK}{number}{_MARK}")


def _without_marks(text: str) -> str:
    text = _MARKED_ITEM.sub(r"\1\2. ", text)
    return _ANY_MARK.sub("", _MARKED_QUOTE.sub("> ", text))
