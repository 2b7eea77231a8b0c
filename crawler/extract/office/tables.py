"""Tables whose cells are merged: every row gets a cell for each column, so that none slides to the left."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

# Spans are numbers that a file states; nobody has wider tables, and more would be cells without end.
_MAX_SPAN = 64
_MAX_COLUMNS = 256
# So many rows are filled that this many cells are added; tables beyond it stay as they are.
_MAX_ADDED = 50_000


def fill_spans(page: Tag, maker: BeautifulSoup) -> None:
    """Replace ``colspan`` and ``rowspan`` by empty cells, which ``maker`` makes; the first keeps the text."""
    added = 0
    for table in page.find_all("table"):
        if added < _MAX_ADDED:
            added += _fill(table, maker)


def _fill(table: Tag, maker: BeautifulSoup) -> int:
    """Fill the rows of one table, those of tables inside it apart; gives how many cells were added."""
    added = 0
    below: dict[int, int] = {}  # column → how many rows it is still covered from above
    for row in (row for row in table.find_all("tr") if row.find_parent("table") is table):
        cells = row.find_all(["td", "th"], recursive=False)
        if not cells:
            continue
        covered, below = below, {}
        column = 0
        for cell in cells:
            while covered.get(column, 0) > 0 and column < _MAX_COLUMNS:
                below[column] = covered.pop(column) - 1
                cell.insert_before(maker.new_tag(cell.name))
                column, added = column + 1, added + 1
            wide, high = _taken(cell, "colspan"), _taken(cell, "rowspan")
            for _ in range(wide - 1):
                cell.insert_after(maker.new_tag(cell.name))
            for taken in range(column, column + wide):
                below[taken] = high - 1
                covered.pop(taken, None)
            column, added = column + wide, added + wide - 1
        while covered.get(column, 0) > 0 and column < _MAX_COLUMNS:
            below[column] = covered.pop(column) - 1
            row.append(maker.new_tag("td"))
            column, added = column + 1, added + 1
        if added > _MAX_ADDED:
            break
    return added


def _taken(cell: Tag, name: str) -> int:
    """The number of a span, which the cell loses."""
    value = str(cell.attrs.pop(name, "1"))
    return min(int(value), _MAX_SPAN) if value.isdecimal() and len(value) < 6 and int(value) > 0 else 1
