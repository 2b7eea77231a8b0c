"""Text that a page has twice: copies for narrow and wide screens, for printing, of slides that go round."""

from __future__ import annotations

from crawler.extract.input.markup import Element, drop
from crawler.extract.web.measure import HEADINGS, Measures

# Shorter texts may be said twice on purpose.
_MIN_CHARS = 60


def drop_repeats(room: Element, measures: Measures) -> None:
    """Drop the later ones of equal parts of a place, the largest first."""
    signatures: dict[Element, int] = {}
    lengths: dict[Element, int] = {}
    every = [one for one in room.iter() if isinstance(one.tag, str)]
    for one in reversed(every):
        block = measures.blocks.get(one)
        inner = [signatures[child] for child in one if signatures.get(child)]
        length = sum(lengths.get(child, 0) for child in one) + (len(block.text) if block is not None else 0)
        if length == 0:
            continue
        lengths[one] = length
        if block is None and len(inner) == 1:
            signatures[one] = inner[0]
        else:
            signatures[one] = hash((block.text if block is not None else "", *inner))
    seen: dict[int, Element] = {}
    gone: set[Element] = set()
    for one in every:
        parent = one.getparent()
        if parent in gone or one in gone:
            gone.add(one)
            continue
        signature = signatures.get(one)
        if signature is None or lengths[one] < _MIN_CHARS or one.tag in ("td", "th", "tr", *HEADINGS):
            continue
        if signature in seen:
            if parent is not None and signatures.get(parent) == signature:
                continue
            gone.add(one)
            drop(one)
        else:
            seen[signature] = one
