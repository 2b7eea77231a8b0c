"""A page as lines, as a reader sees them below each other, with what surrounds each: read in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from crawler.extract.data import lists
from crawler.extract.lines.dates import read_date
from crawler.extract.web.elements import class_names

_INLINE = frozenset(lists("markup.toml")["inline"])
_UNSEEN = frozenset(lists("markup.toml")["unseen"])
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAX_CHARS = 1_000
# Shorter text is no paragraph; and a paragraph has sentences.
_PROSE_CHARS = 120
_ABOUT = frozenset(("event",))
_LABEL_CHARS = 40
_DAY = re.compile(r"[0-3]?\d\.?")
_BLANKS = re.compile(r"\s+")


@dataclass(slots=True)
class Line:
    """One line: its text (the first thousand characters), its block, and the inline elements in it."""

    number: int
    block: Tag
    text: str = ""
    length: int = 0
    linked: int = 0
    inline: list[Tag] = field(default_factory=list)
    # A short line without figures before it, such as „Datum:“.
    label: str = ""
    # What it stands in: „aside“, „footer“, „item“, „comment“, „event“, …
    within: frozenset[str] = frozenset()

    @property
    def is_prose(self) -> bool:
        """A paragraph of running text."""
        return self.length >= _PROSE_CHARS and self.linked < self.length / 2 and self.block.name not in HEADINGS

    @property
    def is_heading(self) -> bool:
        """Whether it is in h1 to h6."""
        return self.block.name in HEADINGS


@dataclass(frozen=True, slots=True)
class _State:
    """What holds for the strings in an element."""

    block: Tag
    within: frozenset[str]
    is_link: bool = False
    is_seen: bool = True


def page_lines(soup: BeautifulSoup) -> list[Line]:
    """All lines of the body in order; blank ones are left out."""
    body = soup.body or soup
    states = {id(body): _State(body, frozenset())}
    lines: list[Line] = []
    open_line: Line | None = None
    for node in body.descendants:
        parent = states.get(id(node.parent))
        if parent is None:
            continue
        if isinstance(node, Tag):
            state = _state(node, parent)
            states[id(node)] = state
            if node.name == "br" or state.block is node:
                open_line = None
            elif open_line is not None and state.is_seen and open_line.block is state.block:
                open_line.inline.append(node)
            continue
        if not parent.is_seen or isinstance(node, PreformattedString) or not isinstance(node, NavigableString):
            continue
        text = _BLANKS.sub(" ", node)
        if open_line is not None and open_line.block is not parent.block:
            open_line = None
        if open_line is None:
            if text == " " or not text:
                continue
            open_line = Line(len(lines), parent.block, within=parent.within)
            open_line.inline.extend(_inline_around(node, parent.block))
            lines.append(open_line)
        _add(open_line, text, parent, is_separate=isinstance(node.previous_element, Tag))
    _finish(lines)
    return lines


def _finish(lines: list[Line]) -> None:
    for line in lines:
        line.text = line.text.strip()
    for before, line in pairwise(lines):
        if len(before.text) <= _LABEL_CHARS and not any(map(str.isdigit, before.text)):
            line.label = before.text
    for line, second, third in zip(lines, lines[1:], lines[2:], strict=False):
        # A tile of a calendar: day, month and year in elements of their own.
        if _DAY.fullmatch(line.text) and len(second.text) + len(third.text) <= 16:
            rest = second.text if re.search(r"\d{4}", second.text) else f"{second.text} {third.text}"
            if read_date(f"{line.text.rstrip('.')}. {rest}") is not None:
                line.text = f"{line.text.rstrip('.')}. {rest}"


def _state(tag: Tag, parent: _State) -> _State:
    is_seen = parent.is_seen and tag.name not in _UNSEEN
    block = parent.block if tag.name in _INLINE else tag
    within = parent.within | _kinds(tag)
    if tag.name == "footer" and not parent.within.isdisjoint(("article", "main")):
        within -= {"footer"}  # that of the document, where Drupal and WordPress say who wrote it and when
    return _State(
        block, within if within != parent.within else parent.within, parent.is_link or tag.name == "a", is_seen
    )


def _add(line: Line, text: str, state: _State, *, is_separate: bool) -> None:
    bare = len(text.strip())
    line.length += bare
    line.linked += bare if state.is_link else 0
    if len(line.text) < _MAX_CHARS:
        # „<span>7. Mai 2019</span><span>Lokales</span>“ are two words, however little stands between them.
        line.text += (
            " " if is_separate and line.text and not line.text.endswith(" ") and text[:1].isalnum() else ""
        ) + text


def _inline_around(node: NavigableString, block: Tag) -> Iterator[Tag]:
    for parent in node.parents:
        if parent is block or not isinstance(parent, Tag):
            return
        yield parent


def _kinds(tag: Tag) -> frozenset[str]:
    """What an element is by its name and the words of its classes; nothing for most."""
    if tag.name in (
        "aside",
        "footer",
        "nav",
        "figure",
        "figcaption",
        "blockquote",
        "form",
        "table",
        "header",
        "main",
        "article",
    ):
        named = frozenset((tag.name,))
    else:
        named = frozenset()
    if not tag.attrs:
        return named
    told = _told(" ".join((*class_names(tag), str(tag.get("id") or ""))).casefold())
    if told and tag.find(["h1", "main"]) is not None:
        # What holds the headline is the text, whatever it is called, though it may be an event's.
        return named | (told & _ABOUT if tag.name != "body" else frozenset())
    return named | told


@lru_cache(maxsize=4096)
def _told(names: str) -> frozenset[str]:
    """The kinds that one of these names, parted by blanks, tells."""
    return frozenset(kind for kind, pattern in _surroundings() if pattern.search(names))


@cache
def _surroundings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (
            kind,
            re.compile(
                "|".join(
                    rf"(?<!\S){re.escape(word[1:])}(?!\S)" if word[0] == "=" else re.escape(word)
                    for word in words
                )
            ),
        )
        for kind, words in lists("surroundings.toml").items()
    )
