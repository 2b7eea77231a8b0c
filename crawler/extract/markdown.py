"""From HTML to Markdown: headings, paragraphs, lists, tables, quotes, links and emphasis.

What a reader sees is what is written: no marks for raised, lowered or underlined letters, quotation marks
where the browser sets them, a term and what is said of it in one line, tables that only place things as their
contents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.extract.input.markup import Element, names, parse_page

_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_BLOCKS = frozenset(_HEADINGS) | _LISTS
_BLOCKS |= names("p div section article main header footer aside hgroup address center body html")
_BLOCKS |= names("figure figcaption blockquote pre hr dl dt dd li details summary form fieldset legend")
_BLOCKS |= names("table caption thead tbody tfoot tr td th")
_DROPPED = names("script style noscript template head title map nav del s strike math")
_DROPPED |= names("button input select textarea iframe svg img video audio canvas object embed")
_MAX_DEPTH = 100
_WHITE = re.compile(r"\s+")
# A number that a page raises or lowers beside a unit or a formula is part of it; beside a word it is a note.
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_FIGURES = re.compile(r"[+−-]?\d{1,3}[+−-]?|[+−-]")
_NOTE = re.compile(r"\d{1,3}")
_WORD_BEFORE = re.compile(r"[^\W\d_]{4}[.,;:!?“”\"«‘’)\]]?$|[.,;:!?“”\"«‘’)\]]$")
_LETTER_BEFORE = re.compile(r"[^\W_]$|[)\]]$")
_QUOTES = "„“”\"«»‚‘’'›‹"
# A term and what is said of it stand in one line where both are short.
_TERM_CHARS, _SAID_CHARS, _SENTENCE_CHARS = 60, 300, 80
# A table whose cells are so long places texts beside each other; data are shorter.
_LONG_CELL = 500
_MOST_SPAN = 50


def to_markdown(page: object, *, base_url: str | None = None) -> str:
    """The Markdown of an element of a page, or of markup; links are resolved against ``base_url``.

    Relative links without a base, those within the page, and anything but http(s) and mailto keep only their
    words. Work is linear in the length of the page.
    """
    element: Element = page if isinstance(page, etree._Element) else parse_page(str(page))
    return "\n\n".join(_Converter(element, base_url).blocks(element, 0))


class _Converter:
    """Walks one tree; which elements hold blocks is found once for all of them."""

    def __init__(self, root: Element, base: str | None) -> None:
        self._base = base
        self._holders: set[Element] = set()
        # The tree's elements are kept, so that each is the same object whenever it is asked for.
        self._all = [one for one in root.iter() if isinstance(one.tag, str)]
        for one in reversed(self._all):
            if one.tag in _DROPPED:
                continue
            parent = one.getparent()
            if parent is not None and (one.tag in _BLOCKS or one in self._holders):
                self._holders.add(parent)

    def _is_block(self, element: Element) -> bool:
        return element.tag not in _DROPPED and (element.tag in _BLOCKS or element in self._holders)

    def blocks(self, element: Element, depth: int) -> Iterator[str]:
        """The block-level pieces of a container; loose inline text between blocks becomes a paragraph."""
        if depth > _MAX_DEPTH:
            text = _WHITE.sub(" ", " ".join(_strings(element))).strip()
            if text:
                yield text
            return
        loose: list[str] = []
        for child in _children(element):
            if isinstance(child, str):
                loose.append(_WHITE.sub(" ", child))
            elif self._is_block(child):
                yield from _paragraph(loose)
                loose = []
                yield from self._block(child, depth + 1)
            else:
                loose.append(self._inline(child, depth + 1, loose))
        yield from _paragraph(loose)

    def _block(self, element: Element, depth: int) -> Iterator[str]:
        tag = element.tag
        if tag in _HEADINGS:
            text = self._one_line(element, depth)
            if text:
                yield f"{_HEADINGS[tag]} {text}"
        elif tag in _LISTS:
            items = "\n".join(self._items(element, depth))
            if items:
                yield items
        elif tag == "dl":
            yield from self._terms(element, depth)
        elif tag == "table":
            yield from self._table(element, depth)
        elif tag == "blockquote":
            quoted = "\n\n".join(self.blocks(element, depth))
            if quoted:
                yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
        elif tag == "pre":
            code = "".join(_strings(element)).strip("\n")
            if code.strip():
                yield f"```\n{code}\n```"
        elif tag == "hr":
            yield "---"
        elif tag == "address" and element not in self._holders:
            yield from _paragraph([self._inside(element, depth)])
        else:
            yield from self.blocks(element, depth)

    def _items(self, listing: Element, depth: int) -> Iterator[str]:
        start = str(listing.get("start") or "1")
        number = int(start) - 1 if start.isdecimal() and len(start) < 5 else 0
        for item in listing:
            if item.tag not in _LISTS and item.tag != "li":
                continue
            blocks = list(self._block(item, depth + 1) if item.tag in _LISTS else self.blocks(item, depth + 1))
            if not blocks:
                continue
            number += 1
            marker = f"{number}. " if listing.tag == "ol" else "- "
            indent = " " * len(marker)
            lines = "\n".join(blocks).split("\n")
            yield marker + lines[0]
            yield from (indent + line if line else "" for line in lines[1:])

    def _terms(self, listing: Element, depth: int) -> Iterator[str]:
        """A list of terms: „Ort: Bürgerhaus“ in a line each, long ones as a term in bold above its text."""
        pairs: list[tuple[str, list[str]]] = []
        for part in _parts_of_terms(listing):
            if part.tag == "dt":
                pairs.append((self._one_line(part, depth), []))
            else:
                if not pairs:
                    pairs.append(("", []))
                pairs[-1][1].extend(self.blocks(part, depth + 1))
        short: list[str] = []
        for term, said in pairs:
            together = "; ".join(said)
            fits = len(term) <= _TERM_CHARS and len(together) <= _SAID_CHARS and "\n" not in together
            fits = fits and not (len(together) > _SENTENCE_CHARS and together.endswith((".", "!", "?")))
            if term and said and fits and not term.endswith(("?", "!")) and not term.startswith("#"):
                short.append(f"- {term.rstrip(' :')}: {together}")
                continue
            if short:
                yield "\n".join(short)
                short = []
            if term:
                yield _wrap(term, "**")
            yield from said
        if short:
            yield "\n".join(short)

    def _table(self, table: Element, depth: int) -> Iterator[str]:
        caption = next((one for one in table if one.tag == "caption"), None)
        if caption is not None:
            yield from self.blocks(caption, depth + 1)
        rows = list(_rows(table))
        if not is_data_table(table):
            for row in rows:
                for cell in _cells(row):
                    yield from self.blocks(cell, depth + 1)
            return
        grid = [line for line in self._grid(rows, depth) if any(line)]
        if not grid:
            return
        width = max(map(len, grid))
        if width == 1:
            yield "\n\n".join(line[0] for line in grid)
            return
        lines = [
            "| " + " | ".join(cell.replace("|", "\\|") for cell in line + [""] * (width - len(line))) + " |"
            for line in grid
        ]
        first = next(row for row in rows if any(self._one_line(cell, depth) for cell in _cells(row)))
        if _is_head(first):
            lines.insert(1, "|" + "---|" * width)
        yield with_table_heads("\n".join(lines))

    def _grid(self, rows: list[Element], depth: int) -> Iterator[list[str]]:
        """Rows of texts; what spans columns or rows stands in its first place, the others are empty."""
        waiting: dict[int, int] = {}  # column → how many further rows a cell above takes
        for row in rows:
            line: list[str] = []
            for cell in _cells(row):
                while waiting.get(len(line), 0) > 0:
                    waiting[len(line)] -= 1
                    line.append("")
                wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
                for column in range(len(line), len(line) + wide):
                    waiting[column] = high - 1
                line += [self._cell(cell, depth), *([""] * (wide - 1))]
            while waiting.get(len(line), 0) > 0:
                waiting[len(line)] -= 1
                line.append("")
            yield line

    def _cell(self, cell: Element, depth: int) -> str:
        """A cell's text in one line; the items of its lists are parted by semicolons."""
        if not any(one.tag == "li" for one in cell.iter("li")):
            return self._one_line(cell, depth)
        pieces: list[str] = []
        for block in self.blocks(cell, depth + 1):
            lines = [line.strip() for line in block.split("\n") if line.strip()]
            items = [line.removeprefix("- ") for line in lines]
            pieces.append("; ".join(items) if lines != items or len(items) > 1 else " ".join(lines))
        return " ".join(pieces)

    def _one_line(self, element: Element, depth: int) -> str:
        return _WHITE.sub(" ", self._inside(element, depth)).strip()

    def _inside(self, element: Element, depth: int) -> str:
        pieces: list[str] = []
        for child in _children(element):
            pieces.append(
                _WHITE.sub(" ", child) if isinstance(child, str) else self._inline(child, depth + 1, pieces)
            )
        return "".join(pieces)

    def _inline(self, element: Element, depth: int, before: list[str]) -> str:
        tag = element.tag
        if tag in _DROPPED:
            return ""
        if tag == "br":
            return "\n"
        if depth > _MAX_DEPTH:
            return " ".join(_strings(element))
        inner = self._inside(element, depth)
        match tag:
            case "a":
                return _link(inner, str(element.get("href") or ""), self._base)
            case "strong" | "b":
                return _wrap(inner, "**")
            case "em" | "i":
                return _wrap(inner, "*")
            case "q":
                return _quoted(inner)
            case "sup" | "sub":
                return _shifted(inner, before, element)
            case "p" | "li" | "div" | "tr" | "dt" | "dd" | "td" | "th":
                return f" {inner} "
        return f" {inner} " if element.tag in _BLOCKS else inner


