"""Which lines of a page belong to the document: its head around the headline, its end below the text."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import islice

from crawler.extract.data import entries
from crawler.extract.lines.names import has_first_name
from crawler.extract.lines.stamps import read_stamp
from crawler.extract.web.elements import around
from crawler.extract.web.page_lines import Line

# So many lines above the headline, below it, and below its last paragraph may tell of the document.
_ABOVE, _BELOW, _BEHIND = 6, 30, 14
_PROSE_IN_HEAD = 3
_ITEM_DEPTH = 3
_AROUND = 3
_DEPTH = 80
_ROOMS = frozenset(("main", "article", "body"))
_MOST_OF_THE_TEXT = 0.6
_OTHERS = frozenset(
    ("item", "comment", "side", "aside", "nav", "picture", "figure", "form", "author_box", "footer")
)


@dataclass(frozen=True, slots=True)
class Zones:
    """Lines of the head, nearest to the headline first, and of the rest of the document in order."""

    head: tuple[Line, ...]
    rest: tuple[Line, ...]
    headline: int | None
    is_event: bool = False


def zones_of(lines: Sequence[Line], headline: int | None) -> Zones:
    """What is of the document by its place; teasers, comments, side columns and pictures are left out.

    What holds the headline is none of these, whatever it is called: Blogger keeps a post in a „widget“.
    """
    others = _OTHERS - lines[headline].within if headline is not None and headline < len(lines) else _OTHERS
    first, last = _room(lines, headline, others)
    own = [line for line in lines[first:last] if (line.within - {"author_box"}).isdisjoint(others)]
    start = headline if headline is not None else first
    above: list[Line] = []
    for line in reversed(lines[max(0, start - _ABOVE) : start]):
        if line.is_prose or (line.is_heading and read_stamp(line.text) is None):
            break
        is_own = line.within.isdisjoint(others) and line.linked < line.length
        if is_own and _is_beside(line, start, lines):
            above.append(line)
    below: list[Line] = []
    prose = 0
    for line in own:
        if line.number <= start and headline is not None:
            continue
        if prose >= _PROSE_IN_HEAD or line.number > start + _BELOW or (prose and line.is_heading):
            break
        prose += line.is_prose
        below.append(line)
    head = sorted([*above, *below], key=lambda line: abs(line.number - start) + (line.number < start) * 0.5)
    taken = {line.number for line in head}
    items = _items(lines)
    end = next(
        (line.number for line in own if line.number > start and line.is_heading and _is_of_teasers(line)),
        len(lines),
    )
    rest = [
        line
        for line in own
        if line.number not in taken
        and start < line.number < end
        and "author_box" not in line.within
        and not _is_of_an_item(line, items)
    ]
    return Zones(tuple(head), tuple(rest), headline)


def _is_beside(line: Line, start: int, lines: Sequence[Line]) -> bool:
    """Directly above the headline, or in an element around it; the head of a page has the date of today."""
    if line.number == start - 1 and "header" not in line.within:
        return True
    near = [tag for tag in islice(lines[start].block.parents, _AROUND) if tag.name not in ("body", "html")]
    return any(parent is tag for tag in near for parent in around(line.block))


def _room(lines: Sequence[Line], headline: int | None, others: Set[str]) -> tuple[int, int]:
    """The element that holds the headline and most of the text: its first line, and the one behind its last."""
    lengths: dict[int, int] = {}
    whole = 0
    for line in lines:
        if not line.is_prose or not line.within.isdisjoint(others):
            continue
        whole += line.length
        for tag in around(line.block):
            lengths[id(tag)] = lengths.get(id(tag), 0) + line.length
    start = lines[headline].block if headline is not None and headline < len(lines) else None
    if start is None or not whole:
        return 0, len(lines)
    room = next(
        (tag for tag in islice(start.parents, _DEPTH) if lengths.get(id(tag), 0) >= _MOST_OF_THE_TEXT * whole),
        None,
    )
    if room is None:
        return 0, len(lines)
    # A system may keep the headline and the first paragraph in an element of their own.
    room = next(
        (tag for tag in around(room) if tag.name in ("article", "main") or tag.get("role") == "main"),
        room,
    )
    held = {id(tag) for tag in room.descendants} | {id(room)}
    inside = [line.number for line in lines if id(line.block) in held]
    return (inside[0], inside[-1] + 1) if inside else (0, len(lines))


def _is_of_teasers(line: Line) -> bool:
    """„Das könnte Sie auch interessieren“: what follows is of other pages."""
    return line.text.casefold().strip(" .:!…") in entries("teaser_headings.txt")


def _items(lines: Sequence[Line]) -> set[int]:
    """Elements, by ``id``, with a heading that leads to another page: teasers of those."""
    found: set[int] = set()
    for line in lines:
        if line.is_heading and line.linked and not has_first_name(line.text):
            for tag in islice(line.block.parents, _ITEM_DEPTH):
                if tag.name in _ROOMS:
                    break
                found.add(id(tag))
    return found


def _is_of_an_item(line: Line, items: set[int]) -> bool:
    for tag in around(line.block, _ITEM_DEPTH + 1):
        if tag.name in _ROOMS:
            return False
        if id(tag) in items:
            return True
    return False
