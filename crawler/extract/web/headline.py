"""The title of a page: the heading that its head confirms, never a logo or the name of a section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from bs4 import Tag

from crawler.extract.data import lists
from crawler.extract.lines.names import is_body
from crawler.extract.lines.tidy import tidy_line
from crawler.extract.web.elements import Elements, around, class_names
from crawler.extract.web.page_lines import Line
from crawler.extract.web.structured import MetaTags, Thing, texts, types

_OTHER = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r" (?:\||–|—|-|::|:|·|»|›|•|«|‹|/|~|\+\+|<|>) |: | ?[|»›] ?")
_LOOSE_MARK = re.compile(r"(?<=\w) ([:,.!?;](?= |$))")
_MAX_CHARS = 300
_FEW_LETTERS = 8
_HOME = re.compile(r"(?:(?:index|start|startseite|home|de)(?:\.(?:html?|php))?/?)?")
# How sure a heading is by its level; what is said of it adds and takes.
_LEVELS = {"h1": 3.0, "h2": 1.5, "h3": 1.0, "h4": 0.5, "font": 1.5}
_ENOUGH = 2.5
# So far around a line its heading is looked for.
_DEPTH = 8
_SAME = 4.0


@dataclass(frozen=True, slots=True)
class Headline:
    """The title, and the number of the line where it stands on the page."""

    title: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Heading:
    line: Line
    tag: Tag
    texts: tuple[str, ...]  # the whole, and without what stands beside it
    parts: tuple[str, ...] = ()


def find_headline(
    elements: Elements, lines: Sequence[Line], metas: MetaTags, article: Thing, sites: Sequence[str]
) -> Headline:
    """Weigh every heading by its place, its marks and whether title and meta tags say the same."""
    claims = list(_claims(elements, metas, article, sites))
    whole = head_title(elements)
    headings = list(_headings(lines))
    best: tuple[float, _Heading, str] | None = None
    has_h1 = any(heading.tag.name == "h1" and _may_be_title(heading.texts[-1], sites) for heading in headings)
    has_h2 = any(heading.tag.name == "h2" for heading in headings)
    instead = () if has_h1 else ("h2", "font") if has_h2 else ("h3", "font")
    first_prose = next((line.number for line in lines if line.is_prose), len(lines))
    for heading in headings:
        score, text = _weighed(heading, claims, whole, sites)
        score += 1.5 if heading.tag.name in instead else 0
        score -= 1.5 if heading.line.number > first_prose else 0
        if best is None or score > best[0] + 0.01:
            best = (score, heading, text)
    if best is not None and best[0] >= _ENOUGH:
        return Headline(best[2][:_MAX_CHARS], best[1].line.number)
    named = [
        claim for claim in claims if not _is_section(claim) and _letters(claim) not in map(_letters, sites)
    ]
    if named:
        wanted = _letters(named[0])
        return Headline(
            named[0][:_MAX_CHARS],
            next((line.number for line in lines if _letters(line.text[:_MAX_CHARS]) == wanted), None),
        )
    if best is not None and best[0] > -1:
        return Headline(best[2][:_MAX_CHARS], best[1].line.number)
    return Headline(next(iter(claims), None))


def site_names(elements: Elements, metas: MetaTags, things: Sequence[Thing]) -> list[str]:
    """What the site calls itself."""
    found = list(
        metas.all(
            "og:site_name",
            "application-name",
            "apple-mobile-web-app-title",
            "publisher",
            "dc.publisher",
            "dcterms.publisher",
        )
    )
    for thing in things:
        if types(thing) & {
            "website",
            "organization",
            "newsmediaorganization",
            "governmentorganization",
            "localbusiness",
        }:
            found += texts(thing.get("name"))
    home = (link for link in elements.named("a") if link.has_attr("href") and _leads_home(str(link["href"])))
    for link in islice(home, 6):
        text = tidy_line(link.get_text(" ")[:200]) or next(
            (str(image.get("alt") or "") for image in link.find_all("img")), ""
        )
        if 3 < len(text) <= 60 and not _is_service(text):
            found.append(text)
    pieces = _SEPARATOR.split(head_title(elements))
    if len(pieces) > 1:
        own = {_letters(text) for text in metas.all("og:title", "twitter:title")}
        ends = [
            piece
            for piece in (pieces[-1], pieces[0])
            if is_body(piece) and len(piece) <= 60 and _letters(piece) not in own
        ]
        found += ends[:1]
    return list(dict.fromkeys(name for name in found if name))


def _leads_home(address: str) -> bool:
    """To the first page of the site."""
    path = address.split("#")[0].split("?")[0]
    if "://" in path:
        path = path.partition("://")[2].partition("/")[2]
    return bool(path or "://" in address) and _HOME.fullmatch(path.removeprefix("/")) is not None


def without_site_name(title: str, sites: Sequence[str]) -> str:
    """„Fachtag | Stadt Hof“ → „Fachtag“: a known name at either end, an unknown one only behind a bar."""
    known = {_letters(site) for site in sites} - {""}
    pieces = _SEPARATOR.split(title)
    marks = _SEPARATOR.findall(title)
    while len(pieces) > 1 and (_letters(pieces[-1]) in known or _names_site(pieces[-1], marks[-1])):
        pieces, marks = pieces[:-1], marks[:-1]
    start = 0
    while start < len(pieces) - 1 and (
        _letters(pieces[start]) in known or (":" not in marks[start] and _is_section(pieces[start]))
    ):
        start += 1
    while len(pieces) - start > 1 and _is_section(pieces[-1]):
        pieces, marks = pieces[:-1], marks[:-1]
    kept = pieces[start]
    for piece, mark in zip(pieces[start + 1 :], marks[start:], strict=False):
        kept += mark + piece
    return tidy_line(kept)


def _names_site(piece: str, mark: str) -> bool:
    """An unknown name behind a bar, or that of an office or a paper behind any mark but a colon."""
    if ":" in mark and "::" not in mark:
        return False
    if mark.strip() in ("|", "::", "»", "›", "•", "«"):
        return len(piece) <= 60
    return len(piece) <= 60 and (
        is_body(piece) or re.search(r"\w\.(?:de|com|org|net|info|eu|example)$", piece) is not None
    )


def _claims(elements: Elements, metas: MetaTags, article: Thing, sites: Sequence[str]) -> Iterator[str]:
    for text in (
        *texts(article.get("headline")),
        *metas.all("og:title", "twitter:title", "dc.title", "dcterms.title", "title"),
    ):
        yield without_site_name(text, sites)
    head = head_title(elements)
    if head:
        yield without_site_name(head, sites)


def head_title(elements: Elements) -> str:
    """What the head calls the page, with the site's name."""
    tag = next(elements.named("title"), None)
    return tidy_line(tag.get_text(" ")[:1_000]) if tag is not None else ""