def _children(element: Element) -> Iterator[Element | str]:
    """Texts and elements in order; comments are left out, what stands behind them is not."""
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield child.tail


def _strings(element: Element) -> Iterator[str]:
    """All texts of an element that is seen."""
    for one in element.iter():
        if isinstance(one.tag, str) and one.tag not in _DROPPED and one.text:
            yield one.text
        if one is not element and one.tail:
            yield one.tail


def _paragraph(pieces: list[str]) -> Iterator[str]:
    lines = (_WHITE.sub(" ", line).strip() for line in "".join(pieces).split("\n"))
    text = "\n".join(line for line in lines if line)
    if text:
        yield text


def _parts_of_terms(listing: Element) -> Iterator[Element]:
    for child in listing:
        if child.tag in ("dt", "dd"):
            yield child
        elif child.tag == "div":
            yield from (one for one in child if one.tag in ("dt", "dd"))


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in row if cell.tag in ("td", "th"))


def is_data_table(table: Element) -> bool:
    """Whether a table states data; others place texts: they say so, or hold tables, headings, whole texts."""
    if table.get("role") in ("presentation", "none"):
        return False
    if any(True for _ in table.iterdescendants("table", "h1", "h2", "form")):
        return False
    rows = list(_rows(table))
    cells = [list(_cells(row)) for row in rows]
    if max(map(len, cells), default=0) <= 1:
        return False
    if any(True for _ in table.iterdescendants("th", "caption", "thead")):
        return True
    return not any(_is_text(cell) for row in cells for cell in row)


