"""Where the head of a document's file begins and ends."""

from __future__ import annotations

import re

FENCE = "---"
# A line of it may begin the head; this or dots, as YAML has it, end it.
ENDS = (FENCE, "...")
END_OF_HEAD = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
# What may stand before a head without being text: blank lines, byte order marks, characters without width.
NOTHING = " \t\r\n\f\v\u00a0\u200b\u2060\ufeff"
