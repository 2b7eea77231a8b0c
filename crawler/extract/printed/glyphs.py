"""What PDFium says of every printed character: where it stands, how large and how heavy it is."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import atan2, hypot, pi
from typing import NamedTuple

import pypdfium2

from crawler.extract.printed.known import marks

_FONT_NAME_BYTES = 200
_FORCE_BOLD = 1 << 18  # ISO 32000-1, table 123
_REGULAR, _BOLD = 400, 700
# Fill and stroke: how programs make a font bold that has no bold.
_OUTLINED = 2
_LINE_ENDS = frozenset("\r\n")
# Control characters that some fonts of TeX have for ligatures; to Python they are blanks.
_LIGATURE_CODES = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f")
# PDFium's marks for a hyphen at a line's end; they swallow the line end that follows.
_HYPHENS = frozenset("\ufffe\x02")
_TILTED = 0.1  # of a quarter of a circle
OBLIQUE = 4
# The style stands behind a hyphen, a comma or a capital: „ABCDEF+Frutiger-Bold“, „TimesNewRomanPS-BoldMT“.
_SEPARATOR = re.compile(r"[-_, +]")


class Face(NamedTuple):
    """How a character is set: ``size`` in points on the page, ``weight`` from 100 to 900.

    ``is_symbol``: the font has signs instead of letters; ``turn``: quarters of a circle by which its line
    is turned to the left, ``OBLIQUE`` for what is between.
    """

    font: str
    size: float
    weight: int
    is_symbol: bool = False
    turn: int = 0


class Glyph(NamedTuple):
    """A printed character, in points from the page's lower left; ``spaced``: a blank stands before it."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    face: Face
    spaced: bool


Row = tuple[Glyph, ...]


@dataclass(slots=True)
class GlyphReader:
    """Reads the pages of one document; faces are the same on all of them."""

    _styles: dict[int, tuple[str, int, bool]] = field(default_factory=dict)

    def rows(self, text_page: pypdfium2.PdfTextPage) -> Iterator[Row]:
        """The rows of a page in PDFium's order; one that ends with its hyphen mark ends with a hyphen."""
        raw, page = pypdfium2.raw, text_page.raw
        unicode_at, box_at = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
        row: list[Glyph] = []
        spaced = False
        faces = _Faces(page, self._styles)
        box = raw.FS_RECTF()
        reference = ctypes.byref(box)
        high = 0
        for index in range(text_page.count_chars()):
            code = unicode_at(page, index)
            if 0xD800 <= code < 0xE000:  # halves of a character beyond the BMP
                if code < 0xDC00:
                    high = code
                    continue
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
                high = 0
            text = chr(code) if code else "\ufffd"
            if text in _LINE_ENDS:
                if row:
                    yield tuple(row)
                row, spaced = [], False
                continue
            if text.isspace() and text not in _LIGATURE_CODES:
                spaced = True
                continue
            box_at(page, index, reference)
            is_hyphen = text in _HYPHENS
            row.append(
                Glyph(
                    "-" if is_hyphen else text,
                    box.left,
                    box.bottom,
                    box.right,
                    box.top,
                    faces.of(index),
                    spaced and bool(row),
                )
            )
            spaced = False
            if is_hyphen:
                yield tuple(row)
                row = []
        if row:
            yield tuple(row)


class _Faces:
    """The faces of a page's characters; asked once for every text object, which has one only."""

    def __init__(self, page: object, styles: dict[int, tuple[str, int, bool]]) -> None:
        self._page, self._styles = page, styles
        self._object = 0
        self._face = Face("", 0.0, _REGULAR)

    def of(self, index: int) -> Face:
        """The face of a character; one that PDFium made up has that of the one before."""
        raw = pypdfium2.raw
        item = raw.FPDFText_GetTextObject(self._page, index)
        if not item:
            return self._face
        address = ctypes.addressof(item.contents)
        if address != self._object:
            self._object, self._face = address, self._read(index, item)
        return self._face

    def _read(self, index: int, item: object) -> Face:
        raw = pypdfium2.raw
        font = raw.FPDFTextObj_GetFont(item)
        key = ctypes.addressof(font.contents) if font else 0
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._style(index)
        name, weight, is_symbol = style
        if raw.FPDFTextObj_GetTextRenderMode(item) == _OUTLINED:
            weight = max(weight, _BOLD)
        matrix = raw.FS_MATRIX()
        size = raw.FPDFText_GetFontSize(self._page, index)
        turn = 0
        if raw.FPDFText_GetMatrix(self._page, index, ctypes.byref(matrix)):
            size *= hypot(matrix.c, matrix.d)
            turn = _turn(matrix.a, matrix.b)
        return Face(name, round(abs(size), 1), weight, is_symbol, turn)

    def _style(self, index: int) -> tuple[str, int, bool]:
        name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        flags = ctypes.c_int()
        pypdfium2.raw.FPDFText_GetFontInfo(self._page, index, name, _FONT_NAME_BYTES, ctypes.byref(flags))
        return _style(name.value.decode("utf-8", errors="replace"), forced=bool(flags.value & _FORCE_BOLD))


@lru_cache(maxsize=1_000)
def _style(name: str, *, forced: bool) -> tuple[str, int, bool]:
    """A font's name without its subset's tag, its weight, and whether it has signs instead of letters."""
    plain = name.partition("+")[2] if name[6:7] == "+" else name
    weight = font_weight(plain)
    is_symbol = _SEPARATOR.sub("", plain.casefold()).startswith(marks().symbol_fonts)
    return plain, max(weight, _BOLD) if forced and weight <= _REGULAR else weight, is_symbol


def font_weight(name: str) -> int:
    """By the name, since few files state it: „Frutiger-Light“ has 300, „HelveticaNeueLT-BdCn“ 700."""
    folded = _SEPARATOR.sub("", name.casefold())
    known = [word for word in marks().weights if word in folded]
    if known:
        return marks().weights[max(known, key=len)]
    return _BOLD if _ABBREVIATED.search(name) else _REGULAR


_ABBREVIATED = re.compile(r"[-, ](?:\d\d)?(?:[Bb]d|[Ss]b)(?=[A-Z]|$|[-, ])")


def _turn(right: float, up: float) -> int:
    quarters = atan2(up, right) / (pi / 2)
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) <= _TILTED else OBLIQUE


def is_apart(one: Glyph, other: Glyph) -> bool:
    """Whether there is a gap between two characters of a row."""
    first, second = sorted((one, other), key=lambda glyph: glyph.left)
    return second.left - first.right > _NO_GAP * max(one.face.size, 1.0)


_NO_GAP = 0.12  # em
