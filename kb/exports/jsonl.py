"""JSON Lines: one document a line, in the shape that ``kb import`` reads back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TextIO

from kb.errors import FundstelleError
from kb.failures import contained
from kb.model import Shown
from kb.shapes import shown_fields


class JsonLines:
    """An ``Exporter``."""

    name = "jsonl"
    description = "JSON Lines, ein Dokument je Zeile; kann mit kb import wieder eingelesen werden"

    def export(self, documents: Iterable[Shown], out: TextIO, note: Callable[[FundstelleError], object]) -> int:
        """See ``Exporter.export``: one line a document; fields without a value are left out."""
        written = 0
        for shown in documents:
            line = None
            with contained(shown.document.id, note):
                line = json.dumps(shown_fields(shown), ensure_ascii=False) + "\n"
            if line is not None:
                out.write(line)
                written += 1
        return written


exporter = JsonLines()
