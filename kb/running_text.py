"""Markdown as running text: what snippets, quotations and cards show of a document."""

from __future__ import annotations

import re

# Elements of HTML that stand in Markdown; anything else in angle brackets is what somebody wrote.
_ELEMENTS = (
    "a|abbr|address|article|aside|audio|b|big|blockquote|body|br|button|caption|center|cite|code|dd|del|details|div|dl|dt"
    "|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark"
    "|meta|nav|ol|p|picture|pre|q|s|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody"
    "|td|tfoot|th|thead|time|tr|tt|u|ul|var|video|wbr"
)
# In this order: what a later rule leaves must not look like an earlier one's mark. Each with the signs of which
# one must stand in a text: most texts have few, and looking for one takes a hundredth of trying the rule.
_RULES: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = (
    (("<!--",), re.compile(r"<!--(?:[^<]|<(?!!))*?-->"), " "),
    (("<http",), re.compile(r"<(https?://[^<>\s]{1,500})>"), r"\1"),
    (("<",), re.compile(rf"</?(?:{_ELEMENTS})(?![\w-])[^<>]{{0,200}}>", re.IGNORECASE), " "),
    (("](",), re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)"), r"\1"),
    (("][",), re.compile(r"!?\[([^\[\]]{1,300})\]\[[^\[\]]{0,100}\]"), r"\1"),
    (("#", ">"), re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?)+", re.MULTILINE), ""),
    (("-", "*", "_", "="), re.compile(r"^[ \t]*(?:[-*_=][ \t]*){3,}$", re.MULTILINE), ""),
    (("- ", "* ", "+ ", "• ", "\t"), re.compile(r"^[ \t]*[-*+•][ \t]+", re.MULTILINE), ""),
    (("|", ":", "-"), re.compile(r"^[ \t|:-]+$", re.MULTILINE), ""),
    (("|",), re.compile(r"(?<![ \t])[ \t]*\|[ \t]*"), " "),
    # A star inside a word is a gender sign (Schüler*innen), at its edge it is emphasis.
    (
        ("*", "_", "~~", "`"),
        re.compile(r"(?<![\w\\])[*_]{1,3}(?=\S)|(?<=[^\s\\])[*_]{1,3}(?!\w)|(?<!\\)\*\*|~~|`+"),
        "",
    ),
    (("\\",), re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def running_text(markdown: str) -> str:
    """The words without marks; line breaks stay where they are."""
    for signs, pattern, replacement in _RULES:
        if any(sign in markdown for sign in signs):
            markdown = pattern.sub(replacement, markdown)
    return markdown
