"""JSON Lines: one document a line, in the shape that ``kb import`` reads back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from kb.model import Shown
from kb.shapes import shown_fields


class JsonLines:
    """An ``Exporter``."""

    name = "jsonl"
    description = "JSON Lines, ein Dokument je Zeile; kann mit kb import wieder eingelesen werden"

    def export(self, documents: Iterable[Shown], out: TextIO) -> int:
        """Write one line a document, in the given order; fields without a value are left out."""
        written = 0
        for shown in documents:
            out.write(json.dumps(shown_fields(shown), ensure_ascii=False) + "\n")
            written += 1
        return written


exporter = JsonLines()