def _headings(lines: Sequence[Line]) -> Iterator[_Heading]:
    """Headings of the first four levels, and what has the class of one; lines of the same are joined."""
    marked = lists("headlines.toml")["marked"]
    last: Tag | None = None
    for line in lines:
        tag = _heading_tag(line, marked)
        if tag is None or tag is last:
            continue
        last = tag
        text = _joined(tag.find_all(string=True))[: 2 * _MAX_CHARS]
        if any(map(str.isalpha, text)) and len(text) <= _MAX_CHARS:
            bare = _without_beside(tag)
            # Parts of it that a claim may single out: „<h1><span>Landkreis</span> <span>Streit …</span></h1>“.
            parts = [
                tidy_line(inner.get_text(" "))
                for inner in tag.find_all(("span", "strong", "em", "div", "b"), limit=8)
            ]
            parts = [part for part in parts if len(_letters(part)) >= _FEW_LETTERS]
            yield _Heading(line, tag, tuple(dict.fromkeys(one for one in (text, bare) if one)), tuple(parts))


def _heading_tag(line: Line, marked: Sequence[str]) -> Tag | None:
    for tag in around(line.block, _DEPTH):
        if tag.name in _LEVELS:
            return tag
        if (
            tag is line.block
            and not line.is_prose
            and line.length <= 120
            and (font := _large(line)) is not None
        ):
            return font
        if (
            tag is line.block
            and not line.is_prose
            and tag.name in ("div", "p", "span", "td")
            and any(name.casefold() in marked for name in class_names(tag))
        ):
            return tag
        if tag is not line.block and tag.name not in ("div", "span", "p"):
            return None
    return None


