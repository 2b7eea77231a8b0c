"""Pages that were printed sideways, as a reader turns them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract.printed.glyphs import OBLIQUE, Row

Box = tuple[float, float, float, float]  # left, bottom, right, top in points


@dataclass(frozen=True, slots=True)
class Turning:
    """How a page is read: by how many quarters of a circle its rows are turned to the left, 0 to 3."""

    turn: int
    page: Box

    @property
    def height(self) -> float:
        """The height of the page as it is read, in points."""
        left, bottom, right, top = self.page
        return right - left if self.turn in (1, 3) else top - bottom

    def box(self, box: Box) -> Box:
        """A box in points from the lower left corner of the page as it is read."""
        left, bottom, right, top = self.page
        x, y, far_x, far_y = box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom
        width, height = right - left, top - bottom
        match self.turn:
            case 1:
                return y, width - far_x, far_y, width - x
            case 2:
                return width - far_x, height - far_y, width - x, height - y
            case 3:
                return height - far_y, x, height - y, far_x
        return x, y, far_x, far_y

    def rows(self, rows: Sequence[Row]) -> list[Row]:
        """Rows with their places as they are read."""
        if not self.turn and not self.page[0] and not self.page[1]:
            return list(rows)
        turned = []
        for row in rows:
            boxes = [self.box(glyph[1:5]) for glyph in row]
            turned.append(
                tuple(
                    glyph._replace(left=x, bottom=y, right=far_x, top=far_y)
                    for glyph, (x, y, far_x, far_y) in zip(row, boxes, strict=True)
                )
            )
        return turned


def turning_of(rows: Sequence[Row], page: Box) -> Turning:
    """How most of the text of a page runs."""
    turns = Counter(glyph.face.turn for row in rows for glyph in row if glyph.face.turn != OBLIQUE)
    return Turning(turns.most_common(1)[0][0] if turns else 0, page)