def _is_text(cell: Element) -> bool:
    """Whether a cell holds a text of its own: several paragraphs, or one that is longer than data are."""
    letters = sum(map(len, _strings(cell)))
    if letters <= _LONG_CELL:
        return False
    return letters > 3 * _LONG_CELL or sum(1 for _ in cell.iter("p", "h3", "h4", "li", "br")) > 1


def _is_head(row: Element) -> bool:
    cells = list(_cells(row))
    return row.getparent().tag == "thead" or all(
        cell.tag == "th" or not any(map(str.strip, _strings(cell))) for cell in cells
    )


def _span(cell: Element, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return max(1, min(int(value), _MOST_SPAN)) if value.isdecimal() and len(value) < 5 else 1


def with_table_heads(text: str) -> str:
    """Give every table without a head an empty one: Markdown knows no table without."""
    lines: list[str] = []
    rows = text.split("\n")
    for index, row in enumerate(rows):
        first = row.startswith("| ") and row.endswith("|") and not (lines and lines[-1].startswith("|"))
        headed = index + 1 < len(rows) and rows[index + 1].startswith("|---")
        if first and not headed:
            width = len(re.findall(r"(?<!\\)\|", row)) - 1
            lines += ["|" + " |" * width, "|" + "---|" * width]
        lines.append(row)
    return "\n".join(lines)


def _wrap(inner: str, mark: str) -> str:
    core = inner.strip()
    if not core or "\n" in core or core.startswith("*") or not any(map(str.isalnum, core)):
        return inner
    before = inner[: len(inner) - len(inner.lstrip())]
    return f"{before}{mark}{core}{mark}{inner[len(inner.rstrip()) :]}"


def _quoted(inner: str) -> str:
    """„…“ around what a browser would set in quotation marks, unless the page wrote them too."""
    core = inner.strip()
    if not core or (core[0] in _QUOTES and core[-1] in _QUOTES):
        return inner
    nested = core.replace("„", "‚").replace("“", "‘")
    return inner.replace(core, f"„{nested}“", 1)


def _shifted(inner: str, before: list[str], element: Element) -> str:
    """Raised and lowered letters: m², CO₂; a note behind a word stands in brackets, anything else as it is."""
    core = inner.strip()
    left = next((piece for piece in reversed(before) if piece), "")[-6:]
    is_note = element.tag == "sup" and _NOTE.fullmatch(core) is not None
    if is_note and (_WORD_BEFORE.search(left) is not None or element.find(".//a") is not None):
        return f"[{core}]"
    if _FIGURES.fullmatch(core) and _LETTER_BEFORE.search(left) is not None:
        return core.translate(_RAISED if element.tag == "sup" else _LOWERED)
    return inner


def _link(inner: str, href: str, base: str | None) -> str:
    words = _WHITE.sub(" ", inner).strip()
    target = resolve(href, base)
    if not words or target is None:
        return inner
    before, after = (" " if inner[:1].isspace() else ""), (" " if inner[-1:].isspace() else "")
    safe = f"<{target}>" if re.search(r"[ ()]", target) else target
    return f"{before}[{words}]({safe}){after}"


def resolve(href: str, base: str | None) -> str | None:
    """An absolute http(s) or mailto address, or None; a fragment of the page itself is none."""
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    try:
        target = urljoin(base, href) if base else href
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "mailto") or re.search(r"[<>\s]", target.strip()):
        return None
    return target if parts.netloc or parts.scheme == "mailto" else None
