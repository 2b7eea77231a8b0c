"""Pages drawn line by line, as programs draw them."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Sequence

from reportlab.pdfgen.canvas import Canvas

from kb.model import ExtractedText
from tests.crawler.extract.samples import read

BODY = (
    "Das Bildungsbüro hat im Frühjahr mit vier Schulen begonnen, die Wege von der Grundschule in die "
    "weiterführenden Schulen gemeinsam zu planen. Eltern werden früh gefragt, und die Lehrkräfte besuchen "
    "einander im Unterricht. Nach einem Jahr zeigt sich, dass weniger Kinder die Schule wechseln."
)


class Sheet:
    """A4 pages; ``y`` goes down by itself where no place is given."""

    def __init__(self, *, title: str = "", author: str = "") -> None:
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, pagesize=(595, 842), invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.y = 780.0

    def line(
        self,
        text: str,
        size: float = 11,
        font: str = "Helvetica",
        *,
        x: float = 60,
        y: float | None = None,
        gap: float = 0,
    ) -> Sheet:
        """A line of text; ``gap`` points more above it."""
        if y is None:
            self.y -= gap
            y = self.y
            self.y -= 1.3 * size
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)
        return self

    def heading(self, text: str, size: float = 16, font: str = "Helvetica-Bold") -> Sheet:
        """A line with room around it."""
        self.line(text, size, font, gap=12)
        self.y -= 4
        return self

    def body(self, text: str = BODY, width: int = 85, *, x: float = 60, size: float = 11) -> Sheet:
        """A paragraph, wrapped."""
        self.y -= 6
        for one in textwrap.wrap(text, width):
            self.line(one, size, x=x)
        return self

    def page(self) -> Sheet:
        """The next page."""
        self.canvas.showPage()
        self.y = 780.0
        return self

    def data(self) -> bytes:
        """The file."""
        self.canvas.save()
        return self._out.getvalue()

    def read(self, name: str = "blatt.pdf") -> ExtractedText:
        """The file, read."""
        return read(self.data(), name)


def columns(
    sheet: Sheet, texts: Sequence[str], *, lefts: Sequence[float], width: int, shift: float = 0
) -> None:
    """Columns of prose, drawn row by row; each column ``shift`` points lower than the one before."""
    wrapped = [textwrap.wrap(text, width) for text in texts]
    for row in range(max(map(len, wrapped))):
        for number, (lines, left) in enumerate(zip(wrapped, lefts, strict=True)):
            if row < len(lines):
                sheet.line(lines[row], 10, x=left, y=sheet.y - number * shift)
        sheet.y -= 13


def plain(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def headings(found: ExtractedText) -> list[str]:
    """The headings of a text, without their marks."""
    return [line.lstrip("#").strip() for line in found.text.split("\n") if line.startswith("#")]


def each(values: Iterable[str]) -> list[str]:
    """Lines without blanks around them."""
    return [value.strip() for value in values]
