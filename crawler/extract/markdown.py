"""From an HTML element to Markdown: headings, paragraphs, lists, tables, quotes, links and emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import Comment, NavigableString, Tag
from bs4.element import PreformattedString

_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu"})
_BLOCKS = frozenset(
    {
        *_HEADINGS,
        *_LISTS,
        "p",
        "table",
        "blockquote",
        "pre",
        "hr",
        "div",
        "section",
        "article",
        "main",
        "header",
    }
    | {
        "footer",
        "aside",
        "figure",
        "figcaption",
        "dl",
        "dt",
        "dd",
        "li",
        "details",
        "summary",
        "address",
        "form",
    }
    | {"fieldset", "body", "html", "center", "tr", "td", "th", "tbody", "thead"}
)
_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "button", "input", "select", "textarea", "iframe", "svg", "img"}
    | {"video", "audio", "canvas", "object", "head", "nav", "title", "map"}
)
_MAX_DEPTH = 100
_WHITE = re.compile(r"\s+")


def to_markdown(element: Tag, *, base_url: str | None = None) -> str:
    """The element's text as Markdown; links are resolved against ``base_url``.

    Relative links without a base, and anything but http(s) and mailto, keep only their words.
    """
    return "\n\n".join(_blocks(element, base_url, 0))


def _blocks(element: Tag, base: str | None, depth: int) -> Iterator[str]:
    """The block-level pieces of a container; loose inline text between blocks becomes a paragraph."""
    if depth > _MAX_DEPTH:
        text = _WHITE.sub(" ", element.get_text(" ")).strip()
        if text:
            yield text
        return
    loose: list[str] = []
    for child in element.children:
        if isinstance(child, Tag) and _is_block(child):
            yield from _paragraph(loose)
            loose = []
            yield from _block(child, base, depth + 1)
        else:
            loose.append(_inline(child, base, depth + 1))
    yield from _paragraph(loose)


def _paragraph(pieces: list[str]) -> Iterator[str]:
    lines = (_WHITE.sub(" ", line).strip() for line in "".join(pieces).split("\n"))
    text = "\n".join(line for line in lines if line)
    if text:
        yield text


def _is_block(tag: Tag) -> bool:
    return tag.name not in _DROPPED and (tag.name in _BLOCKS or tag.find(list(_BLOCKS)) is not None)


def _block(tag: Tag, base: str | None, depth: int) -> Iterator[str]:
    if tag.name in _HEADINGS:
        text = _one_line(tag, base, depth)
        if text:
            yield f"{_HEADINGS[tag.name]} {text}"
    elif tag.name in _LISTS:
        items = "\n".join(_items(tag, base, depth))
        if items:
            yield items
    elif tag.name == "table" and tag.find("table") is None:
        yield from _table(tag, base, depth)
    elif tag.name == "blockquote":
        quoted = "\n\n".join(_blocks(tag, base, depth))
        if quoted:
            yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
    elif tag.name == "pre":
        code = tag.get_text().strip("\n")
        if code.strip():
            yield f"```\n{code}\n```"
    elif tag.name == "hr":
        yield "---"
    else:
        yield from _blocks(tag, base, depth)


def _items(listing: Tag, base: str | None, depth: int) -> Iterator[str]:
    start = str(listing.get("start") or "1")
    number = int(start) - 1 if start.isdecimal() and len(start) < 5 else 0
    for item in listing.find_all(["li", *_LISTS], recursive=False):
        blocks = (
            list(_block(item, base, depth + 1)) if item.name in _LISTS else list(_blocks(item, base, depth + 1))
        )
        if not blocks:
            continue
        number += 1
        marker = f"{number}. " if listing.name == "ol" else "- "
        indent = " " * len(marker)
        lines = "\n".join(blocks).split("\n")
        yield marker + lines[0]
        yield from (indent + line if line else "" for line in lines[1:])


def _table(table: Tag, base: str | None, depth: int) -> Iterator[str]:
    rows = [
        [_one_line(cell, base, depth) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")
    ]
    rows = [row for row in rows if any(row)]
    if not rows:
        return
    if max(map(len, rows)) == 1:  # a table for layout
        yield "\n\n".join(row[0] for row in rows)
        return
    width = max(map(len, rows))
    lines = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row + [""] * (width - len(row))) + " |"
        for row in rows
    ]
    if table.find("th") is not None:
        lines.insert(1, "|" + "---|" * width)
    yield with_table_heads("\n".join(lines))


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


def _one_line(tag: Tag, base: str | None, depth: int) -> str:
    return _WHITE.sub(" ", "".join(_inline(child, base, depth + 1) for child in tag.children)).strip()


def _inline(node: object, base: str | None, depth: int) -> str:
    if isinstance(node, NavigableString):
        hidden = isinstance(node, (Comment, PreformattedString))
        return "" if hidden else _WHITE.sub(" ", str(node))
    if not isinstance(node, Tag) or node.name in _DROPPED:
        return ""
    if node.name == "br":
        return "\n"
    if depth > _MAX_DEPTH:
        return node.get_text(" ")
    inner = "".join(_inline(child, base, depth + 1) for child in node.children)
    match node.name:
        case "a":
            return _link(inner, str(node.get("href") or ""), base)
        case "strong" | "b":
            return _wrap(inner, "**")
        case "em" | "i":
            return _wrap(inner, "*")
        case "p" | "li" | "div" | "tr" | "dt" | "dd":
            return f" {inner} "
    return inner


def _wrap(inner: str, mark: str) -> str:
    core = inner.strip()
    if not core or "\n" in core or core.startswith("*"):
        return inner
    before = inner[: len(inner) - len(inner.lstrip())]
    return f"{before}{mark}{core}{mark}{inner[len(inner.rstrip()) :]}"


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
