"""Plain text and Markdown without front matter."""

from __future__ import annotations

import re

from crawler.extract.input.charset import declared_charset, decode
from crawler.extract.input.detect import Kind
from crawler.extract.lines.language import guess_language
from crawler.extract.lines.tidy import tidy_text
from crawler.extract.lines.titles import derive_heading, without_title
from kb.errors import UnreadableInputError
from kb.model import ExtractedText, RawContent

# Text whose lines are longer than any mail client wraps has one paragraph a line.
_WRAPPED_AT = 120
_LIST_ITEM = re.compile(r"[-*+•–]\s|\d{1,3}[.)]\s|\|")


def extract_plain(content: RawContent, kind: Kind) -> ExtractedText:
    """Read a text in any of the usual encodings.

    Raises:
        UnreadableInputError: it is empty, or binary under a text's name.
    """
    decoded = decode(content.data, name=content.name, declared=declared_charset(content.content_type))
    text = tidy_text(decoded) if kind is Kind.MARKDOWN else _as_markdown(tidy_text(decoded))
    if not any(map(str.isalnum, text)):
        raise UnreadableInputError(
            "die Datei enthält keinen Text", subject=content.name, remedy="eine Datei mit Inhalt angeben"
        )
    heading = derive_heading(text)
    return ExtractedText(
        title=heading.title,
        text=without_title(text, heading.title) if text.startswith("# ") else text,
        authors=heading.authors,
        language=guess_language(text),
    )


def _as_markdown(text: str) -> str:
    """Keep lines and paragraphs apart that Markdown would run together or take for code."""
    lines = [line.lstrip() for line in text.split("\n")]
    if max(map(len, lines)) <= _WRAPPED_AT:
        return tidy_text("\n".join(lines))
    spread: list[str] = []
    for line in lines:
        both_items = bool(spread) and _LIST_ITEM.match(spread[-1]) and _LIST_ITEM.match(line)
        if spread and line and not both_items:
            spread.append("")
        spread.append(line)
    return tidy_text("\n".join(spread))
