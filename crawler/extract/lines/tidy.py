"""The last shape of every extracted text: NFC, no invisible characters, at most one blank line."""

from __future__ import annotations

import re
import unicodedata

from kb.model import normalise_line, normalise_text

# Soft hyphen, zero-width space, word joiner, byte order mark; zero-width (non-)joiners shape Persian and stay.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
# No-break and fixed-width spaces, which would keep „z.\u00a0B.“ from being found as „z. B.“.
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_LINE_SEPARATORS = re.compile("[\u2028\u2029\x0b]")
_BLANK_RUN = re.compile(r"\n{3,}")


def tidy_text(text: str) -> str:
    """A text as it is stored; tidying twice changes nothing."""
    text = normalise_text(_LINE_SEPARATORS.sub("\n", text))
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", _INVISIBLE.sub("", text)))
    # Not by a pattern: that would try every space of a long run within a line.
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return normalise_text(_BLANK_RUN.sub("\n\n", text))


def tidy_line(text: str) -> str:
    """A title, name or label as it is stored: one line."""
    return normalise_line(tidy_text(text))
