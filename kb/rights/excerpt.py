"""The beginning of a text that may be quoted where the whole may not be shown."""

from __future__ import annotations

import re

# About the length of a press teaser; with a result list's snippet (300) still far from a page of text.
EXCERPT_CHARS = 600
# A short text must not be given away whole by the number of characters alone.
_LARGEST_SHARE = 0.5
# A full stop after a short word or a number is more often an abbreviation or a date than an end.
_SENTENCE_END = re.compile(
    r"(?:(?<=[^\W\d_]{4})\.|[!?…])[\"“”«»‘’')\]*_]*(?=[ \t\u00a0]+[\"„“»‚(*_]*[A-ZÄÖÜ0-9]|[ \t]*\n|\Z)"
)
_LONG_ABBREVIATIONS = ("prof.", "evtl.", "inkl.", "bspw.", "zzgl.", "sogen.", "bzgl.", "mind.", "tägl.")
_SPACE = re.compile(r"\s")
# A heading, or the sign of a list item, quotation or table that was cut off.
_NO_END = re.compile(r"(?:#{1,6}\s.*|(?:[-*+>|]|\d+[.)])\s*)?")


def excerpt(text: str, limit: int = EXCERPT_CHARS) -> str:
    """The beginning of a Markdown text: at most ``limit`` characters and half of it, at best whole sentences.

    The result is a prefix of ``text``, so that places in the text stay true; no link or emphasis is cut open,
    and no heading stands at its end. It is empty where nothing can be quoted.
    """
    room = min(limit, int(len(text) * _LARGEST_SHARE))
    head = text[:room]
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, min(len(text), room + 2))]
    sentences = [end for end in ends if end <= room and _is_whole(text[:end])]
    if sentences:
        head = text[: sentences[-1]]
    elif room < len(text):
        head = _whole_words(text, room)
    lines = head.rstrip().split("\n")
    while lines and _NO_END.fullmatch(lines[-1].lstrip()):
        lines.pop()
    return "\n".join(lines).rstrip()


def _is_whole(head: str) -> bool:
    """Whether no link, code or strong emphasis is open at the end, and the last word is no abbreviation."""
    is_balanced = head.count("[") == head.count("]") and head.rfind("](") <= head.rfind(")")
    is_closed = not any(head.count(sign) % 2 for sign in ("**", "`"))
    return is_balanced and is_closed and not head.casefold().endswith(_LONG_ABBREVIATIONS)


def _whole_words(text: str, room: int) -> str:
    """Up to the last white space that cuts nothing open; else to the last one at all."""
    spaces = [match.start() for match in _SPACE.finditer(text, 0, room + 1)]
    whole = next((end for end in reversed(spaces) if _is_whole(text[:end])), None)
    end = whole if whole is not None else (spaces[-1] if spaces else 0)
    return text[:end]