def _large(line: Line) -> Tag | None:
    """What is a heading on pages that have none: large letters."""
    for tag in line.inline:
        size = str(tag.get("size") or "")
        if tag.name == "font" and (size in ("4", "5", "6", "7") or size.startswith("+")) and not line.linked:
            return tag
    return None


def _without_beside(tag: Tag) -> str:
    """A heading without the parts that stand before or below it."""
    beside = lists("headlines.toml")["beside"]
    left_out = [
        inner
        for inner in tag.find_all(True)
        if inner.name in ("small", "sup", "button")
        or any(any(mark in name.casefold() for mark in beside) for name in class_names(inner))
    ]
    if not left_out:
        return ""
    ids = {id(inner) for inner in left_out}
    kept = [
        text
        for text in tag.find_all(string=True)
        if not any(id(one) in ids for one in takewhile(lambda one: one is not tag, text.parents))
    ]
    return _joined(kept).strip(" :|–-")


def _joined(texts: Iterable[str]) -> str:
    """Pieces as words of one line, marks close behind the word before them."""
    return _LOOSE_MARK.sub(r"\1", tidy_line(" ".join(texts)))


def _weighed(heading: _Heading, claims: Sequence[str], whole: str, sites: Sequence[str]) -> tuple[float, str]:
    line, tag = heading.line, heading.tag
    score = _LEVELS.get(tag.name, 0.5)
    names = [
        name.casefold()
        for name in (*class_names(tag), *(class_names(tag.parent) if isinstance(tag.parent, Tag) else ()))
    ]
    rules = lists("headlines.toml")
    if tag.get("itemprop") in ("headline", "name") or any(name in rules["marked"] for name in names):
        score += 1
    if any(mark in name for mark in rules["unseen"] for name in names):
        score -= 3
    if not line.within.isdisjoint(("nav", "aside", "footer", "item", "comment", "side", "form")):
        score -= 3
    if not line.within.isdisjoint(("main", "article")):
        score += 1
    text = heading.texts[-1]
    agreed = 0.0
    for one in reversed(heading.texts):
        agreement = max((_agreement(_letters(one), _letters(claim)) for claim in claims), default=0.0)
        if agreement == 0 and len(_letters(one)) >= _FEW_LETTERS and _letters(one) in _letters(whole):
            agreement = 2.0
        if agreement > agreed:
            agreed, text = agreement, one
    if agreed < _SAME and len(heading.texts) == 1:
        told = {_letters(claim) for claim in claims}
        part = next((one for one in heading.parts if _letters(one) in told), None)
        agreed, text = (_SAME, part) if part is not None else (agreed, text)
    score += agreed
    if _is_service(text) or _letters(text) in map(_letters, sites) or _is_news(text):
        score -= 6
    elif _is_section(text):
        score -= 4 if agreed < _SAME else 2
    link = tag if tag.name == "a" else tag.find("a", href=True)
    if isinstance(link, Tag) and agreed < _SAME and tag.name != "h1" and len(link.get_text()) > len(text) / 2:
        score -= 1.5  # it leads to the article that it is the title of
    if (
        isinstance(link, Tag)
        and _leads_home(str(link.get("href") or ""))
        and len(link.get_text()) > len(text) / 2
    ):
        score -= 5
    return score, text


def _agreement(one: str, claim: str) -> float:
    """4 for the same letters, 2 where most of one is the other."""
    if not one or not claim:
        return 0.0
    if one == claim:
        return _SAME
    short, long = sorted((one, claim), key=len)
    if len(short) >= max(_FEW_LETTERS, 0.5 * len(long)) and short in long:
        return 2.5
    return 1.0 if long == one and len(short) >= _FEW_LETTERS and short in long else 0.0


def _may_be_title(text: str, sites: Sequence[str]) -> bool:
    return not _is_service(text) and not _is_news(text) and _letters(text) not in map(_letters, sites)


def _is_service(text: str) -> bool:
    return text.casefold().strip(" :!.") in lists("headlines.toml")["service"]


def _is_news(text: str) -> bool:
    """The name of a list of articles, which stands above each of them."""
    return text.casefold().strip(" :!.") in lists("headlines.toml")["news"]


def _is_section(text: str) -> bool:
    folded = text.casefold().strip(" :!.")
    rules = lists("headlines.toml")
    return folded in rules["sections"] or folded in rules["news"] or folded in rules["service"]


def _letters(text: str) -> str:
    return _OTHER.sub("", text).casefold()
