"""What the parts of a Markdown text are: headings, running text, list items, link lists and page leftovers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files


class BlockKind(StrEnum):
    """How a line is to be read; ``LEFTOVER`` and ``LINKS`` are not the document's own words."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    LINKS = "links"
    LEFTOVER = "leftover"


@dataclass(frozen=True, slots=True)
class Block:
    """One non-blank line: code-point offsets of the line in the text, end exclusive."""

    start: int
    end: int
    kind: BlockKind
    level: int = 0


_HEADING = re.compile(r"(#{1,6})\s+\S|(\*\*|__)[^*_]{3,90}\2\s*:?$")
_ITEM = re.compile(r"\s{0,8}(?:[-*+•·▪‣]|\d{1,2}[.)])\s+\S")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_ADDRESS = re.compile(
    r"(?<=\]\()[^)\s]+|\bhttps?://[^\s)>\]]+|\bwww\.[^\s)>\]]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
_ADDRESS_MARKS = ("](", "@", "http", "www.")
# A lone short line without a full stop, between blank lines, is a heading of a plain text file.
_PLAIN_HEADING_CHARS = 90
# Two neighbouring lines of nothing but links are a link list, not a text that cites.
_LINK_RUN = 2
_LINK_SHARE = 0.7
# What stands under a link or a title in lists of them: „Download (PDF, 2 MB)“, „12.03.2020“, „weiterlesen“.
_LINK_NOTE = re.compile(
    r"[^\w\n]{0,4}(?:(?:Download|Herunterladen|PDF|Datei|Dokument)\b[^\n]{0,40}"
    r"|\d{1,2}\.\s?(?:\d{1,2}\.|[A-ZÄ][a-zä]{2,8})\s?(?:\d{4})?"
    r"|mehr|weiter|weiterlesen|mehr (?:lesen|erfahren|dazu))"
    r"[^\w\n]{0,4}$",
    re.IGNORECASE,
)
# „Leben im Quartier: Dokumentation (PDF, 2 MB)“: a title with its file in brackets.
_FILE_TITLE = re.compile(
    r"[^\n]{3,160}\((?:PDF|DOCX?|ODT|ZIP|PPTX?)(?:[ ,;|/-]{1,3}[\d.,]{1,8}\s?[KM]B)?\)[^\w\n]{0,3}$",
    re.IGNORECASE,
)
# Page numbers, credits of pictures, notes of a printed page.
_DIRT = re.compile(
    r"\W{0,4}(?:(?:Seite|S\.)\s\d{1,4}(?:\s(?:von|/)\s\d{1,4})?\W{0,4}$|\d{1,4}\W{0,4}$"
    r"|(?:Fotos?|Bild|Bildnachweis|©)\s?:?\s[^\n]{0,80}$"
    r"|(?:Gedruckt am|Ausdruck vom|Druckversion|Artikel (?:drucken|teilen|empfehlen))\b)"
)
_CONSENT = re.compile(
    r"(?:verwende[nt]|nutz(?:t|en)|setzen|akzeptieren|zustimmen)\b[^\n]{0,60}\bCookies?\b"
    r"|\bCookies?\b[^\n]{0,60}(?:akzeptieren|zustimmen|ablehnen|Einstellungen|verwende)"
)
# A line of a table of contents: dots up to the number of a page.
_CONTENTS = re.compile(r"(?<!\.)(?<!\. )(?:\. ?){4,300}\s{0,3}\d{1,4}\s{0,3}$")
_TITLE_CHARS = 120
_SHORT_TITLE_CHARS = 50
_MENU_MARKS = re.compile(r"[|>»›]")
_MENU_PARTS = 3
_MENU_CHARS = 30
_CAPTION_CHARS = 25
_REPEATED_WITHIN = 6


@dataclass(frozen=True)
class Layout:
    """The blocks of a text in order, and the spans of web and mail addresses in it."""

    blocks: tuple[Block, ...]
    addresses: tuple[tuple[int, int], ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _addresses(self) -> list[int]:
        return [start for start, _ in self.addresses]

    def block_at(self, offset: int) -> Block | None:
        """The block that holds an offset, or None on a blank line."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self.blocks[index].end:
            return None
        return self.blocks[index]

    def kind_at(self, offset: int) -> BlockKind:
        """The kind of the block at an offset; addresses read as leftovers."""
        index = bisect_right(self._addresses, offset) - 1
        if index >= 0 and offset < self.addresses[index][1]:
            return BlockKind.LEFTOVER
        block = self.block_at(offset)
        return block.kind if block else BlockKind.TEXT

    def counts(self, offset: int) -> bool:
        """Whether words at this offset are the document's own."""
        return self.kind_at(offset) not in (BlockKind.LINKS, BlockKind.LEFTOVER)


def read_layout(text: str, title: str = "") -> Layout:
    """Split a text into blocks; every character of a non-blank line belongs to exactly one.

    On a page that is titled as a catalogue („Veröffentlichungen und Downloads“) lines that are no sentences are
    titles of other documents.
    """
    lines = list(_lines(text))
    kinds = [_kind(text, lines, index) for index in range(len(lines))]
    _mark_link_runs(text, lines, kinds)
    _mark_leftovers(text, lines, kinds)
    if leftover_lines().is_catalogue(title):
        _mark_titles(text, lines, kinds)
    blocks = tuple(
        Block(start, end, kind, _level(text[start:end]) if kind is BlockKind.HEADING else 0)
        for (start, end), kind in zip(lines, kinds, strict=True)
    )
    return Layout(blocks, tuple(_addresses(text)))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where web and mail addresses stand; hardly a text has any, and to look for them takes long."""
    lowered = text.lower()
    if any(mark in lowered for mark in _ADDRESS_MARKS):
        yield from (match.span() for match in _ADDRESS.finditer(text))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _kind(text: str, lines: list[tuple[int, int]], index: int) -> BlockKind:
    start, end = lines[index]
    line = text[start:end].strip()
    if _HEADING.match(line):
        return BlockKind.HEADING
    if _ITEM.match(line):
        return BlockKind.ITEM
    previous_end = lines[index - 1][1] if index else -2
    following = lines[index + 1][0] if index + 1 < len(lines) else end + 2
    alone = start - previous_end > 1
    short = len(line) <= _PLAIN_HEADING_CHARS and line[-1].isalnum() and line[0].isupper()
    if short and alone and following > end and index + 1 < len(lines):
        return BlockKind.HEADING
    return BlockKind.TEXT


def _level(line: str) -> int:
    marks = len(line.lstrip()) - len(line.lstrip().lstrip("#"))
    return marks or 6


def _mark_link_runs(text: str, lines: list[tuple[int, int]], kinds: list[BlockKind]) -> None:
    """Runs of links, of links with a note beneath each, and of titles with a note beneath each."""
    run: list[int] = []
    entries = 0
    for index, (start, end) in enumerate((*lines, (0, 0))):
        line = text[start:end]
        if _is_link(line):
            run.append(index)
            entries += 1
        elif run and line and _LINK_NOTE.match(line):
            run.append(index)
        elif line and _is_noted_title(text, lines, index):
            run.append(index)
            entries += 1
        else:
            if entries >= _LINK_RUN:
                for member in run:
                    kinds[member] = BlockKind.LINKS
            run, entries = [], 0


def _mark_titles(text: str, lines: list[tuple[int, int]], kinds: list[BlockKind]) -> None:
    """Lines without a sentence's end, and those with one that is short: „Stadt im Wandel. Heft 12“."""
    for index, (start, end) in enumerate(lines):
        line = text[start:end].strip()
        if len(line) <= _TITLE_CHARS and (line[-1] not in ".!:" or len(line) <= _SHORT_TITLE_CHARS):
            kinds[index] = BlockKind.LINKS


def _is_link(line: str) -> bool:
    """Whether most of what is seen of a line is links, or it names a file to load."""
    if "(" not in line:
        return False
    if _FILE_TITLE.match(line):
        return True
    linked = sum(len(match[1]) for match in _LINK.finditer(line))
    visible = len(_LINK.sub(lambda match: match[1], line).strip(" -*+•·|>\t"))
    return bool(visible) and linked / visible >= _LINK_SHARE


def _is_noted_title(text: str, lines: list[tuple[int, int]], index: int) -> bool:
    """A short line without a sentence's end, right above a note that offers a file or more to read."""
    if index + 1 == len(lines):
        return False
    (start, end), (below, below_end) = lines[index], lines[index + 1]
    if below - end > 1:
        return False
    line, note = text[start:end].strip(), text[below:below_end].strip()
    if len(line) > _PLAIN_HEADING_CHARS or line[-1] in ".!:":
        return False
    return _LINK_NOTE.match(note) is not None and not note[0].isdigit()


def _mark_leftovers(text: str, lines: list[tuple[int, int]], kinds: list[BlockKind]) -> None:
    """A leftover heading ("Weitere Meldungen") takes its section with it, a leftover line only itself."""
    words = leftover_lines()
    skipping: int | None = None
    paragraph = False  # a leftover heading without a blank line takes its paragraph with it
    recent: list[str] = []
    for index, (start, end) in enumerate(lines):
        plain = _plain(text[start:end])
        paragraph = paragraph and start - lines[index - 1][1] <= 1
        opens = words.opens_section(plain)
        if kinds[index] is not BlockKind.HEADING and opens:
            paragraph = True
        if paragraph or _is_dirt(text[start:end], words) or _repeats(plain, recent):
            kinds[index] = BlockKind.LEFTOVER
        recent = [*recent[1 - _REPEATED_WITHIN :], plain]
        if kinds[index] is BlockKind.HEADING:
            level = _level(text[start:end])
            if skipping is not None and level <= skipping:
                skipping = None
            if opens and skipping is None:
                skipping = level
        if skipping is not None or plain in words.lines:
            kinds[index] = BlockKind.LEFTOVER


def _is_dirt(line: str, words: LeftoverLines) -> bool:
    """Consent banners, menus, crumb trails, page numbers, captions' credits, lines of a table of contents."""
    if _DIRT.match(line) or ("Cookie" in line and _CONSENT.search(line)):
        return True
    if "..." in line.replace(" ", "") and _CONTENTS.search(line):
        return True
    if _MENU_MARKS.search(line) is None:
        return False
    parts = [part for part in (_plain(part) for part in _MENU_MARKS.split(line)) if part]
    if len(parts) > 1 and all(part in words.lines for part in parts):
        return True
    if len(parts) < _MENU_PARTS or any(len(part) > _MENU_CHARS for part in parts):
        return False
    return parts[0] in ("startseite", "home", "start") or sum(part in words.lines for part in parts) * 2 >= len(
        parts
    )


def _repeats(plain: str, recent: list[str]) -> bool:
    """A caption that stands there twice: the second counts no more."""
    return len(plain) >= _CAPTION_CHARS and plain in recent


_NO_WORD = re.compile(r"[^\w\s-]")


def _plain(line: str) -> str:
    if "](" in line:
        line = _LINK.sub(lambda match: match[1], line)
    return " ".join(_NO_WORD.sub(" ", line).split()).strip("-_ ").casefold()


@dataclass(frozen=True, slots=True)
class LeftoverLines:
    """Words of navigation: whole lines, and headings whose section is navigation too."""

    lines: frozenset[str]
    sections: frozenset[str]
    catalogue: frozenset[str]

    def is_catalogue(self, title: str) -> bool:
        """A title of nothing but such words: „Publikationen – neu eingestellt“."""
        words = _plain(title).replace("-", " ").split()
        return bool(words) and all(word in self.catalogue for word in words)

    def opens_section(self, plain: str) -> bool:
        """„Weitere Meldungen“, also „Weitere Meldungen aus dem Landratsamt“."""
        return plain in self.sections or plain.split(" aus ", 1)[0] in self.sections


@lru_cache(maxsize=1)
def leftover_lines() -> LeftoverLines:
    """Read ``data/leftovers.txt``: one line each; ``##`` opens a section, ``@`` names a catalogue."""
    lines: set[str] = set()
    sections: set[str] = set()
    catalogue: set[str] = set()
    raw = (files("indexer.annotate") / "data" / "leftovers.txt").read_text(encoding="utf-8")
    for line in raw.splitlines():
        if line.startswith("## "):
            sections.add(_plain(line))
        elif line.startswith("@ "):
            catalogue.update(_plain(line).split())
        elif line.strip() and not line.startswith("//"):
            lines.add(_plain(line))
    return LeftoverLines(frozenset(lines), frozenset(sections), frozenset(catalogue))
